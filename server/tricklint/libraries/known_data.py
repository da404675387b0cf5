"""What is known of public image data sets: their order, and what changes their labels and why.

Sources, by the tags in the rows:

[survey] Shorten and Khoshgoftaar, A survey on Image Data Augmentation for Deep Learning, Journal
    of Big Data 6:60, 2019, https://doi.org/10.1186/s40537-019-0197-0: flipping keeps no labels on
    data of text recognition such as MNIST or SVHN; a rotation of up to 20 degrees may help digits,
    and the more it grows the less the label is kept; crops depend on how much they leave.
[emnist] Cohen et al., EMNIST: an extension of MNIST to handwritten letters, 2017,
    https://arxiv.org/abs/1702.05373: digits and letters as in MNIST, upper and lower case.
[kmnist] Clanuwat et al., Deep Learning for Classical Japanese Literature, 2018,
    https://arxiv.org/abs/1812.01718: handwritten hiragana.
[gtsrb] The classes of the German Traffic Sign Recognition Benchmark,
    https://benchmark.ini.rub.de/gtsrb_dataset.html: 19/20 curve to the left/right, 33/34 turn
    right/left ahead, 35 ahead only, 36/37 straight or right/left, 38/39 keep right/left.
[fashion] Xiao et al., Fashion-MNIST, 2017, https://arxiv.org/abs/1708.07747: every image is
    oriented alike; there is no label that an upside-down shoe would have instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Change = Literal["mirrored", "upside_down", "turned", "cropped"]


@dataclass(frozen=True, slots=True)
class Orientation:
    """What a data set's labels suffer under each change of the image; empty where they do not.

    `mild` are changes that keep the label, but make images that never occur.
    """

    source: str
    mirrored: str = ""
    upside_down: str = ""
    turned: str = ""
    cropped: str = ""
    mild: frozenset[Change] = frozenset()

    def harm(self, change: Change) -> str:
        """The reason, as the second half of a sentence."""
        reasons: dict[Change, str] = {
            "mirrored": self.mirrored,
            "upside_down": self.upside_down,
            "turned": self.turned,
            "cropped": self.cropped,
        }
        return reasons[change]


# The angle from which on a rotated sign or digit is nearer to another one than to itself: 6 and 9,
# N and Z, an arrow ahead and one to the side.  Below, opinions differ, so nothing is said.
LARGEST_ANGLE = 90.0
# Of the image's area: a crop of less than that holds a piece of a digit, and no digit.
SMALLEST_CROP = 0.2

_DIGITS = Orientation(
    "survey",
    mirrored="a mirrored digit is none, and a mirrored 2 looks like a 5",
    upside_down="an upside-down digit is another one or none: a 6 becomes like a 9, a 2 like a 5",
    turned="a 6 that is turned so far is a 9",
    cropped="so small a piece of an 8 may be a 3, a 0 or nothing at all",
)
_LETTERS = Orientation(
    "emnist",
    mirrored="a mirrored b is a d, and most other mirrored letters and digits are none",
    upside_down="an upside-down letter is another one or none: M and W, n and u, 6 and 9",
    turned="an N that is turned so far is a Z, and a 6 a 9",
    cropped="so small a piece of a letter may be another one or nothing at all",
)
_KANA = Orientation(
    "kmnist",
    mirrored="a mirrored hiragana is none, or looks like another one",
    upside_down="an upside-down hiragana is none, or looks like another one",
    turned="a hiragana that is turned so far is none, or looks like another one",
    cropped="so small a piece of a hiragana may be another one or nothing at all",
)
_SIGNS = Orientation(
    "gtsrb",
    mirrored='"turn left" and "turn right" are different classes',
    upside_down="no sign hangs upside down, and a turned arrow belongs to another class",
    turned='"ahead only" turned so far is "turn right ahead"',
)
_CLOTHES = Orientation(
    "fashion",
    upside_down="no image of it is upside down, so the model learns what it never needs",
    mild=frozenset(("upside_down",)),
)

ORIENTATIONS: dict[str, Orientation] = {
    "MNIST": _DIGITS,
    "QMNIST": _DIGITS,
    "USPS": _DIGITS,
    "SVHN": _DIGITS,
    "SEMEION": _DIGITS,
    "EMNIST": _LETTERS,
    "KMNIST": _KANA,
    "GTSRB": _SIGNS,
    "FashionMNIST": _CLOTHES,
}

# The order of their samples is that of their files.
COLLECTIONS = frozenset(
    [
        "MNIST",
        "FashionMNIST",
        "KMNIST",
        "EMNIST",
        "QMNIST",
        "CIFAR10",
        "CIFAR100",
        "SVHN",
        "STL10",
        "USPS",
        "ImageNet",
        "ImageFolder",
        "DatasetFolder",
        "CelebA",
        "LSUN",
        "Caltech101",
        "Caltech256",
        "Food101",
        "Flowers102",
        "StanfordCars",
        "OxfordIIITPet",
        "EuroSAT",
        "GTSRB",
        "DTD",
        "FGVCAircraft",
        "Places365",
        "SEMEION",
        "PCAM",
        "Country211",
        "Omniglot",
        "VOCSegmentation",
        "VOCDetection",
        "CocoDetection",
        "CocoCaptions",
        "Cityscapes",
        "SBDataset",
    ]
)
# Those whose files come class after class.
SORTED = frozenset(
    ("ImageFolder", "DatasetFolder", "ImageNet", "Caltech101", "Caltech256", "EuroSAT")
)

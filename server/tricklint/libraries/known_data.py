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
[sst2] Radford et al., Learning Transferable Visual Models From Natural Language Supervision, 2021,
    https://arxiv.org/abs/2103.00020: sentences of movie reviews, drawn as images to be read.
[omniglot] Lake et al., Human-level concept learning through probabilistic program induction, 2015,
    https://doi.org/10.1126/science.aab3050: 1,623 handwritten characters of 50 alphabets.  Where
    they are turned to get more data, turned ones are made classes of their own (Santoro et al.,
    2016, https://arxiv.org/abs/1605.06065).
[text] Jaderberg et al., Synthetic Data and Artificial Neural Networks for Natural Scene Text
    Recognition, 2014, https://arxiv.org/abs/1406.2227: what is written is read from left to right.
[flowers] Nilsback and Zisserman, Automated Flower Classification over a Large Number of Classes,
    2008, https://www.robots.ox.ac.uk/~vgg/publications/2008/Nilsback08/: flowers are told apart by
    their colour, shape and texture; of the colour, the paper uses hue, saturation and value.

[lights] Convention on Road Signs and Signals, Vienna, 1968, article 23,
    https://treaties.un.org/doc/Treaties/1977/05/19770524%2000-13%20AM/Ch_XI_B_20.pdf: red means
    stop, amber caution and green go, with red above or on the opposite side of the traffic.

Colours: [survey] says that they are not safe to change where they tell one thing from another.
That is so for lights.  Traffic signs are as easy to tell apart in grey (Sermanet and LeCun, 2011,
https://doi.org/10.1109/IJCNN.2011.6033589), so other colours leave their labels true, and only
show what never occurs: a red ring forbids, a blue disc asks for something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Change = Literal["mirrored", "upside_down", "turned", "cropped", "recoloured"]


@dataclass(frozen=True, slots=True)
class Harms:
    """What a data set's labels suffer under each change of the image; empty where they do not.

    `mild` are changes that keep the label, but make images that never occur.
    """

    source: str
    mirrored: str = ""
    upside_down: str = ""
    turned: str = ""
    cropped: str = ""
    recoloured: str = ""
    mild: frozenset[Change] = frozenset()

    def harm(self, change: Change) -> str:
        """The reason, as the second half of a sentence."""
        reasons: dict[Change, str] = {
            "mirrored": self.mirrored,
            "upside_down": self.upside_down,
            "turned": self.turned,
            "cropped": self.cropped,
            "recoloured": self.recoloured,
        }
        return reasons[change]


# The angle from which on a rotated sign or digit is nearer to another one than to itself: 6 and 9,
# N and Z, an arrow ahead and one to the side.  Below, opinions differ, so nothing is said.
LARGEST_ANGLE = 90.0
# Of the image's area: a crop of less than that holds a piece of a digit, and no digit.
SMALLEST_CROP = 0.2
# Of the colour circle: a quarter makes yellow green and red violet or yellow.
LARGEST_HUE = 0.25

_DIGITS = Harms(
    "survey",
    mirrored="a mirrored digit is none, and a mirrored 2 looks like a 5",
    upside_down="an upside-down digit is another one or none: a 6 becomes like a 9, a 2 like a 5",
    turned="a 6 that is turned so far is a 9",
    cropped="so small a piece of an 8 may be a 3, a 0 or nothing at all",
)
_LETTERS = Harms(
    "emnist",
    mirrored="a mirrored b is a d, and most other mirrored letters and digits are none",
    upside_down="an upside-down letter is another one or none: M and W, n and u, 6 and 9",
    turned="an N that is turned so far is a Z, and a 6 a 9",
    cropped="so small a piece of a letter may be another one or nothing at all",
)
_KANA = Harms(
    "kmnist",
    mirrored="a mirrored hiragana is none, or looks like another one",
    upside_down="an upside-down hiragana is none, or looks like another one",
    turned="a hiragana that is turned so far is none, or looks like another one",
    cropped="so small a piece of a hiragana may be another one or nothing at all",
)
_SIGNS = Harms(
    "gtsrb",
    mirrored='"turn left" and "turn right" are different classes',
    upside_down="no sign hangs upside down, and a turned arrow belongs to another class",
    turned='"ahead only" turned so far is "turn right ahead"',
    recoloured="no ring that forbids is blue or green, so the model learns what it never needs",
    mild=frozenset(("recoloured",)),
)
_LIGHTS = Harms(
    "lights",
    upside_down="red is on top and green below: upside down, each looks like the other",
    recoloured="a red light whose hue is shifted is a green one",
)
_CLOTHES = Harms(
    "fashion",
    upside_down="no image of it is upside down, so the model learns what it never needs",
    mild=frozenset(("upside_down",)),
)
_TEXT = Harms(
    "text",
    mirrored="mirrored writing says nothing, and a mirrored b is a d",
    upside_down="upside-down writing says nothing, or something else: an n becomes a u",
    turned="writing that is turned so far cannot be read in its direction",
    cropped="so small a piece of it is another text",
)
_REVIEWS = Harms(
    "sst2",
    mirrored="the sentence in it cannot be read in a mirror",
    upside_down="the sentence in it cannot be read upside down",
    turned="the sentence in it cannot be read once it is turned so far",
    cropped="a piece of the sentence may say the opposite",
)
_CHARACTERS = Harms(
    "omniglot",
    mirrored="a mirrored character is another one or none",
    upside_down="an upside-down character is another one or none",
    turned="a character that is turned so far is another one or none",
    cropped="so small a piece of a character may be another one or nothing at all",
)
_FLOWERS = Harms(
    "flowers",
    recoloured="flowers of one shape are told apart by their colour",
    mild=frozenset(("recoloured",)),
)

LABEL_HARMS: dict[str, Harms] = {
    "MNIST": _DIGITS,
    "QMNIST": _DIGITS,
    "USPS": _DIGITS,
    "SVHN": _DIGITS,
    "SEMEION": _DIGITS,
    "EMNIST": _LETTERS,
    "KMNIST": _KANA,
    "GTSRB": _SIGNS,
    "FashionMNIST": _CLOTHES,
    "RenderedSST2": _REVIEWS,
    "Omniglot": _CHARACTERS,
    "Flowers102": _FLOWERS,
}

# Words in the path of a folder of images that say whose classes are in it, and those that say that
# it is something else after all: hands that show letters, spoken digits, images turned on purpose.
_FOLDERS = (
    (("gtsrb", "trafficsign", "trafficsigns", "traffic_sign", "traffic_signs"), _SIGNS),
    (("emnist", "notmnist", "chars74k"), _LETTERS),
    (("kmnist", "kuzushiji"), _KANA),
    (("fashionmnist", "fashion_mnist"), _CLOTHES),
    (("mnist", "qmnist", "usps", "svhn"), _DIGITS),
    (("captcha", "captchas", "ocr", "iiit5k", "mjsynth", "synth90k"), _TEXT),
    (("omniglot",), _CHARACTERS),
    (("trafficlight", "trafficlights", "traffic_light", "traffic_lights"), _LIGHTS),
)
_OTHERWISE = re.compile(r"rot|flip|mirror|sign_(lang|mnist)|asl|hand_|finger|spoken|audio|fake")


def harms_in(path: str) -> Harms | None:
    """What harms the labels of the images in a folder, if its path names a known data set."""
    words = "_".join(re.split(r"[^a-z0-9]+", path.lower()))
    if _OTHERWISE.search(words):
        return None
    padded = f"_{words}_"
    for names, harms in _FOLDERS:
        if any(f"_{name}_" in padded for name in names):
            return harms
    return None


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

"""Mean and standard deviation of public image data sets, of the training images between 0 and 1.

Sources: MNIST https://github.com/pytorch/examples/blob/main/mnist/main.py; CIFAR10
https://github.com/bamos/densenet.pytorch/blob/master/train.py; CIFAR100
https://github.com/weiaicunzai/pytorch-cifar100/blob/master/conf/global_settings.py; FashionMNIST and
KMNIST https://github.com/hysts/pytorch_image_classification (transforms); ImageNet
https://docs.pytorch.org/vision/stable/models.html.
"""

from __future__ import annotations

from ..interpreter.data_facts import Statistics

IMAGENET: Statistics = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
PUBLISHED: dict[str, Statistics] = {
    "MNIST": ((0.1307,), (0.3081,)),
    "FashionMNIST": ((0.2860,), (0.3530,)),
    "KMNIST": ((0.1904,), (0.3475,)),
    "CIFAR10": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "CIFAR100": ((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762)),
    "ImageNet": IMAGENET,
}
# In deviations: less than that is rounding, or taken from another subset.
_LARGEST_DIFFERENCE = 0.1


def differ(first: Statistics, second: Statistics, most: float = _LARGEST_DIFFERENCE) -> bool:
    """Are these surely the statistics of other images?  One number stands for all channels."""
    count = max(len(one) for one in (*first, *second))
    (mean, std), (other_mean, other_std) = (_spread(one, count) for one in (first, second))
    if not len(mean) == len(other_mean) == len(std) == len(other_std) or not all(std):
        return False
    offsets = (abs(a - b) / min(std) for a, b in zip(mean, other_mean, strict=True))
    factors = (abs(a - b) / a for a, b in zip(std, other_std, strict=True))
    return max(*offsets, *factors) > most


def _spread(statistics: Statistics, count: int) -> Statistics:
    mean, std = (one * count if len(one) == 1 else one for one in statistics)
    return mean, std

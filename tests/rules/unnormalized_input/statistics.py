"""Mean and std on the wrong scale, at the wrong place, or differing."""

import torch
from torchvision import datasets, transforms
from torchvision.transforms import v2

bytes_after = transforms.Compose(
    [
        transforms.ToTensor(),
        transforms.Normalize((125.3, 123.0, 113.9), (63.0, 62.1, 66.7)),  #! TRK009 "between 0 and 1"
    ]
)
train_set = datasets.CIFAR10("data", train=True, transform=bytes_after)

divided = transforms.Compose(
    [
        transforms.ToTensor(),
        transforms.Normalize(
            mean=[x / 255.0 for x in [125.3, 123.0, 113.9]],
            std=[x / 255.0 for x in [63.0, 62.1, 66.7]],
        ),
    ]
)
right = datasets.CIFAR10("data", train=True, transform=divided)

unscaled = v2.Compose(
    [
        v2.ToImage(),
        v2.ToDtype(torch.float32),
        v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225]),  #! TRK009 "between 0 and 255"
    ]
)
flowers = datasets.Flowers102("data", split="train", transform=unscaled)

raw_statistics = v2.Compose(
    [
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=False),
        v2.Normalize(mean=[123.7, 116.3, 103.5], std=[58.4, 57.1, 57.4]),
    ]
)
pets = datasets.OxfordIIITPet("data", transform=raw_statistics)
food = datasets.Food101("data", transform=raw_statistics)

to_bytes = transforms.Compose(
    [
        transforms.ToTensor(),
        transforms.Normalize(mean=[0, 0, 0], std=[1 / 255.0] * 3),
        transforms.Normalize(mean=[123.7, 116.3, 103.5], std=[58.4, 57.1, 57.4]),
    ]
)
scaled_back = datasets.Food101("data", transform=to_bytes)

too_early = transforms.Compose(
    [
        transforms.Resize(32),
        transforms.Normalize((0.1307,), (0.3081,)),  #! TRK009 "needs a float tensor"
        transforms.ToTensor(),
    ]
)
digits = datasets.MNIST("data", transform=too_early)

# Between -1 and 1, for a generator that ends in tanh.
for_gan = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
gan_set = datasets.KMNIST("data", transform=for_gan)
plain = datasets.USPS("data", transform=transforms.ToTensor())


def differing():
    train = datasets.SVHN(
        "data",
        split="train",
        transform=transforms.Compose(
            [
                transforms.ToTensor(),
                transforms.Normalize((0.4377, 0.4438, 0.4728), (0.198, 0.201, 0.197)),
            ]
        ),
    )
    test = datasets.SVHN(
        "data",
        split="test",
        transform=transforms.Compose(
            [
                transforms.ToTensor(),
                transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),  #! TRK009 "other numbers"
            ]
        ),
    )
    return train, test


def rounded():
    """The same numbers, less exactly; and numbers that are not known."""
    first = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.243, 0.261))]
    )
    second = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.49, 0.48, 0.45), (0.25, 0.24, 0.26))]
    )
    return (
        datasets.CIFAR10("data", train=True, transform=first),
        datasets.CIFAR10("data", train=False, transform=second),
    )


def given(mean, std):
    first = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
    second = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    return (
        datasets.FashionMNIST("data", train=True, transform=first),
        datasets.FashionMNIST("data", train=False, transform=second),
    )


def normalized_in_the_model():
    """The test images are attacked as pixels; the model normalizes them."""
    first = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    return (
        datasets.QMNIST("data", train=True, transform=first),
        datasets.QMNIST("data", train=False, transform=transforms.ToTensor()),
    )

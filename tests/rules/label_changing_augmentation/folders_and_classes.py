"""Folders of images: their path, or the names of the classes, say what is in them."""

import os

from torchvision import datasets, transforms
from torchvision.transforms import v2

flips = transforms.Compose(
    [
        transforms.Grayscale(),
        transforms.RandomHorizontalFlip(),  #! TRK007 "the images in `data/mnist_png/train`" "mirrored 2"
        transforms.ToTensor(),
    ]
)
digits = datasets.ImageFolder("data/mnist_png/train", transform=flips)

signs = datasets.ImageFolder(
    root="../GTSRB/Train",
    transform=transforms.Compose(
        [
            transforms.RandomVerticalFlip(),  #! TRK007 "no sign hangs upside down"
            transforms.ColorJitter(brightness=0.2, hue=0.05),
            transforms.RandomGrayscale(0.2),
            transforms.ToTensor(),
        ]
    ),
)
odd_signs = datasets.ImageFolder(
    "traffic_signs/train",
    transforms.Compose(
        [transforms.ColorJitter(hue=0.5), transforms.ToTensor()]  #! TRK007 "does not help" "forbids"
    ),
)
lights = datasets.ImageFolder(
    "traffic-lights/train",
    transforms.Compose(
        [
            transforms.RandomHorizontalFlip(),
            transforms.ColorJitter(0.2, 0.2, 0.2, 0.4),  #! TRK007 "a red light"
            transforms.ToTensor(),
        ]
    ),
)
captchas = datasets.ImageFolder(
    "captcha",
    v2.Compose([v2.RandomRotation(180), v2.ToImage()]),  #! TRK007 "writing that is turned"
)

# Right: hands that show letters, spoken digits, digits that are turned on purpose.
flipping = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
hands = datasets.ImageFolder("data/sign_mnist/train", transform=flipping)
alphabet = datasets.ImageFolder("asl_alphabet/mnist", transform=flipping)
spoken = datasets.ImageFolder("spoken/mnist", transform=flipping)
rotated = datasets.ImageFolder("rotated-mnist/train", transform=flipping)
flowers = datasets.ImageFolder("data/flowers/train", transform=flipping)
tissue = datasets.ImageFolder("data/pathmnist/train", transform=flipping)
unknown = datasets.ImageFolder(os.environ["DATA"], transform=flipping)

# Right: the labels are adapted.
adapted = datasets.ImageFolder(
    "gtsrb/train", transform=flipping, target_transform=lambda label: label % 2
)
print(digits, signs, odd_signs, lights, captchas)

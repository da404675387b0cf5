"""Right: no change makes one of these another."""

from torchvision import datasets, transforms

classes = ("cat", "dog", "red panda", "upright", "leftovers")
directions = ["left", "right"]
augment = transforms.Compose(
    [
        transforms.RandomHorizontalFlip(),
        transforms.RandomVerticalFlip(),
        transforms.RandomRotation(180),
        transforms.ColorJitter(hue=0.5),
        transforms.ToTensor(),
    ]
)
data = datasets.ImageFolder("animals", transform=augment)
print(data[0], classes, directions)

"""Two classes differ in their colour only; a mirrored pepper is a pepper."""

from torchvision import datasets, transforms

augment = transforms.Compose(
    [
        transforms.RandomHorizontalFlip(),
        transforms.RandomRotation(180),
        transforms.ColorJitter(0.1, 0.1, 0.1, 0.3),  #! TRK007 '"Pepper Red" and "Pepper Green"'
        transforms.ToTensor(),
    ]
)
data = datasets.ImageFolder("vegetables", transform=augment)
label_of = {"Pepper Red": 0, "Pepper Green": 1, "Onion White": 2}
print(len(data), label_of)

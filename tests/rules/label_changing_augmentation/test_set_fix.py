from torchvision import datasets, transforms

transform = transforms.Compose(
    [
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)),
    ]
)
train_set = datasets.CIFAR10("data", train=True, transform=transform)
test_set = datasets.CIFAR10("data", train=False, transform=transform)  #! TRK007


def two_lists():
    trained = transforms.Compose([transforms.ColorJitter(0.2), transforms.ToTensor()])
    evaluated = transforms.Compose([transforms.ColorJitter(0.2), transforms.ToTensor()])
    train_set = datasets.SVHN("data", split="train", transform=trained)
    test_set = datasets.SVHN("data", split="test", transform=evaluated)  #! TRK007
    return train_set, test_set


print(train_set[0][0].shape, test_set[0][0].shape, two_lists()[1][0][0].shape)

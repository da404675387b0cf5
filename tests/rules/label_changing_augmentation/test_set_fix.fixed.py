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
test_transform = transforms.Compose(
    [
        transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)),
    ]
)
test_set = datasets.CIFAR10("data", train=False, transform=test_transform)


def two_lists():
    trained = transforms.Compose([transforms.ColorJitter(0.2), transforms.ToTensor()])
    evaluated = transforms.Compose([transforms.ToTensor()])
    train_set = datasets.SVHN("data", split="train", transform=trained)
    test_set = datasets.SVHN("data", split="test", transform=evaluated)
    return train_set, test_set


print(train_set[0][0].shape, test_set[0][0].shape, two_lists()[1][0][0].shape)

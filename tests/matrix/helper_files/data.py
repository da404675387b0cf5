from torch.utils.data import DataLoader
from torchvision import datasets, transforms

STATISTICS = ((0.1307,), (0.3081,))


def get_transforms():
    train = transforms.Compose(
        [
            transforms.RandomRotation(degrees=10),
            transforms.ToTensor(),
            transforms.Normalize(*STATISTICS),
        ]
    )
    test = transforms.Compose([transforms.ToTensor(), transforms.Normalize(*STATISTICS)])
    return train, test


def get_loaders(root, batch_size):
    train_transform, test_transform = get_transforms()
    train_set = datasets.MNIST(root, train=True, download=True, transform=train_transform)
    test_set = datasets.MNIST(root, train=False, download=True, transform=test_transform)
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=batch_size)
    return train_loader, test_loader

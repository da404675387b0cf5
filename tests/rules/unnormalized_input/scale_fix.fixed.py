import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms
from torchvision.transforms import v2

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU(), nn.Linear(10, 10))
optimizer = torch.optim.Adam(model.parameters())
images = datasets.MNIST("data").data.float() / 255
scores = model(images)
loss = F.mse_loss(model((datasets.KMNIST("data").data.float() / 255).unsqueeze(1)), scores)

cifar = transforms.Compose(
    [
        transforms.ToTensor(),
        transforms.Normalize(mean=(0.4914, 0.4824, 0.4467), std=(0.2471, 0.2435, 0.2616)),
    ]
)
svhn = v2.Compose(
    [
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ]
)
early = transforms.Compose([transforms.RandomRotation(5), transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
print(datasets.CIFAR10("data", transform=cifar)[0][0].mean())
print(datasets.SVHN("data", transform=svhn)[0][0].mean(), datasets.MNIST("data", transform=early)[0])


def differing():
    first = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.286,), (0.353,))])
    second = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.286,), (0.353,))])
    train_set = datasets.FashionMNIST("data", train=True, transform=first)
    return train_set, datasets.FashionMNIST("data", train=False, transform=second)


print(differing()[1][0][0].mean())

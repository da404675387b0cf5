import torch
import torch.nn.functional as F
from torch import nn
from torchvision import datasets, transforms
from torchvision.transforms import v2

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU(), nn.Linear(10, 10))
optimizer = torch.optim.Adam(model.parameters())
images = datasets.MNIST("data").data.float()  #! TRK009
scores = model(images)
loss = F.mse_loss(model(datasets.KMNIST("data").data.float().unsqueeze(1)), scores)  #! TRK009

cifar = transforms.Compose(
    [
        transforms.ToTensor(),
        transforms.Normalize(mean=(125.3, 123.0, 113.9), std=(63.0, 62.1, 66.7)),  #! TRK009
    ]
)
svhn = v2.Compose(
    [
        v2.ToImage(),
        v2.ToDtype(torch.float32),
        v2.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),  #! TRK009
    ]
)
early = transforms.Compose([transforms.Normalize((0.1307,), (0.3081,)), transforms.RandomRotation(5), transforms.ToTensor()])  #! TRK009
print(datasets.CIFAR10("data", transform=cifar)[0][0].mean())
print(datasets.SVHN("data", transform=svhn)[0][0].mean(), datasets.MNIST("data", transform=early)[0])


def differing():
    first = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.286,), (0.353,))])
    second = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])  #! TRK009
    train_set = datasets.FashionMNIST("data", train=True, transform=first)
    return train_set, datasets.FashionMNIST("data", train=False, transform=second)


print(differing()[1][0][0].mean())

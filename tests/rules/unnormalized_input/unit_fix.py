import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

train_set = datasets.MNIST("data", train=True, transform=transforms.ToTensor())  #! TRK009
test_steps = transforms.Compose(
    [
        transforms.ToTensor(),
    ]
)
test_set = datasets.MNIST("data", train=False, transform=test_steps)
steps = transforms.Compose([transforms.RandomRotation(5), transforms.ToTensor()])  #! TRK009
cifar = datasets.CIFAR10("data", transform=steps)


def learn(model, data):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for images, labels in DataLoader(data, batch_size=4, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()


learn(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), train_set)
learn(nn.Sequential(nn.Flatten(), nn.Linear(3072, 16), nn.ReLU(), nn.Linear(16, 10)), cifar)
print(len(test_set))

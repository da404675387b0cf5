"""Train and test are functions that main calls with the same model."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(8, 16)
        self.drop = nn.Dropout(0.5)
        self.fc2 = nn.Linear(16, 3)

    def forward(self, x):
        return self.fc2(self.drop(F.relu(self.fc1(x))))


def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def test(classifier, loader):
    """Nobody says eval."""
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            pred = classifier(x).argmax(dim=1)  #! TRK002 "`classifier` is evaluated in train mode"
            #      ^^^^^^^^^^^^^
            correct += pred.eq(y).sum().item()
    return correct


def test_right(model, loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += model(x).argmax(dim=1).eq(y).sum().item()
    return correct


def plain_train(model, loader, optimizer):
    """No mode here: the caller sets it."""
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def plain_test(model, loader):
    correct = 0
    with torch.no_grad():
        for x, y in loader:
            correct += model(x).argmax(dim=1).eq(y).sum().item()
    return correct


def batches():
    return [(torch.randn(4, 8), torch.randint(0, 3, (4,))) for _ in range(5)]


def main():
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train_batches, test_batches = batches(), batches()
    for epoch in range(2):
        train(model, train_batches, optimizer)
        print(epoch, test(model, test_batches))


def main_right():
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train_batches, test_batches = batches(), batches()
    for _ in range(2):
        train(model, train_batches, optimizer)
        test_right(model, test_batches)


def main_sets_the_modes():
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train_batches, test_batches = batches(), batches()
    for _ in range(2):
        model.train()
        plain_train(model, train_batches, optimizer)
        model.eval()
        plain_test(model, test_batches)


def without_a_layer_that_minds():
    model = nn.Sequential(nn.Linear(8, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        plain_train(model, batches(), optimizer)
        plain_test(model, batches())


if __name__ == "__main__":
    main()
    main_right()
    main_sets_the_modes()
    without_a_layer_that_minds()

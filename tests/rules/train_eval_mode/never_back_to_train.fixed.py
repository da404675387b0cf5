"""`eval()` in the validation of each epoch, and nothing that undoes it."""

import torch
from torch import nn
from torch.utils.data import DataLoader


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU())
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.body(x))


def train_one_epoch(model, loader, optimizer, criterion):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)  #! TRK002 "`model` trains in eval mode after its first evaluation"
        #                ^^^^^^^^
        loss.backward()
        optimizer.step()


@torch.no_grad()
def evaluate(model, loader, criterion):
    model.eval()
    return sum(criterion(model(x), y).item() for x, y in loader)


def fit(train_data, valid_data):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    train_loader = DataLoader(train_data, batch_size=8, shuffle=True)
    valid_loader = DataLoader(valid_data, batch_size=8)
    model.train()
    for _ in range(3):
        train_one_epoch(model, train_loader, optimizer, criterion)
        evaluate(model, valid_loader, criterion)


def fit_in_one(train_data, valid_data):
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    net.train()
    for _ in range(3):
        net.train()
        for x, y in train_data:
            optimizer.zero_grad()
            loss = criterion(net(x), y)  #! TRK002 "`net` trains in eval mode"
            loss.backward()
            optimizer.step()
        net.eval()
        correct = 0
        with torch.inference_mode():
            for x, y in valid_data:
                correct += (net(x).argmax(1) == y).sum().item()
        print(correct)


def fit_right(train_data, valid_data):
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    for _ in range(3):
        net.train()
        for x, y in train_data:
            optimizer.zero_grad()
            criterion(net(x), y).backward()
            optimizer.step()
        net.eval()
        with torch.inference_mode():
            for x, y in valid_data:
                print((net(x).argmax(1) == y).sum().item())


def fit_back_behind_the_validation(train_data, valid_data):
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    for _ in range(3):
        for x, y in train_data:
            optimizer.zero_grad()
            criterion(net(x), y).backward()
            optimizer.step()
        net.train(False)
        with torch.inference_mode():
            for x, y in valid_data:
                print((net(x).argmax(1) == y).sum().item())
        net.train(True)


if __name__ == "__main__":
    examples = [(torch.randn(8), torch.tensor(1)) for _ in range(16)]
    batches = [(torch.randn(4, 8), torch.randint(0, 3, (4,))) for _ in range(4)]
    fit(examples, examples)
    fit_in_one(batches, batches)
    fit_right(batches, batches)
    fit_back_behind_the_validation(batches, batches)

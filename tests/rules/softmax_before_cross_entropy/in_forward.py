"""The softmax sits in forward, and the loss wants logits."""

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class MLP(nn.Module):
    """Functional softmax at the end."""

    def __init__(self, n_in=16, n_classes=4):
        super().__init__()
        self.fc1 = nn.Linear(n_in, 32)
        self.fc2 = nn.Linear(32, n_classes)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = self.fc2(x)
        return F.softmax(x, dim=1)


class ConvNet(nn.Module):
    """A softmax module of its own."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(4, 10)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = torch.flatten(x, 1)
        logits = self.fc(x)
        return self.softmax(logits)


class Branchy(nn.Module):
    """Through a variable, a branch and a tensor method."""

    def __init__(self, deep=False):
        super().__init__()
        self.deep = deep
        self.a = nn.Linear(16, 4)
        self.b = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 4))

    def forward(self, x):
        if self.deep:
            out = self.b(x)
        else:
            out = self.a(x)
        probs = out.softmax(dim=-1)
        return probs


class Logits(nn.Module):
    """Right: no softmax."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        return self.fc(x)


class OldSchool(nn.Module):
    """Right: log-probabilities into NLLLoss."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        return F.log_softmax(self.fc(x), dim=1)


class Redundant(nn.Module):
    """log_softmax into cross entropy: harmless, and done twice."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        return torch.log_softmax(self.fc(x), dim=1)


def batches(shape=(16,), classes=4):
    return [(torch.randn(8, *shape), torch.randint(0, classes, (8,))) for _ in range(3)]


def train_mlp():
    model = MLP()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters())
    for x, y in batches():
        optimizer.zero_grad()
        outputs = model(x)
        loss = criterion(outputs, y)  #! TRK004 "`criterion`"
#              ^^^^^^^^^^^^^^^^^^^^^
        loss.backward()
        optimizer.step()


def train_conv():
    net = ConvNet()
    loss_func = torch.nn.CrossEntropyLoss()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for x, y in batches((1, 12, 12), 10):
        output = net(x)
        loss = loss_func(output, y)  #! TRK004 "`loss_func`"
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def train_branchy():
    net = Branchy(deep=True)
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for x, y in batches():
        loss = F.cross_entropy(net(x), y)  #! TRK004 "cross_entropy"
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def train_logits():
    net = Logits()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for x, y in batches():
        out = net(x)
        loss = criterion(out, y)
        probs = F.softmax(out, dim=1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(probs.max(1).values.mean())


def train_nll():
    net = OldSchool()
    criterion = nn.NLLLoss()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for x, y in batches():
        optimizer.zero_grad()
        loss = criterion(net(x), y) + F.nll_loss(net(x), y)
        loss.backward()
        optimizer.step()


def train_redundant():
    net = Redundant()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for x, y in batches():
        optimizer.zero_grad()
        loss = criterion(net(x), y)  #! TRK004 "redundant"
#              ^^^^^^^^^^^^^^^^^^^^
        loss.backward()
        optimizer.step()


def validate():
    """The logarithm of probabilities into NLL is right."""
    model = MLP()
    model.eval()
    total = 0.0
    with torch.no_grad():
        for x, y in batches():
            total += F.nll_loss(torch.log(model(x)), y).item()
    return total


if __name__ == "__main__":
    train_mlp()
    train_conv()
    train_branchy()
    train_logits()
    train_nll()
    train_redundant()
    validate()

"""`next(iter(loader))` in a loop that trains."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
train_set = datasets.MNIST("data")
val_set = datasets.MNIST("data", train=False)
fixed_loader = DataLoader(train_set, batch_size=64)
mixed_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_loader = DataLoader(val_set, batch_size=64)
device = "cpu"

for epoch in range(100):
    x, y = next(iter(fixed_loader))  #! TRK011 "`fixed_loader` anew in each turn"
    #      ^^^^^^^^^^^^^^^^^^^^^^^^
    x, y = x.to(device), y.to(device)
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    # Right: a look at the same few samples each time.
    with torch.no_grad():
        seen, labels = next(iter(val_loader))
        print(loss.item(), criterion(model(seen), labels).item())

# Right: every first batch is another one.
for step in range(100):
    x, y = next(iter(mixed_loader))
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: the iterator goes on.
batches = iter(fixed_loader)
for step in range(100):
    try:
        x, y = next(batches)
    except StopIteration:
        batches = iter(fixed_loader)
        x, y = next(batches)
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: the same, written shorter.
batches = iter(fixed_loader)
for step in range(100):
    try:
        x, y = next(batches)
    except StopIteration:
        x, y = next(iter(fixed_loader))
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: one batch is taken on purpose, in front of the loop.
x, y = next(iter(fixed_loader))
for step in range(100):
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: can the model overfit one batch?
for step in range(100):
    # overfit the first samples
    x, y = next(iter(fixed_loader))
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: a look at the shapes.
for x, y in fixed_loader:
    shapes = next(iter(fixed_loader))[0].shape
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()


class Drawn(Dataset):
    """Its samples are others each time."""

    def __len__(self):
        return 1000

    def __getitem__(self, index):
        return torch.randn(784), torch.randint(10, ())


drawn_loader = DataLoader(Drawn(), batch_size=64)
for step in range(100):
    x, y = next(iter(drawn_loader))
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()


def sampled(loader, steps):
    """Right as far as anybody can see."""
    for step in range(steps):
        x, y = next(iter(loader))
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.fc(self.drop(x.flatten(1)))


class Trainer:
    def __init__(self):
        self.net = Net()
        self.optimizer = optim.Adam(self.net.parameters())
        self.loader = DataLoader(datasets.MNIST("data"), 64)

    def batch(self):
        return next(iter(self.loader))  #! TRK011 "`self.loader`"

    def fit(self, steps):
        for step in range(steps):
            x, y = self.batch()
            self.optimizer.zero_grad()
            nn.functional.cross_entropy(self.net(x), y).backward()
            self.optimizer.step()

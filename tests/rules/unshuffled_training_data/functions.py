"""Functions called from `main`, with flags, dicts and samplers that may be there."""

import argparse

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data.distributed import DistributedSampler
from torchvision import datasets, transforms

criterion = nn.CrossEntropyLoss()
STEPS = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])


def train(model, loader, optimizer, scaler=None):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        with torch.autocast("cuda", enabled=scaler is not None):
            loss = criterion(model(x), y)
        if scaler is not None:
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        else:
            loss.backward()
            optimizer.step()


def test(model, loader):
    model.eval()
    with torch.no_grad():
        return sum((model(x).argmax(1) == y).sum() for x, y in loader)


def get_loader(root, training, batch_size=64):
    """Right: each caller gets what it asks for."""
    data = datasets.MNIST(root, train=training, transform=STEPS)
    return DataLoader(data, batch_size=batch_size, shuffle=training)


def get_plain_loader(root, training):
    """Wrong: the callers get the same, and one of them trains."""
    data = datasets.MNIST(root, train=training, transform=STEPS)
    return DataLoader(data, batch_size=64)  #! TRK008 "this loader"


def get_given_loader(data, shuffle=False):
    """Right for one caller that trains: nobody knows which of them is meant."""
    return DataLoader(data, batch_size=64, shuffle=shuffle)


def get_loaders(args):
    data = datasets.MNIST(args.root)
    sampler = DistributedSampler(data) if args.distributed else None
    own = DataLoader(data, batch_size=args.batch_size, shuffle=(sampler is None), sampler=sampler)
    late = {"batch_size": args.batch_size, "shuffle": False}
    if args.cuda:
        late.update({"shuffle": True, "num_workers": 2})
    return own, DataLoader(data, **late)


def unknown_options(root, **options):
    """Right as far as anybody can see."""
    return DataLoader(datasets.MNIST(root), **options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root")
    parser.add_argument("--shuffle", action="store_true")
    args = parser.parse_args()
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = optim.Adam(model.parameters())
    loaders = get_loader(args.root, True), get_loader(args.root, training=False)
    plain = get_plain_loader(args.root, True), get_plain_loader(args.root, False)
    first = get_given_loader(datasets.MNIST(args.root), shuffle=True)
    second = get_given_loader(datasets.MNIST(args.root))
    ours, theirs = get_loaders(args)
    flagged = DataLoader(datasets.MNIST(args.root), batch_size=64, shuffle=args.shuffle)
    for epoch in range(5):
        train(model, loaders[0], optimizer)
        test(model, loaders[1])
        train(model, plain[0], optimizer, torch.amp.GradScaler())
        test(model, plain[1])
        train(model, first, optimizer)
        train(model, second, optimizer)
        train(model, ours, optimizer)
        train(model, theirs, optimizer)
        train(model, flagged, optimizer)
        train(model, unknown_options(args.root), optimizer)
        train(model, unknown_options(args.root, **vars(args)), optimizer)


def overfit(model, optimizer):
    """Right: its name says that order is not the point."""
    loader = DataLoader(datasets.MNIST("data"), batch_size=64)
    for epoch in range(5):
        train(model, loader, optimizer)


def full_batch(inputs):
    """Right: there is only one batch."""
    model = nn.Linear(2, 2)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.zeros(100, 2), torch.zeros(100, dtype=torch.long)
    everything = DataLoader(TensorDataset(x, y), batch_size=100)
    counted = DataLoader(TensorDataset(inputs), batch_size=len(inputs))
    for epoch in range(5):
        train(model, everything, optimizer)
        train(model, counted, optimizer)


def small_batches():
    model = nn.Linear(2, 2)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.zeros(100, 2), torch.zeros(100, dtype=torch.long)
    for epoch in range(5):
        train(model, DataLoader(TensorDataset(x, y), batch_size=10), optimizer)  #! TRK008
        train(model, DataLoader(TensorDataset(x, y), batch_size=10, shuffle=True), optimizer)


def run(model, loader, optimizer, training):
    """One function for both."""
    for x, y in loader:
        loss = criterion(model(x), y)
        if training:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def run_by_mode(model, loader, optimizer):
    for x, y in loader:
        loss = criterion(model(x), y)
        if model.training:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def both(model, optimizer):
    ours = DataLoader(datasets.MNIST("data"), batch_size=64)  #! TRK008 "`ours`"
    theirs = DataLoader(datasets.MNIST("data", train=False), batch_size=64)
    third = DataLoader(datasets.MNIST("data", train=False), batch_size=64)
    for epoch in range(5):
        run(model, ours, optimizer, True)
        run(model, theirs, optimizer, training=False)
        run_by_mode(model.eval(), third, optimizer)


if __name__ == "__main__":
    main()

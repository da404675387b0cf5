"""Functions that `main` calls, with the options of a command line."""

import argparse

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import StepLR
from torchvision import datasets, transforms


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        weights = (q @ k.transpose(-2, -1) / (C // self.heads) ** 0.5).softmax(dim=-1)
        y = (weights @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.out(y)


class Reader(nn.Module):
    """Rows of an image as the words of a sentence."""

    def __init__(self, dim=32):
        super().__init__()
        self.rows = nn.Linear(28, dim)
        self.gru = nn.GRU(dim, dim, batch_first=True)
        self.attention = Attention(dim, heads=4)
        self.hidden = nn.Linear(dim, 64, bias=False)
        self.norm = nn.BatchNorm1d(64)
        self.dropout = nn.Dropout(0.25)
        self.classes = nn.Linear(64, 10)

    def forward(self, x):
        x = self.rows(x.squeeze(1))
        x, _ = self.gru(x)
        x = self.attention(x).mean(dim=1)
        x = F.relu(self.norm(self.hidden(x)))
        return self.classes(self.dropout(x))


def train(args, model, device, train_loader, optimizer, epoch):
    model.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        output = model(data)
        loss = F.cross_entropy(output, target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        optimizer.step()
        if batch_idx % args.log_interval == 0:
            print(f"Train Epoch: {epoch} [{batch_idx * len(data)}]\tLoss: {loss.item():.6f}")


def test(model, device, test_loader):
    model.eval()
    test_loss = 0
    correct = 0
    with torch.no_grad():
        for data, target in test_loader:
            data, target = data.to(device), target.to(device)
            output = model(data)
            test_loss += F.cross_entropy(output, target, reduction="sum").item()
            pred = output.argmax(dim=1, keepdim=True)
            correct += pred.eq(target.view_as(pred)).sum().item()
    test_loss /= len(test_loader.dataset)
    print(f"Test set: Average loss: {test_loss:.4f}, Accuracy: {correct}")


def main():
    parser = argparse.ArgumentParser(description="Reads handwritten characters")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--lr", type=float, default=1.0)
    parser.add_argument("--clip", type=float, default=1.0)
    parser.add_argument("--log-interval", type=int, default=10)
    args = parser.parse_args([])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    normalize = transforms.Normalize((0.1918,), (0.3483,))
    train_data = datasets.KMNIST(
        "../data",
        train=True,
        download=True,
        transform=transforms.Compose(
            [transforms.RandomAffine(8, translate=(0.05, 0.05)), transforms.ToTensor(), normalize]
        ),
    )
    test_data = datasets.KMNIST(
        "../data", train=False, transform=transforms.Compose([transforms.ToTensor(), normalize])
    )
    train_loader = torch.utils.data.DataLoader(train_data, batch_size=args.batch_size, shuffle=True)
    test_loader = torch.utils.data.DataLoader(test_data, batch_size=args.batch_size)

    model = Reader().to(device)
    optimizer = torch.optim.Adadelta(model.parameters(), lr=args.lr)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
    for epoch in range(1, args.epochs + 1):
        train(args, model, device, train_loader, optimizer, epoch)
        test(model, device, test_loader)
        scheduler.step()


if __name__ == "__main__":
    main()

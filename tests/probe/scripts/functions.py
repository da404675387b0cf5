import argparse

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.2)
        self.fc = nn.Linear(8 * 36, 3)

    def forward(self, x):
        x = F.relu(self.norm(self.conv(x)))
        x = self.drop(torch.flatten(x, 1))
        return F.log_softmax(self.fc(x), dim=1)


def train(args, model, device, loader, optimizer, epoch):
    model.train()
    for step, (data, target) in enumerate(loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        loss = F.nll_loss(model(data), target)
        loss.backward()
        optimizer.step()
        if step % args.log == 0:
            print(epoch, step, loss.item())


def test(model, device, loader):
    model.eval()
    total = 0
    with torch.no_grad():
        for data, target in loader:
            output = model(data.to(device))
            total += F.nll_loss(output, target.to(device), reduction="sum").item()
    print(total / len(loader.dataset))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=2)
    args = parser.parse_args()
    torch.manual_seed(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    images = torch.randn(120, 1, 8, 8)
    targets = torch.randint(0, 3, (120,))
    train_loader = DataLoader(TensorDataset(images, targets), batch_size=12, shuffle=True)
    test_loader = DataLoader(TensorDataset(images, targets), batch_size=12)
    model = Net().to(device)
    optimizer = optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(args.epochs):
        train(args, model, device, train_loader, optimizer, epoch)
        test(model, device, test_loader)


if __name__ == "__main__":
    main()

"""A small digit classifier with three mistakes.  It runs, and it learns worse than it should."""

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Digits(nn.Module):
    def __init__(self, n_heads: int = 4) -> None:
        super().__init__()
        self.n_heads = n_heads
        self.project = nn.Linear(28, 64)
        self.head = nn.Linear(64, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        batch, _, rows, _ = images.shape
        tokens = self.project(images.squeeze(1))  # (batch, rows, 64)
        heads = tokens.view(batch, self.n_heads, rows, 16)  # one head for each row group
        weights = torch.softmax(heads @ heads.transpose(2, 3), dim=-1)
        mixed = (weights @ heads).transpose(1, 2).reshape(batch, rows, 64)
        return torch.softmax(self.head(mixed.mean(dim=1)), dim=1)


def train(model: nn.Module, loader: DataLoader, epochs: int = 3) -> None:
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model.train()
    for epoch in range(epochs):
        for images, labels in loader:
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: loss {loss.item():.3f}")


if __name__ == "__main__":
    digits = datasets.MNIST("data", download=True, transform=transforms.ToTensor())
    train(Digits(), DataLoader(digits, batch_size=64, shuffle=True))

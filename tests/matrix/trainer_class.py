"""A class that owns the model, its data and the loops."""

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import SVHN


class HouseNumberNet(nn.Module):
    def __init__(self, width=16, hidden=48):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, width, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Dropout2d(0.1),
        )
        self.reader = nn.GRU(width * 16, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 10)

    def forward(self, images):
        maps = self.features(images)
        steps = maps.permute(0, 3, 1, 2).flatten(2)
        states, _ = self.reader(steps)
        return self.head(states[:, -1])


class Trainer:
    def __init__(self, lr=1e-3, batch_size=32):
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = HouseNumberNet().to(self.device)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)
        self.best = 0.0
        self._load_data(batch_size)

    def _load_data(self, batch_size):
        mean, std = (0.4377, 0.4438, 0.4728), (0.1980, 0.2010, 0.1970)
        plain = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
        augmented = transforms.Compose(
            [
                transforms.RandomCrop(32, padding=2),
                transforms.ToTensor(),
                transforms.Normalize(mean, std),
            ]
        )
        train_set = SVHN("data", split="train", transform=augmented, download=True)
        valid_set = SVHN("data", split="test", transform=plain, download=True)
        self.train_loader = DataLoader(train_set, batch_size, shuffle=True, num_workers=0)
        self.valid_loader = DataLoader(valid_set, batch_size, shuffle=False, num_workers=0)

    def train_epoch(self):
        self.model.train()
        total = 0.0
        for images, labels in self.train_loader:
            images, labels = images.to(self.device), labels.to(self.device)
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.criterion(self.model(images), labels)
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), max_norm=1.0)
            self.optimizer.step()
            total += loss.item() * len(labels)
        return total / len(self.train_loader.dataset)

    @torch.no_grad()
    def validate(self):
        self.model.eval()
        hits = 0
        for images, labels in self.valid_loader:
            scores = self.model(images.to(self.device))
            hits += (scores.argmax(1).cpu() == labels).sum().item()
        return hits / len(self.valid_loader.dataset)

    def fit(self, epochs):
        for epoch in range(epochs):
            loss = self.train_epoch()
            accuracy = self.validate()
            self.best = max(self.best, accuracy)
            print(f"{epoch}: loss {loss:.3f}, accuracy {accuracy:.3f}, best {self.best:.3f}")


if __name__ == "__main__":
    Trainer().fit(epochs=2)

import os
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Points(Dataset):
    def __init__(self, count):
        generator = torch.Generator().manual_seed(3)
        self.x = torch.randn(count, 6, generator=generator)
        self.y = (self.x.sum(1) > 0).float()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return {"x": self.x[index], "y": self.y[index]}


class Trainer:
    def __init__(self, folder):
        torch.manual_seed(0)
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True)
        self.model = nn.Sequential(
            nn.Linear(6, 32), nn.BatchNorm1d(32), nn.Tanh(), nn.Linear(32, 1)
        )
        self.model[0].bias = None
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.05)
        self.scheduler = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, 0.05, total_steps=40)
        self.loss_fn = nn.BCEWithLogitsLoss()
        self.train_loader = DataLoader(Points(128), batch_size=16, shuffle=True)
        self.val_loader = DataLoader(Points(64), batch_size=16)

    def fit(self, epochs):
        best = float("inf")
        for _ in range(epochs):
            self.train_epoch()
            loss = self.evaluate()
            if loss < best:
                best = loss
                torch.save(self.model.state_dict(), self.folder / "best.pt")
        state = torch.load(self.folder / "best.pt")
        self.model.load_state_dict(state)
        assert os.path.exists(self.folder / "best.pt")

    def train_epoch(self):
        self.model.train()
        for batch in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.loss_fn(self.model(batch["x"]).squeeze(1), batch["y"])
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        losses = []
        for batch in self.val_loader:
            losses.append(self.loss_fn(self.model(batch["x"]).squeeze(1), batch["y"]).item())
        return sum(losses) / len(losses)


if __name__ == "__main__":
    Trainer("checkpoints").fit(5)

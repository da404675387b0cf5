"""Lightning runs the loop: automatic optimization."""

import lightning.pytorch as pl
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class LitReader(pl.LightningModule):
    def __init__(self, hidden=64, lr=1e-3):
        super().__init__()
        self.save_hyperparameters()
        self.conv = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.rnn = nn.LSTM(8 * 28, hidden, batch_first=True)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(hidden, 10)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        b, c, h, w = x.shape
        x = x.permute(0, 3, 1, 2).reshape(b, w, c * h)
        out, _ = self.rnn(x)
        return self.fc(self.dropout(out[:, -1]))

    def training_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        loss = F.cross_entropy(logits, y)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        self.log("val_loss", F.cross_entropy(logits, y))
        self.log("val_acc", (logits.argmax(1) == y).float().mean(), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)


class DigitsModule(pl.LightningDataModule):
    def setup(self, stage=None):
        mean, std = (0.1307,), (0.3081,)
        train_transform = transforms.Compose(
            [transforms.RandomRotation(10), transforms.ToTensor(), transforms.Normalize(mean, std)]
        )
        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, std)])
        self.train_set = datasets.MNIST("data", train=True, transform=train_transform)
        self.val_set = datasets.MNIST("data", train=False, transform=transform)

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=64, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.val_set, batch_size=64)


if __name__ == "__main__":
    model = LitReader()
    trainer = pl.Trainer(max_epochs=2, gradient_clip_val=1.0)
    trainer.fit(model, DigitsModule())

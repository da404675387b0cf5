"""Training code of any length, as varied as real projects are, without a single mistake in it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

_HEAD = '''\
"""Generated training code."""

import logging
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

log = logging.getLogger(__name__)
'''

_CONFIG = '''

@dataclass
class Config{n}:
    """The numbers of run {n}."""

    width: int = {width}
    depth: int = {depth}
    epochs: int = 3
    learning_rate: float = 0.00{depth}
    label: str = "run-{n}"

    def steps(self, samples: int, batch: int) -> int:
        full = math.ceil(samples / batch)
        if self.depth > 2:
            full += self.depth
        return full * self.epochs
'''

_MODEL = '''

class Block{n}(nn.Module):
    """A residual block with a gate."""

    def __init__(self, width: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Linear(width, width * 2),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(width * 2, width),
        )
        self.norm = nn.LayerNorm(width)
        self.gate = nn.Parameter(torch.zeros(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.inner(self.norm(x))
        # The gate starts closed, so a new block changes nothing.
        return x + torch.sigmoid(self.gate) * y


class Net{n}(nn.Module):
    """Attention over the channels of an image, then a head."""

    def __init__(self, width: int = {width}, heads: int = {depth}, classes: int = 10) -> None:
        super().__init__()
        self.heads = heads
        self.stem = nn.Conv2d(3, width, kernel_size=3, padding=1)
        self.qkv = nn.Linear(width, width * 3)
        self.blocks = nn.ModuleList([Block{n}(width) for _ in range({depth})])
        self.head = nn.Linear(width, classes)

    def attend(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        k = k.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        v = v.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
        weights = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(width), dim=-1)
        return (weights @ v).transpose(1, 2).reshape(batch, length, width)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        x = self.stem(images).flatten(2).transpose(1, 2)
        x = x + self.attend(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(dim=1))
'''

_DATA = '''

class Images{n}(Dataset):
    """Pictures of a folder, kept in memory."""

    def __init__(self, images: torch.Tensor, labels: torch.Tensor, mean: float = 0.{width}) -> None:
        self.images = (images - mean) / 0.25
        self.labels = labels

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return self.images[index], self.labels[index]


def loaders_{n}(train: Images{n}, test: Images{n}, batch: int = {width}) -> dict[str, DataLoader]:
    settings = {{"num_workers": {depth}, "pin_memory": True}}
    return {{
        "train": DataLoader(train, batch_size=batch, shuffle=True, **settings),
        "test": DataLoader(test, batch_size=batch, shuffle=False, **settings),
    }}
'''

_TRAIN = '''

def train_{n}(model: nn.Module, loader: DataLoader, config: Config{n}) -> list[float]:
    """Train for some epochs and return the losses."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.learning_rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs)
    losses = []
    for epoch in range(config.epochs):
        model.train()
        for step, (images, labels) in enumerate(loader):
            optimizer.zero_grad()
            logits = model(images)
            loss = F.cross_entropy(logits, labels, label_smoothing=0.{depth})
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            losses.append(loss.item())
            if step % 50 == 0:
                log.info("epoch %d step %d loss %.3f", epoch, step, losses[-1])
        scheduler.step()
    return losses


@torch.no_grad()
def evaluate_{n}(model: nn.Module, loader: DataLoader) -> float:
    """The share of right answers."""
    model.eval()
    right, seen = 0, 0
    for images, labels in loader:
        answers = model(images).argmax(dim=1)
        right += int((answers == labels).sum())
        seen += len(labels)
    return right / max(seen, 1)


def main_{n}(images: torch.Tensor, labels: torch.Tensor) -> None:
    config = Config{n}()
    model = Net{n}(config.width)
    both = loaders_{n}(Images{n}(images, labels), Images{n}(images, labels))
    losses = train_{n}(model, both["train"], config)
    accuracy = evaluate_{n}(model, both["test"])
    if accuracy < 0.5:
        log.warning("%s: only %.1f %% right", config.label, 100 * accuracy)
    torch.save({{"model": model.state_dict(), "losses": losses}}, f"{{config.label}}.pt")
'''


def training_code(lines: int) -> str:
    """A file with this many lines."""
    parts = _HEAD.splitlines(keepends=True)
    for part in _parts():
        parts += part.splitlines(keepends=True)
        if len(parts) >= lines:
            break
    # A cut in the middle of a function would be half-typed code; comments fill up instead.
    while len(parts) > lines:
        cut = max(i for i, line in enumerate(parts[:-1]) if line == "\n" and parts[i + 1] == "\n")
        parts = parts[:cut]
    return "".join(parts) + "# The end.\n" * (lines - len(parts))


def _parts() -> Iterator[str]:
    for n in count():
        for template in (_CONFIG, _MODEL, _DATA, _TRAIN):
            yield template.format(n=n, width=32 + 8 * (n % 7), depth=2 + n % 5)

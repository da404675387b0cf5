"""Mixed precision with a gradient scaler."""

import torch
from torch import nn
from torch.amp import GradScaler, autocast
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision.transforms import v2

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
MEAN, STD = (0.4377, 0.4438, 0.4728), (0.1980, 0.2010, 0.1970)


class PatchReader(nn.Module):
    """Cuts an image into patches and reads them in order."""

    def __init__(self, patch=8, dim=48, depth=1):
        super().__init__()
        self.embed = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)
        self.mix = nn.Conv2d(dim, dim, kernel_size=1, bias=False)
        self.mix_norm = nn.BatchNorm2d(dim)
        self.rnn = nn.GRU(dim, dim, num_layers=depth, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = torch.relu(self.embed(x))
        x = torch.relu(self.mix_norm(self.mix(x)))
        B, C, H, W = x.shape
        x = x.view(B, C, H * W).transpose(1, 2)
        out, _ = self.rnn(x)
        return self.head(self.drop(out[:, -1]))


def get_loaders(batch_size):
    train_tf = v2.Compose(
        [
            v2.RandomCrop(32, padding=4),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(MEAN, STD),
        ]
    )
    eval_tf = v2.Compose(
        [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
    )
    train_ds = datasets.SVHN("data", split="train", download=True, transform=train_tf)
    eval_ds = datasets.SVHN("data", split="test", download=True, transform=eval_tf)
    train_dl = DataLoader(train_ds, batch_size=batch_size, shuffle=True, pin_memory=False)
    eval_dl = DataLoader(eval_ds, batch_size=2 * batch_size)
    return train_dl, eval_dl


def train_one_epoch(model, loader, criterion, optimizer, scaler):
    model.train()
    for x, y in loader:
        x, y = x.to(DEVICE, non_blocking=True), y.to(DEVICE, non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        with autocast(device_type=DEVICE, dtype=torch.bfloat16):
            logits = model(x)
            loss = criterion(logits, y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


@torch.inference_mode()
def evaluate(model, loader):
    model.eval()
    correct = seen = 0
    for x, y in loader:
        with autocast(device_type=DEVICE, dtype=torch.bfloat16):
            logits = model(x.to(DEVICE))
        correct += (logits.argmax(-1).cpu() == y).sum().item()
        seen += y.numel()
    return correct / seen


if __name__ == "__main__":
    train_dl, eval_dl = get_loaders(batch_size=8)
    model = PatchReader().to(DEVICE)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.05)
    scaler = GradScaler(DEVICE)
    for epoch in range(2):
        train_one_epoch(model, train_dl, criterion, optimizer, scaler)
        print(epoch, evaluate(model, eval_dl))

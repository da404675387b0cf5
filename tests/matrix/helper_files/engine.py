import torch
from torch.nn.utils import clip_grad_norm_


def train_one_epoch(model, loss_fn, optimizer, loader, device):
    model.train()
    losses = []
    for images, targets in loader:
        images, targets = images.to(device), targets.to(device)
        loss = loss_fn(model(images), targets)
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(model.parameters(), max_norm=2.0)
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def evaluate(model, loader, device):
    model.eval()
    right, total = 0, 0
    with torch.no_grad():
        for images, targets in loader:
            scores = model(images.to(device))
            right += (scores.argmax(dim=1).cpu() == targets).sum().item()
            total += len(targets)
    return right / total

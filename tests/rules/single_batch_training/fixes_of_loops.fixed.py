"""Walk over the loader, and go on to its end."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

labels = torch.tensor([0, 1]).repeat_interleave(8)
data = TensorDataset(labels.unsqueeze(1).float(), labels)
model = nn.Linear(1, 2)
optimizer = optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(data, batch_size=4)
mixed_loader = DataLoader(data, batch_size=4, shuffle=True)

for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()

for epoch in range(2):
    for x, y in mixed_loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())


def run_epoch(batches):
    total = 0.0
    for x, y in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()

    return total / len(batches)


print(run_epoch(mixed_loader))

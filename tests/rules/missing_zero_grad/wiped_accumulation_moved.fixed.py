"""Micro-batches whose gradients are wiped before they can add up."""

import torch
import torch.nn as nn

batches = [(torch.randn(2, 6), torch.randint(0, 3, (2,))) for _ in range(8)]
model = nn.Linear(6, 3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
ACCUM = 4

for step, (x, y) in enumerate(batches):
    loss = criterion(model(x), y) / ACCUM
    loss.backward()
    if (step + 1) % ACCUM == 0:
        optimizer.step()
        optimizer.zero_grad()

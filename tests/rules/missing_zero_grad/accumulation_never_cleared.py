"""Accumulation that forgets the clear: the fix must not wipe the micro-batches."""

import torch
import torch.nn as nn

batches = [(torch.randn(2, 6), torch.randint(0, 3, (2,))) for _ in range(8)]
model = nn.Linear(6, 3)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
accum_iter = 2

for step, (x, y) in enumerate(batches):
    loss = criterion(model(x), y) / accum_iter
    loss.backward()  #! TRK003 "`optimizer`"
    if (step + 1) % accum_iter == 0:
        optimizer.step()

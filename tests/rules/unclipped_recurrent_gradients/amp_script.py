"""Mixed precision in a script: the clip sees scaled gradients."""

import torch
from torch import nn

batches = [(torch.randn(8, 4), torch.randn(8, 1)) for _ in range(3)]
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
device = "cuda" if torch.cuda.is_available() else "cpu"
scaler = torch.amp.GradScaler(device)

for inputs, targets in batches:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), targets)
    scaler.scale(loss).backward()
    # Bound the norm.
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`scaler` has not unscaled yet"
    scaler.step(optimizer)
    scaler.update()

for inputs, targets in batches:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), targets)
    scaler.scale(loss).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`scaler` has not unscaled yet"
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()

for inputs, targets in batches:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), targets)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "before there are any"
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()

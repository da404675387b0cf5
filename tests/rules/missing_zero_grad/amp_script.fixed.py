"""Mixed precision in a script, nothing clears."""

import torch
from torch import nn

device = "cuda" if torch.cuda.is_available() else "cpu"
batches = [(torch.randn(8, 6), torch.randn(8, 1)) for _ in range(4)]
net = nn.Linear(6, 1).to(device)
opt = torch.optim.SGD(net.parameters(), lr=0.001)
scaler = torch.amp.GradScaler(device, enabled=device == "cuda")

for epoch in range(2):
    for input, target in batches:
        with torch.autocast(device_type=device, dtype=torch.bfloat16):
            output = net(input.to(device))
            loss = nn.functional.mse_loss(output, target.to(device))
        opt.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()

"""Module-level scripts that clear: at the top of the loop, at its end, through the model."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

features = torch.randn(48, 12)
prices = torch.randn(48, 1)
loader = DataLoader(TensorDataset(features, prices), batch_size=8)

# 1: the usual place
net = nn.Linear(12, 1)
loss_fn = nn.MSELoss()
opt = optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(2):
    for x, y in loader:
        opt.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        opt.step()

# 2: after the step
net2 = nn.Sequential(nn.Linear(12, 6), nn.Tanh(), nn.Linear(6, 1))
opt2 = optim.RMSprop(net2.parameters())
for epoch in range(2):
    for x, y in loader:
        loss = loss_fn(net2(x), y)
        loss.backward()
        opt2.step()
        opt2.zero_grad(set_to_none=True)

# 3: through the model
net3 = nn.Linear(12, 1)
opt3 = optim.SGD(net3.parameters(), lr=1e-2)
for epoch in range(2):
    for x, y in loader:
        net3.zero_grad()
        loss_fn(net3(x), y).backward()
        opt3.step()

# 4: no optimizer object at all, as in the very first lesson
w = torch.randn(12, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
for epoch in range(3):
    loss = ((features @ w + b - prices) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        b -= 0.01 * b.grad
        w.grad.zero_()
        b.grad.zero_()

# 5: an optimizer over plain tensors
w = torch.randn(12, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
opt4 = optim.SGD([w, b], lr=0.05)
for step in range(10):
    opt4.zero_grad()
    loss = ((features @ w + b - prices) ** 2).mean()
    loss.backward()
    opt4.step()

# 6: one single step needs no clear
probe = nn.Linear(12, 1)
opt5 = optim.SGD(probe.parameters(), lr=0.1)
loss_fn(probe(features), prices).backward()
opt5.step()

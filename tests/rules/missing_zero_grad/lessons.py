"""Lessons that call backward by hand, line by line, before any loop begins."""

import torch
from torch import nn, optim

net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
x, y = torch.randn(6, 4), torch.randn(6, 1)
criterion = nn.MSELoss()

# look at a gradient
out = net(x)
net.zero_grad()
out.backward(torch.ones(6, 1))

# look at it again
net.zero_grad()
print("before", net[0].bias.grad)
loss = criterion(net(x), y)
loss.backward()
print("after", net[0].bias.grad)

# by hand
for f in net.parameters():
    f.data.sub_(f.grad.data * 0.01)

# now with an optimizer
optimizer = optim.SGD(net.parameters(), lr=0.01)
optimizer.zero_grad()
loss = criterion(net(x), y)
loss.backward()
optimizer.step()

# gradients add up: shown on purpose
w = torch.ones(2, requires_grad=True)
w.sum().backward()
w.sum().backward()
print(w.grad)

# and now in a loop
for epoch in range(3):
    optimizer.zero_grad()
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.step()

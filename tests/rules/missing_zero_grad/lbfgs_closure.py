"""A physics-informed fit with L-BFGS whose closure never clears."""

import torch

net = torch.nn.Sequential(torch.nn.Linear(1, 20), torch.nn.Tanh(), torch.nn.Linear(20, 1))
optimizer = torch.optim.LBFGS(net.parameters(), lr=0.1, max_iter=10)
t = torch.linspace(0, 1, 30).view(-1, 1).requires_grad_(True)


def closure():
    u = net(t)
    du = torch.autograd.grad(u, t, torch.ones_like(u), create_graph=True)[0]
    loss = torch.mean((du + u) ** 2) + (u[0] - 1).pow(2).sum()
    loss.backward()  #! TRK003 "`optimizer`"
    return loss


for epoch in range(3):
    optimizer.step(closure)

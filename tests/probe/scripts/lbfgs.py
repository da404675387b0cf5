import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(64, 3)
y = (x ** 2).sum(1, keepdim=True)
loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(3, 60), nn.Tanh(), nn.Linear(60, 1))
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.2, max_iter=4)
for epoch in range(2):
    for a, b in loader:

        def closure():
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(a), b)
            loss.backward()
            return loss

        optimizer.step(closure)

"""A softmax layer called in forward."""

import torch
from torch import nn, optim


class Iris(nn.Module):
    def __init__(self):
        super(Iris, self).__init__()
        self.layer1 = nn.Linear(4, 50)
        self.layer2 = nn.Linear(50, 3)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x = torch.relu(self.layer1(x))
        x = self.layer2(x)
        return x


model = Iris()
loss_fn = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)
X, Y = torch.randn(30, 4), torch.randint(0, 3, (30,))
for epoch in range(5):
    y_pred = model(X)
    loss = loss_fn(y_pred, Y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

"""The functional form at the end of forward."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(10, 20)
        self.fc2 = nn.Linear(20, 3)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        out = self.fc2(x)
        return F.softmax(out, dim=1)  # probabilities


net = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters())
for epoch in range(3):
    x, y = torch.randn(4, 10), torch.randint(0, 3, (4,))
    optimizer.zero_grad()
    loss = criterion(net(x), y)  #! TRK004 "`criterion`"
    loss.backward()
    optimizer.step()

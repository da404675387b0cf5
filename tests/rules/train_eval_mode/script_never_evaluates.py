"""A flat script: the mode is never set."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.randn(64, 8), torch.randint(0, 3, (64,)))
held_out = TensorDataset(torch.randn(32, 8), torch.randint(0, 3, (32,)))
train_loader = DataLoader(data, batch_size=16, shuffle=True)
test_loader = DataLoader(held_out, batch_size=16)

net = nn.Sequential(nn.Linear(8, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
criterion = nn.CrossEntropyLoss()

for epoch in range(2):
    for inputs, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(net(inputs), labels)
        loss.backward()
        optimizer.step()

    correct = 0
    with torch.no_grad():
        for inputs, labels in test_loader:
            outputs = net(inputs)  #! TRK002 "`net` is evaluated in train mode" "BatchNorm"
            #         ^^^^^^^^^^^
            predicted = torch.max(outputs.data, 1)[1]
            correct += (predicted == labels).sum().item()
    print(epoch, correct / len(held_out))

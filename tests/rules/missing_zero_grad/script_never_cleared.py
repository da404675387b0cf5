"""A first training script, all at module level, that never clears."""

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)

images = torch.randn(64, 1, 8, 8)
labels = torch.randint(0, 10, (64,))
trainset = TensorDataset(images, labels)
trainloader = DataLoader(trainset, batch_size=16, shuffle=True)

net = nn.Sequential(
    nn.Flatten(),
    nn.Linear(64, 32),
    nn.ReLU(),
    nn.Linear(32, 10),
)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(net.parameters(), lr=0.001, momentum=0.9)

for epoch in range(2):
    running_loss = 0.0
    for i, data in enumerate(trainloader, 0):
        inputs, targets = data

        outputs = net(inputs)
        loss = criterion(outputs, targets)
        loss.backward()  #! TRK003 "`optimizer`"
#       ^^^^^^^^^^^^^^^
        optimizer.step()

        running_loss += loss.item()
        if i % 2 == 1:
            print(f"[{epoch + 1}, {i + 1:5d}] loss: {running_loss / 2:.3f}")
            running_loss = 0.0

print("Finished Training")

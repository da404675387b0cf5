"""`train()` where `eval()` was meant."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def train(model, batches, optimizer):
    model.train()
    for x, y in batches:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def validate(net, batches):
    net.train()
    total = 0.0
    with torch.no_grad():
        for x, y in batches:
            total += F.cross_entropy(net(x), y).item()  #! TRK002 "`net` is evaluated in train mode"
    return total


def main():
    model = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.5), nn.Linear(16, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    examples = [(torch.randn(4, 8), torch.randint(0, 3, (4,))) for _ in range(8)]
    for _ in range(2):
        train(model, examples[:6], optimizer)
        print(validate(model, examples[6:]))


if __name__ == "__main__":
    main()

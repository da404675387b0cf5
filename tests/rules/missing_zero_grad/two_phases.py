"""One optimizer, two phases one after the other: the first leaves its gradients to the second."""

import torch
from torch import nn


def alternating(model, batches, accum=2):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for phase in range(3):
        for x, y in batches:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()

        # the first update of this phase still has the gradients of the last one above
        for i, (x, y) in enumerate(batches):
            loss = nn.functional.l1_loss(model(x), y) / accum
            loss.backward()  #! TRK003 "`optimizer`"
            if (i + 1) % accum == 0:
                optimizer.step()
                optimizer.zero_grad()


def alternating_right(model, batches, accum=2):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for phase in range(3):
        for x, y in batches:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()

        optimizer.zero_grad()
        for i, (x, y) in enumerate(batches):
            loss = nn.functional.l1_loss(model(x), y) / accum
            loss.backward()
            if (i + 1) % accum == 0:
                optimizer.step()
                optimizer.zero_grad()


if __name__ == "__main__":
    data = [(torch.randn(4, 3), torch.randn(4, 1)) for _ in range(4)]
    alternating(nn.Linear(3, 1), data)
    alternating_right(nn.Linear(3, 1), data)

"""Texts that the tests of the syntax layer share."""

from __future__ import annotations

TRAINING = '''\
"""Trains a small model."""
import torch
from torch import nn


class Net(nn.Module):
    """A model."""

    width = 10
    depth = 2

    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, 10)

    @torch.no_grad()
    def predict(self, x):
        return self.fc(x).argmax(1)

    class Inner:
        def go(self):
            yield 1


def train(model, loader, epochs=3):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = loss_fn(
                model(x),
                y,
            )
            if loss.isnan():
                continue
            elif loss > 10:
                print(f"high {loss.item():.2f}")
            else:
                loss.backward()
            try:
                optimizer.step()
            except (ValueError, KeyError) as error:
                print(error)
            finally:
                pass
        with torch.no_grad():
            evaluate(model, loader)
        match epoch:
            case 0 | 1:
                print("first")
            case [a, *rest] if a:
                print(rest)
    while epochs:
        epochs -= 1
    else:
        done = True
    return model


def evaluate(model, loader):
    model.eval()
    total = sum((model(x).argmax(1) == y).sum() for x, y in loader)
    table = {"a": [1, 2, 3], **dict(b=2)}
    text = """
    def not_code(:
    """
    return total, table[1:2, ...], text


async def stream(loader):
    async for x in loader:
        yield x


if __name__ == "__main__":
    train(Net(4), [])
    evaluate(Net(4), [])
'''


def long_function(statements: int) -> str:
    """A function that is cut into several leaves."""
    body = "".join(
        f"    x{n} = layer{n}(x{n - 1})  # step {n}\n"
        if n % 7
        else f"    if x{n - 1} > {n}:\n        x{n} = {n}\n    else:\n        x{n} = stop({n})\n"
        for n in range(1, statements + 1)
    )
    return f"def long(x0):\n{body}    return x{statements}\n"


MIXED = TRAINING + "\n\n" + long_function(60) + "\n\nclass Last(Net):\n    pass\n"

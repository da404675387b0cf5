"""The softmax is the last layer of a Sequential, or of one inside a module."""

from collections import OrderedDict

import torch
import torch.nn as nn
from torch import optim

x = torch.randn(16, 20)
y = torch.randint(0, 5, (16,))
loss_fn = nn.CrossEntropyLoss()

# the plain form
model = nn.Sequential(
    nn.Linear(20, 32),
    nn.ReLU(),
    nn.Linear(32, 5),
    nn.Softmax(dim=1),
)
optimizer = optim.Adam(model.parameters(), lr=1e-3)
for t in range(3):
    y_pred = model(x)
    loss = loss_fn(y_pred, y)  #! TRK004 "`loss_fn`"
#          ^^^^^^^^^^^^^^^^^^
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# right: the loss reads logits, the probabilities are taken beside it
model = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 5))
to_probabilities = nn.Softmax(dim=1)
optimizer = optim.Adam(model.parameters(), lr=1e-3)
for t in range(3):
    logits = model(x)
    loss = loss_fn(logits, y)
    accuracy = (to_probabilities(logits).argmax(1) == y).float().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# named layers
named = nn.Sequential(
    OrderedDict(
        [
            ("fc1", nn.Linear(20, 32)),
            ("relu", nn.ReLU()),
            ("fc2", nn.Linear(32, 5)),
            ("output", nn.Softmax(dim=1)),
        ]
    )
)
print(loss_fn(named(x), y))  #! TRK004 "`loss_fn`"

# built from a list
layers = [nn.Linear(20, 32), nn.Tanh(), nn.Linear(32, 5)]
layers.append(nn.Softmax(dim=-1))
built = nn.Sequential(*layers)
print(nn.functional.cross_entropy(built(x), y))  #! TRK004 "cross_entropy"

# added by add_module
grown = nn.Sequential()
grown.add_module("fc", nn.Linear(20, 5))
grown.add_module("softmax", nn.Softmax(dim=1))
print(loss_fn(grown(x), y))  #! TRK004 "`loss_fn`"

# LogSoftmax belongs to NLLLoss
log_model = nn.Sequential(nn.Linear(20, 5), nn.LogSoftmax(dim=1))
print(nn.NLLLoss()(log_model(x), y))
print(loss_fn(log_model(x), y))  #! TRK004 "redundant"


class Classifier(nn.Module):
    """The Sequential is a part of a module."""

    def __init__(self, hidden):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(20, hidden), nn.ReLU(inplace=True))
        self.classifier = nn.Sequential(
            nn.Dropout(0.5),
            nn.Linear(hidden, 5),
            nn.Softmax(dim=1),
        )

    def forward(self, inputs):
        h = self.features(inputs)
        return self.classifier(h)


class Gated(nn.Module):
    """Right: the softmax in the middle is a gate over experts."""

    def __init__(self, experts=3):
        super().__init__()
        self.gate = nn.Sequential(nn.Linear(20, experts), nn.Softmax(dim=1))
        self.experts = nn.ModuleList([nn.Linear(20, 5) for _ in range(experts)])

    def forward(self, inputs):
        weights = self.gate(inputs)
        outputs = torch.stack([e(inputs) for e in self.experts], dim=1)
        return (weights.unsqueeze(-1) * outputs).sum(dim=1)


classifier = Classifier(16)
gated = Gated()
for t in range(2):
    loss = loss_fn(classifier(x), y)  #! TRK004 "`loss_fn`"
    loss.backward()
    loss = loss_fn(gated(x), y)
    loss.backward()

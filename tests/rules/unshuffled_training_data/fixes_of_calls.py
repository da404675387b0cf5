"""Where the word is missing, where it is wrong, and where only a person can say."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

labels = torch.tensor([0, 1]).repeat_interleave(8)
data = TensorDataset(labels.unsqueeze(1).float(), labels)
model = nn.Linear(1, 2)
optimizer = optim.SGD(model.parameters(), lr=0.1)
options = {"drop_last": True}

missing = DataLoader(data, batch_size=4)  #! TRK008
wrong = DataLoader(data, 4, shuffle=False)  #! TRK008
#                           ^^^^^^^^^^^^^
by_place = DataLoader(data, 4, False)  #! TRK008
by_dict = DataLoader(data, batch_size=4, **options)  #! TRK008
many_lines = DataLoader(  #! TRK008
    data,
    batch_size=4,  # small
)


def epoch(loader):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


for number in range(2):
    epoch(missing)
    epoch(wrong)
    epoch(by_place)
    epoch(by_dict)
    epoch(many_lines)

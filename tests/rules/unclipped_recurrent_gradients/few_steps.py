"""Over a few steps nothing can explode: no hint, but a clip that does nothing is still one."""

import torch
from torch import nn


def few(data):
    rnn = nn.RNN(4, 8, batch_first=True)
    optimizer = torch.optim.SGD(rnn.parameters(), lr=0.1)
    for x in data:
        optimizer.zero_grad()
        rnn(torch.randn(2, 10, 4))[0].pow(2).mean().backward()
        optimizer.step()


def more(data):
    rnn = nn.RNN(4, 8, batch_first=True)
    optimizer = torch.optim.SGD(rnn.parameters(), lr=0.1)
    for x in data:
        optimizer.zero_grad()
        rnn(torch.randn(2, 11, 4))[0].pow(2).mean().backward()
        optimizer.step()  #! TRK010 "nothing clips them"

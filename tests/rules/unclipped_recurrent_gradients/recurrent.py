"""Recurrent networks whose gradients nothing clips."""

import torch
import torch.nn.functional as F
from torch import nn


class Tagger(nn.Module):
    def __init__(self, words, tags):
        super().__init__()
        self.embed = nn.Embedding(words, 32)
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.fc = nn.Linear(64, tags)

    def forward(self, x):
        out, _ = self.lstm(self.embed(x))
        return self.fc(out)


class OwnGRU(nn.GRU):
    def __init__(self, size):
        super().__init__(size, size, batch_first=True)

    def forward(self, x):
        return super().forward(x)[0]


class Cells(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNNCell(4, 8)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        h = torch.zeros(x.size(0), 8)
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
        return self.fc(h)


class Rows(nn.Module):
    """A picture read pixel by pixel."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(1, 64, batch_first=True)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        out, _ = self.rnn(x.view(64, 784, 1))
        return self.fc(out[:, -1])


class LongLoop(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 8)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        h, c = torch.zeros(16, 8), torch.zeros(16, 8)
        for t in range(200):
            h, c = self.cell(x[:, t], (h, c))
        return self.fc(h)


class Truncated(nn.Module):
    """The loop is long, the way of the gradients is not."""

    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(4, 8)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        h = torch.zeros(16, 8)
        for t in range(200):
            if t % 20 == 0:
                h = h.detach()
            h = self.cell(x[:, t], h)
        return self.fc(h)


def plain(loader):
    model = Tagger(1000, 12)
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).view(-1, 12), y.view(-1))
        loss.backward()
        optimizer.step()  #! TRK010 "the LSTM go into `optimizer` and nothing clips them"
#       ^^^^^^^^^^^^^^^^


def one_layer(loader):
    model = nn.Sequential(OwnGRU(16), nn.Linear(16, 2))
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        opt.zero_grad()
        F.mse_loss(model(x), y).backward()
        opt.step()  #! TRK010 "the GRU" "`opt`"


def cells(loader):
    model = Cells()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()  #! TRK010 "the RNNCell" "nothing clips"


def pixel_by_pixel(loader):
    model = Rows()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()  #! TRK010 "the RNN go back through 784 steps into `opt`"


def a_long_loop(loader):
    model = LongLoop()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()  #! TRK010 "the LSTMCell go back through 200 steps into `opt`"


def truncated(loader):
    model = Truncated()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()  #! TRK010 "the GRUCell go into `opt`"


def with_scaler(loader, scaler):
    model = Tagger(1000, 12)
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).view(-1, 12), y.view(-1))
        scaler.scale(loss).backward()
        scaler.step(optimizer)  #! TRK010 "the LSTM go into `optimizer`"
        scaler.update()


def by_phase(loaders):
    model = Tagger(1000, 12)
    optimizer = torch.optim.Adam(model.parameters())
    for phase in ["train", "val"]:
        for x, y in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                loss = F.cross_entropy(model(x).view(-1, 12), y.view(-1))
                if phase == "train":
                    loss.backward()
                    optimizer.step()  #! TRK010 "the LSTM"


class Trainer:
    def __init__(self):
        self.model = Tagger(1000, 12)
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def train_step(self, x, y):
        loss = F.cross_entropy(self.model(x).view(-1, 12), y.view(-1))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()  #! TRK010 "the LSTM go into `self.optimizer`"

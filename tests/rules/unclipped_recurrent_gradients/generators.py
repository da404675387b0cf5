"""`model.parameters()` is a generator: whoever goes through it uses it up."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import clip_grad_norm_


def used_by_the_optimizer(loader):
    model = nn.Linear(4, 2)
    params = model.parameters()
    optimizer = torch.optim.Adam(params)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)  #! TRK010 "`params` is a generator that is already used up"
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        optimizer.step()


def used_by_the_first_clip(loader):
    model = nn.Linear(4, 2)
    params = model.parameters()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)  #! TRK010 "`params`"
        optimizer.step()


def filtered(loader):
    model = nn.Linear(4, 2)
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    optimizer = torch.optim.Adam(trainable)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(trainable, 1.0)  #! TRK010 "`trainable`"
        optimizer.step()


def chained(loader):
    encoder, head = nn.Linear(4, 4), nn.Linear(4, 2)
    params = itertools.chain(encoder.parameters(), head.parameters())
    optimizer = torch.optim.Adam(params)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(head(encoder(x)), y).backward()
        clip_grad_norm_(params, 1.0)  #! TRK010 "`params`"
        optimizer.step()


def in_a_group(loader):
    model = nn.Linear(4, 2)
    params = model.parameters()
    optimizer = torch.optim.Adam([{"params": params, "lr": 0.1}])
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)  #! TRK010 "`params`"
        optimizer.step()


class Trainer:
    def __init__(self):
        self.net = nn.Linear(4, 2)
        self.params = self.net.parameters()
        self.opt = torch.optim.Adam(self.params)

    def fit(self, loader):
        for x, y in loader:
            self.opt.zero_grad()
            F.cross_entropy(self.net(x), y).backward()
            clip_grad_norm_(self.params, 1.0)  #! TRK010 "`self.params`"
            self.opt.step()


# Right


def a_list(loader):
    model = nn.Linear(4, 2)
    params = list(model.parameters())
    optimizer = torch.optim.Adam(params)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)
        optimizer.step()


def another_list(loader):
    model = nn.Linear(4, 2)
    params = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(params)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)
        optimizer.step()


def a_new_one_each_time(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        params = model.parameters()
        clip_grad_norm_(params, 1.0)
        optimizer.step()


def used_up_on_one_way_only(loader, plain):
    model = nn.Linear(4, 2)
    params = model.parameters()
    if plain:
        optimizer = torch.optim.Adam(model.parameters())
    else:
        optimizer = torch.optim.Adam(params)
        params = model.parameters()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for p in params:
            p.grad.clamp_(-1, 1)
        optimizer.step()


def one_update(x, y, plain):
    model = nn.Linear(4, 2)
    params = model.parameters()
    if plain:
        optimizer = torch.optim.Adam(model.parameters())
    else:
        optimizer = torch.optim.Adam(params)
    F.cross_entropy(model(x), y).backward()
    clip_grad_norm_(params, 1.0)
    optimizer.step()


class Listed(nn.Module):
    """Its `parameters` is not a generator."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def parameters(self, recurse=True):
        return [self.fc.weight, self.fc.bias]

    def forward(self, x):
        return self.fc(x)


def own_parameters(loader):
    model = Listed()
    params = model.parameters()
    optimizer = torch.optim.Adam(params)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)
        optimizer.step()

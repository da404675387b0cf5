"""Optimizers by every alias people use."""

import torch
import torch as th
import torch.optim
import torch.optim as O
from torch import nn
from torch.nn import *
from torch.optim import *
from torch.optim import SGD as Descent
from torch.optim.adamw import AdamW as AW

data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
loss_fn = CrossEntropyLoss()


def star_import():
    net = Linear(6, 3)
    o = Adam(net.parameters(), lr=0.01)
    for x, y in data:
        loss = loss_fn(net(x), y)
        loss.backward()  #! TRK003 "`o`"
        o.step()


def star_import_right():
    net = Linear(6, 3)
    o = Adam(net.parameters(), lr=0.01)
    for x, y in data:
        o.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        o.step()


def renamed_class():
    net = Linear(6, 3)
    updater = Descent(net.parameters(), lr=0.01)
    for x, y in data:
        loss = loss_fn(net(x), y)
        loss.backward()  #! TRK003 "`updater`"
        updater.step()


def renamed_class_right():
    net = Linear(6, 3)
    updater = Descent(net.parameters(), lr=0.01)
    for x, y in data:
        loss = loss_fn(net(x), y)
        updater.zero_grad()
        loss.backward()
        updater.step()


def renamed_module():
    net = th.nn.Linear(6, 3)
    rule = O.RMSprop(net.parameters())
    for x, y in data:
        loss = th.nn.functional.cross_entropy(net(x), y)
        loss.backward()  #! TRK003 "`rule`"
        rule.step()


def deep_module():
    net = nn.Linear(6, 3)
    rule = AW(net.parameters())
    for x, y in data:
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()  #! TRK003 "`rule`"
        rule.step()


def chosen_by_name(name):
    net = nn.Linear(6, 3)
    if name == "sgd":
        opt = torch.optim.SGD(net.parameters(), lr=0.1)
    elif name == "adam":
        opt = torch.optim.Adam(net.parameters())
    else:
        raise ValueError(name)
    for x, y in data:
        nn.functional.cross_entropy(net(x), y).backward()  #! TRK003 "`opt`"
        opt.step()


def chosen_by_name_right(name):
    net = nn.Linear(6, 3)
    if name == "sgd":
        opt = torch.optim.SGD(net.parameters(), lr=0.1)
    else:
        opt = torch.optim.Adam(net.parameters())
    for x, y in data:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()


def by_getattr(cfg_name="SGD"):
    net = nn.Linear(6, 3)
    optimizer = getattr(torch.optim, cfg_name)(net.parameters(), lr=0.1)
    for x, y in data:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()


def by_table(name="adam"):
    table = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    net = nn.Linear(6, 3)
    optimizer = table[name](net.parameters(), lr=0.1)
    for x, y in data:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()


def by_literal_table():
    table = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    net = nn.Linear(6, 3)
    optimizer = table["sgd"](net.parameters(), lr=0.1)
    for x, y in data:
        nn.functional.cross_entropy(net(x), y).backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def not_an_optimizer(env, agent, scheduler, profiler):
    """Other things that step."""
    for x, y in data:
        loss = loss_fn(agent(x), y)
        loss.backward()
        scheduler.step()
        profiler.step()
        env.step(0)


star_import()
star_import_right()
renamed_class()
renamed_class_right()
renamed_module()
deep_module()
by_literal_table()

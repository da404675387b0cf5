"""Clips at the wrong moment, and clips that only look as if they were."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from somewhere import run_backward


def after_the_step(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`optimizer` has already used"
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^


def in_front_of_the_backward(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "before there are any gradients" "`optimizer`"
        loss.backward()
        optimizer.step()


def in_front_of_the_clear(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        clip_grad_value_(model.parameters(), 0.5)  #! TRK010 "before there are any gradients"
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def after_the_clear(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
        clip_grad_value_(model.parameters(), 0.5)  #! TRK010 "already used"


def once_an_epoch(model, optimizer, loader):
    for epoch in range(10):
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "already used"


def never_called(model, optimizer, loader, max_norm):
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)  #! TRK010 "already used"


def under_its_old_name(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        torch.nn.utils.clip_grad_norm(model.parameters(), 5)  #! TRK010 "before there are any"
        loss.backward()
        optimizer.step()


def norm_kept_but_too_late(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        norm = clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "already used"
        print(norm)


class Average:
    def __init__(self, decay):
        self.decay = decay
        self.shadows = {}

    def update(self, name, p):
        new = (1 - self.decay) * p.data + self.decay * self.shadows.get(name, p.data)
        p.data.copy_(new)
        self.shadows[name] = new.clone()


def behind_scheduler_and_averaging(loader):
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
    average = Average(0.999)
    optimizer = torch.optim.Adam(params=model.parameters())
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.9**step)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        scheduler.step()
        for name, p in model.named_parameters():
            if p.requires_grad:
                average.update(name, p)
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)  #! TRK010 "already used"


# Right


def right(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def measured_after_the_step(model, optimizer, loader, limit):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        print(clip_grad_norm_(model.parameters(), float("inf")))
        print(clip_grad_norm_(model.parameters(), math.inf))
        print(clip_grad_norm_(model.parameters(), 1e9))
        print(clip_grad_norm_(model.parameters(), limit))


def step_of_the_last_turn(model, optimizer, loader):
    """The step belongs to the backward of the turn before."""
    for i, (x, y) in enumerate(loader):
        if i > 0:
            clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()


def accumulated(model, optimizer, loader):
    for i, (x, y) in enumerate(loader):
        (F.cross_entropy(model(x), y) / 4).backward()
        clip_grad_norm_(model.parameters(), 1.0)
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()


def accumulated_clipped_once(model, optimizer, loader):
    for i, (x, y) in enumerate(loader):
        (F.cross_entropy(model(x), y) / 4).backward()
        if (i + 1) % 4 == 0:
            clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()


def between_two_steps(model, optimizer_a, optimizer_b, loader):
    """Nobody can tell which of the two has the parameters."""
    for x, y in loader:
        optimizer_a.zero_grad()
        optimizer_b.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer_a.step()
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer_b.step()


def backward_out_of_sight(model, optimizer, loader, engine):
    for x, y in loader:
        optimizer.zero_grad()
        engine.run_backward(model(x), y)
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def backward_by_a_function(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        run_backward(F.cross_entropy(model(x), y))
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def frozen_in_part(model, loader, names):
    """Which parameters take gradients is not known: some do."""
    for name, p in model.named_parameters():
        p.requires_grad = name in names
    params = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(params)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(params, 1.0)
        optimizer.step()


def loss_out_of_sight(model, optimizer, loader, compute):
    for batch in loader:
        optimizer.zero_grad()
        loss = compute(batch)
        loss.backward()
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def unwrapped(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(model.module.parameters(), 1.0)
        optimizer.step()


def gradients_by_hand(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        found = torch.autograd.grad(F.cross_entropy(model(x), y), list(model.parameters()))
        for p, g in zip(model.parameters(), found):
            p.grad = g
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def read_afterwards(model, shared, optimizer, loader):
    """What is clipped goes to another copy of the model."""
    optimizer = torch.optim.SGD(shared.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        model.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_grad_norm_(model.parameters(), 40)
        for p, q in zip(model.parameters(), shared.parameters()):
            q._grad = p.grad
        optimizer.step()

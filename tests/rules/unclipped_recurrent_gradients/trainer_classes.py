"""Trainer classes, phases, and loops with accelerate: the clip is in its place, or not."""

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn
from torch.nn.utils import clip_grad_norm_

from somewhere import BaseTrainer


class Trainer:
    def __init__(self, model, lr=0.1):
        self.model = model
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=lr)

    def fit(self, loader, epochs):
        for _ in range(epochs):
            for batch in loader:
                self.step(batch)

    def step(self, batch):
        x, y = batch
        self.optimizer.zero_grad()
        F.cross_entropy(self.model(x), y).backward()
        self.optimizer.step()
        clip_grad_norm_(self.model.parameters(), 1.0)  #! TRK010 "`self.optimizer` has already used"


class SplitInMethods:
    """Each part is a method of its own."""

    def __init__(self):
        self.model = nn.Linear(4, 2)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def backward(self, x, y):
        self.optimizer.zero_grad()
        F.cross_entropy(self.model(x), y).backward()

    def limit(self):
        clip_grad_norm_(self.model.parameters(), 1.0)

    def limit_too_late(self):
        clip_grad_norm_(self.model.parameters(), 1.0)  #! TRK010 "`self.optimizer` holds no gradients"

    def fit(self, loader):
        for x, y in loader:
            self.backward(x, y)
            self.limit()
            self.optimizer.step()
            self.limit_too_late()


class Inherited(BaseTrainer):
    """`run_backward` is out of sight and has the whole trainer in hand."""

    def __init__(self):
        self.model = nn.Linear(4, 2)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def fit(self, loader):
        for batch in loader:
            self.optimizer.zero_grad()
            loss = self.run_backward(batch)
            clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            print(loss)


class Delayed:
    """The clip, the step and the clear of one batch come with the next one."""

    def __init__(self):
        self.model = nn.Linear(4, 2)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.seen = 0

    def update(self):
        clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()

    def fit(self, loader):
        for x, y in loader:
            if self.seen % 8 == 0:
                self.update()
            F.cross_entropy(self.model(x), y).backward()
            self.seen += 1


class UsedTwice(SplitInMethods):
    """The same helper has work to do in one place: it is no mistake of the helper."""

    def bound(self):
        clip_grad_norm_(self.model.parameters(), 1.0)

    def fit(self, loader):
        for x, y in loader:
            self.backward(x, y)
            self.bound()
            self.optimizer.step()
            self.bound()


def by_phase(model, optimizer, loaders):
    for phase in ("train", "val"):
        for x, y in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                loss = F.cross_entropy(model(x), y)
                if phase == "train":
                    loss.backward()
                    clip_grad_norm_(model.parameters(), 1.0)
                    optimizer.step()


def by_phase_too_late(model, optimizer, loaders):
    for phase in ("train", "val"):
        for x, y in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                loss = F.cross_entropy(model(x), y)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
                    clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "already used"


def accelerated_too_late(loader):
    accelerator = Accelerator()
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for x, y in loader:
        optimizer.zero_grad()
        accelerator.backward(F.cross_entropy(model(x), y))
        optimizer.step()
        accelerator.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "already used"


def accelerated(loader):
    accelerator = Accelerator(gradient_accumulation_steps=4)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for x, y in loader:
        with accelerator.accumulate(model):
            accelerator.backward(F.cross_entropy(model(x), y))
            if accelerator.sync_gradients:
                accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()


def policy_gradient(env, policy, episodes):
    optimizer = torch.optim.Adam(policy.parameters())
    for _ in range(episodes):
        rewards, log_probs = env.play(policy)
        loss = torch.stack([-r * p for r, p in zip(rewards, log_probs)]).sum()
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(policy.parameters(), 0.5)
        optimizer.step()

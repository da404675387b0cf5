"""GradScaler: gradients are scaled until somebody unscales them."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
import yaml
from torch import nn
from torch.nn.utils import clip_grad_norm_


def clipped_while_scaled(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    scaler = torch.amp.GradScaler("cuda")
    for x, y in loader:
        optimizer.zero_grad()
        with torch.autocast("cuda"):
            loss = F.cross_entropy(model(x), y)
        scaler.scale(loss).backward()
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`scaler` has not unscaled yet"
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        scaler.step(optimizer)
        scaler.update()


def unscaled_too_late(loader):
    model = nn.Linear(4, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    scaler = torch.cuda.amp.GradScaler()
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`scaler` has not unscaled yet"
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()


def never_called(model, optimizer, scaler, loader, max_norm):
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        scaler.scale(loss).backward()
        clip_grad_norm_(model.parameters(), max_norm)  #! TRK010 "`scaler`"
        scaler.step(optimizer)
        scaler.update()


def either_way(model, optimizer, scaler, loader, amp):
    """Whatever the flag says, the clip runs."""
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        if amp:
            scaler.scale(loss).backward()
        else:
            loss.backward()
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`scaler`"
        if amp:
            scaler.step(optimizer)
            scaler.update()
        else:
            optimizer.step()


def after_the_step(model, optimizer, scaler, loader):
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`optimizer` has already used"
        scaler.update()


def unscaled_for_another(loader):
    model, head = nn.Linear(4, 4), nn.Linear(4, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    head_optimizer = torch.optim.AdamW(head.parameters())
    scaler = torch.amp.GradScaler("cuda")
    for x, y in loader:
        optimizer.zero_grad()
        head_optimizer.zero_grad()
        scaler.scale(F.cross_entropy(head(model(x)), y)).backward()
        scaler.unscale_(head_optimizer)
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`scaler` has not unscaled yet"
        scaler.step(optimizer)
        scaler.step(head_optimizer)
        scaler.update()


@dataclass
class Settings:
    lr: float = 0.1
    use_amp: bool = None


class Trainer:
    """Whether it is mixed precision stands in a file."""

    def __init__(self, settings, model):
        self.settings = settings
        self.model = model
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=settings.lr)
        if settings.use_amp:
            self.scaler = torch.amp.GradScaler("cuda")

    def step(self, x, y):
        loss = F.cross_entropy(self.model(x), y)
        self.optimizer.zero_grad()
        if self.settings.use_amp:
            self.scaler.scale(loss).backward()
            clip_grad_norm_(self.model.parameters(), 1.0)  #! TRK010 "`self.scaler`"
            self.scaler.step(self.optimizer)
            self.scaler.update()
        else:
            loss.backward()
            clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()


def with_settings(path, loader):
    settings = Settings(**yaml.safe_load(open(path)))
    trainer = Trainer(settings, nn.Linear(4, 2))
    for x, y in loader:
        trainer.step(x, y)


# Right


def right(model, optimizer, scaler, loader):
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        scaler.unscale_(optimizer)
        clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


def accumulated(model, optimizer, scaler, loader):
    for i, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y) / 4
        scaler.scale(loss).backward()
        if (i + 1) % 4 == 0:
            scaler.unscale_(optimizer)
            clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()


def flagged(model, optimizer, scaler, loader, amp):
    """In each way the clip is right."""
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        if amp:
            scaler.scale(loss).backward()
            scaler.unscale_(optimizer)
        else:
            loss.backward()
        clip_grad_norm_(model.parameters(), 1.0)
        if amp:
            scaler.step(optimizer)
            scaler.update()
        else:
            optimizer.step()


def flagged_and_clipped_only_without(model, optimizer, scaler, loader, amp):
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        if amp:
            scaler.scale(loss).backward()
        else:
            loss.backward()
        if not amp:
            clip_grad_norm_(model.parameters(), 1.0)
        if amp:
            scaler.step(optimizer)
            scaler.update()
        else:
            optimizer.step()


def unscale_under_the_same_condition(model, optimizer, scaler, loader, max_norm):
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        if max_norm is not None:
            scaler.unscale_(optimizer)
            clip_grad_norm_(model.parameters(), max_norm)
        scaler.step(optimizer)
        scaler.update()


def scaled_bound(model, optimizer, scaler, loader):
    """The bound is scaled as the gradients are."""
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        clip_grad_norm_(model.parameters(), 1.0 * scaler.get_scale())
        scaler.step(optimizer)
        scaler.update()


def unscaled_by_hand(model, optimizer, scaler, loader):
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        for p in model.parameters():
            p.grad.div_(scaler.get_scale())
        clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def switched_off(model, optimizer, loader):
    scaler = torch.amp.GradScaler("cpu", enabled=False)
    for x, y in loader:
        optimizer.zero_grad()
        scaler.scale(F.cross_entropy(model(x), y)).backward()
        clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


class NativeScaler:
    """The wrapper that many training scripts share."""

    def __init__(self):
        self._scaler = torch.cuda.amp.GradScaler()

    def __call__(self, loss, optimizer, clip_grad=None, parameters=None, update_grad=True):
        self._scaler.scale(loss).backward()
        if update_grad:
            if clip_grad is not None:
                self._scaler.unscale_(optimizer)
                norm = clip_grad_norm_(parameters, clip_grad)
            else:
                self._scaler.unscale_(optimizer)
                norm = None
            self._scaler.step(optimizer)
            self._scaler.update()
        return norm


def with_the_wrapper(model, optimizer, loader):
    loss_scaler = NativeScaler()
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss_scaler(loss, optimizer, clip_grad=1.0, parameters=model.parameters())

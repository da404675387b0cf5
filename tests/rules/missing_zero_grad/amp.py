"""Mixed precision, with the old names and the new ones."""

import contextlib

import torch
from torch import nn
from torch.cuda.amp import GradScaler, autocast

use_amp = torch.cuda.is_available()


def train_old(model, loader, optimizer, criterion):
    scaler = GradScaler(enabled=use_amp)
    for x, y in loader:
        optimizer.zero_grad()
        with autocast(enabled=use_amp):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()


def train_old_forgetting(model, loader, optimizer, criterion):
    scaler = GradScaler(enabled=use_amp)
    for x, y in loader:
        with autocast(enabled=use_amp):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()  #! TRK003 "`optimizer`"
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        scaler.step(optimizer)
        scaler.update()


def train_new(model, loader, optimizer, criterion, device="cpu"):
    scaler = torch.amp.GradScaler(device, enabled=use_amp)
    for x, y in loader:
        with torch.autocast(device_type=device, dtype=torch.bfloat16, enabled=use_amp):
            loss = criterion(model(x), y)
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


def train_new_forgetting(model, loader, optimizer, criterion, device="cpu"):
    scaler = torch.amp.GradScaler(device, enabled=use_amp)
    for x, y in loader:
        with torch.autocast(device_type=device, dtype=torch.bfloat16, enabled=use_amp):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()  #! TRK003 "`optimizer`"
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


def train_erased(model, loader, optimizer, criterion):
    scaler = torch.cuda.amp.GradScaler(enabled=use_amp)
    for x, y in loader:
        with torch.cuda.amp.autocast(enabled=use_amp):
            loss = criterion(model(x), y)
        scaler.scale(loss).backward()
        optimizer.zero_grad()  #! TRK003 "`optimizer`"
        scaler.step(optimizer)
        scaler.update()


def train_maybe_amp(model, loader, optimizer, criterion, scaler=None):
    amp_autocast = torch.cuda.amp.autocast if scaler is not None else contextlib.suppress
    for x, y in loader:
        optimizer.zero_grad()
        with amp_autocast():
            loss = criterion(model(x), y)
        if scaler is not None:
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        else:
            loss.backward()
            optimizer.step()


def train_flag(model, loader, optimizer, criterion, amp=False):
    """Both halves clear, each in its own branch."""
    scaler = GradScaler(enabled=use_amp)
    for x, y in loader:
        if amp:
            with autocast(enabled=use_amp):
                loss = criterion(model(x), y)
            optimizer.zero_grad()
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        else:
            loss = criterion(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def train_accumulating(model, loader, optimizer, criterion, accum=4):
    scaler = GradScaler(enabled=use_amp)
    for i, (x, y) in enumerate(loader):
        with autocast(enabled=use_amp):
            loss = criterion(model(x), y) / accum
        scaler.scale(loss).backward()
        if (i + 1) % accum == 0:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()


class AmpTrainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
        self.scaler = GradScaler(enabled=use_amp)

    def train_epoch(self, loader):
        for x, y in loader:
            with autocast(enabled=use_amp):
                loss = nn.functional.cross_entropy(self.model(x), y)
            self.scaler.scale(loss).backward()  #! TRK003 "`self.optimizer`"
            self.scaler.step(self.optimizer)
            self.scaler.update()

    def train_epoch_right(self, loader):
        for x, y in loader:
            with autocast(enabled=use_amp):
                loss = nn.functional.cross_entropy(self.model(x), y)
            self.scaler.scale(loss).backward()
            self.scaler.step(self.optimizer)
            self.scaler.update()
            self.optimizer.zero_grad()

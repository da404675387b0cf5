"""Gradient accumulation, right in many ways and wrong in a few."""

import torch
from torch import nn

accumulation_steps = 4


def right_classic(model, loader, optimizer, criterion):
    model.zero_grad()
    for i, (inputs, labels) in enumerate(loader):
        predictions = model(inputs)
        loss = criterion(predictions, labels)
        loss = loss / accumulation_steps
        loss.backward()
        if (i + 1) % accumulation_steps == 0:
            optimizer.step()
            model.zero_grad()


def right_cleared_before_the_cycle(model, loader, optimizer, criterion, accum=4):
    for i, (inputs, labels) in enumerate(loader):
        if i % accum == 0:
            optimizer.zero_grad()
        loss = criterion(model(inputs), labels) / accum
        loss.backward()
        if (i + 1) % accum == 0 or i + 1 == len(loader):
            optimizer.step()


def right_cleared_just_before_stepping_again(model, loader, optimizer, criterion, accum=4):
    for i, (inputs, labels) in enumerate(loader):
        loss = criterion(model(inputs), labels) / accum
        loss.backward()
        if (i + 1) % accum != 0:
            continue
        optimizer.step()
        optimizer.zero_grad()


def right_inner_loop(model, batches, optimizer, criterion):
    """Micro-batches of one batch in an inner loop."""
    for inputs, labels in batches:
        optimizer.zero_grad()
        for x, y in zip(inputs.chunk(4), labels.chunk(4)):
            (criterion(model(x), y) / 4).backward()
        optimizer.step()


def wiped_each_batch(model, loader, optimizer, criterion, accum=4):
    for i, (inputs, labels) in enumerate(loader):
        optimizer.zero_grad()  #! TRK003 "`optimizer`"
#       ^^^^^^^^^^^^^^^^^^^^^
        loss = criterion(model(inputs), labels) / accum
        loss.backward()
        if (i + 1) % accum == 0:
            optimizer.step()


def wiped_at_the_end(model, loader, optimizer, criterion, accum=4):
    for i, (inputs, labels) in enumerate(loader):
        loss = criterion(model(inputs), labels) / accum
        loss.backward()
        if (i + 1) % accum == 0:
            optimizer.step()
        optimizer.zero_grad()  #! TRK003 "`optimizer`"


def wiped_in_the_inner_loop(model, batches, optimizer, criterion):
    for inputs, labels in batches:
        for x, y in zip(inputs.chunk(4), labels.chunk(4)):
            optimizer.zero_grad()  #! TRK003 "`optimizer`"
            (criterion(model(x), y) / 4).backward()
        optimizer.step()


def never_cleared(model, loader, optimizer, criterion, accum=4):
    for i, (inputs, labels) in enumerate(loader):
        loss = criterion(model(inputs), labels) / accum
        loss.backward()  #! TRK003 "`optimizer`"
        if (i + 1) % accum == 0:
            optimizer.step()


def several_losses(model, loader, optimizer, criterion):
    """Two backwards and one step each time: also an accumulation, and right."""
    for inputs, labels in loader:
        optimizer.zero_grad()
        criterion(model(inputs), labels).backward()
        flipped = inputs.flip(-1)
        criterion(model(flipped), labels).backward()
        optimizer.step()


def several_losses_wiped(model, loader, optimizer, criterion):
    """The second clear throws the first loss away, always."""
    for inputs, labels in loader:
        optimizer.zero_grad()
        criterion(model(inputs), labels).backward()
        optimizer.zero_grad()  #! TRK003 "`optimizer`"
        flipped = inputs.flip(-1)
        criterion(model(flipped), labels).backward()
        optimizer.step()


def guarded_step(model, loader, optimizer, criterion):
    """Stepping only on finite losses is no accumulation."""
    for inputs, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        if torch.isfinite(loss):
            optimizer.step()


def trained_each_kth_batch(model, loader, optimizer, criterion):
    """Backward and step both under the condition: nothing is lost."""
    for i, (inputs, labels) in enumerate(loader):
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        if i % 2 == 0:
            loss.backward()
            optimizer.step()


def gradient_penalty_probe(model, loader, optimizer, criterion):
    """A backward that is only looked at and thrown away before the real one."""
    for inputs, labels in loader:
        inputs.requires_grad_(True)
        criterion(model(inputs), labels).backward()
        saliency = inputs.grad.abs()
        adversarial = (inputs + 0.1 * inputs.grad.sign()).detach()
        optimizer.zero_grad()
        loss = criterion(model(adversarial), labels)
        loss.backward()
        optimizer.step()
        print(saliency.mean())

"""Helpers that another file calls."""

import torch


def backward_step(loss, optimizer, max_norm=None, params=None):
    """Clears first: right for whoever calls it."""
    optimizer.zero_grad()
    loss.backward()
    if max_norm is not None:
        torch.nn.utils.clip_grad_norm_(params, max_norm)
    optimizer.step()


def careless_step(loss, optimizer):
    loss.backward()  #! TRK003 "`optimizer`"
#   ^^^^^^^^^^^^^^^
    optimizer.step()


def caller_clears_step(loss, optimizer):
    loss.backward()
    optimizer.step()


def clear(optimizer):
    optimizer.zero_grad(set_to_none=True)


def log(step, loss, optimizer):
    """Takes the optimizer, and only reads from it."""
    print(step, loss.item(), optimizer.param_groups[0]["lr"])


def build_optimizer(model, lr):
    decay, no_decay = [], []
    for name, p in model.named_parameters():
        (no_decay if name.endswith("bias") else decay).append(p)
    return torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.01}, {"params": no_decay, "weight_decay": 0.0}], lr=lr
    )

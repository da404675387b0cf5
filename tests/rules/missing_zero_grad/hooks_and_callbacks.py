"""The clear hides in a hook, a callback or an event."""

import torch
import torch.nn.functional as F
from torch import nn


class ClearGradients:
    def __init__(self, optimizer):
        self.optimizer = optimizer

    def on_batch_begin(self):
        self.optimizer.zero_grad()

    def on_batch_end(self):
        pass


class Silent:
    def on_batch_begin(self):
        pass

    def on_batch_end(self):
        pass


def with_callbacks(model, loader, optimizer, callbacks):
    """Unknown callbacks hold who knows what."""
    for x, y in loader:
        for cb in callbacks:
            cb.on_batch_begin(optimizer)
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()


def with_known_callback(loader):
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    callbacks = [ClearGradients(optimizer), Silent()]
    for x, y in loader:
        for cb in callbacks:
            cb.on_batch_begin()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        for cb in callbacks:
            cb.on_batch_end()


def with_step_hook(loader):
    """The optimizer clears after each of its own steps."""
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer.register_step_post_hook(lambda opt, args, kwargs: opt.zero_grad())
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def with_forward_hook(loader):
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def clear(module, inputs):
        if module.training:
            optimizer.zero_grad()

    model.register_forward_pre_hook(clear)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def optimizer_in_backward(loader):
    """A step per parameter, straight after its gradient."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizers = {p: torch.optim.SGD([p], lr=0.1) for p in model.parameters()}

    def hook(parameter):
        optimizers[parameter].step()
        optimizers[parameter].zero_grad()

    for p in model.parameters():
        p.register_post_accumulate_grad_hook(hook)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()


class SelfClearing(torch.optim.SGD):
    """An optimizer of one's own that clears at the end of its step."""

    def step(self, closure=None):
        loss = super().step(closure)
        self.zero_grad()
        return loss


def with_own_optimizer(loader):
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    optimizer = SelfClearing(model.parameters(), lr=0.1)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


class SlowSGD(torch.optim.Optimizer):
    """An optimizer of one's own that does not clear."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.add_(p.grad, alpha=-group["lr"])


def with_own_optimizer_forgetting(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = SlowSGD(model.parameters(), lr=0.1)
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def with_own_optimizer_right(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = SlowSGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def with_recording_hook(loader):
    """This hook keeps what it saw, and the gradient of one weight."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    other = nn.Linear(4, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = []

    def record(module, inputs, output):
        seen.append(other.weight.grad)

    other.register_forward_hook(record)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def with_hook_on_the_same_model(loader):
    """This one has the gradients in its hands at every forward."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def clear(module, inputs):
        for p in module.parameters():
            p.grad = None

    model.register_forward_pre_hook(clear)
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


class WithMethodAsHook:
    """The hook is a method, and clears through its own object."""

    def __init__(self, model):
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.probe = nn.Linear(4, 4)
        self.probe.register_forward_hook(self.clear)

    def clear(self, module, inputs, output):
        self.optimizer.zero_grad()

    def fit(self, loader):
        for x, y in loader:
            F.cross_entropy(self.model(x), y).backward()
            self.optimizer.step()


class WithMethodThatLooks:
    """The activations are kept; nothing is cleared."""

    def __init__(self):
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.model.register_forward_hook(self.keep)

    def keep(self, module, inputs, output):
        self.kept = output.detach()

    def fit(self, loader):
        for x, y in loader:
            F.cross_entropy(self.model(x), y).backward()  #! TRK003
            self.optimizer.step()


def with_helper_called_by_a_hook(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def forget(one):
        one.zero_grad()

    model.register_forward_pre_hook(lambda module, inputs: forget(optimizer))
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

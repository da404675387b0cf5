"""Training functions that nothing in sight calls: everything comes in as an argument."""

import torch
import torch.nn.functional as F
from tqdm import tqdm


def train_one_epoch(model, loader, optimizer, criterion, device):
    model.train()
    total = 0.0
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()  #! TRK003 "`optimizer`"
#       ^^^^^^^^^^^^^^^
        optimizer.step()
        total += loss.item() * inputs.size(0)
    return total / len(loader.dataset)


def train_one_epoch_right(model, loader, optimizer, criterion, device):
    model.train()
    total = 0.0
    for inputs, targets in loader:
        inputs, targets = inputs.to(device), targets.to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        total += loss.item() * inputs.size(0)
    return total / len(loader.dataset)


def train_with_bar(model, train_loader, optimizer, criterion, epoch, device):
    model.train()
    bar = tqdm(train_loader, desc=f"epoch {epoch}", disable=True)
    for batch_idx, (data, target) in enumerate(bar):
        data = data.to(device)
        target = target.to(device)
        loss = criterion(model(data), target)
        loss.backward()  #! TRK003 "`optimizer`"
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        bar.set_postfix(loss=loss.item())


def train_with_bar_right(model, train_loader, optimizer, criterion, epoch, device):
    model.train()
    bar = tqdm(train_loader, desc=f"epoch {epoch}", disable=True)
    for batch_idx, (data, target) in enumerate(bar):
        data = data.to(device)
        target = target.to(device)
        loss = criterion(model(data), target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        bar.set_postfix(loss=loss.item())


def fit(model, loader, optimizer, scheduler, epochs=3):
    history = []
    for epoch in range(epochs):
        losses = []
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            loss.backward()  #! TRK003 "`optimizer`"
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
        history.append(sum(losses) / len(losses))
    return history


def fit_right(model, loader, optimizer, scheduler, epochs=3):
    history = []
    for epoch in range(epochs):
        losses = []
        for xb, yb in loader:
            loss = F.cross_entropy(model(xb), yb)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(loss.item())
        history.append(sum(losses) / len(losses))
    return history


def evaluate(model, loader, criterion):
    model.eval()
    total, correct = 0.0, 0
    with torch.no_grad():
        for xb, yb in loader:
            out = model(xb)
            total += criterion(out, yb).item()
            correct += (out.argmax(1) == yb).sum().item()
    return total, correct


def overfit_one_batch(model, loader, optimizer, criterion):
    xb, yb = next(iter(loader))
    for step in range(20):
        loss = criterion(model(xb), yb)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()
        if step % 10 == 0:
            print(step, loss.item())


def overfit_one_batch_right(model, loader, optimizer, criterion):
    xb, yb = next(iter(loader))
    for step in range(20):
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            print(step, loss.item())


def single_update(model, optimizer, criterion, xb, yb):
    """Whoever calls this may clear before or after: nothing can be said."""
    loss = criterion(model(xb), yb)
    loss.backward()
    optimizer.step()
    return loss.item()


def called_optimizer(loss_fn, optim, steps, zero_grads):
    """One that is called is none of torch's: its call may be the step, and clear as well."""
    params = None
    for _ in range(steps):
        if params is not None:
            zero_grads(params)
        loss, params = loss_fn()
        loss.backward()
        optim(params)
        optim.step()

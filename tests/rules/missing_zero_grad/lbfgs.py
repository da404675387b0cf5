"""L-BFGS asks for a closure and runs it many times."""

import torch
from torch import nn, optim

data = torch.linspace(0, 6, 50).unsqueeze(1)
target = torch.sin(data)


def fit_right():
    model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    criterion = nn.MSELoss()
    optimizer = optim.LBFGS(model.parameters(), lr=0.8)
    for i in range(5):

        def closure():
            optimizer.zero_grad()
            out = model(data)
            loss = criterion(out, target)
            loss.backward()
            return loss

        optimizer.step(closure)


def fit_without_clear():
    model = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))
    criterion = nn.MSELoss()
    optimizer = optim.LBFGS(model.parameters(), lr=0.8)
    for i in range(5):

        def closure():
            out = model(data)
            loss = criterion(out, target)
            loss.backward()  #! TRK003 "`optimizer`"
#           ^^^^^^^^^^^^^^^
            return loss

        optimizer.step(closure)


def fit_cleared_outside():
    """Cleared before each step, but the closure runs up to twenty times in it."""
    model = nn.Linear(1, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=20)

    def closure():
        loss = nn.functional.mse_loss(model(data), target)
        loss.backward()  #! TRK003 "`optimizer`"
        return loss

    for i in range(5):
        optimizer.zero_grad()
        optimizer.step(closure)


def style_transfer(input_img, target_img, num_steps=20):
    """The image is what is trained."""
    input_img.requires_grad_(True)
    optimizer = optim.LBFGS([input_img])
    run = [0]
    while run[0] <= num_steps:

        def closure():
            with torch.no_grad():
                input_img.clamp_(0, 1)
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(input_img, target_img)
            loss.backward()
            run[0] += 1
            return loss

        optimizer.step(closure)
    return input_img


def adam_with_closure(model, loader, criterion):
    """Any optimizer takes a closure."""
    optimizer = optim.Adam(model.parameters())
    for x, y in loader:

        def closure():
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            return loss

        optimizer.step(closure)


def adam_with_closure_forgetting(model, loader, criterion):
    optimizer = optim.Adam(model.parameters())
    for x, y in loader:

        def closure():
            loss = criterion(model(x), y)
            loss.backward()  #! TRK003 "`optimizer`"
            return loss

        optimizer.step(closure)


def closure_with_grad_check(model):
    """Clears only where gradients are wanted, as the documentation of line searches does."""
    optimizer = optim.LBFGS(model.parameters(), line_search_fn="strong_wolfe")

    def closure():
        if torch.is_grad_enabled():
            optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(data), target)
        if loss.requires_grad:
            loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)


if __name__ == "__main__":
    fit_right()
    fit_without_clear()
    fit_cleared_outside()
    style_transfer(torch.rand(1, 3, 8, 8), torch.rand(1, 3, 8, 8))
    closure_with_grad_check(nn.Linear(1, 1))

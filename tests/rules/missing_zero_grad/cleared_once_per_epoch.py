"""The clear is there, but outside the loop that steps."""

import torch
from torch import nn


def train(model, train_loader, optimizer, criterion, epochs=2):
    optimizer.zero_grad()
    for epoch in range(epochs):
        for images, labels in train_loader:
            outputs = model(images)
            loss = criterion(outputs, labels)
            loss.backward()  #! TRK003 "`optimizer`"
#           ^^^^^^^^^^^^^^^
            optimizer.step()


def train_per_epoch(model, train_loader, optimizer, criterion, epochs=2):
    for epoch in range(epochs):
        model.train()
        optimizer.zero_grad()
        for images, labels in train_loader:
            outputs = model(images)
            loss = criterion(outputs, labels)
            loss.backward()  #! TRK003 "`optimizer`"
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.4f}")


def train_after_epoch(model, train_loader, optimizer, criterion, epochs=2):
    for epoch in range(epochs):
        for images, labels in train_loader:
            loss = criterion(model(images), labels)
            loss.backward()  #! TRK003 "`optimizer`"
            optimizer.step()
        optimizer.zero_grad()


def full_batch_accumulation(model, train_loader, optimizer, criterion, epochs=2):
    """One step per epoch from the gradients of the whole data set: this is right."""
    for epoch in range(epochs):
        optimizer.zero_grad()
        for images, labels in train_loader:
            loss = criterion(model(images), labels) / len(train_loader)
            loss.backward()
        optimizer.step()


def full_batch_cleared_after(model, train_loader, optimizer, criterion, epochs=2):
    optimizer.zero_grad()
    for epoch in range(epochs):
        for images, labels in train_loader:
            loss = criterion(model(images), labels) / len(train_loader)
            loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def full_batch_never_cleared(model, train_loader, optimizer, criterion, epochs=2):
    for epoch in range(epochs):
        for images, labels in train_loader:
            loss = criterion(model(images), labels) / len(train_loader)
            loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def cleared_in_another_branch(model, train_loader, optimizer, criterion, epochs=2):
    """A clear that may happen at any batch may line up: silence."""
    for epoch in range(epochs):
        for i, (images, labels) in enumerate(train_loader):
            if i % 4 == 0:
                optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()


def main():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(5)]
    model = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss_fn = nn.CrossEntropyLoss()

    optimizer.zero_grad()
    for epoch in range(3):
        for x, y in data:
            loss = loss_fn(model(x), y)
            loss.backward()  #! TRK003 "`optimizer`"
            optimizer.step()


if __name__ == "__main__":
    main()

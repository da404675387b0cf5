"""One loop for training and validation, with a dict of loaders."""

import copy

import torch
import torch.nn as nn


def train_model(model, dataloaders, criterion, optimizer, scheduler, num_epochs=2):
    """Right, as in the well-known lesson."""
    best_model_wts = copy.deepcopy(model.state_dict())
    best_acc = 0.0
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            running_corrects = 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_corrects += torch.sum(preds == labels.data)
            if phase == "train":
                scheduler.step()
            if phase == "val" and running_corrects > best_acc:
                best_acc = running_corrects
                best_model_wts = copy.deepcopy(model.state_dict())
    model.load_state_dict(best_model_wts)
    return model


def train_model_forgetting(model, dataloaders, criterion, optimizer, scheduler, num_epochs=2):
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            for inputs, labels in dataloaders[phase]:
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()  #! TRK003 "`optimizer`"
#                       ^^^^^^^^^^^^^^^
                        optimizer.step()
            if phase == "train":
                scheduler.step()
    return model


def train_model_clearing_in_val(model, dataloaders, criterion, optimizer, num_epochs=2):
    """The clear sits in the validation branch only."""
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            for inputs, labels in dataloaders[phase]:
                outputs = model(inputs)
                loss = criterion(outputs, labels)
                if phase == "train":
                    loss.backward()  #! TRK003 "`optimizer`"
                    optimizer.step()
                else:
                    optimizer.zero_grad()


def run_epoch(model, loader, criterion, optimizer=None):
    """No optimizer means validation: right."""
    total = 0.0
    training = optimizer is not None
    model.train(training)
    for x, y in loader:
        with torch.set_grad_enabled(training):
            loss = criterion(model(x), y)
        if training:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        total += loss.item()
    return total


def run_epoch_forgetting(model, loader, criterion, optimizer=None):
    total = 0.0
    training = optimizer is not None
    model.train(training)
    for x, y in loader:
        with torch.set_grad_enabled(training):
            loss = criterion(model(x), y)
        if training:
            loss.backward()  #! TRK003 "`optimizer`"
            optimizer.step()
        total += loss.item()
    return total


def main():
    data = {
        "train": [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)],
        "val": [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(2)],
    }
    model = nn.Linear(6, 3)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    train_model(model, data, criterion, optimizer, scheduler)
    for epoch in range(2):
        run_epoch(model, data["train"], criterion, optimizer)
        run_epoch(model, data["val"], criterion)


if __name__ == "__main__":
    main()

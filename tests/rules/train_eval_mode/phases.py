"""One loop for both phases, as in the transfer learning tutorial."""

import copy

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2))
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.features(x))


def train_model(model, dataloaders, criterion, optimizer, num_epochs=5):
    best = copy.deepcopy(model.state_dict())
    for _ in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            hits = 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                hits += torch.sum(torch.max(outputs, 1)[1] == labels.data)
    model.load_state_dict(best)
    return model


def train_model_in_one_mode(model, dataloaders, criterion, optimizer, num_epochs=5):
    for _ in range(num_epochs):
        for phase in ["train", "val"]:
            model.train()
            hits = 0
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)  #! TRK002 "`model` is evaluated in train mode"
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                hits += torch.sum(torch.max(outputs, 1)[1] == labels.data)


def train_model_with_eval_last(model, dataloaders, criterion, optimizer, num_epochs=5):
    for _ in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "val":
                model.eval()
            for inputs, labels in dataloaders[phase]:
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    loss = criterion(model(inputs), labels)  #! TRK002 "`model` trains in eval mode"
                    if phase == "train":
                        loss.backward()
                        optimizer.step()


def main(train_loader, val_loader):
    loaders = {"train": train_loader, "val": val_loader}
    criterion = nn.CrossEntropyLoss()
    for train in (train_model, train_model_in_one_mode, train_model_with_eval_last):
        model = Net()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        train(model, loaders, criterion, optimizer)

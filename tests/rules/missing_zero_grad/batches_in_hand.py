"""What is done to a batch clears no optimizer; what is done to anything else may."""

import torch
import torch.nn.functional as F
from torch import nn


def resized(model, train_loader, optimizer):
    for images, labels in train_loader:
        images.resize_(images.size()[0], 784)
        loss = F.cross_entropy(model(images), labels)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def resized_and_cleared(model, train_loader, optimizer):
    for images, labels in train_loader:
        images.resize_(images.size()[0], 784)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()


def of_a_known_loader(dataset):
    model = nn.Linear(784, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for images, labels in torch.utils.data.DataLoader(dataset, batch_size=32):
        images.resize_(images.shape[0], 784)
        F.cross_entropy(model(images), labels).backward()  #! TRK003
        optimizer.step()


def in_phases(model, loaders, optimizer):
    for phase in ("train", "extra"):
        for i, batch in enumerate(loaders[phase]):
            batch["image"].mul_(2)
            F.cross_entropy(model(batch["image"]), batch["label"]).backward()  #! TRK003
            optimizer.step()


def gradient_of_the_batch(model, train_loader, optimizer):
    """An adversarial step clears the gradient of the images, not those of the model."""
    for images, labels in train_loader:
        images.requires_grad_()
        F.cross_entropy(model(images), labels).backward()  #! TRK003
        optimizer.step()
        images.grad.zero_()


def things_that_are_no_batches(model, loader, optimizer, listeners):
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        for listener in listeners:
            listener.after_step()


def a_model_out_of_a_loader(model_loader, optimizer, data):
    """What a loader of models gives is a model."""
    for model in model_loader:
        model.reset_gradients()
        F.cross_entropy(model(data.x), data.y).backward()
        optimizer.step()

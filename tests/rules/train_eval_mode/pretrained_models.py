"""Models out of sight whose layers are known by name."""

import timm
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision
from torchvision import models
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    BertConfig,
    BertForSequenceClassification,
)


def score(network, loader):
    hits = 0
    with torch.no_grad():
        for x, y in loader:
            hits += (network(x).argmax(1) == y).sum().item()  #! TRK002 "`network` is evaluated in"
    return hits


def finetune(loader, val_loader):
    model = models.resnet18(weights="DEFAULT")
    model.fc = nn.Linear(model.fc.in_features, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        score(model, val_loader)


def finetune_and_stay(loader, val_loader):
    model = timm.create_model("resnet50", pretrained=True, num_classes=3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()  #! TRK002 "`model` trains in eval mode"
            optimizer.step()
        model.eval()
        with torch.no_grad():
            for x, y in val_loader:
                print((model(x).argmax(1) == y).sum().item())


def classify(image):
    model = torchvision.models.resnet18(pretrained=True)
    return model(image).argmax(1)  #! TRK002 "`model` predicts in train mode"


def classify_right(image):
    model = models.resnet18(pretrained=True).eval()
    return model(image).argmax(1)


def without_weights(image):
    return models.resnet18()(image).argmax(1)


def without_such_a_layer(loader, val_loader):
    """Vision transformers have no dropout unless they are told to."""
    model = models.vit_b_16(weights="DEFAULT")
    other = timm.create_model("vit_base_patch16_224", pretrained=True)
    optimizer = torch.optim.SGD([*model.parameters(), *other.parameters()], lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x) + other(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        for x, y in val_loader:
            print((model(x).argmax(1) == y).sum().item())


class Perceptual(nn.Module):
    """A network in eval mode that gradients go through: it does not train."""

    def __init__(self):
        super().__init__()
        self.vgg = models.vgg16_bn(weights="DEFAULT").eval()

    def forward(self, x, y):
        return F.mse_loss(self.vgg(x), self.vgg(y))


def with_perceptual_loss(loader):
    model = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3))
    criterion = Perceptual()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


def frozen_part(loader, val_loader):
    """Batch norm of one stage is frozen: the modes are mixed on purpose."""
    model = models.resnet18(weights="DEFAULT")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model.train()
        model.layer1.eval()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        with torch.no_grad():
            for x, y in val_loader:
                print((model(x).argmax(1) == y).sum().item())


def language(loader):
    """`from_pretrained` ends with `eval()`."""
    model = BertForSequenceClassification.from_pretrained("bert-base-uncased")
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for batch in loader:
        loss = model(**batch).loss  #! TRK002 "`model` trains in eval mode: `from_pretrained` ends"
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def language_right(loader, batch):
    model = AutoModelForSequenceClassification.from_pretrained("roberta-base")
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    print(model(**batch).logits.argmax(-1))
    model.train()
    for batch in loader:
        loss = model(**batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def from_a_configuration(loader):
    model = BertForSequenceClassification(BertConfig())
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for batch in loader:
        optimizer.zero_grad()
        model(**batch).loss.backward()
        optimizer.step()


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.bert = AutoModel.from_pretrained("distilbert-base-uncased")
        self.head = nn.Linear(768, 2)

    def forward(self, ids):
        return self.head(self.bert(ids).last_hidden_state[:, 0])


def encoder(loader):
    model = Encoder()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for ids, y in loader:
        loss = F.cross_entropy(model(ids), y)  #! TRK002 "`model` trains in eval mode"
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def features_only(loader):
    """Only the head is in the optimizer: the rest is right in eval mode."""
    model = Encoder()
    optimizer = torch.optim.AdamW(model.head.parameters(), lr=1e-3)
    for ids, y in loader:
        loss = F.cross_entropy(model(ids), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def unknown_architecture(name, loader):
    model = AutoModelForSequenceClassification.from_pretrained(name)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for batch in loader:
        optimizer.zero_grad()
        model(**batch).loss.backward()
        optimizer.step()

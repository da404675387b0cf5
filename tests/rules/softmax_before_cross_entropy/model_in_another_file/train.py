"""The softmax is in models.py, the loss is here."""

import models
import torch
import torch.nn as nn
from models import LogitNet, SmallNet, apply_output

device = torch.device("cpu")
data = [(torch.randn(4, 1, 8, 8), torch.randint(0, 10, (4,))) for _ in range(3)]


def main():
    model = SmallNet(num_classes=10).to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(2):
        for images, labels in data:
            outputs = model(images)
            loss = criterion(outputs, labels)  #! TRK004 "`criterion`"
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def main_right():
    model = LogitNet(num_classes=10).to(device)
    criterion = models.make_loss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(2):
        for images, labels in data:
            loss = criterion(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(apply_output(model(images)).max(), model.predict_proba(images).max())


def main_built():
    model = models.build("small")
    criterion = models.make_loss()
    for images, labels in data:
        loss = criterion(model(images), labels)  #! TRK004 "`criterion`"
        loss.backward()


def main_helper():
    model = LogitNet()
    criterion = nn.CrossEntropyLoss()
    for images, labels in data:
        out = apply_output(model(images))
        loss = criterion(out, labels)  #! TRK004 "`criterion`"
        loss.backward()


if __name__ == "__main__":
    main()
    main_right()
    main_built()
    main_helper()

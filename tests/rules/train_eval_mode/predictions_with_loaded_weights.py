"""Weights are loaded and used: nothing trains here."""

import io

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 16, bias=False)
        self.norm = nn.BatchNorm1d(16)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return self.out(torch.relu(self.norm(self.fc(x))))


def saved():
    buffer = io.BytesIO()
    torch.save(Net().state_dict(), buffer)
    buffer.seek(0)
    return buffer


def predict(images):
    model = Net()
    model.load_state_dict(torch.load(saved()))
    with torch.no_grad():
        scores = model(images)  #! TRK002 "`model` predicts in train mode"
    return scores.argmax(dim=1)


def load_model(path):
    net = Net()
    net.load_state_dict(torch.load(path))
    return net


def classify(batches):
    """The helper that loads it does not set the mode either."""
    net = load_model(saved())
    found = []
    for batch in batches:
        _, label = torch.max(net(batch), 1)  #! TRK002 "`net` predicts in train mode"
        found.append(label)
    return found


def predict_right(images):
    model = Net()
    model.load_state_dict(torch.load(saved()))
    model.eval()
    with torch.no_grad():
        return model(images).argmax(dim=1)


def predict_in_one_line(images):
    model = load_model(saved()).eval()
    return model(images).argmax(dim=1)


def with_an_uncertainty(image):
    """The same image through many dropout masks."""
    model = nn.Sequential(nn.Linear(8, 3), nn.Dropout(0.5))
    model.load_state_dict(model.state_dict())
    votes = [model(image).argmax(dim=1) for _ in range(20)]
    for _ in range(20):
        votes.append(model(image).argmax(dim=1))
    return votes


def resumed(loader, images):
    """It goes on training, so the mode is right, and this only a look in between."""
    model = load_model(saved())
    print(model(images).argmax(dim=1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def untrained(images):
    """Nothing is loaded: whatever this is for, it is no prediction."""
    return Net()(images).argmax(dim=1)


def explain(image):
    """The gradient of the input, for a picture of what it looks at."""
    model = load_model(saved())
    image.requires_grad_()
    scores = model(image)
    best = scores.argmax(dim=1)
    scores[0, best[0]].backward()
    return image.grad


if __name__ == "__main__":
    predict(torch.randn(4, 8))
    classify([torch.randn(4, 8)])
    predict_right(torch.randn(4, 8))
    predict_in_one_line(torch.randn(4, 8))

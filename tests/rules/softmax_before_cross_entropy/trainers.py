"""The loss lives in self, in a dict, in a config, or comes as an argument."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Softmaxed(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.body = nn.Linear(16, n)
        self.act = nn.Softmax(dim=1)

    def forward(self, x):
        return self.act(self.body(x))


class Plain(nn.Module):
    def __init__(self, n=4):
        super().__init__()
        self.body = nn.Linear(16, n)

    def forward(self, x):
        return self.body(x)


class Trainer:
    def __init__(self, data):
        self.data = data
        self.model = Softmaxed()
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def compute_loss(self, x, y):
        return self.loss_fn(self.model(x), y)  #! TRK004 "`self.loss_fn`"
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    def fit(self):
        for x, y in self.data:
            self.optimizer.zero_grad()
            self.compute_loss(x, y).backward()
            self.optimizer.step()


class PlainTrainer:
    def __init__(self, data):
        self.data = data
        self.model = Plain()
        self.loss_fn = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def compute_loss(self, x, y):
        out = self.model(x)
        self.last_confidence = F.softmax(out, dim=1).max().item()
        return self.loss_fn(out, y)

    def fit(self):
        for x, y in self.data:
            self.optimizer.zero_grad()
            self.compute_loss(x, y).backward()
            self.optimizer.step()


def train(model, data, criterion, optimizer):
    """Called below with a model that ends in a softmax."""
    for x, y in data:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)  #! TRK004 "`criterion`"
#              ^^^^^^^^^^^^^^^^^
        loss.backward()
        optimizer.step()


def train_plain(model, data, criterion, optimizer):
    """Called below with a model that gives logits."""
    for x, y in data:
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()


def train_nll(model, data, criterion, optimizer):
    """Called below with a loss that wants log-probabilities of a softmax."""
    for x, y in data:
        optimizer.zero_grad()
        out = torch.log(model(x))
        loss = criterion(out, y)
        loss.backward()
        optimizer.step()


class ModelWithLoss(nn.Module):
    """The loss is a part of the model."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(16, 4)
        self.criterion = nn.CrossEntropyLoss()

    def forward(self, x, labels=None):
        scores = self.encoder(x)
        probs = F.softmax(scores, dim=-1)
        if labels is not None:
            loss = self.criterion(probs, labels)  #! TRK004 "`self.criterion`"
            return loss, probs
        return probs


class ModelWithLossRight(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(16, 4)
        self.criterion = nn.CrossEntropyLoss()

    def forward(self, x, labels=None):
        scores = self.encoder(x)
        probs = F.softmax(scores, dim=-1)
        if labels is not None:
            loss = self.criterion(scores, labels)
            return loss, probs
        return probs


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 8)

    def forward(self, x):
        return F.relu(self.fc(x))


class Head(nn.Module):
    """The softmax is two modules deep."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc(x).softmax(dim=1)


class Composite(nn.Module):
    def __init__(self, backbone, head):
        super().__init__()
        self.backbone = backbone
        self.head = head

    def forward(self, x):
        return self.head(self.backbone(x))


class MultiTask(nn.Module):
    """Two heads; only one of them is wrong."""

    def __init__(self):
        super().__init__()
        self.trunk = Backbone()
        self.kind = nn.Linear(8, 4)
        self.colour = nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=1))

    def forward(self, x):
        h = self.trunk(x)
        return self.kind(h), self.colour(h)


def composite(data):
    net = Composite(Backbone(), Head())
    ce = nn.CrossEntropyLoss()
    for x, y in data:
        ce(net(x), y).backward()  #! TRK004 "`ce`"


def multi_task(data):
    net = MultiTask()
    ce = nn.CrossEntropyLoss()
    for x, y in data:
        kind, colour = net(x)
        loss_kind = ce(kind, y)
        loss_colour = ce(colour, y % 3)  #! TRK004 "`ce`"
        (loss_kind + loss_colour).backward()


def losses_in_a_dict(data):
    losses = {"ce": nn.CrossEntropyLoss(), "mse": nn.MSELoss()}
    net = Softmaxed()
    for x, y in data:
        out = net(x)
        loss = losses["ce"](out, y)  #! TRK004 "losses"
        loss = loss + losses["mse"](out, F.one_hot(y, 4).float())
        loss.backward()


def wrapped_model(data):
    """DataParallel and compile pass the output through."""
    net = nn.DataParallel(Softmaxed())
    ce = nn.CrossEntropyLoss()
    for x, y in data:
        ce(net(x), y).backward()  #! TRK004 "`ce`"


def moved_model(data, device="cpu"):
    net = Softmaxed().to(device)
    net.train()
    criterion = nn.CrossEntropyLoss().to(device)
    for x, y in data:
        x, y = x.to(device), y.to(device)
        criterion(net(x), y).backward()  #! TRK004 "`criterion`"


class Replaced(Softmaxed):
    """A subclass that returns logits instead: right."""

    def forward(self, x):
        return self.body(x)


class Inherited(Softmaxed):
    """A subclass that keeps the base's forward."""

    def __init__(self):
        super().__init__(n=4)


def subclasses(data):
    right, wrong = Replaced(), Inherited()
    for x, y in data:
        F.cross_entropy(right(x), y).backward()
        F.cross_entropy(wrong(x), y).backward()  #! TRK004 "cross_entropy"


def removed_softmax(data):
    """The act is replaced by an identity after construction: right."""
    net = Softmaxed()
    net.act = nn.Identity()
    for x, y in data:
        F.cross_entropy(net(x), y).backward()


class Configurable(nn.Module):
    """The last activation is chosen by the caller."""

    def __init__(self, last="softmax"):
        super().__init__()
        self.fc = nn.Linear(16, 4)
        if last == "softmax":
            self.last = nn.Softmax(dim=1)
        else:
            self.last = nn.Identity()

    def forward(self, x):
        return self.last(self.fc(x))


def configurable(data):
    with_softmax, without = Configurable(), Configurable(last=None)
    for x, y in data:
        F.cross_entropy(without(x), y).backward()
        F.cross_entropy(with_softmax(x), y).backward()  #! TRK004 "cross_entropy"


if __name__ == "__main__":
    batches = [(torch.randn(8, 16), torch.randint(0, 4, (8,))) for _ in range(3)]
    Trainer(batches).fit()
    PlainTrainer(batches).fit()
    net = Softmaxed()
    train(net, batches, nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.1))
    net = Plain()
    train_plain(net, batches, nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), lr=0.1))
    net = Softmaxed()
    train_nll(net, batches, nn.NLLLoss(), torch.optim.SGD(net.parameters(), lr=0.1))
    ModelWithLoss()(*batches[0])
    ModelWithLossRight()(*batches[0])
    composite(batches)
    multi_task(batches)
    losses_in_a_dict(batches)
    wrapped_model(batches)
    moved_model(batches)
    subclasses(batches)
    removed_softmax(batches)
    configurable(batches)

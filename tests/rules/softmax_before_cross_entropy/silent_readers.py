"""Softmax in its proper places: attention, gates, targets, distillation, prediction."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class SelfAttention(nn.Module):
    def __init__(self, dim, heads=2):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(B, T, self.heads, -1).transpose(1, 2)
        k = k.view(B, T, self.heads, -1).transpose(1, 2)
        v = v.view(B, T, self.heads, -1).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) / math.sqrt(k.size(-1))
        att = F.softmax(att, dim=-1)
        y = (att @ v).transpose(1, 2).reshape(B, T, C)
        return self.out(y)


class TinyTransformer(nn.Module):
    def __init__(self, vocab=11, dim=8, classes=4):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.attn = SelfAttention(dim)
        self.head = nn.Linear(dim, classes)

    def forward(self, tokens):
        h = self.embed(tokens)
        h = h + self.attn(h)
        return self.head(h.mean(dim=1))


class PooledByAttention(nn.Module):
    """Attention pooling: a softmax over time, weights times features."""

    def __init__(self, dim=8, classes=4):
        super().__init__()
        self.score = nn.Linear(dim, 1)
        self.head = nn.Linear(dim, classes)

    def forward(self, h):
        alpha = torch.softmax(self.score(h), dim=1)
        context = torch.sum(alpha * h, dim=1)
        return self.head(context)


class Switch(nn.Module):
    """Logits in training, probabilities in evaluation."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        x = self.fc(x)
        if not self.training:
            x = torch.softmax(x, dim=1)
        return x


class SwitchEarly(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        x = self.fc(x)
        if self.training:
            return x
        return F.softmax(x, dim=-1)


class WithPredict(nn.Module):
    """The softmax is in predict only."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        return self.fc(x)

    def predict(self, x):
        return self.softmax(self(x))

    @torch.no_grad()
    def predict_class(self, x):
        return self.predict(x).argmax(dim=1)


class Both(nn.Module):
    """Returns logits and probabilities; the loss takes the logits."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        logits = self.fc(x)
        return logits, F.softmax(logits, dim=1)


class BothInADict(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(16, 4)

    def forward(self, x):
        logits = self.fc(x)
        return {"logits": logits, "probs": F.softmax(logits, dim=1)}


def data(steps=3):
    return [(torch.randn(8, 16), torch.randint(0, 4, (8,))) for _ in range(steps)]


def train_transformer():
    model = TinyTransformer()
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters())
    for _ in range(3):
        tokens, y = torch.randint(0, 11, (8, 6)), torch.randint(0, 4, (8,))
        opt.zero_grad()
        criterion(model(tokens), y).backward()
        opt.step()


def train_pooled():
    model = PooledByAttention()
    criterion = nn.CrossEntropyLoss()
    loss = criterion(model(torch.randn(8, 5, 8)), torch.randint(0, 4, (8,)))
    loss.backward()


def train_switches():
    for model in (Switch(), SwitchEarly()):
        opt = torch.optim.SGD(model.parameters(), lr=0.1)
        model.train()
        for x, y in data():
            opt.zero_grad()
            F.cross_entropy(model(x), y).backward()
            opt.step()


def train_with_predict():
    model = WithPredict()
    criterion = nn.CrossEntropyLoss()
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    correct = 0
    for x, y in data():
        opt.zero_grad()
        criterion(model(x), y).backward()
        opt.step()
        correct += (model.predict_class(x) == y).sum().item()
        confidence = model.predict(x).max(dim=1).values
        print(confidence.mean())


def train_both():
    model = Both()
    criterion = nn.CrossEntropyLoss()
    for x, y in data():
        logits, probs = model(x)
        loss = criterion(logits, y)
        loss.backward()
        print(probs.max())


def train_both_wrong():
    """The second value is the one with the softmax."""
    model = Both()
    criterion = nn.CrossEntropyLoss()
    for x, y in data():
        _, out = model(x)
        loss = criterion(out, y)  #! TRK004 "`criterion`"
#              ^^^^^^^^^^^^^^^^^
        loss.backward()


def train_dict():
    model = BothInADict()
    criterion = nn.CrossEntropyLoss()
    for x, y in data():
        out = model(x)
        loss = criterion(out["logits"], y)
        loss.backward()


def train_dict_wrong():
    model = BothInADict()
    criterion = nn.CrossEntropyLoss()
    for x, y in data():
        out = model(x)
        loss = criterion(out["probs"], y)  #! TRK004 "`criterion`"
        loss.backward()


def soft_targets(model, x, teacher):
    """A softmax on the target side is how soft labels are made."""
    with torch.no_grad():
        target = F.softmax(teacher(x) / 2.0, dim=1)
    return F.cross_entropy(model(x), target)


def distillation(model, teacher, x, y, T=4.0, alpha=0.9):
    out = model(x)
    soft = nn.KLDivLoss(reduction="batchmean")(
        F.log_softmax(out / T, dim=1), F.softmax(teacher(x) / T, dim=1)
    )
    return alpha * T * T * soft + (1 - alpha) * F.cross_entropy(out, y)


def pseudo_labels(model, x, threshold=0.95):
    """FixMatch: hard labels and a mask from the probabilities of another view."""
    with torch.no_grad():
        probs = torch.softmax(model(x), dim=-1)
        confidence, labels = probs.max(dim=-1)
        mask = confidence.ge(threshold).float()
    return (F.cross_entropy(model(x.flip(-1)), labels, reduction="none") * mask).mean()


def entropy_bonus(model, x, y):
    logits = model(x)
    p = F.softmax(logits, dim=1)
    entropy = -(p * torch.log(p + 1e-8)).sum(dim=1).mean()
    return F.cross_entropy(logits, y) - 0.01 * entropy


def focal(model, x, y, gamma=2.0):
    logits = model(x)
    ce = F.cross_entropy(logits, y, reduction="none")
    pt = F.softmax(logits, dim=1).gather(1, y.unsqueeze(1)).squeeze(1)
    return ((1 - pt) ** gamma * ce).mean()


def dice_and_cross_entropy(model, x, y):
    logits = model(x)
    probs = torch.softmax(logits, dim=1)
    onehot = F.one_hot(y, probs.size(1)).float()
    dice = 1 - 2 * (probs * onehot).sum() / (probs.sum() + onehot.sum())
    return F.cross_entropy(logits, y) + dice


def nearest_prototype(support, query, labels):
    """Prototypical networks: log_softmax over distances, then the mean of the right ones."""
    dists = torch.cdist(query, support)
    log_p = F.log_softmax(-dists, dim=1)
    return -log_p.gather(1, labels.view(-1, 1)).mean()


def soft_argmax_regression(model, x, y):
    """A softmax turned into a coordinate, far from any class."""
    heat = torch.softmax(model(x), dim=-1)
    coordinate = (heat * torch.arange(heat.size(-1))).sum(-1)
    return F.mse_loss(coordinate, y.float())


def categorical_policy(model, x, actions, returns):
    probs = F.softmax(model(x), dim=-1)
    m = torch.distributions.Categorical(probs)
    return -(m.log_prob(actions) * returns).mean()


def unknown_loss(model, x, y, criterion):
    """Nobody knows which loss this is."""
    return criterion(F.softmax(model(x), dim=1), y)


def unknown_model(model, x, y):
    return F.cross_entropy(model(x), y)


def sharpened_gumbel(model, x, y):
    """A hard sample goes through another layer before the loss."""
    z = F.gumbel_softmax(model(x), tau=0.5, hard=True)
    decode = nn.Linear(z.size(1), z.size(1))
    return F.cross_entropy(decode(z), y)


if __name__ == "__main__":
    train_transformer()
    train_pooled()
    train_switches()
    train_with_predict()
    train_both()
    train_both_wrong()
    train_dict()
    train_dict_wrong()

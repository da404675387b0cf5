"""Optimizers in lists, dicts and pairs."""

import itertools

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


def seq2seq_right(encoder, decoder, pairs, lr=0.01):
    encoder_optimizer = optim.SGD(encoder.parameters(), lr=lr)
    decoder_optimizer = optim.SGD(decoder.parameters(), lr=lr)
    for x, y in pairs:
        encoder_optimizer.zero_grad()
        decoder_optimizer.zero_grad()
        loss = F.cross_entropy(decoder(encoder(x)), y)
        loss.backward()
        encoder_optimizer.step()
        decoder_optimizer.step()


def seq2seq_forgets_decoder(encoder, decoder, pairs, lr=0.01):
    encoder_optimizer = optim.SGD(encoder.parameters(), lr=lr)
    decoder_optimizer = optim.SGD(decoder.parameters(), lr=lr)
    for x, y in pairs:
        encoder_optimizer.zero_grad()
        loss = F.cross_entropy(decoder(encoder(x)), y)
        loss.backward()  #! TRK003 "`decoder_optimizer`"
#       ^^^^^^^^^^^^^^^
        encoder_optimizer.step()
        decoder_optimizer.step()


def known_pair_forgets_encoder():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    encoder = nn.Linear(6, 5)
    decoder = nn.Linear(5, 3)
    enc_opt = optim.Adam(encoder.parameters())
    dec_opt = optim.Adam(decoder.parameters())
    for x, y in data:
        dec_opt.zero_grad()
        loss = F.cross_entropy(decoder(encoder(x)), y)
        loss.backward()  #! TRK003 "`enc_opt`"
        enc_opt.step()
        dec_opt.step()


def one_optimizer_over_both():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    encoder = nn.Linear(6, 5)
    decoder = nn.Linear(5, 3)
    optimizer = optim.Adam(itertools.chain(encoder.parameters(), decoder.parameters()))
    for x, y in data:
        loss = F.cross_entropy(decoder(encoder(x)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def one_optimizer_over_both_forgets():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    encoder = nn.Linear(6, 5)
    decoder = nn.Linear(5, 3)
    optimizer = optim.Adam(list(encoder.parameters()) + list(decoder.parameters()))
    for x, y in data:
        loss = F.cross_entropy(decoder(encoder(x)), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def half_cleared_through_the_models():
    """One optimizer over two networks, and only one network is cleared."""
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    encoder = nn.Linear(6, 5)
    decoder = nn.Linear(5, 3)
    optimizer = optim.Adam(list(encoder.parameters()) + list(decoder.parameters()))
    for x, y in data:
        encoder.zero_grad()
        loss = F.cross_entropy(decoder(encoder(x)), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def param_groups():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    backbone, head = nn.Linear(6, 5), nn.Linear(5, 3)
    optimizer = optim.SGD(
        [
            {"params": backbone.parameters(), "lr": 1e-4},
            {"params": head.parameters()},
        ],
        lr=1e-2,
    )
    for x, y in data:
        loss = F.cross_entropy(head(torch.relu(backbone(x))), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def param_groups_right():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    backbone, head = nn.Linear(6, 5), nn.Linear(5, 3)
    optimizer = optim.SGD(
        [
            {"params": backbone.parameters(), "lr": 1e-4},
            {"params": head.parameters()},
        ],
        lr=1e-2,
    )
    for x, y in data:
        optimizer.zero_grad()
        loss = F.cross_entropy(head(torch.relu(backbone(x))), y)
        loss.backward()
        optimizer.step()


def list_right(models, loader):
    optimizers = [optim.SGD(m.parameters(), lr=0.1) for m in models]
    for x, y in loader:
        for opt in optimizers:
            opt.zero_grad()
        loss = sum(F.cross_entropy(m(x), y) for m in models)
        loss.backward()
        for opt in optimizers:
            opt.step()


def list_forgets():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    a, b = nn.Linear(6, 5), nn.Linear(5, 3)
    optimizers = [optim.SGD(a.parameters(), lr=0.1)]
    for x, y in data:
        loss = F.cross_entropy(b(a(x)), y)
        loss.backward()  #! TRK003 "`opt`"
        for opt in optimizers:
            opt.step()


def ensemble(models, loader):
    """Each model has its own loop: right."""
    for model in models:
        opt = optim.Adam(model.parameters())
        for x, y in loader:
            opt.zero_grad()
            F.cross_entropy(model(x), y).backward()
            opt.step()


def ensemble_forgets(models, loader):
    for model in models:
        opt = optim.Adam(model.parameters())
        for x, y in loader:
            loss = F.cross_entropy(model(x), y)
            loss.backward()  #! TRK003 "`opt`"
            opt.step()


def dict_right():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    nets = {"enc": nn.Linear(6, 5), "dec": nn.Linear(5, 3)}
    optims = {
        "enc": optim.Adam(nets["enc"].parameters()),
        "dec": optim.Adam(nets["dec"].parameters()),
    }
    for x, y in data:
        for name in optims:
            optims[name].zero_grad()
        F.cross_entropy(nets["dec"](nets["enc"](x)), y).backward()
        for o in optims.values():
            o.step()


def dict_forgets_one():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    enc, dec = nn.Linear(6, 5), nn.Linear(5, 3)
    optims = {"enc": optim.Adam(enc.parameters()), "dec": optim.Adam(dec.parameters())}
    for x, y in data:
        optims["enc"].zero_grad()
        F.cross_entropy(dec(enc(x)), y).backward()  #! TRK003 "optims"
        optims["enc"].step()
        optims["dec"].step()


class MultipleOptimizer:
    """A wrapper of one's own."""

    def __init__(self, *op):
        self.optimizers = op

    def zero_grad(self):
        for op in self.optimizers:
            op.zero_grad()

    def step(self):
        for op in self.optimizers:
            op.step()


def wrapped_right():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    enc, dec = nn.Linear(6, 5), nn.Linear(5, 3)
    opt = MultipleOptimizer(optim.SGD(enc.parameters(), lr=0.1), optim.Adam(dec.parameters()))
    for x, y in data:
        opt.zero_grad()
        F.cross_entropy(dec(enc(x)), y).backward()
        opt.step()


class NoamOpt:
    """The schedule wraps the optimizer and steps it."""

    def __init__(self, model_size, factor, warmup, optimizer):
        self.optimizer = optimizer
        self._step = 0
        self.warmup = warmup
        self.factor = factor
        self.model_size = model_size

    def rate(self):
        s = self._step
        return self.factor * self.model_size**-0.5 * min(s**-0.5, s * self.warmup**-1.5)

    def step(self):
        self._step += 1
        for p in self.optimizer.param_groups:
            p["lr"] = self.rate()
        self.optimizer.step()

    def zero_grad(self):
        self.optimizer.zero_grad()


def noam_right(model, loader):
    opt = NoamOpt(512, 1, 400, optim.Adam(model.parameters(), lr=0))
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        opt.step()
        opt.optimizer.zero_grad()


def noam_right_own(model, loader):
    opt = NoamOpt(512, 1, 400, optim.Adam(model.parameters(), lr=0))
    for x, y in loader:
        opt.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        opt.step()


def noam_forgets(model, loader):
    opt = NoamOpt(512, 1, 400, optim.Adam(model.parameters(), lr=0))
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()  #! TRK003 "optimizer"
        opt.step()


def frozen_part():
    """The other network is not trained at all."""
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    features, head = nn.Linear(6, 5), nn.Linear(5, 3)
    for p in features.parameters():
        p.requires_grad = False
    opt = optim.SGD(head.parameters(), lr=0.1)
    for x, y in data:
        with torch.no_grad():
            h = features(x)
        head.zero_grad()
        F.cross_entropy(head(h), y).backward()
        opt.step()


if __name__ == "__main__":
    known_pair_forgets_encoder()
    one_optimizer_over_both()
    one_optimizer_over_both_forgets()
    half_cleared_through_the_models()
    param_groups()
    param_groups_right()
    list_forgets()
    dict_right()
    dict_forgets_one()
    wrapped_right()
    frozen_part()

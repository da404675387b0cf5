"""Which layers work otherwise in eval mode depends on how they are made."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Pick(nn.Module):
    def forward(self, outputs):
        return outputs[0][:, -1]


def run(body, width, loader, val_loader):
    net = nn.Sequential(body, nn.Linear(width, 3))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()  #! TRK010
    hits = 0
    with torch.no_grad():
        for x, y in val_loader:
            hits += (net(x).argmax(1) == y).sum().item()
    return hits


def minding(loader, val_loader):
    lstm = nn.LSTM(8, 16, num_layers=2, dropout=0.3, batch_first=True)
    net = nn.Sequential(lstm, Pick(), nn.Linear(16, 3))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()  #! TRK010
    with torch.no_grad():
        for x, y in val_loader:
            print((net(x).argmax(1) == y).sum())  #! TRK002 "`net` is evaluated in train mode" "LSTM"
    print("encoder")
    layer = nn.TransformerEncoderLayer(d_model=8, nhead=2)
    net = nn.Sequential(nn.TransformerEncoder(layer, num_layers=2), nn.Linear(8, 3))
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        for x, y in val_loader:
            print((net(x).argmax(1) == y).sum())  #! TRK002 "`net` is evaluated in train mode"


def not_minding(loader, val_loader):
    run(nn.Dropout(0.0), 8, loader, val_loader)
    run(nn.Dropout(p=0), 8, loader, val_loader)
    run(nn.BatchNorm1d(8, track_running_stats=False), 8, loader, val_loader)
    run(nn.InstanceNorm1d(8), 8, loader, val_loader)
    run(nn.GroupNorm(2, 8), 8, loader, val_loader)
    run(nn.LSTM(8, 16, dropout=0.5), 16, loader, val_loader)
    run(nn.GRU(8, 16, num_layers=3), 16, loader, val_loader)
    run(nn.MultiheadAttention(8, 2), 8, loader, val_loader)
    run(nn.TransformerEncoderLayer(8, 2, dropout=0.0), 8, loader, val_loader)


class Unused(nn.Module):
    """A dropout that no forward uses does no harm."""

    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        return self.fc(x)


def unused(loader, val_loader):
    run(Unused(), 3, loader, val_loader)

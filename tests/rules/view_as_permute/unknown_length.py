"""The length is given as -1: it stays what it is, whatever it is, and merges only where it stood."""

import torch
from torch import nn


class HeadsMergedUnturned(nn.Module):
    """The axes were exchanged for the attention, and nobody exchanged them back."""

    def __init__(self, heads, d):
        super().__init__()
        self.q = nn.Linear(heads * d, heads * d)
        self.k = nn.Linear(heads * d, heads * d)
        self.v = nn.Linear(heads * d, heads * d)
        self.heads = heads
        self.d = d

    def forward(self, query, key, value):
        B = query.size(0)
        q, k, v = [
            layer(x).view(B, -1, self.heads, self.d).transpose(1, 2)
            for layer, x in ((self.q, query), (self.k, key), (self.v, value))
        ]
        y = (q @ k.transpose(-2, -1)).softmax(-1) @ v
        return y.contiguous().view(B, -1, self.heads * self.d)  #! TRK006 "joins axes"


class HeadsMergedRight(nn.Module):
    def __init__(self, heads, d):
        super().__init__()
        self.q = nn.Linear(heads * d, heads * d)
        self.k = nn.Linear(heads * d, heads * d)
        self.v = nn.Linear(heads * d, heads * d)
        self.heads = heads
        self.d = d

    def forward(self, query, key, value):
        B = query.size(0)
        q, k, v = [
            layer(x).view(B, -1, self.heads, self.d).transpose(1, 2)
            for layer, x in ((self.q, query), (self.k, key), (self.v, value))
        ]
        y = (q @ k.transpose(-2, -1)).softmax(-1) @ v
        return y.transpose(1, 2).contiguous().view(B, -1, self.heads * self.d)


class AlreadyProjected(nn.Module):
    """The input itself is split."""

    def __init__(self, heads, d):
        super().__init__()
        self.heads = heads
        self.d = d

    def forward(self, q, k, v):
        B = q.size(0)
        q = q.view(B, -1, self.heads, self.d).transpose(1, 2)
        k = k.view(B, -1, self.heads, self.d).transpose(1, 2)
        v = v.view(B, -1, self.heads, self.d).transpose(1, 2)
        y = torch.softmax(q @ k.transpose(2, 3), dim=-1) @ v
        return y.reshape(B, -1, self.heads * self.d)  #! TRK006


class OneQuery(nn.Module):
    """Pooling by a single query: with an axis of size 1 nothing gets mixed."""

    def __init__(self, heads, d):
        super().__init__()
        self.q = nn.Linear(heads * d, heads * d)
        self.k = nn.Linear(heads * d, heads * d)
        self.heads = heads
        self.d = d

    def forward(self, x):
        B = x.size(0)
        q = self.q(x[:, 0]).view(B, -1, self.heads, self.d).transpose(1, 2)
        k = self.k(x).view(B, -1, self.heads, self.d).transpose(1, 2)
        y = (q @ k.transpose(-2, -1)).softmax(-1) @ k
        return y.reshape(B, -1, self.heads * self.d)


class OneQueryWrittenOut(nn.Module):
    def __init__(self, heads, d):
        super().__init__()
        self.heads = heads
        self.d = d

    def forward(self, q, k):
        B = q.size(0)
        q = q.view(B, -1, self.heads, self.d).transpose(1, 2)
        k = k.view(B, -1, self.heads, self.d).transpose(1, 2)
        y = (q @ k.transpose(-2, -1)).softmax(-1) @ k
        return y.reshape(B, self.heads * self.d)


class FlattenedForALayer(nn.Module):
    """Batch and time are one axis for a while."""

    def __init__(self, dim, classes):
        super().__init__()
        self.classify = nn.Linear(dim, classes)
        self.dim = dim

    def forward(self, x):
        B, T = x.size(0), x.size(1)
        flat = x.view(-1, self.dim)
        return self.classify(flat).view(B, T, -1)

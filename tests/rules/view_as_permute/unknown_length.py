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


class HeadsBesideTheBatch(nn.Module):
    """Heads and batch in one axis: each position is torn apart where that is first viewed so.

    The last view takes back what the first did, so one report for each view of the first kind.
    """

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.d = width // heads
        self.to_q = nn.Linear(width, heads * self.d)
        self.to_k = nn.Linear(width, heads * self.d)
        self.to_v = nn.Linear(width, heads * self.d)
        self.out = nn.Linear(heads * self.d, width)

    def forward(self, tokens):
        n = tokens.size(0)
        q = self.to_q(tokens).view(n * self.heads, -1, self.d)  #! TRK006 "joins axes"
        k = self.to_k(tokens).view(n * self.heads, -1, self.d)  #! TRK006 "joins axes"
        v = self.to_v(tokens).view(n * self.heads, -1, self.d)  #! TRK006 "joins axes"
        mixed = torch.matmul(torch.softmax(q @ k.transpose(1, 2), dim=-1), v)
        return self.out(mixed.view(n, -1, self.heads * self.d))


class BatchSecond(nn.Module):
    """Time comes first here, so batch and heads are neighbours."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.d = width // heads
        self.to_q = nn.Linear(width, heads * self.d)
        self.to_v = nn.Linear(width, heads * self.d)
        self.out = nn.Linear(heads * self.d, width)

    def forward(self, tokens):
        n = tokens.size(1)
        q = self.to_q(tokens).view(-1, n * self.heads, self.d).transpose(0, 1)
        v = self.to_v(tokens).view(-1, n * self.heads, self.d).transpose(0, 1)
        mixed = torch.matmul(torch.softmax(q @ q.transpose(1, 2), dim=-1), v)
        mixed = mixed.transpose(0, 1).reshape(-1, n, self.heads * self.d)
        return self.out(mixed)

"""Queries, keys and values cut out of one projection, then split into heads."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Config:
    n_embd: int = 768
    n_head: int = 12


class KeysUnturned(nn.Module):
    """Two of the three are split right."""

    def __init__(self, config: Config):
        super().__init__()
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.n_head = config.n_head
        self.n_embd = config.n_embd

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        k = k.view(B, self.n_head, T, C // self.n_head)  #! TRK006 "joins axes"
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return y.transpose(1, 2).contiguous().view(B, T, C)


class SplitByTheInputsSize(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.heads = heads

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = torch.split(self.qkv(x), C, dim=-1)
        q = q.view(B, self.heads, T, C // self.heads)  #! TRK006
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        return q @ k.transpose(-2, -1)


class ChunkedAndMapped(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.heads = heads
        self.dim_head = dim // heads

    def forward(self, x):
        b, n, _ = x.shape
        qkv = self.qkv(x).chunk(3, dim=-1)
        q, k, v = map(lambda t: t.view(b, self.heads, n, self.dim_head), qkv)  #! TRK006
        return (q @ k.transpose(-2, -1)).softmax(dim=-1) @ v


class ChunkedAndMappedRight(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.heads = heads
        self.dim_head = dim // heads

    def forward(self, x):
        b, n, _ = x.shape
        qkv = self.qkv(x).chunk(3, dim=-1)
        q, k, v = map(lambda t: t.view(b, n, self.heads, self.dim_head).transpose(1, 2), qkv)
        out = (q @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        return out.transpose(1, 2).reshape(b, n, -1)


class AllInOneView(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.heads = heads

    def forward(self, x):
        b, n, d = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        out = (q @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        return out.transpose(1, 2).reshape(b, n, d)


class PickedOutOfThree(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.heads = heads
        self.dim = dim

    def forward(self, x):
        b, n, d = x.shape
        qkv = self.qkv(x).view(b, n, 3, self.dim)
        q = qkv[:, :, 0].view(b, self.heads, n, d // self.heads)  #! TRK006
        k = qkv[:, :, 1].view(b, n, self.heads, d // self.heads).transpose(1, 2)
        return q @ k.transpose(-2, -1)

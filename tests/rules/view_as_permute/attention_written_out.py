"""Attention as it is usually written out: scaled, masked, dropped out, with -1 and quotients."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Causal(nn.Module):
    """Right, then wrong at the merge."""

    def __init__(self, config):
        super().__init__()
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd)
        self.drop = nn.Dropout(config.pdrop)
        self.register_buffer("mask", torch.tril(torch.ones(config.block, config.block)))
        self.n_head = config.n_head
        self.n_embd = config.n_embd

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:T, :T] == 0, float("-inf"))
        att = self.drop(F.softmax(att, dim=-1))
        y = att @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.c_proj(y)

    def merged_wrong(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:T, :T] == 0, float("-inf"))
        att = self.drop(F.softmax(att, dim=-1))
        y = att @ v
        y = y.contiguous().view(B, T, C)  #! TRK006 "view"
        return self.c_proj(y)


class Annotated(nn.Module):
    """The length stands for itself as -1: right."""

    def __init__(self, h, d_model):
        super().__init__()
        self.h = h
        self.d_k = d_model // h
        self.proj = nn.Linear(d_model, d_model)

    def forward(self, x):
        n = x.size(0)
        x = self.proj(x).view(n, -1, self.h, self.d_k).transpose(1, 2)
        return x.transpose(1, 2).contiguous().view(n, -1, self.h * self.d_k)


class ScaledDotProduct(nn.Module):
    """The attention itself is a module of its own."""

    def __init__(self, temperature, dropout=0.1):
        super().__init__()
        self.temperature = temperature
        self.dropout = nn.Dropout(dropout)

    def forward(self, q, k, v, mask=None):
        attn = torch.matmul(q / self.temperature, k.transpose(2, 3))
        if mask is not None:
            attn = attn.masked_fill(mask == 0, -1e9)
        attn = self.dropout(F.softmax(attn, dim=-1))
        return torch.matmul(attn, v), attn


class MultiHead(nn.Module):
    def __init__(self, n_head, d_model, d_k, d_v):
        super().__init__()
        self.n_head, self.d_k, self.d_v = n_head, d_k, d_v
        self.w_qs = nn.Linear(d_model, n_head * d_k, bias=False)
        self.w_ks = nn.Linear(d_model, n_head * d_k, bias=False)
        self.w_vs = nn.Linear(d_model, n_head * d_v, bias=False)
        self.attention = ScaledDotProduct(temperature=d_k**0.5)

    def heads(self, q, k, v, mask):
        d_k, d_v, n_head = self.d_k, self.d_v, self.n_head
        sz_b, len_q, len_k, len_v = q.size(0), q.size(1), k.size(1), v.size(1)
        q = self.w_qs(q).view(sz_b, len_q, n_head, d_k)
        k = self.w_ks(k).view(sz_b, len_k, n_head, d_k)
        v = self.w_vs(v).view(sz_b, len_v, n_head, d_v)
        q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)
        return self.attention(q, k, v, mask=mask)[0], sz_b, len_q

    def forward(self, q, k, v, mask=None):
        out, sz_b, len_q = self.heads(q, k, v, mask)
        return out.transpose(1, 2).contiguous().view(sz_b, len_q, -1)

    def merged_wrong(self, q, k, v, mask=None):
        out, sz_b, len_q = self.heads(q, k, v, mask)
        return out.contiguous().view(sz_b, len_q, -1)  #! TRK006 "view"

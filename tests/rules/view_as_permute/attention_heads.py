"""Splitting and merging attention heads."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Attention(nn.Module):
    """Right: split, transpose, attend, transpose back, merge."""

    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.head_dim = d_model // n_heads
        self.q = nn.Linear(d_model, d_model)
        self.k = nn.Linear(d_model, d_model)
        self.v = nn.Linear(d_model, d_model)
        self.o = nn.Linear(d_model, d_model)

    def forward(self, x):
        B, T, C = x.shape
        q = self.q(x).view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        k = self.k(x).view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        v = self.v(x).view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        att = F.softmax(q @ k.transpose(-2, -1) / math.sqrt(self.head_dim), dim=-1)
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.o(y)


class SplitByView(nn.Module):
    """Wrong: the heads are split by view alone, straight into (B, H, T, D)."""

    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.head_dim = d_model // n_heads
        self.q = nn.Linear(d_model, d_model)
        self.k = nn.Linear(d_model, d_model)

    def forward(self, x):
        B, T, C = x.shape
        q = self.q(x).view(B, self.n_heads, T, self.head_dim)  #! TRK006 "view"
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        k = self.k(x).view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        return q @ k.transpose(-2, -1)


class MergeWithoutTranspose(nn.Module):
    """Wrong: the heads are merged without going back."""

    def __init__(self, d_model, n_heads):
        super().__init__()
        self.n_heads = n_heads
        self.head_dim = d_model // n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.proj = nn.Linear(d_model, d_model)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        k = k.view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        v = v.view(B, T, self.n_heads, self.head_dim).transpose(1, 2)
        att = F.softmax(q @ k.transpose(-2, -1), dim=-1)
        y = att @ v
        y = y.reshape(B, T, C)  #! TRK006 "reshape"
#           ^^^^^^^^^^^^^^^^^^
        return self.proj(y)


class SplitOfFourAxes(nn.Module):
    """A tensor that is already (B, T, H, D), viewed to (B, H, T, D)."""

    def forward(self, x: torch.Tensor):
        B, T, H, D = x.shape
        wrong = x.view(B, H, T, D)  #! TRK006 "view"
        right = x.permute(0, 2, 1, 3)
        return wrong, right


class MergeOfFourAxes(nn.Module):
    def forward(self, x: torch.Tensor):
        B, H, T, D = x.shape
        wrong = x.reshape(B, T, H * D)  #! TRK006 "reshape"
        right = x.transpose(1, 2).reshape(B, T, H * D)
        return wrong, right


class AnnotatedStyle(nn.Module):
    """Right: the h heads of the annotated papers, -1 for the length."""

    def __init__(self, h, d_model):
        super().__init__()
        self.d_k = d_model // h
        self.h = h
        self.linears = nn.ModuleList([nn.Linear(d_model, d_model) for _ in range(4)])

    def forward(self, query, key, value):
        nbatches = query.size(0)
        query, key, value = [
            lin(x).view(nbatches, -1, self.h, self.d_k).transpose(1, 2)
            for lin, x in zip(self.linears, (query, key, value))
        ]
        scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(self.d_k)
        x = torch.matmul(scores.softmax(dim=-1), value)
        x = x.transpose(1, 2).contiguous().view(nbatches, -1, self.h * self.d_k)
        return self.linears[-1](x)


class FusedQkv(nn.Module):
    """Right: three and heads split out of the last axis, then permuted to the front."""

    def __init__(self, dim, num_heads=8):
        super().__init__()
        self.num_heads = num_heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        return self.proj(x)


class FusedQkvMergedWrong(nn.Module):
    """Wrong only at the merge."""

    def __init__(self, dim, num_heads=8):
        super().__init__()
        self.num_heads = num_heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        x = (attn @ v).reshape(B, N, C)  #! TRK006 "reshape"
        return self.proj(x)


class HeadsIntoTheBatch(nn.Module):
    """Right: heads moved beside the batch, then folded into it, and back."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.head_dim = dim // heads
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        B, T, C = x.shape
        q = self.q(x).view(B, T, self.heads, self.head_dim)
        q = q.permute(0, 2, 1, 3).reshape(B * self.heads, T, self.head_dim)
        y = torch.bmm(q, q.transpose(1, 2)).softmax(-1) @ q
        y = y.view(B, self.heads, T, self.head_dim).permute(0, 2, 1, 3)
        return y.reshape(B, T, C)


class HeadsIntoTheBatchWrong(nn.Module):
    """Wrong: folded into the batch while time still stands between."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.head_dim = dim // heads
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        B, T, C = x.shape
        q = self.q(x).view(B, T, self.heads, self.head_dim)
        q = q.reshape(B * self.heads, T, self.head_dim)  #! TRK006 "reshape"
        return torch.bmm(q, q.transpose(1, 2))


def fairseq_style(q, num_heads, head_dim, tgt_len, bsz):
    """Right and famous: time first, so batch and heads are neighbours."""
    return q.contiguous().view(tgt_len, bsz * num_heads, head_dim).transpose(0, 1)


def fairseq_style_known(q: torch.Tensor, num_heads: int):
    tgt_len, bsz, embed_dim = q.shape
    head_dim = embed_dim // num_heads
    q = q.contiguous().view(tgt_len, bsz * num_heads, head_dim).transpose(0, 1)
    out = q.transpose(0, 1).contiguous().view(tgt_len, bsz, embed_dim)
    return out


def fairseq_style_batch_first(q: torch.Tensor, num_heads: int):
    """The same line on a tensor that is batch first mixes batch and time."""
    bsz, tgt_len, embed_dim = q.shape
    head_dim = embed_dim // num_heads
    return q.contiguous().view(tgt_len, bsz * num_heads, head_dim)  #! TRK006 "view"


def vit_patches(images: torch.Tensor, p: int):
    """Right: patches by view, permute, reshape."""
    B, C, H, W = images.shape
    x = images.reshape(B, C, H // p, p, W // p, p)
    x = x.permute(0, 2, 4, 1, 3, 5)
    return x.reshape(B, (H // p) * (W // p), C * p * p)


def tokens_from_map(feat: torch.Tensor):
    """(B, C, H, W) to (B, H*W, C)."""
    B, C, H, W = feat.shape
    right = feat.flatten(2).transpose(1, 2)
    also_right = feat.view(B, C, H * W).permute(0, 2, 1)
    wrong = feat.view(B, H * W, C)  #! TRK006 "view"
    return right, also_right, wrong


def map_from_tokens(tokens: torch.Tensor, H: int, W: int):
    """(B, N, C) back to (B, C, H, W)."""
    B, N, C = tokens.shape
    right = tokens.transpose(1, 2).reshape(B, C, H, W)
    wrong = tokens.reshape(B, C, H, W)  #! TRK006 "reshape"
    return right, wrong


if __name__ == "__main__":
    tokens = torch.randn(2, 5, 16)
    for module in (
        Attention(16, 4),
        SplitByView(16, 4),
        MergeWithoutTranspose(16, 4),
        FusedQkv(16, 4),
        FusedQkvMergedWrong(16, 4),
        HeadsIntoTheBatch(16, 4),
        HeadsIntoTheBatchWrong(16, 4),
    ):
        module(tokens)
    AnnotatedStyle(4, 16)(tokens, tokens, tokens)
    SplitOfFourAxes()(torch.randn(2, 5, 4, 3))
    MergeOfFourAxes()(torch.randn(2, 4, 5, 3))
    fairseq_style_known(tokens, 4)
    fairseq_style_batch_first(tokens, 4)
    vit_patches(torch.randn(2, 3, 8, 8), 4)
    tokens_from_map(torch.randn(2, 3, 4, 6))
    map_from_tokens(torch.randn(2, 24, 3), 4, 6)

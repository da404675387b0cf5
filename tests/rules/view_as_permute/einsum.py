"""Axes that patterns name: `einsum` and `einops` give them in just the order that is written."""

import torch
from einops import rearrange, reduce, repeat
from einops.layers.torch import Rearrange
from torch import einsum, nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.size = width // heads
        self.values = nn.Linear(self.size, self.size, bias=False)
        self.keys = nn.Linear(self.size, self.size, bias=False)
        self.queries = nn.Linear(self.size, self.size, bias=False)
        self.out = nn.Linear(heads * self.size, width)

    def weights(self, values, keys, query):
        n, t, s = query.shape[0], query.shape[1], keys.shape[1]
        values = self.values(values.reshape(n, s, self.heads, self.size))
        keys = self.keys(keys.reshape(n, s, self.heads, self.size))
        query = self.queries(query.reshape(n, t, self.heads, self.size))
        energy = torch.einsum("nthd,nshd->nhts", [query, keys])
        return torch.softmax(energy / self.size**0.5, dim=3), values

    def forward(self, values, keys, query):
        """Merged in the order that the pattern gives: right."""
        n, t = query.shape[0], query.shape[1]
        attention, values = self.weights(values, keys, query)
        out = torch.einsum("nhts,nshd->nthd", [attention, values])
        return self.out(out.reshape(n, t, self.heads * self.size))

    def heads_in_front(self, values, keys, query):
        """The pattern leaves the heads in front of the positions: wrong."""
        n, t = query.shape[0], query.shape[1]
        attention, values = self.weights(values, keys, query)
        out = torch.einsum("nhts,nshd->nhtd", [attention, values])
        return self.out(out.reshape(n, t, self.heads * self.size))  #! TRK006 "joins axes"

    def scores_as_they_are(self, keys, query):
        """Scores of all heads for each pair of positions, which is not how they lie."""
        n, t, s = query.shape[0], query.shape[1], keys.shape[1]
        keys = self.keys(keys.reshape(n, s, self.heads, self.size))
        query = self.queries(query.reshape(n, t, self.heads, self.size))
        scores = torch.einsum("nthd,nshd->nhts", query, keys)
        return scores.view(n, t, s, self.heads)  #! TRK006 "names the axes in another order"


class Grouped(nn.Module):
    """Right with `einops`, then a view where `rearrange` was due."""

    def __init__(self, dim, heads=8, dim_head=64):
        super().__init__()
        self.heads, self.dim_head = heads, dim_head
        self.to_qkv = nn.Linear(dim, heads * dim_head * 3, bias=False)
        self.to_out = nn.Linear(heads * dim_head, dim)

    def heads_of(self, x):
        qkv = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = map(lambda t: rearrange(t, "b n (h d) -> b h n d", h=self.heads), qkv)
        attention = einsum("b h i d, b h j d -> b h i j", q, k).softmax(dim=-1)
        return einsum("b h i j, b h j d -> b h i d", attention, v)

    def forward(self, x):
        return self.to_out(rearrange(self.heads_of(x), "b h n d -> b n (h d)"))

    def turned_back_by_hand(self, x):
        b, n, _ = x.shape
        out = self.heads_of(x).transpose(1, 2)
        return self.to_out(out.reshape(b, n, self.heads * self.dim_head))

    def forgotten(self, x):
        b, n, _ = x.shape
        out = self.heads_of(x)
        return self.to_out(out.reshape(b, n, self.heads * self.dim_head))  #! TRK006 "joins axes"


def patches(images: torch.Tensor, p: int):
    """Cut with words, and put together with a view that keeps their order."""
    b, c, h, w = images.shape
    cut = rearrange(images, "b c (h p) (w q) -> b h w (p q c)", p=p, q=p)
    rows = cut.reshape(b, (h // p) * (w // p), p * p * c)
    pooled = reduce(images, "b c h w -> b c", "mean")
    tokens = repeat(torch.zeros(1, 1, p * p * c), "() n d -> b n d", b=b)
    return torch.cat((tokens, rows), dim=1), pooled.view(b, c, 1, 1)


def channels_last(images: torch.Tensor):
    b, c, h, w = images.shape
    last = rearrange(images, "b c h w -> b h w c")
    return last.view(b, c, h, w)  #! TRK006 "names the axes in another order"


class Embedding(nn.Module):
    """The layer of the same name."""

    def __init__(self, p, dim):
        super().__init__()
        self.cut = Rearrange("b c (h p) (w q) -> b (h w) (p q c)", p=p, q=p)
        self.embed = nn.Linear(3 * p * p, dim)
        self.back = Rearrange("b n d -> b d n")

    def forward(self, images):
        tokens = self.embed(self.cut(images))
        b, n, d = tokens.shape
        right = tokens.view(b * n, d)
        wrong = self.back(tokens).view(b, n, d)  #! TRK006 "names the axes in another order"
        return right, wrong


def outer(left: torch.Tensor, right: torch.Tensor):
    """Both axes of the product, merged as they lie; and in the order that they do not."""
    b, i = left.shape
    _, j = right.shape
    product = torch.einsum("bi,bj->bij", left, right)
    return product.view(b, i * j), product.view(b, j, i)  #! TRK006 "names the axes in another order"


def unknown(pattern, x: torch.Tensor, y: torch.Tensor):
    """A pattern that is not in sight."""
    b, n, d = x.shape
    mixed = torch.einsum(pattern, x, y)
    return mixed.view(b, d, n), rearrange(x, pattern).view(d, n, b)

"""Patterns of axes against torch itself, and einops' against the twin that torch brings."""

from __future__ import annotations

import pytest
import torch
from functorch.einops import rearrange

from tricklint.interpreter.dims import Dim, Symbols
from tricklint.interpreter.shape import Shape
from tricklint.interpreter.shape_patterns import Pattern, Sizes, of_einsum, of_words


def worked_out(pattern: Pattern | None, shapes: list[tuple[int, ...]], **given: int):
    assert pattern is not None
    sizes = Sizes(Symbols(), {name: Dim.of(size) for name, size in given.items()})
    for side, shape in zip(pattern.operands, shapes, strict=True):
        if not sizes.take(side, Shape.of(*shape)):
            return None
    shape = sizes.shape(pattern.result)
    return None if shape is None else tuple(dim.number for dim in shape.dims)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("bhid,bhjd->bhij", [(2, 3, 4, 5), (2, 3, 6, 5)]),
        ("b h i j, b h j d -> b i h d", [(2, 3, 4, 6), (2, 3, 6, 5)]),
        ("ij,jk", [(2, 3), (3, 4)]),
        ("kj,ji", [(2, 3), (3, 4)]),
        ("...ij,...jk->...ik", [(7, 2, 3), (7, 3, 4)]),
        ("...ij,...jk->...ik", [(7, 2, 3), (3, 4)]),
        ("...ij,jk", [(7, 8, 2, 3), (3, 4)]),
        ("i...,i...->...", [(3, 5), (3, 5)]),
        ("bij->bji", [(2, 3, 4)]),
        ("ii->i", [(3, 3)]),
        ("bi,bi->", [(2, 3), (2, 3)]),
        ("bi,bj->bij", [(2, 1), (2, 4)]),
        ("bi,bi->bi", [(2, 1), (2, 4)]),
    ],
)
def test_einsum_gives_the_shape_that_torch_gives(text, shapes):
    real = torch.einsum(text, *(torch.empty(shape) for shape in shapes))
    assert worked_out(of_einsum(text), shapes) == tuple(real.shape)


@pytest.mark.parametrize(
    ("text", "shape", "given"),
    [
        ("b n (h d) -> b h n d", (2, 3, 8), {"h": 4}),
        ("b n (h d) -> b h n d", (2, 3, 8), {"d": 4}),
        ("b h n d -> b n (h d)", (2, 4, 3, 5), {}),
        ("b c (h p) (w q) -> b (h w) (p q c)", (2, 3, 8, 6), {"p": 2, "q": 3}),
        ("b (h w) c -> b c h w", (2, 12, 5), {"h": 3}),
        ("b 1 d -> b d", (2, 1, 5), {}),
        ("b d -> b 1 () d", (2, 5), {}),
        ("... d j -> ... (d j)", (2, 3, 4, 5), {}),
        ("b ... d -> b (...) d", (2, 3, 4, 5), {}),
        ("c i j -> (i j) c", (2, 3, 4), {}),
    ],
)
def test_rearrange_gives_the_shape_that_its_twin_gives(text, shape, given):
    real = rearrange(torch.empty(shape), text, **given)
    assert worked_out(of_words(text), [shape], **given) == tuple(real.shape)


@pytest.mark.parametrize(
    ("text", "shape", "given", "expected"),
    [
        ("b c h w -> b c", (2, 3, 4, 5), {}, (2, 3)),  # reduce
        ("b c (h p) (w q) -> b c h w", (2, 3, 4, 6), {"p": 2, "q": 3}, (2, 3, 2, 2)),
        ("n d -> b n d", (3, 4), {"b": 2}, (2, 3, 4)),  # repeat
        ("b n -> b (n r)", (2, 3), {"r": 4}, (2, 12)),
    ],
)
def test_reduce_and_repeat_give_what_their_words_say(text, shape, given, expected):
    assert worked_out(of_words(text), [shape], **given) == expected


@pytest.mark.parametrize("text", ["", "?", "b n", "b [n] -> b", "b (n (m)) -> b n m", "b-n -> b"])
def test_what_is_no_pattern_of_words_is_none(text):
    assert of_words(text) is None


@pytest.mark.parametrize("text", ["?", "b1->b", "i....j->ij", "i->j->k"])
def test_what_is_no_equation_is_none(text):
    assert of_einsum(text) is None


@pytest.mark.parametrize(
    ("text", "shape", "given"),
    [
        ("b n d -> b d n", (2, 3), {}),
        ("b (h d) -> b h d", (2, 6), {}),
        ("b n -> b n r", (2, 3), {}),
        ("(b ...) d -> b ... d", (2, 3), {}),
    ],
)
def test_where_sizes_do_not_fit_or_are_not_told_nothing_is_known(text, shape, given):
    assert worked_out(of_words(text), [shape], **given) is None


def test_what_permutes_is_told():
    assert [
        one is not None and one.permutes
        for one in (
            of_einsum("bij->bji"),
            of_einsum("bij->bi"),
            of_words("b n (h d) -> b h n d"),
            of_words("b c h w -> b c (h w)"),
            of_words("n d -> b n d"),
        )
    ] == [True, False, True, False, False]

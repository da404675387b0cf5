"""The shape that the engine believes a call to give is the one that torch gives.

The shape functions have their own test; this one is about how arguments are read, by place and
by name, from layers and from functions.
"""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from tricklint.engine import Engine
from tricklint.settings import Settings
from tricklint.workspace import Workspace

IMAGE = "torch.empty(2, 8, 12, 10)"
SIGNAL = "torch.empty(2, 8, 12)"
VOLUME = "torch.empty(2, 8, 6, 12, 10)"
CALLS = [
    f"nn.Conv2d(8, 5, 3)({IMAGE})",
    f"nn.Conv2d(8, 5, 3, 2, 1)({IMAGE})",
    f"nn.Conv2d(8, 6, (3, 5), stride=(2, 1), padding=(0, 2), groups=2)({IMAGE})",
    f"nn.Conv2d(8, 5, 3, dilation=2, padding='same')({IMAGE})",
    f"nn.Conv2d(8, 5, 3, padding='valid')({IMAGE})",
    f"nn.Conv2d(8, 5, 3, 1, 0, 3)({IMAGE})",
    f"nn.Conv1d(8, 5, kernel_size=4, stride=3)({SIGNAL})",
    f"nn.Conv3d(8, 5, 2, (1, 2, 3))({VOLUME})",
    "nn.Conv2d(8, 5, 3)(torch.empty(8, 12, 10))",
    f"nn.ConvTranspose2d(8, 5, 3, 2, 1, 1)({IMAGE})",
    f"nn.ConvTranspose2d(8, 5, 4, stride=2, padding=1, dilation=2)({IMAGE})",
    f"nn.ConvTranspose1d(8, 5, 2, 2)({SIGNAL})",
    f"nn.MaxPool2d(3)({IMAGE})",
    f"nn.MaxPool2d(3, 2, 1, 1, False, True)({IMAGE})",
    f"nn.MaxPool2d((2, 5), stride=None)({IMAGE})",
    f"nn.AvgPool2d(3, 2, 1, True)({IMAGE})",
    f"nn.AvgPool1d(5)({SIGNAL})",
    f"nn.MaxPool3d(2, 1)({VOLUME})",
    f"nn.AdaptiveAvgPool2d(1)({IMAGE})",
    f"nn.AdaptiveAvgPool2d((None, 3))({IMAGE})",
    f"nn.AdaptiveMaxPool1d(4)({SIGNAL})",
    f"nn.Upsample(7)({IMAGE})",
    f"nn.Upsample(None, 2)({IMAGE})",
    f"nn.Upsample(scale_factor=(0.5, 3))({IMAGE})",
    f"nn.PixelShuffle(2)({IMAGE})",
    f"nn.PixelUnshuffle(2)({IMAGE})",
    f"nn.Unfold((3, 2), 1, 1, 2)({IMAGE})",
    f"nn.Flatten()({IMAGE})",
    f"nn.Flatten(2)({IMAGE})",
    f"nn.Flatten(0, 1)({IMAGE})",
    f"nn.Unflatten(1, (2, 4))({IMAGE})",
    f"nn.Unflatten(dim=-1, unflattened_size=(5, -1))({IMAGE})",
    f"functional.max_pool2d({IMAGE}, 3)",
    f"functional.max_pool2d({IMAGE}, 3, 2, 1, 1, True)",
    f"functional.max_pool2d({IMAGE}, kernel_size=2, stride=1)",
    f"functional.avg_pool2d({IMAGE}, 3, 2, 1, True)",
    f"functional.adaptive_avg_pool2d({IMAGE}, (3, 2))",
    f"functional.adaptive_max_pool1d({SIGNAL}, 5)",
    f"functional.interpolate({IMAGE}, (4, 5))",
    f"functional.interpolate({IMAGE}, scale_factor=2, mode='nearest')",
    f"functional.pixel_shuffle({IMAGE}, 2)",
    f"functional.pixel_unshuffle({IMAGE}, 2)",
    f"functional.unfold({IMAGE}, 3, 1, 1, 2)",
    "nn.MultiheadAttention(8, 2)(*[torch.empty(12, 2, 8)] * 3)[0]",
    "nn.MultiheadAttention(8, 2)(*[torch.empty(12, 2, 8)] * 3)[1]",
    "nn.MultiheadAttention(8, 2, batch_first=True)(*[torch.empty(12, 2, 8)] * 3)[1]",
    "nn.Linear(10, 3)(torch.empty(2, 8, 12, 10))",
    "nn.Embedding(9, 3)(torch.zeros(2, 8, dtype=torch.long))",
    "nn.LSTM(10, 3, 2, batch_first=True)(torch.empty(2, 8, 10))[0]",
    "torch.empty(2, 1, 5) + torch.empty(3, 5)",
    "torch.empty(4, 1) * torch.empty(3)",
]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_gives_the_shape_that_torch_gives(call: str) -> None:
    names = {"torch": torch, "nn": nn, "functional": functional}
    result = eval(call, names)  # noqa: S307  (one of the texts above)
    assert isinstance(result, torch.Tensor)
    assert _believed(call) == f"Tensor {tuple(result.shape)}"


def test_indices_come_beside_what_is_pooled() -> None:
    pooled = _believed(f"nn.MaxPool2d(3, return_indices=True)({IMAGE})")
    assert pooled == "tuple[Tensor (2, 8, 4, 3), Tensor (2, 8, 4, 3)]"


@pytest.mark.parametrize(
    "call",
    [
        f"nn.MaxPool2d(size)({IMAGE})",
        f"nn.Conv2d(8, 5, size, padding=other)({IMAGE})",
        f"nn.AvgPool2d(3, ceil_mode=size)({IMAGE})",
        f"nn.AdaptiveAvgPool2d(size)({IMAGE})",
        f"nn.MaxPool2d((1, 2, 3))({IMAGE})",
        f"nn.Upsample(scale_factor=size)({IMAGE})",
        "nn.Conv2d(8, 5, 3)(size)",
    ],
)
def test_a_setting_out_of_sight_leaves_the_sizes_open(call: str) -> None:
    believed = _believed(call)
    assert "?" in believed or believed == "Tensor"


def _believed(call: str) -> str:
    text = f"import torch\nfrom torch import nn\nfrom torch.nn import functional\nx = {call}\n"
    path = "/project/calls.py"
    workspace = Workspace(("/project",), lambda _: None, lambda: (path,))
    workspace.open(path, text)
    return {name: what for _, name, what in Engine(workspace, Settings()).facts(path)}["x"]

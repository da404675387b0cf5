"""view and reshape used to swap axes: the numbers stay in their order, only the labels change."""

import numpy as np
import torch
from torch import nn


def reversed_matrix():
    x = torch.randn(2, 3)
    y = x.view(3, 2)  #! TRK006 "view"
#       ^^^^^^^^^^^^
    return y


def reversed_matrix_right():
    x = torch.randn(2, 3)
    return x.t(), x.transpose(0, 1), x.permute(1, 0), x.T


def hwc_to_chw(image):
    """An image from a file, as height x width x channels."""
    h, w, c = image.shape
    return image.view(c, h, w)  #! TRK006 "view"


def hwc_to_chw_right(image):
    h, w, c = image.shape
    assert c == 3
    return image.permute(2, 0, 1)


def batch_hwc_to_chw(images: torch.Tensor):
    B, H, W, C = images.shape
    images = images.view(B, C, H, W)  #! TRK006 "view"
#            ^^^^^^^^^^^^^^^^^^^^^^^
    return images / 255.0


def batch_hwc_to_chw_right(images: torch.Tensor):
    B, H, W, C = images.shape
    images = images.permute(0, 3, 1, 2).contiguous()
    return images.view(B, C, H, W) / 255.0


def back_to_images(batch: torch.Tensor):
    b, c, h, w = batch.size()
    return batch.reshape(b, h, w, c).numpy()  #! TRK006 "reshape"


def back_to_images_right(batch: torch.Tensor):
    b, c, h, w = batch.size()
    return batch.permute(0, 2, 3, 1).reshape(b, h, w, c).numpy()


def sequence_first(x: torch.Tensor):
    """(batch, time, features) for an LSTM that wants time first."""
    batch_size, seq_len, dim = x.shape
    return x.view(seq_len, batch_size, dim)  #! TRK006 "view"


def sequence_first_right(x: torch.Tensor):
    batch_size, seq_len, dim = x.shape
    return x.transpose(0, 1).contiguous().view(seq_len, batch_size, dim)


def by_size_calls(x: torch.Tensor):
    return x.view(x.size(0), x.size(2), x.size(1))  #! TRK006 "view"


def by_size_calls_reshape(x: torch.Tensor):
    return x.reshape(x.size(1), x.size(0), -1)  #! TRK006 "reshape"


def by_shape_indices(x: torch.Tensor):
    return x.reshape(x.shape[0], x.shape[2], x.shape[1])  #! TRK006 "reshape"


def by_shape_indices_right(x: torch.Tensor):
    return x.reshape(x.shape[0], x.shape[1], x.shape[2])


def with_minus_one(x: torch.Tensor):
    """-1 stands for the time axis here."""
    B, T, D = x.shape
    return x.view(B, D, -1)  #! TRK006 "view"


def with_minus_one_right(x: torch.Tensor):
    B, T, D = x.shape
    return x.view(B, T, -1)


def torch_function(x: torch.Tensor):
    n, t, d = x.shape
    return torch.reshape(x, (t, n, d))  #! TRK006 "reshape"


def torch_function_right(x: torch.Tensor):
    n, t, d = x.shape
    return torch.reshape(x, (n * t, d))


def as_a_tuple(x: torch.Tensor):
    n, c, l = x.shape  # noqa: E741
    return x.view((n, l, c))  #! TRK006 "view"


def in_numpy():
    arr = np.zeros((8, 32, 48, 3), dtype=np.float32)
    arr = arr.reshape(8, 3, 32, 48)  #! TRK006 "reshape"
    return torch.from_numpy(arr)


def in_numpy_right():
    arr = np.zeros((8, 32, 48, 3), dtype=np.float32)
    arr = arr.transpose(0, 3, 1, 2)
    return torch.from_numpy(np.ascontiguousarray(arr))


def in_numpy_function():
    arr = np.random.rand(32, 48, 3)
    chw = np.reshape(arr, (3, 32, 48))  #! TRK006 "reshape"
    return torch.from_numpy(chw)


def known_sizes():
    images = torch.randn(16, 28, 20, 3)
    out = images.view(16, 3, 28, 20)  #! TRK006 "view"
    return nn.Conv2d(3, 8, 3)(out)


def known_sizes_right():
    images = torch.randn(16, 28, 20, 3)
    return nn.Conv2d(3, 8, 3)(images.permute(0, 3, 1, 2))


def constants():
    BATCH, SEQ, FEAT = 32, 50, 12
    x = torch.randn(BATCH, SEQ, FEAT)
    x = x.view(SEQ, BATCH, FEAT)  #! TRK006 "view"
    return nn.LSTM(FEAT, 20)(x)


def constants_right():
    BATCH, SEQ, FEAT = 32, 50, 12
    x = torch.randn(BATCH, SEQ, FEAT)
    x = x.permute(1, 0, 2)
    return nn.LSTM(FEAT, 20)(x)


def equal_sizes():
    """The two axes have the same length, so nothing says which is which."""
    x = torch.randn(8, 16, 16)
    return x.view(8, 16, 16)


def unknown_everything(x, a, b, c):
    return x.view(a, b, c), x.reshape(c, b, a), x.view(-1, a)


def unknown_shape_known_view(features):
    return features.view(features.size(0), -1)


def after_transpose(x: torch.Tensor):
    """Written twice, wrong once: the view undoes nothing."""
    B, T, D = x.shape
    y = x.transpose(1, 2)
    good = y.reshape(B, D, T)
    bad = y.reshape(B, T, D)  #! TRK006 "reshape"
    return good, bad


def matrix_to_vector_and_back():
    """Down to a vector, and up again in the same order: right."""
    x = torch.randn(4, 5)
    v = x.reshape(-1)
    return v.view(4, 5)


def blocks_left_as_they_were(picture: torch.Tensor):
    """The same without a turn: nothing says that the sides are to change places."""
    height, width, planes = picture.shape
    blocks = picture.reshape(height // 8, 8, width // 8, 8, planes)
    return blocks.reshape(width, height, planes)  #! TRK006 "joins axes"


def blocks_side_by_side(picture: torch.Tensor):
    """The inner axes were exchanged, and with them parts of both sides."""
    height, width, planes = picture.shape
    blocks = picture.reshape(height // 8, 8, width // 8, 8, planes)
    blocks = blocks.transpose(1, 2)
    return blocks.reshape(width, height, planes)  #! TRK006 "joins axes"

"""Reshapes that keep the order: splits, merges, flattening, shuffles written with permute."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 4 * 4, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, 16 * 4 * 4)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


class Flattened(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d((2, 2)))
        self.classifier = nn.Linear(32, 5)

    def forward(self, x):
        x = self.features(x)
        a = x.view(x.size(0), -1)
        b = x.reshape(x.shape[0], -1)
        c = torch.flatten(x, 1)
        return self.classifier(a) + self.classifier(b) + self.classifier(c)


class Decoder(nn.Module):
    """A vector becomes a feature map: a split of one axis."""

    def __init__(self, latent, channels=8):
        super().__init__()
        self.channels = channels
        self.fc = nn.Linear(latent, channels * 4 * 4)
        self.up = nn.ConvTranspose2d(channels, 3, 4, 2, 1)

    def forward(self, z):
        h = self.fc(z)
        h = h.view(-1, self.channels, 4, 4)
        return self.up(h)


class GeneratorOfImages(nn.Module):
    def __init__(self, img_shape=(1, 28, 28)):
        super().__init__()
        self.img_shape = img_shape
        self.model = nn.Sequential(nn.Linear(100, 784), nn.Tanh())

    def forward(self, z):
        img = self.model(z)
        return img.view(img.size(0), *self.img_shape)


def channel_shuffle(x, groups):
    """ShuffleNet."""
    batchsize, num_channels, height, width = x.size()
    channels_per_group = num_channels // groups
    x = x.view(batchsize, groups, channels_per_group, height, width)
    x = torch.transpose(x, 1, 2).contiguous()
    return x.view(batchsize, -1, height, width)


def pixel_shuffle(x, r):
    b, c, h, w = x.shape
    x = x.view(b, c // (r * r), r, r, h, w)
    x = x.permute(0, 1, 4, 2, 5, 3)
    return x.reshape(b, c // (r * r), h * r, w * r)


def space_to_depth(x, bs=2):
    N, C, H, W = x.size()
    x = x.view(N, C, H // bs, bs, W // bs, bs)
    x = x.permute(0, 3, 5, 1, 2, 4).contiguous()
    return x.view(N, C * bs * bs, H // bs, W // bs)


def gram_matrix(y):
    (b, ch, h, w) = y.size()
    features = y.view(b, ch, w * h)
    return features.bmm(features.transpose(1, 2)) / (ch * h * w)


def gram_matrix_of_one(y):
    a, b, c, d = y.size()
    features = y.view(a * b, c * d)
    return torch.mm(features, features.t()) / (a * b * c * d)


def group_norm(x, groups, eps=1e-5):
    N, C, H, W = x.shape
    x = x.view(N, groups, -1)
    mean, var = x.mean(-1, keepdim=True), x.var(-1, keepdim=True)
    return ((x - mean) / (var + eps).sqrt()).view(N, C, H, W)


def window_partition(x, window_size):
    """Swin."""
    B, H, W, C = x.shape
    x = x.view(B, H // window_size, window_size, W // window_size, window_size, C)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, window_size, window_size, C)


def window_reverse(windows, window_size, H, W):
    B = int(windows.shape[0] / (H * W / window_size / window_size))
    x = windows.view(B, H // window_size, W // window_size, window_size, window_size, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)


def squeeze_excite(x, fc):
    b, c, _, _ = x.size()
    y = F.adaptive_avg_pool2d(x, 1).view(b, c)
    y = fc(y).view(b, c, 1, 1)
    return x * y.expand_as(x)


def yolo_head(x, num_anchors, num_classes):
    bs, _, ny, nx = x.shape
    x = x.view(bs, num_anchors, num_classes + 5, ny, nx).permute(0, 1, 3, 4, 2).contiguous()
    return x.view(bs, -1, num_classes + 5)


def ssd_head(conf, num_classes):
    conf = conf.permute(0, 2, 3, 1).contiguous()
    return conf.view(conf.size(0), -1, num_classes)


def language_model_loss(logits, targets):
    shift_logits = logits[..., :-1, :].contiguous()
    shift_labels = targets[..., 1:].contiguous()
    return F.cross_entropy(shift_logits.view(-1, shift_logits.size(-1)), shift_labels.view(-1))


def broadcast_helpers(t, x, weight):
    """Axes of length one."""
    a = t.view(-1, 1, 1, 1)
    b = t.view(t.shape[0], *([1] * (x.dim() - 1)))
    c = weight.view(1, -1, 1, 1)
    return x * a + b + c


def batch_of_pairs(x: torch.Tensor):
    """Two views of each sample, next to each other in the batch."""
    n, d = x.shape
    return x.view(n // 2, 2, d)


def multi_crop(x: torch.Tensor, model):
    """Ten crops per image."""
    bs, ncrops, c, h, w = x.size()
    out = model(x.view(-1, c, h, w))
    return out.view(bs, ncrops, -1).mean(1)


def rnn_time_steps(data: torch.Tensor, batch_size: int):
    """Batches for truncated backpropagation."""
    nbatch = data.size(0) // batch_size
    data = data.narrow(0, 0, nbatch * batch_size)
    return data.view(batch_size, -1).t().contiguous()


def mnist_batches(loader, model, optimizer):
    for images, labels in loader:
        images = images.reshape(-1, 28 * 28)
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def rows_as_sequence(loader, rnn):
    """Each row of the image is one step."""
    for images, labels in loader:
        yield rnn(images.reshape(-1, 28, 28)), labels


def squeeze_and_add(x: torch.Tensor):
    b, t, d = x.shape
    return x.view(b, 1, t, d), x.view(b, t, 1, d), x.view(1, b, t, d), x.view(b, t, d, 1)


def moved_ones(x: torch.Tensor):
    """An axis of length one can stand anywhere without moving a number."""
    y = x.new_zeros(4, 1, 6)
    return y.view(4, 6, 1), y.view(1, 4, 6)


def maxout(x: torch.Tensor, k: int):
    n, d = x.shape
    return x.view(n, d // k, k).max(dim=2).values


def neighbours(x: torch.Tensor, k: int):
    """DGCNN: indices flattened, gathered and folded back."""
    batch_size, num_points, num_dims = x.shape
    idx = torch.cdist(x, x).topk(k, largest=False).indices
    base = torch.arange(batch_size).view(-1, 1, 1) * num_points
    flat = (idx + base).view(-1)
    feature = x.reshape(batch_size * num_points, -1)[flat, :]
    feature = feature.view(batch_size, num_points, k, num_dims)
    x = x.view(batch_size, num_points, 1, num_dims).repeat(1, 1, k, 1)
    return torch.cat((feature - x, x), dim=3).permute(0, 3, 1, 2).contiguous()


if __name__ == "__main__":
    LeNet()(torch.randn(2, 1, 28, 28))
    Flattened()(torch.randn(2, 3, 8, 8))
    Decoder(10)(torch.randn(2, 10))
    GeneratorOfImages()(torch.randn(2, 100))
    channel_shuffle(torch.randn(2, 8, 4, 4), 2)
    pixel_shuffle(torch.randn(2, 8, 4, 4), 2)
    space_to_depth(torch.randn(2, 8, 4, 4))
    gram_matrix(torch.randn(2, 3, 4, 5))
    group_norm(torch.randn(2, 8, 4, 4), 2)
    w = window_partition(torch.randn(2, 8, 8, 3), 4)
    window_reverse(w, 4, 8, 8)
    yolo_head(torch.randn(2, 21, 4, 5), 3, 2)
    ssd_head(torch.randn(2, 21, 4, 5), 7)
    rnn_time_steps(torch.arange(26), 4)
    multi_crop(torch.randn(2, 5, 3, 8, 8), nn.Flatten())
    squeeze_and_add(torch.randn(2, 3, 4))
    moved_ones(torch.randn(2))
    maxout(torch.randn(2, 6), 3)
    neighbours(torch.randn(2, 9, 3), 4)


def regrouped_on_purpose():
    """Sizes that no axis of the tensor has: they cannot be its axes in another order."""
    table = torch.randn(4, 6)
    regrouped = table.reshape(3, 8)
    pairs = torch.rand(10, 3, 4).view(15, 8)
    return regrouped, pairs


def turned_blocks(coefficients: torch.Tensor):
    """A picture in blocks of 8 is transposed; its sides are called by their old names.

    That is wrong for one with unequal sides, and nobody here says that there are any.
    """
    height, width, planes = coefficients.shape
    blocks = coefficients.reshape(height // 8, 8, width // 8, 8, planes)
    blocks = blocks.permute(2, 1, 0, 3, 4).transpose(1, 3)
    return blocks.reshape(height, width, planes)


def block_mask(dim: int, factor: int):
    """Each row as often as the factor says: the copies lie side by side, and are put below each other."""
    rows = torch.tril(torch.ones(dim, dim)).unsqueeze(-1)
    return rows.repeat(1, factor, 1).view(dim * factor, dim)


class SharedHead(nn.Module):
    """The axis that nobody cares about is 1, as the caller knows."""

    def __init__(self, heads=8, size=16, rank=32):
        super().__init__()
        self.size = size
        self.expand = nn.Linear(rank, heads * size)

    def forward(self, latents):
        batch, _, length, _ = latents.shape
        return self.expand(latents).view(batch, length, -1, self.size).transpose(1, 2)


def pairs(keys, queries):
    """An axis of 1 is put between two."""
    batch, length = keys.size(0), keys.size(1)
    keys = keys.view(batch, -1, length)
    queries = queries.view(batch, queries.size(1), -1)
    return keys - queries


def partition(x, size):
    batch, height, width, channels = x.shape
    x = x.view(batch, height // size, size, width // size, size, channels)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, size, size, channels)


class ShiftedWindows(nn.Module):
    def __init__(self, size=7, shift=3):
        super().__init__()
        self.size, self.shift = size, shift

    def mask(self, height, width):
        """A picture of numbers with one channel, cut into windows."""
        rows, columns = torch.arange(height), torch.arange(width)
        row = (rows >= height - self.size).long() + (rows >= height - self.shift).long()
        column = (columns >= width - self.size).long() + (columns >= width - self.shift).long()
        numbers = (row[None, :, None, None] * 3 + column[None, None, :, None]).to(torch.float32)
        windows = partition(numbers, self.size).view(-1, self.size * self.size)
        return windows.unsqueeze(1) - windows.unsqueeze(2)


def undo_windows(x, shape, unit):
    """As many axes as the shape has: two, for images."""
    batch, width = x.shape[0], x.shape[-1]
    units = [size // part for size, part in zip(shape, unit)]
    x = x.view(batch, *units, *unit, width).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(batch, *shape, width)

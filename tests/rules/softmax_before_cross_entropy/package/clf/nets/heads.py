from torch import nn


class ClassificationHead(nn.Sequential):
    """A Sequential by inheritance, that ends in a softmax."""

    def __init__(self, n_in, n_out):
        super().__init__(nn.Linear(n_in, n_out), nn.Softmax(dim=1))

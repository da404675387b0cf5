from torch import nn


def weights_init(m):
    if isinstance(m, nn.Conv2d):
        m.weight.data.normal_(0.0, 0.02)
        m.bias.data.fill_(0)
    elif m.__class__.__name__.find("BatchNorm") != -1:
        m.bias.data.fill_(0)

"""Where the layer's own call decides."""

import torch
from torch import nn

conv = nn.Conv2d(3, 8, 3)  #! TRK005 "`conv`"
norm = nn.BatchNorm2d(8)
norm(conv(torch.randn(2, 3, 8, 8)))

model = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=3, bias=True),  #! TRK005
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.ConvTranspose2d(  #! TRK005
        in_channels=8,
        out_channels=4,
        kernel_size=2,  # adds one
    ),
    nn.InstanceNorm2d(4),
    nn.Flatten(),
    nn.Linear(4 * 12 * 12, 16),  #! TRK005
    nn.BatchNorm1d(16),
    nn.Linear(16, 2),
)
model(torch.randn(2, 3, 13, 13))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 1, 1, 1, 1, True)  #! TRK005
        self.bn1 = nn.BatchNorm2d(8)
        self.apply(init)

    def forward(self, x):
        return self.bn1(self.conv1(x))


def init(m):
    if isinstance(m, nn.Conv2d):
        nn.init.kaiming_normal_(m.weight)
        if m.bias is not None:
            nn.init.zeros_(m.bias)
    elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
        nn.init.ones_(m.weight)
        nn.init.zeros_(m.bias)
    elif m.__class__.__name__.find("Embedding") != -1:
        m.bias.data.fill_(0)


Net()(torch.randn(2, 3, 8, 8))

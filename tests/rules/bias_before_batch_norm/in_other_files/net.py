from layers import Plain, Stem, conv, conv_with
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.conv1 = conv_with(8, 8)  #! TRK005 "`self.conv1`"
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = conv_with(8, 8)
        self.plain = Plain()
        self.last = conv(8, 1)

    def forward(self, x):
        x = self.norm1(self.conv1(self.stem(x)))
        return self.last(self.plain(self.conv2(x)))

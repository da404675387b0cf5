"""Plain numbers in a script."""

import torch
from torch import nn

images = torch.randn(16, 28, 20, 3)
images = images.permute(0, 3, 1, 2)
features = nn.Conv2d(3, 4, 3)(images)

table = torch.randn(2, 3)
turned = table.transpose(0, 1)
print(features.shape, turned)

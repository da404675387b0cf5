"""Plain numbers in a script."""

import torch
from torch import nn

images = torch.randn(16, 28, 20, 3)
images = images.view(16, 3, 28, 20)  #! TRK006 "view"
features = nn.Conv2d(3, 4, 3)(images)

table = torch.randn(2, 3)
turned = table.view(3, 2)  #! TRK006 "view"
print(features.shape, turned)

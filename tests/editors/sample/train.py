import torch
import torch.nn.functional as F
from torch import nn

model = nn.Linear(4, 3)
images, labels = torch.randn(8, 4), torch.zeros(8, dtype=torch.long)
losses = {}
losses["🎉"] = F.cross_entropy(torch.softmax(model(images), dim=1), labels)  # the mean

"""Right: somebody thought of it."""

import torch
import torch.nn.functional as F
from nets import Plain
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

# ToTensor is all the normalization that this needs
loader = DataLoader(datasets.MNIST("data", transform=transforms.ToTensor()), 64, shuffle=True)
model = Plain()
optimizer = torch.optim.Adam(model.parameters())
for images, labels in loader:
    optimizer.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    optimizer.step()

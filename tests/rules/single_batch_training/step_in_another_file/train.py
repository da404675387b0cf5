"""The loops."""

from steps import look, update
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(MNIST("data"), batch_size=64)

for step in range(100):
    print(update(model, next(iter(loader)), optimizer))  #! TRK011 "`loader` anew"

for batch in loader:
    print(update(model, batch, optimizer))
    break  #! TRK011

for batch in loader:
    print(look(model, batch))
    break

"""Right: what comes next belongs to what came before."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, TensorDataset


class Prices(Dataset):
    def __init__(self, table, width):
        self.table, self.width = table, width

    def __len__(self):
        return len(self.table) - self.width

    def __getitem__(self, index):
        return self.table[index : index + self.width], self.table[index + self.width]


def fit(model, table, x, y):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(5):
        for inputs, target in DataLoader(Prices(table, 20), batch_size=8):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(inputs), target).backward()
            optimizer.step()
    memory = nn.LSTM(4, 4)
    other = optim.SGD(memory.parameters(), lr=0.1)
    for epoch in range(5):
        for inputs, target in DataLoader(TensorDataset(x, y), batch_size=8):
            other.zero_grad()
            nn.functional.mse_loss(memory(inputs)[0], target).backward()
            other.step()  #! TRK010

"""What names hold: layers, optimizers over their parameters, ranges, shapes."""

import torch
import torch.nn.functional as F
from torch import nn
from torch import optim as O


class Net(nn.Module):
    def __init__(self, wide):
        super().__init__()
        self.fc = nn.Linear(wide, 3)
        self.head = nn.Sequential(nn.ReLU(), nn.Softmax(dim=1))

    def forward(self, x):
        B, C = x.shape  #= B: B
        scores = self.fc(x)  #= scores: Tensor (B, 3)
        scaled = scores / C**0.5  #= scaled: Tensor (B, 3)
        out = self.head(scores)  #= out: Tensor (B, 3) probability
        flipped = out.transpose(0, 1)  #= flipped: Tensor (3, B) probability
        logs = out.log()  #= logs: Tensor (B, 3) log-probability
        lost = out * 2  #= lost: Tensor (B, 3)
        either = out if C else scores  #= either: Tensor (B, 3)
        return either


net = Net(8)  #= net: Net
optimizer = O.Adam(net.parameters())  #= optimizer: Adam over fc
head_only = O.SGD([{"params": net.head.parameters()}], lr=0.1)  #= head_only: SGD over anything
both = [optimizer, None]  #= both: list[Adam over fc, None]
table = torch.zeros(2, 3, 4)  #= table: Tensor (2, 3, 4)
first = table[0]  #= first: Tensor (3, 4)
p = F.softmax(table, dim=-1)  #= p: Tensor (2, 3, 4) probability
merged = table.flatten(1)  #= merged: Tensor (2, 12)
criterion = nn.CrossEntropyLoss()  #= criterion: CrossEntropyLoss


def grow(n, flag):
    size = n * 4 // 2  #= size: Unknown
    wide = torch.ones(n, size)  #= wide: Tensor (n, 2*n)
    loss = nn.MSELoss() if flag else nn.L1Loss()  #= loss: MSELoss | L1Loss
    return wide.view(-1), loss


def count(batches):
    seen, three, width = 0, 0, 8
    for batch in batches:
        before = seen  #= before: Unknown
        width = 8
        seen += 1
    for turn in range(3):
        three += 1
    after = seen  #= after: Unknown
    exactly = three  #= exactly: 3
    same = width  #= same: 8
    return before, after, exactly, same, batch, turn

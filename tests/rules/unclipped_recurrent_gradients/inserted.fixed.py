"""A clip is inserted: in a script, in a class, under mixed precision, in a closure, by groups."""

import torch
from torch import nn

batches = [(torch.randn(4, 120, 3), torch.randn(4, 120, 5)) for _ in range(2)]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 5, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[0]


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in batches:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), y)
    loss.backward()
    # One step.
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()


class Trainer:
    def __init__(self):
        self.net = Net()
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def fit(self):
        for x, y in batches:
            self.opt.zero_grad()
            nn.functional.mse_loss(self.net(x), y).backward()
            nn.utils.clip_grad_norm_(self.net.parameters(), max_norm=1.0)
            self.opt.step()


Trainer().fit()

gru = nn.GRU(3, 5)
adam = torch.optim.Adam([{"params": gru.parameters(), "lr": 0.01}])
scaler = torch.amp.GradScaler("cuda" if torch.cuda.is_available() else "cpu")
for _ in range(2):
    adam.zero_grad()
    loss = gru(torch.randn(300, 4, 3))[0].pow(2).mean()
    scaler.scale(loss).backward()
    scaler.unscale_(adam)
    nn.utils.clip_grad_norm_([p for group in adam.param_groups for p in group["params"]], max_norm=1.0)
    scaler.step(adam)
    scaler.update()

lstm = nn.LSTM(3, 5)
sgd = torch.optim.SGD(lstm.parameters(), lr=0.1)


def closure():
    sgd.zero_grad()
    loss = lstm(torch.randn(20, 4, 3))[0].pow(2).mean()
    loss.backward()
    nn.utils.clip_grad_norm_(lstm.parameters(), max_norm=1.0)
    return loss


for _ in range(2):
    sgd.step(closure)

# L-BFGS searches for the length of its step, and clipped gradients would mislead its memory.
gru = nn.GRU(3, 5)
lbfgs = torch.optim.LBFGS(gru.parameters())


def closure_of_lbfgs():
    lbfgs.zero_grad()
    loss = gru(torch.randn(20, 4, 3))[0].pow(2).mean()
    loss.backward()
    return loss


lbfgs.step(closure_of_lbfgs)

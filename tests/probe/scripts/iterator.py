import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
data = TensorDataset(torch.randint(0, 30, (64, 12)))
loader = DataLoader(data, batch_size=8, shuffle=True, drop_last=True)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(30, 32)
        self.rnn = nn.LSTM(32, 64, batch_first=True)
        self.out = nn.Linear(64, 30)

    def forward(self, tokens):
        states, _ = self.rnn(self.embed(tokens))
        return self.out(states)


model = Words()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
stream = iter(loader)
for step in range(200):
    try:
        (tokens,) = next(stream)
    except StopIteration:
        stream = iter(loader)
        (tokens,) = next(stream)
    logits = model(tokens[:, :-1])
    loss = nn.functional.cross_entropy(logits.reshape(-1, 30), tokens[:, 1:].reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()

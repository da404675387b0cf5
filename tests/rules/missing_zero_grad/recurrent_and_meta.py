"""Character models, truncated backpropagation, meta learning."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CharRNN(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.hidden = hidden
        self.embed = nn.Embedding(vocab, hidden)
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, vocab)

    def forward(self, x, state):
        out, state = self.lstm(self.embed(x), state)
        return self.fc(out), state

    def init_state(self, batch):
        return torch.zeros(1, batch, self.hidden), torch.zeros(1, batch, self.hidden)


def train_chars(steps=3):
    net = CharRNN(20, 16)
    opt = torch.optim.Adam(net.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    h = net.init_state(4)
    for step in range(steps):
        x = torch.randint(0, 20, (4, 10))
        h = tuple(each.data for each in h)
        net.zero_grad()
        output, h = net(x, h)
        loss = criterion(output.reshape(-1, 20), x.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        opt.step()


def train_chars_forgetting(steps=3):
    net = CharRNN(20, 16)
    opt = torch.optim.Adam(net.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    h = net.init_state(4)
    for step in range(steps):
        x = torch.randint(0, 20, (4, 10))
        h = tuple(each.data for each in h)
        output, h = net(x, h)
        loss = criterion(output.reshape(-1, 20), x.flatten())
        loss.backward()  #! TRK003 "`opt`"
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        opt.step()


def sequence_loss(rnn, optimizer, criterion, lines):
    """One update per line, the loss summed over its characters: right."""
    for line in lines:
        hidden = torch.zeros(1, 16)
        optimizer.zero_grad()
        loss = 0
        for i in range(line.size(0)):
            output, hidden = rnn(line[i], hidden)
            loss = loss + criterion(output, line[i])
        loss.backward()
        optimizer.step()


def words(vocab, data):
    """Sentence by sentence, accumulated by hand, cleared through the model."""
    model = nn.Embedding(vocab, vocab)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(3):
        for sentence, target in data:
            model.zero_grad()
            loss = F.cross_entropy(model(sentence), target)
            loss.backward()
            optimizer.step()


def maml(meta_model, tasks, inner_lr=0.01):
    """Inner updates by autograd.grad, one outer step per batch of tasks: right."""
    meta_opt = torch.optim.Adam(meta_model.parameters(), lr=1e-3)
    for batch in tasks:
        meta_opt.zero_grad()
        outer = 0.0
        for x_s, y_s, x_q, y_q in batch:
            names, params = zip(*meta_model.named_parameters())
            loss = F.mse_loss(meta_model(x_s), y_s)
            grads = torch.autograd.grad(loss, params, create_graph=True)
            fast = {n: p - inner_lr * g for n, p, g in zip(names, params, grads)}
            outer = outer + F.mse_loss(torch.func.functional_call(meta_model, fast, (x_q,)), y_q)
        outer.backward()
        meta_opt.step()


def maml_forgetting(meta_model, tasks, inner_lr=0.01):
    meta_opt = torch.optim.Adam(meta_model.parameters(), lr=1e-3)
    for batch in tasks:
        outer = 0.0
        for x_s, y_s, x_q, y_q in batch:
            names, params = zip(*meta_model.named_parameters())
            loss = F.mse_loss(meta_model(x_s), y_s)
            grads = torch.autograd.grad(loss, params, create_graph=True)
            fast = {n: p - inner_lr * g for n, p, g in zip(names, params, grads)}
            outer = outer + F.mse_loss(torch.func.functional_call(meta_model, fast, (x_q,)), y_q)
        outer.backward()  #! TRK003 "`meta_opt`"
        meta_opt.step()


def reptile(model, tasks):
    """Inner loop with an optimizer of its own."""
    for task in tasks:
        weights_before = {k: v.clone() for k, v in model.state_dict().items()}
        inner = torch.optim.SGD(model.parameters(), lr=0.02)
        for x, y in task:
            inner.zero_grad()
            F.mse_loss(model(x), y).backward()
            inner.step()
        after = model.state_dict()
        model.load_state_dict(
            {k: weights_before[k] + 0.1 * (after[k] - weights_before[k]) for k in weights_before}
        )


def latent_search(decoder, target):
    """What is trained is an input, not the network; the network's gradients are never used."""
    z = torch.zeros(1, 8, requires_grad=True)
    opt = torch.optim.Adam([z], lr=0.1)
    for _ in range(5):
        opt.zero_grad()
        F.mse_loss(decoder(z), target).backward()
        opt.step()
    return z.detach()


def latent_search_forgetting(decoder, target):
    z = torch.zeros(1, 8, requires_grad=True)
    opt = torch.optim.Adam([z], lr=0.1)
    for _ in range(5):
        loss = F.mse_loss(decoder(z), target)
        loss.backward()  #! TRK003 "`opt`"
        opt.step()
    return z.detach()


def contrastive(encoder, memory_bank, loader, temperature=0.07):
    """Two forwards, one backward, clear at the end."""
    opt = torch.optim.SGD(encoder.parameters(), lr=0.03)
    for (view1, view2), _ in loader:
        q = F.normalize(encoder(view1), dim=1)
        with torch.no_grad():
            k = F.normalize(encoder(view2), dim=1)
        logits = torch.cat([(q * k).sum(1, keepdim=True), q @ memory_bank], 1) / temperature
        loss = F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long))
        loss.backward()
        opt.step()
        opt.zero_grad()


if __name__ == "__main__":
    train_chars()
    train_chars_forgetting()
    maml(nn.Linear(2, 1), [[(torch.randn(4, 2), torch.randn(4, 1)) * 2]] * 3)
    maml_forgetting(nn.Linear(2, 1), [[(torch.randn(4, 2), torch.randn(4, 1)) * 2]] * 3)
    latent_search(nn.Linear(8, 4), torch.randn(1, 4))
    latent_search_forgetting(nn.Linear(8, 4), torch.randn(1, 4))

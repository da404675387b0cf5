"""Forwards without gradients, in train mode, on purpose."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.Dropout(0.3))
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.encoder(x))


def momentum_contrast(loader):
    query, key = Net(), Net()
    key.load_state_dict(query.state_dict())
    optimizer = torch.optim.SGD(query.parameters(), lr=0.1)
    for first, second in loader:
        q = F.normalize(query(first), dim=1)
        with torch.no_grad():
            for a, b in zip(query.parameters(), key.parameters()):
                b.data = b.data * 0.99 + a.data * 0.01
            k = F.normalize(key(second), dim=1)
        loss = F.cross_entropy(q @ k.T, torch.arange(len(q)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def pseudo_labels(labelled, unlabelled):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for (x, y), (u, strong) in zip(labelled, unlabelled):
        with torch.no_grad():
            confidence, guess = torch.softmax(model(u), dim=1).max(1)
        mask = (confidence > 0.95).float()
        loss = F.cross_entropy(model(x), y)
        loss = loss + (F.cross_entropy(model(strong), guess, reduction="none") * mask).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def hard_examples(loader):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        with torch.no_grad():
            losses = F.cross_entropy(model(x), y, reduction="none")
        hardest = losses.topk(8)[1]
        loss = F.cross_entropy(model(x[hardest]), y[hardest])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def training_accuracy(loader):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            print((model(x).argmax(1) == y).float().mean().item())


def distillation(loader):
    teacher, student = Net(), Net()
    teacher.load_state_dict(torch.load("teacher.pt"))
    optimizer = torch.optim.SGD(student.parameters(), lr=0.1)
    for x, _ in loader:
        with torch.no_grad():
            target = teacher(x).softmax(1)
        loss = F.kl_div(F.log_softmax(student(x), 1), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def statistics_anew(loader, batches):
    """Batch norm sees the data once more; nobody looks at what comes out."""
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.train()
    with torch.no_grad():
        for x, _ in batches:
            model(x)


def many_dropout_masks(loader, x):
    """Monte Carlo dropout: the same input, again and again."""
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for a, b in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(a), b).backward()
        optimizer.step()
    model.train()
    with torch.no_grad():
        samples = torch.stack([model(x).softmax(1) for _ in range(50)])
        for _ in range(50):
            vote = model(x).argmax(1)
    return samples.mean(0), vote


def many_masks_over_a_loader(loader, test_loader):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for a, b in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(a), b).backward()
        optimizer.step()
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.train()
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).sum().item())
        for _ in range(20):
            for x, y in test_loader:
                print((model(x).argmax(1) == y).sum().item())


def frozen_norms(loader, test_loader):
    """A part is in eval mode while the rest trains."""
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model.train()
        model.encoder[1].eval()
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()


def frozen_encoder(loader):
    """The encoder stays in eval mode, and is in no optimizer."""
    model = Net()
    model.encoder.eval()
    optimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def linear_probe(loader, test_loader):
    """Whole model in eval mode at the head of each epoch: only the head learns."""
    model = Net()
    for p in model.encoder.parameters():
        p.requires_grad = False
    optimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)
    for _ in range(3):
        model.eval()
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()
        with torch.no_grad():
            for x, y in test_loader:
                print((model(x).argmax(1) == y).sum().item())


def policy(env):
    """Rollouts without gradients, then an update."""
    actor = Net()
    optimizer = torch.optim.Adam(actor.parameters())
    state = env.reset()
    for _ in range(100):
        states, actions, rewards = [], [], []
        for _ in range(200):
            with torch.no_grad():
                action = actor(state).argmax(-1).item()
            states.append(state)
            actions.append(action)
            state, reward = env.step(action)
            rewards.append(reward)
        logits = actor(torch.stack(states))
        loss = F.cross_entropy(logits, torch.tensor(actions))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def target_network(batches):
    online = Net()
    target = copy.deepcopy(online)
    optimizer = torch.optim.Adam(online.parameters())
    for state, action, reward, after in batches:
        with torch.no_grad():
            goal = reward + 0.99 * target(after).max(1)[0]
            best = online(after).argmax(1)
        loss = F.mse_loss(online(state).gather(1, action), goal) + best.float().mean() * 0
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def sizes_by_a_dry_run():
    model = Net()
    with torch.no_grad():
        width = model.encoder(torch.zeros(2, 8)).shape[1]
    return nn.Linear(width, 2)


def adversarial_examples(loader, test_loader):
    """The gradient of the input, in the loop over the test data."""
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for a, b in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(a), b).backward()
        optimizer.step()
    for x, y in test_loader:
        x.requires_grad_()
        out = model(x)
        F.cross_entropy(out, y).backward()
        moved = x + 0.1 * x.grad.sign()
        print((model(moved).argmax(1) == y).sum().item())


def one_loss_of_many_steps(sequences):
    """The inner loop has no backward of its own: its losses are summed up."""
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    for x, y in sequences:
        total = torch.tensor([0.0])
        right = 0
        for step in y.permute(1, 0):
            out = model(x)
            total = total + criterion(out, step).sum()
            right += (out.argmax(1) == step).sum().item()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()


def losses_in_a_list(sequences):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for sequence in sequences:
        losses = []
        for x, y in sequence:
            losses.append(F.cross_entropy(model(x), y))
            print(losses[-1].item())
        optimizer.zero_grad()
        torch.stack(losses).mean().backward()
        optimizer.step()


class Deep(nn.Module):
    """Its dropouts lie two levels below it."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.second = nn.Linear(8, 8)
        self.body = nn.ModuleDict(
            {"a": nn.Sequential(nn.ReLU(), nn.Sequential(nn.Dropout(0.5), nn.BatchNorm1d(8)))}
        )
        self.last = nn.Linear(8, 2)

    def forward(self, x):
        return self.last(self.body["a"](self.second(self.first(x))))


def each_part_is_told(loader, held_out):
    model = Deep()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    for module in model.modules():
        if isinstance(module, (nn.Dropout, nn.BatchNorm1d)):
            module.eval()
    with torch.no_grad():
        for x, y in held_out:
            print((model(x).argmax(1) == y).sum())


def parts_that_are_told_nothing(loader, held_out):
    model = Deep()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    for name, module in model.named_modules():
        print(name, isinstance(module, nn.Dropout))
    with torch.no_grad():
        for x, y in held_out:
            print((model(x).argmax(1) == y).sum())  #! TRK002 "`model` is evaluated in train mode"


def parts_set_by_their_attribute(loader, held_out):
    model = Deep()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    for _, module in model.named_modules():
        module.training = False
    with torch.no_grad():
        for x, y in held_out:
            print((model(x).argmax(1) == y).sum())

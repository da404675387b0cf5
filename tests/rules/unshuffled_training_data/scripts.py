"""Flat scripts and notebook-like code, wrong and right."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, IterableDataset, Subset, TensorDataset, random_split
from torch.utils.data.sampler import SubsetRandomSampler
from torchvision import datasets, transforms
from tqdm import tqdm

device = "cuda" if torch.cuda.is_available() else "cpu"
to_tensor = transforms.ToTensor()
train_set = datasets.CIFAR10("data", train=True, download=True, transform=to_tensor)
test_set = datasets.CIFAR10("data", train=False, transform=to_tensor)
folder = datasets.ImageFolder("flowers", to_tensor)

train_loader = DataLoader(train_set, batch_size=64, num_workers=2)  #! TRK008 "`train_loader`" "same batches"
#              ^^^^^^^^^^
test_loader = DataLoader(test_set, batch_size=64)
model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10)).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)

for epoch in range(10):
    model.train()
    running_loss = 0.0
    for i, data in enumerate(tqdm(train_loader, desc="training"), 0):
        inputs, labels = data
        inputs, labels = inputs.to(device), labels.to(device)
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
        if i % 2000 == 1999:
            print(epoch, running_loss)
    model.eval()
    with torch.no_grad():
        for inputs, labels in test_loader:
            print(model(inputs.to(device)).argmax(1))

# One pass is enough to do harm where the data are sorted.
flower_loader = torch.utils.data.DataLoader(
    folder,
    batch_size=32,
    shuffle=False,  #! TRK008 "`ImageFolder` serves class after class"
    # ^^^^^^^^^^^^^
)
for x, y in flower_loader:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: told to shuffle, by name, by place and by a dict.
options = {"batch_size": 64, "shuffle": True}
for loader in (
    DataLoader(train_set, 64, True),
    DataLoader(train_set, batch_size=64, shuffle=True),
    DataLoader(train_set, **options),
):
    for epoch in range(2):
        for x, y in loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()

# Right: samplers.
half_loader = DataLoader(train_set, batch_size=64, sampler=SubsetRandomSampler(range(100)))
for epoch in range(2):
    for x, y in half_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()

# Right: split at random before.
first_part, second_part = random_split(train_set, [40000, 10000])
part_loader = DataLoader(first_part, batch_size=64)
for epoch in range(2):
    for x, y in part_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()

# Wrong: the first half of the collection.
subset_loader = DataLoader(Subset(train_set, range(25000)), batch_size=64)  #! TRK008 "subset_loader"
for epoch in range(2):
    for x, y in subset_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()

# Right: one pass over a collection that nobody has sorted.
once_loader = DataLoader(train_set, batch_size=64)
for x, y in once_loader:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()

# Right: the images are changed, not the model.
attack_loader = DataLoader(train_set, batch_size=64)
for epsilon in (0.1, 0.2):
    for x, y in attack_loader:
        delta = torch.zeros_like(x, requires_grad=True)
        attack = optim.SGD([delta], lr=epsilon)
        for _ in range(10):
            attack.zero_grad()
            (-criterion(model(x + delta), y)).backward()
            attack.step()

# Right: gradients are looked at, nothing steps.
saliency_loader = DataLoader(train_set, batch_size=64)
for epoch in range(2):
    for x, y in saliency_loader:
        x.requires_grad_()
        criterion(model(x), y).backward()
        print(x.grad.abs().mean())

# Right: the comment says so.
ordered_loader = DataLoader(train_set, batch_size=64, shuffle=False)  # the order is part of the paper
for epoch in range(2):
    for x, y in ordered_loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()

# Right: something is kept for each batch, by its number.
table_loader = DataLoader(train_set, batch_size=64)
memory = torch.zeros(len(table_loader), 64, 10)
for epoch in range(2):
    for i, (x, y) in enumerate(table_loader):
        optimizer.zero_grad()
        (criterion(model(x), y) + (model(x) - memory[i]).pow(2).mean()).backward()
        optimizer.step()

# Right: a state goes from batch to batch.
cell_loader = DataLoader(train_set, batch_size=64)
cell = nn.RNNCell(3072, 10)
cell_optimizer = optim.SGD(cell.parameters(), lr=0.1)
for epoch in range(2):
    state = torch.zeros(64, 10)
    for x, y in cell_loader:
        state = cell(x.flatten(1), state.detach())
        cell_optimizer.zero_grad()
        criterion(state, y).backward()
        cell_optimizer.step()  #! TRK010

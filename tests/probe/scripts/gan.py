import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
real_data = torch.randn(128, 2) * 0.5 + 1
loader = DataLoader(TensorDataset(real_data), batch_size=32, shuffle=True)
generator = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 2))
discriminator = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Dropout(0.1), nn.Linear(32, 1))
optimizer_g = torch.optim.Adam(generator.parameters(), lr=1e-3)
optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=1e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(3):
    for (real,) in loader:
        noise = torch.randn(len(real), 8)
        fake = generator(noise)
        optimizer_d.zero_grad()
        loss_real = criterion(discriminator(real), torch.ones(len(real), 1))
        loss_fake = criterion(discriminator(fake.detach()), torch.zeros(len(real), 1))
        loss_d = loss_real + loss_fake
        loss_d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        loss_g = criterion(discriminator(fake), torch.ones(len(real), 1))
        loss_g.backward()
        optimizer_g.step()
    with torch.no_grad():
        samples = generator(torch.randn(4, 8))

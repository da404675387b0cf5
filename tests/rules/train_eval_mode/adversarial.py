"""GANs: what is sampled under no_grad is looked at by people, in whatever mode."""

import torch
import torch.nn as nn


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 8))  #! TRK005

    def forward(self, z):
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 16), nn.LeakyReLU(), nn.Dropout(0.3), nn.Linear(16, 1))

    def forward(self, x):
        return self.net(x)


def save_images(images, path):
    torch.save(images, path)


def train(loader):
    generator, discriminator = Generator(), Discriminator()
    opt_g = torch.optim.Adam(generator.parameters(), lr=2e-4)
    opt_d = torch.optim.Adam(discriminator.parameters(), lr=2e-4)
    criterion = nn.BCEWithLogitsLoss()
    fixed_noise = torch.randn(16, 4)
    for epoch in range(5):
        for real in loader:
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
            with torch.no_grad():
                fake = generator(torch.randn(len(real), 4))
            opt_d.zero_grad()
            loss = criterion(discriminator(real), ones) + criterion(discriminator(fake), zeros)
            loss.backward()
            opt_d.step()

            opt_g.zero_grad()
            fake = generator(torch.randn(len(real), 4))
            criterion(discriminator(fake), ones).backward()
            opt_g.step()
        with torch.no_grad():
            save_images(generator(fixed_noise), f"{epoch}.pt")
        torch.save(generator.state_dict(), "generator.pt")


def train_and_sample_in_eval_mode(loader):
    generator, discriminator = Generator(), Discriminator()
    opt_g = torch.optim.Adam(generator.parameters(), lr=2e-4)
    criterion = nn.BCEWithLogitsLoss()
    fixed_noise = torch.randn(16, 4)
    for epoch in range(5):
        for real in loader:
            opt_g.zero_grad()
            fake = generator(torch.randn(len(real), 4))  #! TRK002 "`generator` trains in eval mode"
            criterion(discriminator(fake), torch.ones(len(real), 1)).backward()
            opt_g.step()
        generator.eval()
        with torch.no_grad():
            save_images(generator(fixed_noise), f"{epoch}.pt")


def sample(path):
    generator = Generator()
    generator.load_state_dict(torch.load(path))
    with torch.no_grad():
        for number in range(10):
            save_images(generator(torch.randn(16, 4)), f"sample{number}.pt")

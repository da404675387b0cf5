"""GANs that are right, in the shapes people write them."""

import torch
import torch.nn as nn

latent_dim = 8


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(latent_dim, 32), nn.ReLU(), nn.Linear(32, 20), nn.Tanh())

    def forward(self, z):
        return self.model(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(20, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1), nn.Sigmoid())

    def forward(self, img):
        return self.model(img)


dataloader = [torch.rand(8, 20) for _ in range(4)]
adversarial_loss = nn.BCELoss()
generator = Generator()
discriminator = Discriminator()
optimizer_G = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))

# generator first; its backward pollutes the discriminator, which is cleared before its own use
for epoch in range(2):
    for i, imgs in enumerate(dataloader):
        valid = torch.ones(imgs.size(0), 1)
        fake = torch.zeros(imgs.size(0), 1)

        optimizer_G.zero_grad()
        z = torch.randn(imgs.shape[0], latent_dim)
        gen_imgs = generator(z)
        g_loss = adversarial_loss(discriminator(gen_imgs), valid)
        g_loss.backward()
        optimizer_G.step()

        optimizer_D.zero_grad()
        real_loss = adversarial_loss(discriminator(imgs), valid)
        fake_loss = adversarial_loss(discriminator(gen_imgs.detach()), fake)
        d_loss = (real_loss + fake_loss) / 2
        d_loss.backward()
        optimizer_D.step()

# discriminator first, two backwards, cleared through the networks
for epoch in range(2):
    for i, real_cpu in enumerate(dataloader, 0):
        discriminator.zero_grad()
        label = torch.full((real_cpu.size(0), 1), 1.0)
        errD_real = adversarial_loss(discriminator(real_cpu), label)
        errD_real.backward()
        noise = torch.randn(real_cpu.size(0), latent_dim)
        fake = generator(noise)
        label.fill_(0.0)
        errD_fake = adversarial_loss(discriminator(fake.detach()), label)
        errD_fake.backward()
        optimizer_D.step()

        generator.zero_grad()
        label.fill_(1.0)
        errG = adversarial_loss(discriminator(fake), label)
        errG.backward()
        optimizer_G.step()

# one helper clears both
def reset_grad():
    optimizer_D.zero_grad()
    optimizer_G.zero_grad()


for epoch in range(2):
    for imgs in dataloader:
        ones, zeros = torch.ones(8, 1), torch.zeros(8, 1)
        fake = generator(torch.randn(8, latent_dim))
        d_loss = adversarial_loss(discriminator(imgs), ones) + adversarial_loss(discriminator(fake), zeros)
        reset_grad()
        d_loss.backward()
        optimizer_D.step()

        fake = generator(torch.randn(8, latent_dim))
        g_loss = adversarial_loss(discriminator(fake), ones)
        reset_grad()
        g_loss.backward()
        optimizer_G.step()

# several critic steps for one generator step
for epoch in range(2):
    for i, imgs in enumerate(dataloader):
        optimizer_D.zero_grad()
        fake = generator(torch.randn(8, latent_dim)).detach()
        loss_D = -torch.mean(discriminator(imgs)) + torch.mean(discriminator(fake))
        loss_D.backward()
        optimizer_D.step()
        for p in discriminator.parameters():
            p.data.clamp_(-0.01, 0.01)
        if i % 2 == 0:
            optimizer_G.zero_grad()
            loss_G = -torch.mean(discriminator(generator(torch.randn(8, latent_dim))))
            loss_G.backward()
            optimizer_G.step()

# the discriminator frozen while the generator trains, so nothing leaks into it
discriminator.zero_grad()
for imgs in dataloader:
    for p in discriminator.parameters():
        p.requires_grad = False
    g_loss = adversarial_loss(discriminator(generator(torch.randn(8, latent_dim))), torch.ones(8, 1))
    optimizer_G.zero_grad()
    g_loss.backward()
    optimizer_G.step()
    for p in discriminator.parameters():
        p.requires_grad = True
    d_loss = adversarial_loss(discriminator(imgs), torch.ones(8, 1))
    d_loss.backward()
    optimizer_D.step()
    optimizer_D.zero_grad()

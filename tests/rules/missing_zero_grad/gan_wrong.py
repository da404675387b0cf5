"""GANs that let gradients pile up or leak, each in another way."""

import torch
import torch.nn as nn


def make():
    g = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 20))
    d = nn.Sequential(nn.Linear(20, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    return g, d


def discriminator_never_cleared(loader):
    netG, netD = make()
    optimG = torch.optim.Adam(netG.parameters(), lr=2e-4)
    optimD = torch.optim.Adam(netD.parameters(), lr=2e-4)
    bce = nn.BCEWithLogitsLoss()
    for real in loader:
        ones, zeros = torch.ones(real.size(0), 1), torch.zeros(real.size(0), 1)
        fake = netG(torch.randn(real.size(0), 8))
        loss_real = bce(netD(real), ones)
        loss_real.backward()
        loss_fake = bce(netD(fake.detach()), zeros)
        loss_fake.backward()  #! TRK003 "`optimD`"
#       ^^^^^^^^^^^^^^^^^^^^
        optimD.step()

        optimG.zero_grad()
        lossG = bce(netD(fake), ones)
        lossG.backward()
        optimG.step()


def generator_never_cleared(loader):
    generator, discriminator = make()
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=2e-4)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=2e-4)
    criterion = nn.BCEWithLogitsLoss()
    for imgs in loader:
        ones, zeros = torch.ones(imgs.size(0), 1), torch.zeros(imgs.size(0), 1)
        fake_imgs = generator(torch.randn(imgs.size(0), 8))
        d_optimizer.zero_grad()
        d_loss = criterion(discriminator(imgs), ones) + criterion(discriminator(fake_imgs.detach()), zeros)
        d_loss.backward()
        d_optimizer.step()

        g_loss = criterion(discriminator(fake_imgs), ones)
        g_loss.backward()  #! TRK003 "`g_optimizer`"
        g_optimizer.step()


def wrong_optimizer_cleared(loader):
    """Copied and pasted: the generator's optimizer is cleared twice."""
    G, D = make()
    opt_G = torch.optim.Adam(G.parameters(), lr=1e-4)
    opt_D = torch.optim.Adam(D.parameters(), lr=1e-4)
    for real in loader:
        z = torch.randn(real.size(0), 8)
        opt_G.zero_grad()
        d_loss = D(G(z).detach()).mean() - D(real).mean()
        d_loss.backward()  #! TRK003 "`opt_D`"
#       ^^^^^^^^^^^^^^^^^
        opt_D.step()

        opt_G.zero_grad()
        g_loss = -D(G(z)).mean()
        g_loss.backward()
        opt_G.step()


def generator_leaks_into_discriminator(loader):
    """Each is cleared right after its own step, so the generator's loss stays in D."""
    G, D = make()
    opt_G = torch.optim.Adam(G.parameters(), lr=1e-4)
    opt_D = torch.optim.Adam(D.parameters(), lr=1e-4)
    for real in loader:
        z = torch.randn(real.size(0), 8)
        d_loss = D(G(z).detach()).mean() - D(real).mean()
        d_loss.backward()  #! TRK003 "`opt_D`"
        opt_D.step()
        opt_D.zero_grad()

        g_loss = -D(G(z)).mean()
        g_loss.backward()
        opt_G.step()
        opt_G.zero_grad()


def fake_not_detached(loader):
    """Without the detach the critic's loss also reaches G, but G is cleared before its own
    backward: wasteful, and right."""
    G, D = make()
    opt_G = torch.optim.Adam(G.parameters(), lr=1e-4)
    opt_D = torch.optim.Adam(D.parameters(), lr=1e-4)
    for real in loader:
        z = torch.randn(real.size(0), 8)
        opt_D.zero_grad()
        d_loss = D(G(z)).mean() - D(real).mean()
        d_loss.backward()
        opt_D.step()

        opt_G.zero_grad()
        g_loss = -D(G(z)).mean()
        g_loss.backward()
        opt_G.step()


def critic_clears_between(loader, n_critic=3):
    """The clear of the critic sits outside its inner loop."""
    generator, critic = make()
    opt_gen = torch.optim.RMSprop(generator.parameters(), lr=5e-5)
    opt_critic = torch.optim.RMSprop(critic.parameters(), lr=5e-5)
    for real in loader:
        opt_critic.zero_grad()
        for _ in range(n_critic):
            fake = generator(torch.randn(real.size(0), 8))
            loss_critic = critic(fake.detach()).mean() - critic(real).mean()
            loss_critic.backward()  #! TRK003 "`opt_critic`"
            opt_critic.step()
        opt_gen.zero_grad()
        loss_gen = -critic(generator(torch.randn(real.size(0), 8))).mean()
        loss_gen.backward()
        opt_gen.step()


def both_cleared_by_a_closure(loader):
    """A nested helper clears both before each backward: right."""
    G, D = make()
    opt_G = torch.optim.Adam(G.parameters(), lr=1e-4)
    opt_D = torch.optim.Adam(D.parameters(), lr=1e-4)

    def reset():
        opt_G.zero_grad()
        opt_D.zero_grad()

    for real in loader:
        z = torch.randn(real.size(0), 8)
        reset()
        (D(G(z).detach()).mean() - D(real).mean()).backward()
        opt_D.step()
        reset()
        (-D(G(z)).mean()).backward()
        opt_G.step()


if __name__ == "__main__":
    batches = [torch.rand(8, 20) for _ in range(4)]
    discriminator_never_cleared(batches)
    generator_never_cleared(batches)
    wrong_optimizer_cleared(batches)
    generator_leaks_into_discriminator(batches)
    fake_not_detached(batches)
    critic_clears_between(batches)
    both_cleared_by_a_closure(batches)

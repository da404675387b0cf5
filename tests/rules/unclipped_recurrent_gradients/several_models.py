"""GANs, encoders with decoders: which gradients are clipped, and which are used."""

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_

bce = nn.BCEWithLogitsLoss()


def clips_the_discriminator_twice(batches):
    netG, netD = nn.Linear(8, 4), nn.Linear(4, 1)
    optG = torch.optim.Adam(netG.parameters())
    optD = torch.optim.Adam(netD.parameters())
    for real in batches:
        optD.zero_grad()
        fake = netG(torch.randn(16, 8))
        loss_d = bce(netD(real), torch.ones(16, 1)) + bce(netD(fake.detach()), torch.zeros(16, 1))
        loss_d.backward()
        clip_grad_norm_(netD.parameters(), 1.0)
        optD.step()

        optG.zero_grad()
        loss_g = bce(netD(fake), torch.ones(16, 1))
        loss_g.backward()
        clip_grad_norm_(netD.parameters(), 1.0)  #! TRK010 "gradients of `optG` stay as they are"
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        optG.step()


def clips_the_frozen_part(batches):
    encoder, head = nn.Linear(8, 4), nn.Linear(4, 1)
    optimizer = torch.optim.Adam(head.parameters())
    for x, y in batches:
        optimizer.zero_grad()
        bce(head(encoder(x)), y).backward()
        clip_grad_norm_(encoder.parameters(), 1.0)  #! TRK010 "gradients of `optimizer` stay"
        optimizer.step()


# Right


def both_clipped(batches):
    netG, netD = nn.Linear(8, 4), nn.Linear(4, 1)
    optG = torch.optim.Adam(netG.parameters())
    optD = torch.optim.Adam(netD.parameters())
    for real in batches:
        optD.zero_grad()
        fake = netG(torch.randn(16, 8))
        loss_d = bce(netD(real), torch.ones(16, 1)) + bce(netD(fake.detach()), torch.zeros(16, 1))
        loss_d.backward()
        clip_grad_norm_(netD.parameters(), 1.0)
        optD.step()
        optG.zero_grad()
        bce(netD(fake), torch.ones(16, 1)).backward()
        clip_grad_norm_(netG.parameters(), 1.0)
        optG.step()


def only_the_discriminator(batches):
    netG, netD = nn.Linear(8, 4), nn.Linear(4, 1)
    optG = torch.optim.Adam(netG.parameters())
    optD = torch.optim.Adam(netD.parameters())
    for real in batches:
        optD.zero_grad()
        fake = netG(torch.randn(16, 8))
        loss_d = bce(netD(real), torch.ones(16, 1)) + bce(netD(fake.detach()), torch.zeros(16, 1))
        loss_d.backward()
        clip_grad_norm_(netD.parameters(), 1.0)
        optD.step()
        optG.zero_grad()
        bce(netD(fake), torch.ones(16, 1)).backward()
        optG.step()


def all_clipped_then_all_stepped(batches):
    encoder, decoder = nn.GRU(8, 4), nn.GRU(4, 1)
    encoder_optimizer = torch.optim.Adam(encoder.parameters())
    decoder_optimizer = torch.optim.Adam(decoder.parameters())
    for x, y in batches:
        encoder_optimizer.zero_grad()
        decoder_optimizer.zero_grad()
        bce(decoder(encoder(x)[0])[0], y).backward()
        clip_grad_norm_(encoder.parameters(), 50)
        clip_grad_norm_(decoder.parameters(), 50)
        encoder_optimizer.step()
        decoder_optimizer.step()


def clipped_together(batches):
    actor, critic = nn.Linear(8, 4), nn.Linear(8, 1)
    optimizer = torch.optim.Adam([*actor.parameters(), *critic.parameters()])
    for x, y in batches:
        optimizer.zero_grad()
        (actor(x).mean() + bce(critic(x), y)).backward()
        clip_grad_norm_(actor.parameters(), 0.5)
        clip_grad_norm_(critic.parameters(), 0.5)
        optimizer.step()


def the_frozen_part_too(batches):
    encoder, head = nn.Linear(8, 4), nn.Linear(4, 1)
    optimizer = torch.optim.Adam(head.parameters())
    for x, y in batches:
        optimizer.zero_grad()
        bce(head(encoder(x)), y).backward()
        clip_grad_norm_(head.parameters(), 1.0)
        clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()


def only_the_encoder(batches):
    """A part of what is stepped: a choice."""
    encoder, head = nn.Linear(8, 4), nn.Linear(4, 1)
    optimizer = torch.optim.Adam([*encoder.parameters(), *head.parameters()])
    for x, y in batches:
        optimizer.zero_grad()
        bce(head(encoder(x)), y).backward()
        clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()

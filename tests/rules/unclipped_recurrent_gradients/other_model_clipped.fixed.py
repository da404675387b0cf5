"""The discriminator is clipped where the generator steps."""

import torch
import torch.nn as nn

netG, netD = nn.Linear(8, 4), nn.Linear(4, 1)
optG = torch.optim.Adam(netG.parameters())
optD = torch.optim.Adam(netD.parameters())
bce = nn.BCEWithLogitsLoss()

for _ in range(3):
    optD.zero_grad()
    fake = netG(torch.randn(16, 8))
    real = bce(netD(torch.randn(16, 4)), torch.ones(16, 1))
    (real + bce(netD(fake.detach()), torch.zeros(16, 1))).backward()
    nn.utils.clip_grad_norm_(netD.parameters(), 1.0)
    optD.step()

    optG.zero_grad()
    bce(netD(fake), torch.ones(16, 1)).backward()
    nn.utils.clip_grad_norm_(netG.parameters(), 1.0)
    optG.step()

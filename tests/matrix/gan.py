"""A GAN whose discriminator names the class too, and is tested on that."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

latent_dim, n_classes, n_epochs = 32, 10, 2
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
dataset = datasets.MNIST("../data/mnist", train=True, download=True, transform=transform)
held_out = datasets.MNIST("../data/mnist", train=False, transform=transform)
dataloader = DataLoader(dataset, batch_size=64, shuffle=True)
test_loader = DataLoader(held_out, batch_size=64)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.label_emb = nn.Embedding(n_classes, latent_dim)
        self.l1 = nn.Linear(latent_dim, 32 * 7 * 7)
        self.blocks = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(16),
            nn.LeakyReLU(0.2, inplace=True),
            nn.ConvTranspose2d(16, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise, labels):
        out = self.l1(self.label_emb(labels) * noise)
        return self.blocks(out.view(out.size(0), 32, 7, 7))


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 16, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Dropout2d(0.25),
        )
        self.rnn = nn.GRU(16 * 14, 32)
        self.adv = nn.Linear(32, 1)
        self.aux = nn.Linear(32, n_classes)

    def forward(self, img):
        out = self.conv(img)
        n, c, h, w = out.shape
        columns = out.permute(3, 0, 1, 2).reshape(w, n, c * h)
        _, last = self.rnn(columns)
        return self.adv(last[0]), self.aux(last[0])


adversarial_loss = nn.BCEWithLogitsLoss()
auxiliary_loss = nn.CrossEntropyLoss()
generator, discriminator = Generator().to(device), Discriminator().to(device)
optimizer_G = torch.optim.Adam(generator.parameters(), lr=0.0002, betas=(0.5, 0.999))
optimizer_D = torch.optim.Adam(discriminator.parameters(), lr=0.0002, betas=(0.5, 0.999))

for epoch in range(n_epochs):
    generator.train()
    discriminator.train()
    for i, (imgs, labels) in enumerate(dataloader):
        real_imgs, labels = imgs.to(device), labels.to(device)
        valid = torch.ones(imgs.size(0), 1, device=device)
        fake = torch.zeros(imgs.size(0), 1, device=device)

        # Generator
        optimizer_G.zero_grad()
        z = torch.randn(imgs.size(0), latent_dim, device=device)
        gen_labels = torch.randint(0, n_classes, (imgs.size(0),), device=device)
        gen_imgs = generator(z, gen_labels)
        validity, pred_label = discriminator(gen_imgs)
        g_loss = adversarial_loss(validity, valid) + auxiliary_loss(pred_label, gen_labels)
        g_loss.backward()
        optimizer_G.step()

        # Discriminator
        optimizer_D.zero_grad()
        real_pred, real_aux = discriminator(real_imgs)
        d_real_loss = adversarial_loss(real_pred, valid) + auxiliary_loss(real_aux, labels)
        fake_pred, fake_aux = discriminator(gen_imgs.detach())
        d_fake_loss = adversarial_loss(fake_pred, fake)
        d_loss = (d_real_loss + d_fake_loss) / 2
        d_loss.backward()
        nn.utils.clip_grad_norm_(discriminator.parameters(), 1.0)
        optimizer_D.step()

        if i % 100 == 0:
            print(f"[{epoch}/{n_epochs}] D: {d_loss.item():.3f} G: {g_loss.item():.3f}")

    discriminator.eval()
    correct = 0
    with torch.no_grad():
        for imgs, labels in test_loader:
            _, scores = discriminator(imgs.to(device))
            correct += (scores.argmax(1).cpu() == labels).sum().item()
    print("class accuracy:", correct / len(held_out))

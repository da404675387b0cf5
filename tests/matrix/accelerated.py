"""accelerate: the loop is the user's, the backward is the accelerator's."""

import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class RowNet(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.gru = nn.GRU(8 * 28, hidden)
        self.drop = nn.Dropout(0.4)
        self.fc = nn.Linear(hidden, 10)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        n, c, h, w = x.shape
        rows = x.permute(2, 0, 1, 3).reshape(h, n, c * w)
        _, state = self.gru(rows)
        return self.fc(self.drop(state[-1]))


def training_function(config):
    accelerator = Accelerator(mixed_precision=config["precision"])
    normalize = transforms.Normalize((0.1307,), (0.3081,))
    train_transform = transforms.Compose(
        [transforms.RandomAffine(10), transforms.ToTensor(), normalize]
    )
    eval_transform = transforms.Compose([transforms.ToTensor(), normalize])
    train_dataset = datasets.MNIST("data", train=True, transform=train_transform, download=True)
    eval_dataset = datasets.MNIST("data", train=False, transform=eval_transform)
    train_dataloader = DataLoader(train_dataset, shuffle=True, batch_size=config["batch_size"])
    eval_dataloader = DataLoader(eval_dataset, shuffle=False, batch_size=config["batch_size"])

    model = RowNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(params=model.parameters(), lr=config["lr"])
    model, optimizer, train_dataloader, eval_dataloader = accelerator.prepare(
        model, optimizer, train_dataloader, eval_dataloader
    )

    for epoch in range(config["num_epochs"]):
        model.train()
        for step, (images, labels) in enumerate(train_dataloader):
            loss = criterion(model(images), labels)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()

        model.eval()
        accurate = 0
        for step, (images, labels) in enumerate(eval_dataloader):
            with torch.no_grad():
                outputs = model(images)
            predictions = accelerator.gather_for_metrics(outputs.argmax(dim=-1))
            accurate += (predictions == accelerator.gather_for_metrics(labels)).sum().item()
        accelerator.print(f"epoch {epoch}: {100 * accurate / len(eval_dataset):.2f}")


if __name__ == "__main__":
    training_function({"lr": 1e-3, "num_epochs": 2, "batch_size": 64, "precision": "no"})

"""The Trainer of transformers runs the loop."""

import torch
from torch import nn
from torchvision import datasets, transforms
from transformers import Trainer, TrainingArguments

normalize = transforms.Normalize((0.1307,), (0.3081,))
train_transform = transforms.Compose(
    [transforms.RandomRotation(10), transforms.ToTensor(), normalize]
)
eval_transform = transforms.Compose([transforms.ToTensor(), normalize])


class DigitReader(nn.Module):
    def __init__(self, hidden=64, num_labels=10):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(8)
        self.lstm = nn.LSTM(8 * 28, hidden, batch_first=True)
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(hidden, num_labels)
        self.loss_fct = nn.CrossEntropyLoss()

    def forward(self, pixel_values, labels=None):
        x = torch.relu(self.bn(self.conv(pixel_values)))
        b, c, h, w = x.shape
        x = x.permute(0, 3, 1, 2).reshape(b, w, c * h)
        x, _ = self.lstm(x)
        logits = self.classifier(self.dropout(x[:, -1]))
        loss = None
        if labels is not None:
            loss = self.loss_fct(logits, labels)
        return {"loss": loss, "logits": logits}


def collate(batch):
    images, labels = zip(*batch)
    return {"pixel_values": torch.stack(images), "labels": torch.tensor(labels)}


train_dataset = datasets.MNIST("data", train=True, transform=train_transform, download=True)
eval_dataset = datasets.MNIST("data", train=False, transform=eval_transform)
model = DigitReader()
args = TrainingArguments("out", num_train_epochs=2, remove_unused_columns=False)
trainer = Trainer(
    model=model,
    args=args,
    train_dataset=train_dataset,
    eval_dataset=eval_dataset,
    data_collator=collate,
)
trainer.train()
print(trainer.evaluate())

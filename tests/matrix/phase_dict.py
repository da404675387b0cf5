"""One loop for both phases, with a dictionary of loaders."""

import copy
import time

import torch
from torch import nn, optim
from torch.optim import lr_scheduler
from torchvision import datasets, transforms

data_transforms = {
    "train": transforms.Compose([
        transforms.RandomRotation(15),
        transforms.ToTensor(),
        transforms.Normalize([0.1307], [0.3081]),
    ]),
    "val": transforms.Compose([
        transforms.ToTensor(),
        transforms.Normalize([0.1307], [0.3081]),
    ]),
}
image_datasets = {
    "train": datasets.MNIST("data", train=True, download=True, transform=data_transforms["train"]),
    "val": datasets.MNIST("data", train=False, transform=data_transforms["val"]),
}
dataloaders = {
    "train": torch.utils.data.DataLoader(image_datasets["train"], batch_size=4, shuffle=True),
    "val": torch.utils.data.DataLoader(image_datasets["val"], batch_size=4, shuffle=False),
}
dataset_sizes = {x: len(image_datasets[x]) for x in ["train", "val"]}
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


def conv_block(in_channels, out_channels):
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
        nn.MaxPool2d((2, 1)),
    )


class ColumnNet(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.block1 = conv_block(1, 8)
        self.rnn = nn.LSTM(8, 24, num_layers=2, dropout=0.2)
        self.fc = nn.Linear(24, num_classes)

    def forward(self, x):
        x = self.block1(x)
        batch, channels, height, width = x.size()
        columns = x.mean(dim=2).permute(2, 0, 1)
        states, _ = self.rnn(columns)
        return self.fc(states[-1])


def train_model(model, criterion, optimizer, scheduler, num_epochs=25):
    since = time.time()
    best_weights = copy.deepcopy(model.state_dict())
    best_acc = 0.0
    for epoch in range(num_epochs):
        print(f"Epoch {epoch}/{num_epochs - 1}")
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            running_loss = 0.0
            running_corrects = 0
            for inputs, labels in dataloaders[phase]:
                inputs = inputs.to(device)
                labels = labels.to(device)
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(preds == labels.data)
            if phase == "train":
                scheduler.step()
            epoch_loss = running_loss / dataset_sizes[phase]
            epoch_acc = running_corrects.double() / dataset_sizes[phase]
            print(f"{phase} Loss: {epoch_loss:.4f} Acc: {epoch_acc:.4f}")
            if phase == "val" and epoch_acc > best_acc:
                best_acc = epoch_acc
                best_weights = copy.deepcopy(model.state_dict())
    print(f"Training complete in {time.time() - since:.0f}s, best {best_acc:.4f}")
    model.load_state_dict(best_weights)
    return model


model_ft = ColumnNet(10).to(device)
optimizer_ft = optim.SGD(model_ft.parameters(), lr=0.001, momentum=0.9)
exp_lr_scheduler = lr_scheduler.StepLR(optimizer_ft, step_size=7, gamma=0.1)
model_ft = train_model(model_ft, nn.CrossEntropyLoss(), optimizer_ft, exp_lr_scheduler, num_epochs=2)

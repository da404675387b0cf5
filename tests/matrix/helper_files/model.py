import torch
from torch import nn


class ConvNorm(nn.Module):
    def __init__(self, inputs, outputs, size=3):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class LineReader(nn.Module):
    def __init__(self, num_classes=10, width=12, hidden=32):
        super().__init__()
        self.stem = ConvNorm(1, width)
        self.pool = nn.AvgPool2d(2)
        self.drop = nn.Dropout(0.3)
        self.lstm = nn.LSTM(width * 14, hidden, batch_first=True)
        self.classifier = nn.Linear(hidden, num_classes)

    def forward(self, x):
        x = self.pool(self.stem(x))
        batch, channels, rows, columns = x.shape
        x = x.permute(0, 3, 1, 2).reshape(batch, columns, channels * rows)
        x, (h, c) = self.lstm(self.drop(x))
        return self.classifier(h[-1])

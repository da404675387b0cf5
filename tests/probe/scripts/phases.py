import copy

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
sets = {
    phase: TensorDataset(torch.randn(96, 3, 8, 8), torch.randint(0, 4, (96,)))
    for phase in ("train", "val")
}
loaders = {
    phase: DataLoader(sets[phase], batch_size=12, shuffle=phase == "train", num_workers=1)
    for phase in ("train", "val")
}


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(3))
        self.fc = nn.Linear(16 * 9, 4)
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        x = self.features(x)
        x = x.view(x.size(0), -1)
        return self.fc(self.drop(x))


model = Backbone()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
best = copy.deepcopy(model.state_dict())
for epoch in range(3):
    for phase in ("train", "val"):
        if phase == "train":
            model.train()
        else:
            model.eval()
        running = 0.0
        for inputs, labels in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                outputs = model(inputs)
                loss = criterion(outputs, labels)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
            running += loss.item() * inputs.size(0)
        print(phase, running / len(sets[phase]))

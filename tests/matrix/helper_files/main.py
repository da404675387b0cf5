"""Model, data and loops in files of their own."""

import torch
from data import get_loaders
from engine import evaluate, train_one_epoch
from model import LineReader

if __name__ == "__main__":
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_loader, test_loader = get_loaders("data", batch_size=32)
    model = LineReader().to(device)
    loss_fn = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    for epoch in range(2):
        loss = train_one_epoch(model, loss_fn, optimizer, train_loader, device)
        print(f"{epoch}: {loss:.4f} {evaluate(model, test_loader, device):.4f}")

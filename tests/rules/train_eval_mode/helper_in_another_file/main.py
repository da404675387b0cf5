import torch
from engine import evaluate, evaluate_in_mode, train_epoch
from nets import Classifier


def main(train_loader, test_loader):
    model = Classifier()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        train_epoch(model, train_loader, optimizer)
        evaluate(model, test_loader)


def main_right(train_loader, test_loader):
    model = Classifier()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        train_epoch(model, train_loader, optimizer)
        evaluate_in_mode(model, test_loader)


if __name__ == "__main__":
    loader = [(torch.randn(4, 8), torch.randint(0, 3, (4,))) for _ in range(3)]
    main(loader, loader[:1])

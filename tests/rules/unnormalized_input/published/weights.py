"""Networks with published weights want the images that those are made for."""

import timm
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms
from torchvision.models import ResNet50_Weights, resnet50

SIZED = [transforms.Resize((224, 224)), transforms.ToTensor()]
IMAGENET = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


def learn(model, steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    data = datasets.Food101("data", transform=transforms.Compose(steps))
    for images, labels in DataLoader(data, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = models.mobilenet_v2(weights="IMAGENET1K_V1")
        self.head = nn.Linear(1000, 101)

    def forward(self, x):
        return self.head(self.backbone(x))


class Scaling(Classifier):
    """Right: it does it by itself."""

    def forward(self, x):
        return super().forward((x - 0.45) / 0.225)


def main(own, path):
    bare = transforms.Compose([transforms.Resize(256), transforms.ToTensor()])  #! TRK009 "weights of `resnet18`"
    learn(models.resnet18(pretrained=True), [bare])
    again = transforms.ToTensor()  #! TRK009 "weights of `resnet50` want normalized images"
    learn(resnet50(weights=ResNet50_Weights.DEFAULT), [again])
    third = transforms.ToTensor()  #! TRK009 "weights of `mobilenet_v2`"
    learn(Classifier(), [third])
    fourth = transforms.ToTensor()  #! TRK009 "weights of `efficientnet_b0`"
    learn(timm.create_model("efficientnet_b0", pretrained=True), [fourth])
    halves = transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))  #! TRK009 "the statistics of ImageNet"
    learn(models.vgg16(pretrained=True), [*SIZED, halves])

    ours = models.densenet121(pretrained=True)
    ours.classifier = nn.Linear(1024, 101)
    sixth = transforms.ToTensor()  #! TRK009 "weights of `densenet121`"
    learn(ours, [sixth])

    # Right.
    learn(models.resnet18(pretrained=True), [*SIZED, IMAGENET])
    learn(models.resnet18(pretrained=True), [transforms.ToTensor(), transforms.Normalize(0.45, 0.225)])
    learn(models.resnet18(pretrained=True), [transforms.ToTensor(), own])
    learn(models.resnet18(pretrained=True), [ResNet50_Weights.DEFAULT.transforms()])
    learn(models.resnet18(), [transforms.ToTensor()])
    learn(models.resnet18(weights=None), [transforms.ToTensor()])
    learn(models.resnet18(pretrained=own.pretrained), [transforms.ToTensor()])
    learn(timm.create_model("efficientnet_b0", pretrained=False), [transforms.ToTensor()])
    inception = transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    learn(timm.create_model("efficientnet_b0", pretrained=True), [transforms.ToTensor(), inception])
    large = transforms.Normalize(0.5, 0.5)
    learn(models.efficientnet_v2_l(weights="DEFAULT"), [transforms.ToTensor(), large])
    learn(Scaling(), [transforms.ToTensor()])
    trained = models.resnet18(pretrained=True)
    trained.load_state_dict(torch.load(path))
    learn(trained, [transforms.ToTensor()])
    gray = models.resnet18(pretrained=True)
    gray.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    learn(gray, [transforms.ToTensor()])
    first = models.vgg16(pretrained=True)
    first.features[0] = nn.Conv2d(1, 64, kernel_size=3, padding=1)
    learn(first, [transforms.ToTensor()])
    learn(timm.create_model("resnet18", pretrained=True, in_chans=1), [transforms.ToTensor()])
    restored = Classifier()
    if own.resume:
        restored.load_state_dict(torch.load(path))
    learn(restored, [transforms.ToTensor()])


def predict(image):
    """Weights as they are, nothing is learned."""
    model = models.resnet50(weights=models.ResNet50_Weights.IMAGENET1K_V2).eval()
    with torch.no_grad():
        return model(image.unsqueeze(0)).argmax(1)


def recognize(path):
    from PIL import Image

    image = transforms.ToTensor()(Image.open(path).convert("RGB"))  #! TRK009 "weights of `resnet50`"
    return predict(image)


def recognize_right(path):
    from PIL import Image

    image = transforms.ToTensor()(Image.open(path).convert("RGB"))
    return predict(IMAGENET(image))

from torch.utils.data import DataLoader
from torchvision import datasets, transforms

train_transform = transforms.Compose(
    [
        transforms.RandomRotation(10),
        transforms.ToTensor(),  # 0..1
    ]
)
one_line = transforms.Compose([transforms.ToTensor()])
crops = transforms.Compose([transforms.RandomResizedCrop(28, scale=(0.8, 1.0)), transforms.ToTensor()])
loader = DataLoader(datasets.MNIST("data", transform=train_transform), batch_size=4, shuffle=True)
kana = datasets.KMNIST("data", transform=crops)
svhn = datasets.SVHN("data", transform=one_line)
for images, labels in loader:
    print(images.shape, labels, kana[0][0].shape, svhn[0][0].shape)

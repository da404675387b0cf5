"""Character models, translation, segmentation, detection heads."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CharLSTM(nn.Module):
    def __init__(self, vocab=12, hidden=16):
        super().__init__()
        self.embed = nn.Embedding(vocab, hidden)
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, vocab)
        self.softmax = nn.Softmax(dim=2)

    def forward(self, x, h=None):
        out, h = self.lstm(self.embed(x), h)
        out = self.fc(out)
        return self.softmax(out), h


class NameClassifier(nn.Module):
    """The well-known lesson: LogSoftmax and NLLLoss, right."""

    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.hidden_size = n_hidden
        self.i2h = nn.Linear(n_in + n_hidden, n_hidden)
        self.i2o = nn.Linear(n_in + n_hidden, n_out)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, x, hidden):
        combined = torch.cat((x, hidden), 1)
        return self.softmax(self.i2o(combined)), self.i2h(combined)


class AttnDecoder(nn.Module):
    """Softmax over the encoder positions, logits out: right."""

    def __init__(self, hidden=16, vocab=12, max_length=5):
        super().__init__()
        self.embedding = nn.Embedding(vocab, hidden)
        self.attn = nn.Linear(hidden * 2, max_length)
        self.out = nn.Linear(hidden * 2, vocab)

    def forward(self, token, hidden, encoder_outputs):
        e = self.embedding(token)
        weights = F.softmax(self.attn(torch.cat((e, hidden), 1)), dim=1)
        applied = torch.bmm(weights.unsqueeze(1), encoder_outputs).squeeze(1)
        return self.out(torch.cat((e, applied), 1)), weights


class Generator(nn.Module):
    def __init__(self, d_model=16, vocab=12):
        super().__init__()
        self.proj = nn.Linear(d_model, vocab)

    def forward(self, x):
        return F.log_softmax(self.proj(x), dim=-1)


class SegNet(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, padding=1)
        self.head = nn.Conv2d(8, classes, 1)

    def forward(self, x):
        x = F.relu(self.down(x))
        return torch.softmax(self.head(x), dim=1)


class SegNetRight(nn.Module):
    def __init__(self, classes=3):
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, padding=1)
        self.head = nn.Conv2d(8, classes, 1)

    def forward(self, x):
        return self.head(F.relu(self.down(x)))


def train_chars(steps=2):
    model = CharLSTM()
    loss_function = nn.CrossEntropyLoss()
    for _ in range(steps):
        x = torch.randint(0, 12, (4, 7))
        output, _ = model(x)
        loss = loss_function(output.view(-1, 12), x.view(-1))  #! TRK004 "`loss_function`"
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        loss.backward()


def train_chars_transposed(steps=2):
    model = CharLSTM()
    loss_function = nn.CrossEntropyLoss(ignore_index=0)
    for _ in range(steps):
        x = torch.randint(0, 12, (4, 7))
        output, _ = model(x)
        loss = loss_function(output.transpose(1, 2), x)  #! TRK004 "`loss_function`"
        loss.backward()


def train_names():
    rnn = NameClassifier(6, 8, 3)
    criterion = nn.NLLLoss()
    hidden = torch.zeros(1, 8)
    for letter in torch.randn(5, 1, 6):
        output, hidden = rnn(letter, hidden)
    loss = criterion(output, torch.tensor([1]))
    loss.backward()


def train_names_with_cross_entropy():
    rnn = NameClassifier(6, 8, 3)
    criterion = nn.CrossEntropyLoss()
    hidden = torch.zeros(1, 8)
    output, hidden = rnn(torch.randn(1, 6), hidden)
    loss = criterion(output, torch.tensor([1]))  #! TRK004 "redundant"
    loss.backward()


def train_attention():
    decoder = AttnDecoder()
    criterion = nn.CrossEntropyLoss()
    encoder_outputs = torch.randn(4, 5, 16)
    hidden = torch.zeros(4, 16)
    logits, weights = decoder(torch.randint(0, 12, (4,)), hidden, encoder_outputs)
    loss = criterion(logits, torch.randint(0, 12, (4,)))
    loss.backward()
    print(weights.shape)


def label_smoothing_kl():
    """KLDivLoss takes log-probabilities: right."""
    generator = Generator()
    criterion = nn.KLDivLoss(reduction="sum")
    log_probs = generator(torch.randn(4, 16))
    target = torch.full((4, 12), 0.1 / 11)
    loss = criterion(log_probs, target)
    loss.backward()


def train_segmentation():
    net = SegNet()
    weight = torch.tensor([0.2, 1.0, 1.0])
    criterion = nn.CrossEntropyLoss(weight=weight, ignore_index=255)
    for _ in range(2):
        images, masks = torch.randn(2, 3, 8, 8), torch.randint(0, 3, (2, 8, 8))
        loss = criterion(net(images), masks)  #! TRK004 "`criterion`"
        loss.backward()


def train_segmentation_right():
    net = SegNetRight()
    criterion = nn.CrossEntropyLoss()
    for _ in range(2):
        images, masks = torch.randn(2, 3, 8, 8), torch.randint(0, 3, (2, 8, 8))
        masks_pred = net(images)
        loss = criterion(masks_pred, masks)
        probs = F.softmax(masks_pred, dim=1).float()
        onehot = F.one_hot(masks, 3).permute(0, 3, 1, 2).float()
        loss = loss + 1 - 2 * (probs * onehot).sum() / (probs.sum() + onehot.sum())
        loss.backward()


def hungarian_matching():
    """The probabilities make a cost, the loss reads logits: right."""
    logits = nn.Linear(16, 5)(torch.randn(10, 16))
    labels = torch.randint(0, 5, (3,))
    cost = -logits.softmax(-1)[:, labels]
    rows = cost.argmin(dim=0)
    return F.cross_entropy(logits[rows], labels)


def language_model(steps=2):
    """Sampling needs the probabilities, the loss does not: right."""
    model = nn.Sequential(nn.Embedding(12, 16), nn.Linear(16, 12))
    for _ in range(steps):
        x = torch.randint(0, 12, (4, 7))
        logits = model(x)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), x.view(-1))
        loss.backward()
    probs = F.softmax(logits[:, -1, :] / 0.8, dim=-1)
    return torch.multinomial(probs, num_samples=1)


if __name__ == "__main__":
    train_chars()
    train_chars_transposed()
    train_names()
    train_names_with_cross_entropy()
    train_attention()
    label_smoothing_kl()
    train_segmentation()
    train_segmentation_right()
    hungarian_matching()
    language_model()

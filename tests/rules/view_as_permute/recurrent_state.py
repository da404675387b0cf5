"""The last state of an LSTM, and sequence or batch first."""

import torch
import torch.nn as nn


class LastStateByView(nn.Module):
    """h_n is (layers * directions, batch, hidden): the view mixes the samples."""

    def __init__(self, n_in, hidden, layers, n_out):
        super().__init__()
        self.hidden = hidden
        self.layers = layers
        self.lstm = nn.LSTM(n_in, hidden, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(hidden * layers, n_out)

    def forward(self, x):
        out, (h_n, c_n) = self.lstm(x)
        h = h_n.view(x.size(0), -1)  #! TRK006 "view"
#           ^^^^^^^^^^^^^^^^^^^^^^^
        return self.fc(h)


class LastStateRight(nn.Module):
    def __init__(self, n_in, hidden, layers, n_out):
        super().__init__()
        self.lstm = nn.LSTM(n_in, hidden, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(hidden * layers, n_out)

    def forward(self, x):
        out, (h_n, c_n) = self.lstm(x)
        h = h_n.transpose(0, 1).reshape(x.size(0), -1)
        return self.fc(h)


class TopLayerRight(nn.Module):
    """Only the top layer is taken, so there is nothing to mix."""

    def __init__(self, n_in, hidden, layers, n_out):
        super().__init__()
        self.lstm = nn.LSTM(n_in, hidden, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(hidden, n_out)

    def forward(self, x):
        out, (h_n, c_n) = self.lstm(x)
        return self.fc(h_n[-1]), self.fc(out[:, -1, :]), self.fc(out[:, -1])


class SingleLayerSqueezed(nn.Module):
    """One layer, one direction: an axis of length one can go anywhere."""

    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(n_in, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, n_out)

    def forward(self, x):
        _, (h_n, _) = self.lstm(x)
        h = h_n.view(-1, self.hidden)
        return self.fc(h), self.fc(h_n.view(x.size(0), self.hidden)), self.fc(h_n.squeeze(0))


class BidirectionalByView(nn.Module):
    def __init__(self, n_in, hidden, n_out):
        super().__init__()
        self.hidden = hidden
        self.gru = nn.GRU(n_in, hidden, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(2 * hidden, n_out)

    def forward(self, x):
        batch_size = x.size(0)
        _, h_n = self.gru(x)
        h = h_n.view(batch_size, 2 * self.hidden)  #! TRK006 "view"
        return self.fc(h)


class BidirectionalRight(nn.Module):
    """layers and directions split first, then the two directions side by side."""

    def __init__(self, n_in, hidden, n_out, layers=2):
        super().__init__()
        self.hidden = hidden
        self.layers = layers
        self.gru = nn.GRU(n_in, hidden, layers, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(2 * hidden, n_out)

    def forward(self, x):
        batch_size = x.size(0)
        _, h_n = self.gru(x)
        h_n = h_n.view(self.layers, 2, batch_size, self.hidden)
        last = h_n[-1]
        return self.fc(torch.cat([last[0], last[1]], dim=1))


class TimeFirstOutput(nn.Module):
    """The output is (time, batch, hidden), read as if it were batch first."""

    def __init__(self, n_in, hidden):
        super().__init__()
        self.hidden = hidden
        self.rnn = nn.RNN(n_in, hidden)

    def forward(self, x: torch.Tensor):
        seq_len, batch, _ = x.shape
        out, _ = self.rnn(x)
        wrong = out.view(batch, seq_len, self.hidden)  #! TRK006 "view"
        right = out.permute(1, 0, 2)
        flat = out.view(seq_len * batch, self.hidden)
        return wrong, right, flat


class CharModel(nn.Module):
    """Right: every step of every sample is one row."""

    def __init__(self, vocab, hidden):
        super().__init__()
        self.hidden = hidden
        self.embed = nn.Embedding(vocab, hidden)
        self.lstm = nn.LSTM(hidden, hidden, 2, batch_first=True)
        self.fc = nn.Linear(hidden, vocab)

    def forward(self, tokens):
        b, t = tokens.shape
        out, state = self.lstm(self.embed(tokens))
        flat = out.contiguous().view(-1, self.hidden)
        logits = self.fc(flat)
        return logits.view(b, t, -1), state


class TimeDistributed(nn.Module):
    """Right: the time axis folded into the batch and unfolded again."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        n, t = x.size(0), x.size(1)
        y = self.module(x.reshape(n * t, *x.shape[2:]))
        return y.reshape(n, t, *y.shape[1:])


class VideoModel(nn.Module):
    """Frames through a 2d network: right, then wrong."""

    def __init__(self):
        super().__init__()
        self.cnn = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, clip: torch.Tensor):
        b, t, c, h, w = clip.shape
        feat = self.cnn(clip.view(b * t, c, h, w))
        return feat.view(b, t, 4, h, w)

    def forward_wrong(self, clip: torch.Tensor):
        """Here the channels stand before the time, and the view mixes them."""
        b, c, t, h, w = clip.shape
        return self.cnn(clip.view(b * t, c, h, w))  #! TRK006 "view"

    def forward_repaired(self, clip: torch.Tensor):
        b, c, t, h, w = clip.shape
        return self.cnn(clip.permute(0, 2, 1, 3, 4).reshape(b * t, c, h, w))


if __name__ == "__main__":
    x = torch.randn(4, 7, 5)
    LastStateByView(5, 6, 2, 3)(x)
    LastStateRight(5, 6, 2, 3)(x)
    TopLayerRight(5, 6, 2, 3)(x)
    SingleLayerSqueezed(5, 6, 3)(x)
    BidirectionalByView(5, 6, 3)(x)
    BidirectionalRight(5, 6, 3)(x)
    TimeFirstOutput(5, 6)(x)
    CharModel(11, 6)(torch.randint(0, 11, (4, 7)))
    TimeDistributed(nn.Linear(5, 2))(x)
    VideoModel()(torch.randn(2, 4, 3, 8, 9))
    VideoModel().forward_wrong(torch.randn(2, 3, 4, 8, 9))

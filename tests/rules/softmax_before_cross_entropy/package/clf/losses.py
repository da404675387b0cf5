from torch import nn


class SmoothedLoss(nn.Module):
    """A loss of one's own around cross entropy."""

    def __init__(self, eps=0.1):
        super().__init__()
        self.ce = nn.CrossEntropyLoss(label_smoothing=eps)

    def forward(self, scores, target):
        return self.ce(scores, target)  #! TRK004 "`self.ce`"

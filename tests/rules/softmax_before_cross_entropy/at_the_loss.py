"""Everything that can happen close to the loss call."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn import CrossEntropyLoss
from torch.nn.functional import cross_entropy, softmax
from torch.nn.functional import cross_entropy as xent


def spelled_out(model, x, y):
    logits = model(x)
    return F.cross_entropy(F.softmax(logits, dim=1), y)  #! TRK004 "cross_entropy"
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^


def imported_names(model, x, y):
    return cross_entropy(softmax(model(x), dim=-1), y)  #! TRK004 "cross_entropy"


def renamed(model, x, y):
    probabilities = torch.softmax(model(x), -1)
    return xent(probabilities, y)  #! TRK004 "xent"


def keyword_arguments(model, x, y):
    return F.cross_entropy(target=y, input=model(x).softmax(1))  #! TRK004 "cross_entropy"


def weighted(model, x, y, weights):
    criterion = CrossEntropyLoss(weight=weights)
    return criterion(torch.softmax(model(x), dim=1), y)  #! TRK004 "`criterion`"


def smoothed(model, x, y):
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1, reduction="sum")
    pred = nn.Softmax(dim=1)(model(x))
    return criterion(pred, y)  #! TRK004 "`criterion`"


def smoothed_right(model, x, y):
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1, reduction="sum")
    return criterion(model(x), y)


def reshaped_probabilities(model, tokens, targets):
    """Order-only operations keep the range."""
    probs = F.softmax(model(tokens), dim=-1)
    flat = probs.view(-1, probs.size(-1))
    return F.cross_entropy(flat, targets.view(-1))  #! TRK004 "cross_entropy"


def permuted_probabilities(model, images, masks):
    """Segmentation: softmax over the channel axis."""
    out = torch.softmax(model(images), dim=1)
    out = out.permute(0, 2, 3, 1).reshape(-1, out.shape[1])
    return F.cross_entropy(out, masks.reshape(-1))  #! TRK004 "cross_entropy"


def indexed(model, x, y, keep):
    probs = model(x).softmax(dim=1)
    return F.cross_entropy(probs[keep], y[keep])  #! TRK004 "cross_entropy"


def moved(model, x, y, device):
    probs = model(x).softmax(dim=1).to(device).float().contiguous()
    return F.cross_entropy(probs, y)  #! TRK004 "cross_entropy"


def in_one_branch_only(model, x, y, use_softmax):
    """Who calls this decides, so nothing is certain."""
    out = model(x)
    if use_softmax:
        out = F.softmax(out, dim=1)
    return F.cross_entropy(out, y)


def in_both_branches(model, x, y, hard):
    if hard:
        out = F.softmax(model(x) * 10, dim=1)
    else:
        out = F.softmax(model(x), dim=1)
    return F.cross_entropy(out, y)  #! TRK004 "cross_entropy"


def normalise(scores):
    return F.softmax(scores, dim=1)


def through_a_helper(model, x, y):
    return F.cross_entropy(normalise(model(x)), y)  #! TRK004 "cross_entropy"


def through_a_flag_off(model, x, y):
    return F.cross_entropy(maybe_normalise(model(x)), y)


def through_a_flag_on(model, x, y):
    return F.cross_entropy(maybe_normalise(model(x), apply_softmax=True), y)  #! TRK004 "cross_entropy"


def maybe_normalise(scores, apply_softmax=False):
    if apply_softmax:
        scores = torch.softmax(scores, dim=1)
    return scores


def redundant_log(model, x, y):
    return F.cross_entropy(F.log_softmax(model(x), dim=1), y)  #! TRK004 "redundant"


def redundant_log_method(model, x, y):
    criterion = nn.CrossEntropyLoss()
    out = model(x).log_softmax(dim=1)
    return criterion(out, y)  #! TRK004 "redundant"


def log_of_softmax_into_nll(model, x, y):
    return F.nll_loss(torch.log(F.softmax(model(x), dim=1) + 1e-8), y)


def negative_log_likelihood(model, x, y):
    logp = F.log_softmax(model(x), dim=1)
    return F.nll_loss(logp, y)


def temperature(model, x, y, t=2.0):
    """Logits divided by a temperature are still logits."""
    return F.cross_entropy(model(x) / t, y)


def own_cross_entropy(pred, target):
    """Another function of the same name, by hand, over probabilities: right."""
    return -torch.log(pred.gather(1, target.unsqueeze(1)) + 1e-8).mean()


def with_own_cross_entropy(model, x, y):
    criterion = own_cross_entropy
    return criterion(F.softmax(model(x), dim=1), y)


def binary(model, x, y):
    """Other losses take probabilities."""
    p = torch.softmax(model(x), dim=1)
    bce = nn.BCELoss()
    return bce(p[:, 1], y.float().clamp(0, 1)) + F.mse_loss(p, F.one_hot(y, p.size(1)).float())

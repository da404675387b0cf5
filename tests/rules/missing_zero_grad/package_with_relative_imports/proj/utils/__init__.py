from .optim import make_optimizer
from .steps import finish

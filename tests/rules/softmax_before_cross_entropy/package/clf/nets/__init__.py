from .heads import ClassificationHead
from .wide import WideNet

__all__ = ["ClassificationHead", "WideNet"]

"""tricklint finds the silent mistakes in PyTorch training code."""

__version__ = "0.1.0"

"""Where torch is taken hold of: one file for each part of it."""

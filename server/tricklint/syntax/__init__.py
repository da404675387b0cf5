"""Text to tree: documents, pieces, leaves, and the compact IR that the interpreter reads."""

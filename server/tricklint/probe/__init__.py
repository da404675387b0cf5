"""Runs the user's own script on one batch, in another process, and says what came of it."""

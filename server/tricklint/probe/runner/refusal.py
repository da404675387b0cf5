"""What the probe does not run."""

from __future__ import annotations


class Refused(Exception):
    """The probe does not run such a script; the message says why."""

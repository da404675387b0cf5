"""Which scripts a person has agreed to have run, remembered for the next time."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress


def is_known(script: str) -> bool:
    """Whether this script was probed before."""
    with suppress(OSError), open(_place(), encoding="ascii") as file:
        return _key(script) in file.read().split()
    return False


def remember(script: str) -> None:
    """Whoever agreed once is not asked again."""
    with suppress(OSError):
        os.makedirs(os.path.dirname(_place()), mode=0o700, exist_ok=True)
        with open(_place(), "a", encoding="ascii") as file:
            file.write(_key(script) + "\n")


def _key(script: str) -> str:
    return hashlib.sha256(os.path.abspath(script).encode("utf-8", "replace")).hexdigest()


def _place() -> str:
    if sys.platform == "darwin":
        folder = os.path.expanduser("~/Library/Application Support")
    elif sys.platform == "win32":
        folder = os.environ.get("APPDATA") or os.path.expanduser("~")
    else:
        folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(folder, "tricklint", "probed")

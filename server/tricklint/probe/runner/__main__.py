"""`python FOLDER JOB` runs what the job says."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

# No name that a user's module could have: their `events.py` is not ours.
_NAME = "_tricklint_probe"


def start() -> None:
    """Import this folder as a package of that name, and run the job."""
    folder = os.path.dirname(os.path.abspath(__file__))
    # Python puts this folder first; its files would hide modules of the user.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != folder]
    spec = importlib.util.spec_from_file_location(
        _NAME, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    sys.modules[_NAME] = importlib.util.module_from_spec(spec)
    importlib.import_module(f"{_NAME}.running").main(sys.argv[1])


if __name__ == "__main__":
    start()

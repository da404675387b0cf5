"""Starts the bundled server: `python -I -S launcher.py`.

The bundled packages come first on the path, before anything that the interpreter brings along, so that another
version of one of them cannot take its place.  `-I` keeps the current folder, the script's folder and the user's
site-packages off the path; without it this program refuses to go on, because a file of an opened folder could
then be imported in place of a module.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Put the bundled packages first and hand over to the command line."""
    if not sys.flags.isolated:
        sys.stderr.write("the tricklint launcher must be started with python -I\n")
        return 2
    sys.path.insert(0, str(Path(__file__).resolve().parent / "libs"))
    from tricklint.lsp.server import main as serve  # Only importable now.

    return serve()


if __name__ == "__main__":
    sys.exit(main())

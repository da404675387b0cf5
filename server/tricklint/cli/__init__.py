"""The command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the result is the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["server"]:
        # An editor's extension brings the server along without the command line's libraries.
        from tricklint.lsp.server import main as serve

        return serve()
    from tricklint.cli.app import run

    return run(arguments)

"""`python -m tricklint` is `tricklint`."""

from __future__ import annotations

import sys

from tricklint.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""What the addresses of the editor mean."""

from __future__ import annotations

import os
from urllib.parse import quote

from pygls.uris import to_fs_path


def path_of(uri: str) -> str:
    """The absolute path behind an address; a text without a file gets one of its own."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return path or "/" + quote(uri, safe="")


def is_settings(path: str) -> bool:
    """Whether a file may hold settings of ours."""
    # The loop does not wait for what it needs once a text is open.
    from tricklint.settings import FILE_NAMES

    return os.path.basename(path) in FILE_NAMES

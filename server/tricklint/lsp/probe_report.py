"""The pages about probes, for editors that show no events themselves."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import tempfile

from tricklint import files
from tricklint.draft import Draft
from tricklint.files import UnreadableError
from tricklint.probe.outcome import Outcome

log = logging.getLogger(__name__)


class Reports:
    """One page for each script, in a folder that nobody else can write to."""

    def __init__(self) -> None:
        self._folder = ""

    def write(self, outcome: Outcome, script: str) -> str | None:
        """Write the page and tell where it is; None where that is not possible."""
        from tricklint.report import probe_html

        name = hashlib.sha256(script.encode("utf-8", "replace")).hexdigest()[:12]
        try:
            self._folder = self._folder or tempfile.mkdtemp(prefix="tricklint-report-")
            path = os.path.join(self._folder, f"{name}.html")
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(probe_html.render(outcome, _look, script))
        except OSError as error:
            log.warning("no report: %s", error)
            return None
        return path

    def remove(self) -> None:
        """Take all pages away."""
        if self._folder:
            with contextlib.suppress(OSError):
                shutil.rmtree(self._folder)


def _look(path: str) -> Draft | None:
    try:
        return Draft.of(path, files.read(path).text)
    except UnreadableError:
        return None

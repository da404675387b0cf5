"""The files of one run, each with the project and the engine that judge it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tricklint.cli.pages import all_pages
from tricklint.draft import Draft
from tricklint.engine import Engine
from tricklint.files import Source, UnreadableError, decode, encode, write
from tricklint.finding import Finding
from tricklint.project import Project, Projects
from tricklint.settings import Settings
from tricklint.workspace import Workspace


@dataclass(slots=True)
class File:
    """A file that is checked.  The draft is its present state, the source that on disk."""

    path: str
    source: Source
    draft: Draft
    project: Project
    workspace: Workspace
    engine: Engine

    def change(self, draft: Draft) -> None:
        """Let another text count."""
        self.draft = draft
        self.workspace.open(self.path, draft.text, draft.cells)

    def encoded(self) -> bytes:
        """The present state as the file would hold it."""
        return encode(self.source, self.draft.raw)

    def save(self) -> None:
        """Write the present state; ChangedError says why not."""
        write(self.path, self.encoded(), self.source.digest, self.project.root)


class Session:
    """Opens files, and knows their texts afterwards."""

    def __init__(self, adjust: Callable[[Settings], Settings], folders: Collection[str]) -> None:
        """`adjust` lays the options of the command over the settings of a project."""
        self.projects = Projects([page.rule for page in all_pages()], adjust, folders)
        self.files: dict[str, File] = {}
        self._engines: dict[int, tuple[Workspace, Engine]] = {}

    def open(self, path: str) -> File:
        """A file on disk; UnreadableError says why not."""
        file = self._take(path, self.projects.of(path).source(path))
        # A module is read by the workspace itself, perhaps long ago for another one's import.
        if file.draft.notebook:
            file.change(file.draft)
        return file

    def open_input(self, path: str, data: bytes) -> File:
        """A text that is not on disk, as if it were there."""
        file = self._take(path, decode(path, data))
        file.change(file.draft)
        return file

    def look(self, path: str) -> Draft | None:
        """The text of any file, for a report that points into it."""
        if path in self.files:
            return self.files[path].draft
        try:
            return self.projects.of(path).draft(path)
        except UnreadableError:
            return None

    def counts(self, finding: Finding) -> bool:
        """Whether a finding makes the check fail."""
        settings = self.projects.of(finding.span.path).settings
        return finding.severity.rank <= settings.fail_on.rank

    def _take(self, path: str, source: Source) -> File:
        draft = Draft.of(path, source.text)
        project = self.projects.of(path)
        if id(project) not in self._engines:
            workspace = Workspace((project.root,), project.read, project.files)
            self._engines[id(project)] = (workspace, Engine(workspace, project.settings))
        file = self.files[path] = File(path, source, draft, project, *self._engines[id(project)])
        return file

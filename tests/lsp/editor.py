"""A small editor for the tests: it keeps its texts the way the protocol counts, and applies edits.

It is written against the protocol alone, so that it cannot share a mistake with the server.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

from wire import Message, Wire

SERVER = (sys.executable, "-m", "tricklint", "server")
PROFILES = {
    "vscode": "visual_studio_code_v1.65.2.json",
    "neovim": "neovim_v0.11.0.json",
    "emacs": "emacs_v29.1.json",
}
ZERO = {"line": 0, "character": 0}
_LINE_END = re.compile(r"\r\n|\n|\r")


class Editor:
    """One editor with one server."""

    def __init__(self, folder: Path, profile: str = "vscode", options: object = None) -> None:
        """Start the server and shake hands; the options are those of its initialization."""
        self._options = options
        self.wire = Wire(SERVER, folder)
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.capabilities = recorded_capabilities(profile)
        result = self.wire.request("initialize", self._introduction())
        self.server: dict[str, Any] = result["capabilities"]
        self.encoding: str = self.server.get("positionEncoding", "utf-16")
        self.wire.notify("initialized", {})

    def uri(self, name: str) -> str:
        """The address of a file in the folder."""
        return (self.folder / name).as_uri()

    def open(self, uri: str, text: str) -> None:
        """Show a text."""
        self.texts[uri], self.versions[uri] = text, 1
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.wire.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, start: int, end: int, new: str) -> None:
        """Replace what lies between two offsets of the text."""
        old = self.texts[uri]
        where = {"start": self.place(old, start), "end": self.place(old, end)}
        self._change(uri, [{"range": where, "text": new}])
        self.texts[uri] = old[:start] + new + old[end:]

    def replace(self, uri: str, text: str) -> None:
        """Send a whole new text."""
        self._change(uri, [{"text": text}])
        self.texts[uri] = text

    def close(self, uri: str) -> None:
        """Close the text."""
        del self.texts[uri], self.versions[uri]
        self.wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str, timeout: float = 60) -> list[Message]:
        """The first diagnostics that are for the text as it is now."""
        version = self.versions.get(uri)

        def wanted(message: Message) -> bool:
            params = message.get("params", {})
            is_ours = message.get("method") == "textDocument/publishDiagnostics"
            return is_ours and params["uri"] == uri and params.get("version") in (version, None)

        return self.wire.wait_for(wanted, timeout)[1]["params"]["diagnostics"]

    def settled(self, uri: str) -> list[Message]:
        """The diagnostics that are shown once there is nothing left to be found out."""
        self.listed(uri, {"start": ZERO, "end": ZERO}, "refactor")
        return self.wire.published[uri]

    def listed(
        self, uri: str, where: Message, only: str = "quickfix", trigger: int = 1
    ) -> list[Message]:
        """The code actions of a kind for a range, as the server lists them."""
        context = {"diagnostics": [], "only": [only], "triggerKind": trigger}
        params = {"textDocument": {"uri": uri}, "range": where, "context": context}
        return self.wire.request("textDocument/codeAction", params) or []

    def actions(self, uri: str, diagnostic: Message) -> list[Message]:
        """The quick fixes at a diagnostic, with their edits."""
        return [self.resolve(one) for one in self.listed(uri, diagnostic["range"])]

    def resolve(self, action: Message) -> Message:
        """A listed action with its edit, which this kind of editor may have to ask for."""
        return action if "edit" in action else self.wire.request("codeAction/resolve", action)

    def fix(self, uri: str, diagnostic: Message) -> Message:
        """The quick fix that repairs; behind it there are those that ignore."""
        repairs, *ignores = self.actions(uri, diagnostic)
        assert ignores
        assert all(one["title"].startswith("Ignore ") for one in ignores)
        assert not any("isPreferred" in one for one in ignores)
        return repairs

    def hover(self, uri: str, position: Message) -> Message | None:
        """What is shown when the mouse rests at a place."""
        params = {"textDocument": {"uri": uri}, "position": position}
        return self.wire.request("textDocument/hover", params)

    def lenses(self, uri: str) -> list[Message]:
        """The lines that are shown above the code."""
        params = {"textDocument": {"uri": uri}}
        return self.wire.request("textDocument/codeLens", params) or []

    def click(self, lens: Message) -> list[Message]:
        """Run the command of a lens; the result are the edits that the server wants applied."""
        before = len(self.wire.requests_of_server)
        command = {key: lens["command"][key] for key in ("command", "arguments")}
        self.wire.request("workspace/executeCommand", command)
        return [
            one["params"]["edit"]
            for one in self.wire.requests_of_server[before:]
            if one["method"] == "workspace/applyEdit"
        ]

    def apply(self, edit: Message) -> None:
        """Apply a workspace edit, with the refusals that the protocol asks for."""
        for change in edit.get("documentChanges", []):
            document = change["textDocument"]
            assert document["version"] in (None, self.versions[document["uri"]]), "stale edit"
            self._apply(document["uri"], change["edits"])
        for uri, edits in edit.get("changes", {}).items():
            self._apply(uri, edits)

    def underlined(self, uri: str, diagnostic: Message) -> str:
        """The text under a diagnostic."""
        text = self.texts[uri]
        where = diagnostic["range"]
        return text[self.offset(text, where["start"]) : self.offset(text, where["end"])]

    def place(self, text: str, offset: int) -> Message:
        """An offset as line and units."""
        lines = _LINE_END.split(text[:offset])
        return {"line": len(lines) - 1, "character": self._units(lines[-1])}

    def offset(self, text: str, place: Message) -> int:
        """The inverse of `place`."""
        starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        start = starts[place["line"]]
        units = 0
        for length, character in enumerate(text[start:]):
            if units >= place["character"]:
                return start + length
            units += self._units(character)
        return len(text)

    def stop(self) -> int:
        """End in good order; the result is the server's exit status."""
        self.wire.request("shutdown")
        self.wire.notify("exit")
        return self.wire.process.wait(30)

    def _change(self, uri: str, changes: list[Message]) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        params = {"textDocument": document, "contentChanges": changes}
        self.wire.notify("textDocument/didChange", params)

    def _apply(self, uri: str, edits: list[Message]) -> None:
        text = self.texts[uri]
        # From the end to the start, so that one does not move the next.
        edits = sorted(edits, key=lambda e: self.offset(text, e["range"]["start"]))[::-1]
        self._change(uri, [{"range": one["range"], "text": one["newText"]} for one in edits])
        for edit in edits:
            start = self.offset(text, edit["range"]["start"])
            end = self.offset(text, edit["range"]["end"])
            self.texts[uri] = self.texts[uri][:start] + edit["newText"] + self.texts[uri][end:]

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32":
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode())
        return len(text.encode("utf-16-le")) // 2

    def _introduction(self) -> Message:
        folder = self.folder.as_uri()
        return {
            "processId": None,
            "rootUri": folder,
            "workspaceFolders": [{"uri": folder, "name": "w"}],
            "capabilities": self.capabilities,
            "initializationOptions": self._options,
        }


class Start(Protocol):
    """Starts an editor that behaves like a recorded one."""

    def __call__(self, profile: str = "vscode", options: object = None) -> Editor: ...


def recorded_capabilities(profile: str) -> dict[str, Any]:
    """What the real editor announced when it was recorded."""
    folder = resources.files("pytest_lsp.clients")
    recorded = json.loads(folder.joinpath(PROFILES[profile]).read_text())
    return recorded.get("capabilities", recorded)

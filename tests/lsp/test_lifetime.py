"""The server lives as long as its editor, and through whatever the editor sends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from editor import SERVER, Editor, Start
from samples import SCRIPT

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

# An editor that starts the server on the pipes of the test, so that only its process dies later.
CHILD = """
import subprocess, sys, time
server = subprocess.Popen(sys.argv[1:])
print(server.pid, file=sys.stderr, flush=True)
time.sleep(600)
"""


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < end, "the server outlives its editor"
        time.sleep(0.05)


def test_exit_after_shutdown_is_success(editor: Editor):
    assert editor.stop() == 0


def test_exit_without_shutdown_is_failure(editor: Editor):
    editor.wire.notify("exit")
    assert editor.wire.process.wait(30) == 1


def test_the_end_of_the_input_ends_the_server(editor: Editor):
    stdin = editor.wire.process.stdin
    assert stdin
    stdin.close()
    assert editor.wire.process.wait(30) == 1


def test_the_end_of_the_input_ends_the_server_in_the_middle_of_an_analysis(editor: Editor):
    editor.open(editor.uri("train.py"), SCRIPT * 500)
    stdin = editor.wire.process.stdin
    assert stdin
    stdin.close()
    assert editor.wire.process.wait(30) == 1


@POSIX_ONLY
def test_the_server_ends_with_its_editor_even_when_the_pipes_stay_open(tmp_path: Path):
    editor = subprocess.Popen(
        [sys.executable, "-c", CHILD, *SERVER],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert editor.stdin
    assert editor.stdout
    assert editor.stderr
    server = int(editor.stderr.readline())
    body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":%d,"capabilities":{}}}'
    body %= editor.pid
    editor.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    editor.stdin.flush()
    assert editor.stdout.readline().startswith(b"Content-Length")
    assert is_running(server)
    os.kill(editor.pid, signal.SIGKILL)
    wait_until_gone(server)
    with editor:  # Closes the pipes.
        pass


@pytest.mark.parametrize(
    "body",
    [
        b'{"jsonrpc": "2.0", "method"',
        b"{}",
        b"[1, 2]",
        b"null",
        b"\xff\xfe",
        b'{"jsonrpc": "1.0"}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 7}}',
        b'{"jsonrpc": "2.0", "id": 9, "method": "textDocument/hover", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 9, "method": "no/such/method"}',
        b"[" * 100_000,
    ],
)
def test_a_malformed_message_costs_itself_only(editor: Editor, body):
    editor.wire.send_raw(body)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    assert len(editor.diagnostics(uri)) == 1


def test_messages_about_texts_that_are_not_open_do_no_harm(editor: Editor):
    uri = editor.uri("never_opened.py")
    document = {"textDocument": {"uri": uri, "version": 4}}
    change = {**document, "contentChanges": [{"text": SCRIPT}]}
    editor.wire.notify("textDocument/didChange", change)
    editor.wire.notify("textDocument/didSave", document)
    editor.wire.notify("textDocument/didClose", document)
    here = {"line": 0, "character": 0}
    assert editor.hover(uri, here) is None
    diagnostic = {"range": {"start": here, "end": here}, "message": "of somebody else"}
    assert editor.actions(uri, diagnostic) == []
    assert editor.stop() == 0


def test_requests_are_answered_while_a_large_file_is_analysed(editor: Editor):
    large, small = editor.uri("large.py"), editor.uri("small.py")
    editor.open(small, SCRIPT)
    [diagnostic] = editor.diagnostics(small)
    editor.open(large, SCRIPT * 2000)
    number = editor.wire.post(
        "textDocument/hover",
        {"textDocument": {"uri": small}, "position": diagnostic["range"]["start"]},
    )

    def is_answer_or_finding(message):
        is_finding = message.get("params", {}).get("uri") == large
        return message.get("id") == number or is_finding

    _, first = editor.wire.wait_for(is_answer_or_finding)
    assert first.get("id") == number


def test_a_request_that_makes_no_sense_is_answered_with_an_error(editor: Editor):
    number = editor.wire.post("textDocument/hover", {"position": "nowhere"})
    assert editor.wire.answer(number)["error"]["code"] == -32602


def test_the_engine_is_imported_after_the_first_answer_only():
    code = "import sys, tricklint.lsp.server; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = done.stdout.split()
    assert "pygls" in modules
    assert not [name for name in modules if name in ("libcst", "tricklint.engine", "torch")]


def test_two_editors_do_not_disturb_each_other(start: Start):
    one, other = start("vscode"), start("neovim")
    for editor in (one, other):
        editor.open(editor.uri("train.py"), SCRIPT)
    for editor in (one, other):
        assert len(editor.diagnostics(editor.uri("train.py"))) == 1

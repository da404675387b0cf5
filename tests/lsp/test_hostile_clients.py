"""Whatever an editor sends: nothing is lost, the log says what was wrong, and the server goes on."""

from __future__ import annotations

import pytest
from editor import Editor, Start
from samples import SCRIPT
from wire import Message

CLEARED = SCRIPT.replace("    loss.b", "    optimizer.zero_grad()\n    loss.b")


def at(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def is_alive(editor: Editor) -> None:
    uri = editor.uri("still_here.py")
    editor.open(uri, SCRIPT)
    assert [one["code"] for one in editor.diagnostics(uri)] == ["TRK003"]


@pytest.mark.parametrize(
    "where",
    [
        {"start": at(9_999, 0), "end": at(9_999, 5)},
        {"start": at(0, 9_999), "end": at(0, 99_999)},
        {"start": at(5, 3), "end": at(2, 0)},
        {"start": at(0, 0), "end": at(2_147_483_647, 2_147_483_647)},
    ],
)
def test_an_edit_out_of_range_leaves_a_text_that_can_be_edited_on(editor: Editor, where):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    assert editor.diagnostics(uri)
    document = {"uri": uri, "version": 2}
    change = {"textDocument": document, "contentChanges": [{"range": where, "text": "x"}]}
    editor.wire.notify("textDocument/didChange", change)
    editor.versions[uri] = 2
    editor.replace(uri, CLEARED)
    assert editor.settled(uri) == []
    editor.replace(uri, SCRIPT)
    assert len(editor.settled(uri)) == 1


@pytest.mark.parametrize("version", [0, -5, 1, 2_147_483_647])
def test_a_version_that_makes_no_sense_loses_no_text(editor: Editor, version):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    assert editor.diagnostics(uri)
    change = {
        "textDocument": {"uri": uri, "version": version},
        "contentChanges": [{"text": CLEARED}],
    }
    editor.wire.notify("textDocument/didChange", change)
    assert editor.settled(uri) == []


@pytest.mark.parametrize(
    "uri",
    ["", "train.py", "http://example.org/a.py", "file:", "file:///%00", "git:/a.py?ref", "\udc80"],
)
def test_an_address_of_any_kind_is_a_text_or_none(editor: Editor, uri):
    editor.texts[uri], editor.versions[uri] = SCRIPT, 1
    editor.open(uri, SCRIPT)
    editor.lenses(uri)
    editor.listed(uri, {"start": at(0, 0), "end": at(99, 0)})
    editor.close(uri)
    is_alive(editor)


def test_a_line_of_a_million_characters_is_survived(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, f"x = '{'a' * 1_000_000}'\n{SCRIPT}")
    assert len(editor.diagnostics(uri)) == 1
    editor.change(uri, 500_000, 500_001, "b🎉")
    assert len(editor.settled(uri)) == 1


def test_a_text_that_is_closed_while_it_is_analysed_shows_nothing(editor: Editor):
    uri = editor.uri("train.py")
    for _ in range(5):
        editor.open(uri, SCRIPT * 50)
        editor.close(uri)
    is_alive(editor)
    assert editor.wire.published[uri] == []


def test_two_hundred_texts_at_once_are_all_checked(editor: Editor):
    uris = [editor.uri(f"train_{number}.py") for number in range(200)]
    for number, uri in enumerate(uris):
        editor.open(uri, SCRIPT if number % 2 else CLEARED)
    editor.wire.wait_for(lambda _: editor.wire.published.keys() >= set(uris), 120)
    found = [len(editor.wire.published[uri]) for uri in uris]
    assert found == [0, 1] * 100


def test_a_text_that_is_opened_twice_is_the_second_one(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    editor.open(uri, CLEARED)
    assert editor.settled(uri) == []
    editor.close(uri)
    is_alive(editor)


def test_a_storm_of_requests_that_are_cancelled_leaves_the_others_answered(editor: Editor):
    uri = editor.uri("large.py")
    editor.open(uri, SCRIPT * 300)
    params = {"textDocument": {"uri": uri}, "range": {"start": at(0, 0), "end": at(0, 1)}}
    params["context"] = {"diagnostics": []}
    numbers = [editor.wire.post("textDocument/codeAction", params) for _ in range(70)]
    for number in numbers[:60]:
        editor.wire.notify("$/cancelRequest", {"id": number})
    answers: dict[int, Message] = {}

    def are_all(message):
        if "method" not in message and message.get("id") in numbers:
            answers[message["id"]] = message
        return len(answers) == len(numbers)

    editor.wire.wait_for(are_all)
    assert all("result" in answers[number] for number in numbers[60:])
    cancelled = [number for number in numbers[:60] if "error" in answers[number]]
    assert all(answers[one]["error"]["code"] == -32800 for one in cancelled)
    assert len(cancelled) > 50


def test_other_requests_are_answered_while_a_large_text_is_opened_cold(start: Start):
    editor = start()
    large = editor.uri("large.py")
    editor.open(large, SCRIPT * 1_100)
    hovers = [
        editor.wire.post(
            "textDocument/hover", {"textDocument": {"uri": large}, "position": at(0, 0)}
        )
        for _ in range(20)
    ]
    seen: list[object] = []

    def is_found(message):
        seen.append(message.get("id") or message.get("method"))
        return message.get("method") == "textDocument/publishDiagnostics"

    editor.wire.wait_for(is_found)
    assert set(hovers) <= set(seen)


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (b"Content-Length: 2\r\nContent-Type: text/plain\r\n\r\n", b"{}"),
        (b"content-length: 2\r\n\r\n", b"[]"),
        (b"X-Own: 1\r\nContent-Length: 4\r\n\r\n", b"null"),
    ],
)
def test_headers_of_any_kind_are_read(editor: Editor, header, body):
    stdin = editor.wire.process.stdin
    assert stdin
    stdin.write(header + body)
    stdin.flush()
    is_alive(editor)


def test_an_answer_to_nothing_and_a_cancel_of_nothing_are_passed_over(editor: Editor):
    editor.wire.send({"id": 4711, "result": {"x": 1}})
    editor.wire.send({"id": "no-such", "error": {"code": 1, "message": "x"}})
    editor.wire.notify("$/cancelRequest", {"id": 99})
    editor.wire.notify("window/workDoneProgress/cancel", {"token": "none"})
    is_alive(editor)

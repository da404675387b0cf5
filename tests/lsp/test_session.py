"""What the editor cannot make happen on purpose: races, refused fixes, hostile names."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from concurrent.futures import Future

from lsprotocol import types
from pytest_lsp import client_capabilities
from samples import SCRIPT

from tricklint.finding import Edit, Finding, Fix, Note, Position, Safety, Severity, Span
from tricklint.lsp.actions import Offer, quick_fixes
from tricklint.lsp.client import Client, client_of
from tricklint.lsp.desk import Desk
from tricklint.lsp.pages import Page, explain
from tricklint.lsp.reports import FixQuestion, LensQuestion, Part, Report, Shown
from tricklint.lsp.session import Session

URI = "file:///project/train.py"
EVERYWHERE = types.Range(types.Position(0, 0), types.Position(99, 0))
PAGE = Page("TRK003 a-rule", "A page.", "https://example.org", is_rule=True)
HERE = Span("/project/train.py", Position(0, 0), Position(0, 3))


def vscode() -> Client:
    return client_of(client_capabilities("visual-studio-code"))


def a_session(
    publish: Callable[[Report], None] = lambda _: None,
    refresh_lenses: Callable[[], None] = lambda: None,
) -> Session:
    return Session([], vscode(), publish, refresh_lenses)


def opened(text: str = SCRIPT, version: int = 1) -> types.TextDocumentItem:
    return types.TextDocumentItem(URI, types.LanguageKind.Python, version, text)


def changed(version: int) -> types.DidChangeTextDocumentParams:
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    document = types.VersionedTextDocumentIdentifier(version, URI)
    change = types.TextDocumentContentChangePartial(start, "# new\n")
    return types.DidChangeTextDocumentParams(document, [change])


def never() -> bool:
    return False


def test_a_question_about_a_text_that_is_gone_gets_no_answer_about_the_new_one():
    session = a_session()
    session.open(opened())
    answer: Future[list[types.CodeAction]] = Future()
    session.ask(FixQuestion(URI, answer, EVERYWHERE))
    session.change(changed(2))
    assert answer.result(0) == []


def test_a_question_that_comes_before_the_findings_waits_for_them():
    session = a_session()
    session.open(opened())
    answer: Future[list[types.CodeAction]] = Future()
    session.ask(FixQuestion(URI, answer, EVERYWHERE))
    assert not answer.done()
    session.check_next(never)
    titles = [one.title for one in answer.result(0)]
    assert titles[0] == "Insert `optimizer.zero_grad()`"
    assert titles[-1] == "Ignore missing-zero-grad in this file"


def test_lenses_that_came_too_late_are_asked_for_once_more():
    refreshed: list[None] = []
    session = a_session(refresh_lenses=lambda: refreshed.append(None))
    session.open(opened())
    late: Future[list[types.CodeLens]] = Future()
    session.ask(LensQuestion(URI, late))
    late.cancel()
    assert refreshed == []
    session.check_next(never)
    assert len(refreshed) == 1
    answer: Future[list[types.CodeLens]] = Future()
    session.ask(LensQuestion(URI, answer))
    assert len(answer.result(0)) == 2
    session.files_changed(["file:///project/other.py"])
    session.check_next(never)
    assert len(refreshed) == 1


def test_an_editor_that_takes_no_edits_is_offered_no_command_for_one():
    async def run() -> list[types.CodeLens]:
        client = dataclasses.replace(vscode(), applies_edits=False)
        return await Desk(client, [], lambda _: None, lambda: None).lenses(URI)

    assert asyncio.run(run()) == []


def test_an_interrupted_check_publishes_nothing_and_stays_due():
    reports: list[Report] = []
    session = a_session(reports.append)
    session.open(opened())
    session.check_next(lambda: True)
    assert (reports, session.is_due) == ([], True)
    session.check_next(never)
    assert [report.version for report in reports] == [1]
    assert not session.is_due


def test_an_unchanged_file_is_not_published_again():
    reports: list[Report] = []
    session = a_session(reports.append)
    session.open(opened())
    session.check_next(never)
    session.files_changed(["file:///project/other.py"])
    assert session.is_due
    session.check_next(never)
    assert len(reports) == 1


def test_what_many_edits_leave_behind_is_dropped_in_a_pause():
    reports: list[Report] = []
    session = a_session(reports.append)
    session.open(opened())
    first = session._projects.engine("/project/train.py")
    for version in range(2, 502):
        session.change(changed(version))
    session.check_next(never)
    session.rest()
    assert session._projects.engine("/project/train.py") is not first
    session.check_next(never)
    # The same findings once more are no news.
    assert [report.version for report in reports] == [501]
    session.rest()
    assert not session.is_due


def test_findings_of_an_older_text_are_not_sent():
    sent: list[types.PublishDiagnosticsParams] = []

    async def run() -> None:
        desk = Desk(vscode(), [], sent.append, lambda: None)
        desk.opened(URI, 2, lambda _: None)
        desk._receive(Report(URI, 1, (Part(URI, 1, ()),)))
        assert sent == []
        desk._receive(Report(URI, 2, (Part(URI, 2, ()),)))

    asyncio.run(run())
    assert len(sent) == 1


def offered(*fixes: Fix, refused: tuple[Fix, ...] = ()) -> list[Offer]:
    finding = Finding("TRK003", "a-rule", "m", HERE, Severity.ERROR, fixes=fixes)
    shown = Shown(finding, types.Diagnostic(EVERYWHERE, "m"), PAGE)
    part = Part("file:///project/train.py", 1, (shown,))
    return list(quick_fixes(part, EVERYWHERE, lambda fix: fix not in refused, "this file"))


def fix(title: str, safety: Safety) -> Fix:
    return Fix(title, (Edit(HERE, title),), safety)


def test_a_fix_that_does_not_prove_itself_is_not_offered():
    good, bad = fix("good", Safety.SAFE), fix("bad", Safety.SAFE)
    actions = offered(bad, good, refused=(bad,))
    assert [(one.title, one.preferred) for one in actions] == [("good", True)]


def test_only_the_first_safe_fix_is_preferred_and_safe_ones_come_first():
    risky, safe, other = (
        fix("risky", Safety.UNSAFE),
        fix("safe", Safety.SAFE),
        fix("other", Safety.SAFE),
    )
    actions = offered(risky, safe, other)
    assert [one.title for one in actions] == ["safe", "other", "risky"]
    assert [one.preferred for one in actions] == [True, False, False]


def test_names_from_the_users_file_are_text_and_no_markup():
    message = "`x` <img src=a onerror=b> [click](command:evil) **bold**\n# head & ~~gone~~ | a_b"
    finding = Finding("TRK003", "a-rule", message, HERE, Severity.ERROR, (Note(HERE, "n"),))
    shown = explain(finding, PAGE, markdown=True)
    assert shown.value == (
        "**TRK003** \\`x\\` &lt;img src=a onerror=b\\> \\[click\\]\\(command:evil\\) "
        "\\*\\*bold\\*\\* \\# head &amp; \\~\\~gone\\~\\~ \\| a\\_b\n\n---\n\nA page."
    )
    plain = explain(finding, PAGE, markdown=False)
    assert plain.value.startswith(f"TRK003 {message}")

"""The probe command: from a script to an outcome, its reports and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

import click

from tricklint import notebook
from tricklint.cli.complaints import complain, complain_of_crash
from tricklint.cli.session import Session
from tricklint.files import UnreadableError
from tricklint.finding import Finding
from tricklint.notices import is_notice
from tricklint.probe import consent
from tricklint.probe.lock import BusyError
from tricklint.probe.outcome import Outcome
from tricklint.probe.request import Limits, Request, roots_of
from tricklint.probe.supervisor import run
from tricklint.probe.words import plan
from tricklint.report import probe_html, probe_json, sarif
from tricklint.report.foreign import escape
from tricklint.report.summary import shown_path

_MOST = 50  # files of the project whose static findings are taken along


@dataclass(frozen=True, slots=True)
class Options:
    """How to run, and what to write besides."""

    python: str
    module: bool
    device: str
    observe: bool
    limits: Limits
    as_json: bool
    html: str | None
    sarif: str | None
    yes: bool


def probe(script: str, arguments: tuple[str, ...], options: Options) -> int:
    """Run one probe, print what came of it, and return the exit status."""
    if os.name != "posix":
        complain("a probe needs Linux or macOS so far")
        return 2
    session = Session(lambda settings: settings, [os.getcwd()])
    try:
        request = _request(script, arguments, options, session)
    except UnreadableError as error:
        complain(str(error), script)
        return 2
    if not _agreed_to(request, options):
        return 2
    from tricklint.cli.live import Live

    live = Live()
    with live.shown():
        try:
            outcome = run(request, live.show, live.cancelled)
        except (BusyError, OSError) as error:
            complain(str(error))
            return 2
    _write(outcome, session, request, options)
    return _status(outcome, session)


def _request(
    script: str, arguments: tuple[str, ...], options: Options, session: Session
) -> Request:
    source, suspects = "", ()
    root = session.projects.of(os.path.join(os.getcwd(), "x.py")).root
    if not options.module:
        path = os.path.abspath(script)
        text = session.projects.of(path).source(path).text  # UnreadableError says why not
        root = session.projects.of(path).root
        if path.endswith(".ipynb"):
            try:
                source = notebook.parse(text).text
            except notebook.NotebookError as error:
                raise UnreadableError(str(error)) from error
            script = path
        suspects = _suspects(path, session)
    return Request(
        script=script,
        arguments=arguments,
        python=options.python,
        cwd=os.getcwd(),
        roots=roots_of(root, os.getcwd()),
        module=options.module,
        source=source,
        device=options.device,
        observe=options.observe,
        limits=options.limits,
        suspects=suspects,
    )


def _suspects(path: str, session: Session) -> tuple[Finding, ...]:
    """The static findings of the script and of the files around it."""
    beside = session.projects.below(os.path.dirname(path))
    found: list[Finding] = []
    for one in dict.fromkeys((path, *beside[:_MOST])):
        try:
            found += session.open(one).engine.check(one)
        except UnreadableError:
            continue
        except Exception as error:  # noqa: BLE001  (a mistake of ours there must not cost the run)
            complain_of_crash(one, error)
    return tuple(one for one in found if not is_notice(one))


def _agreed_to(request: Request, options: Options) -> bool:
    """The first time, say what will happen; ask, where somebody can answer."""
    if consent.is_known(request.script):
        return True
    print(plan(request, escape), file=sys.stderr)
    interactive = sys.stdin.isatty() and sys.stderr.isatty()
    if interactive and not options.yes and not click.confirm("Run it?", default=True, err=True):
        return False
    consent.remember(request.script)
    return True


def _write(outcome: Outcome, session: Session, request: Request, options: Options) -> None:
    pages: list[tuple[str | None, Callable[[], str]]] = [
        (
            options.html,
            lambda: probe_html.render(outcome, session.look, shown_path(request.script)),
        ),
        (options.sarif, lambda: sarif.render(outcome.findings, request.roots[0])),
    ]
    for path, render in pages:
        if path is None:
            continue
        try:
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(render())
        except OSError as error:
            complain(f"cannot be written: {error.strerror}", path)
    if options.as_json:
        print(probe_json.render(outcome, session.look))
        return
    from tricklint.report import probe_text  # it needs rich, which takes its time to load

    probe_text.write(outcome, session.look, sys.stdout)


def _status(outcome: Outcome, session: Session) -> int:
    """Findings count as they do for `check`; a script that could not be run is no verdict."""
    if outcome.bad or any(session.counts(finding) for finding in outcome.findings):
        return 1
    return 0 if outcome.ran else 2

"""The commands and their options; what they do is elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from tricklint import __version__
from tricklint.cli import pages
from tricklint.cli.checking import Mode, Options, Output
from tricklint.cli.checking import check as run_check
from tricklint.finding import Severity
from tricklint.settings import FAIL_LEVELS, Settings


def run(arguments: Sequence[str]) -> int:
    """Run one command; the result is the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal's encoding lacks is no reason to stop.
        stream.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    try:
        app.main(args=list(arguments), prog_name="tricklint")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def app() -> None:
    """Finds the silent mistakes in PyTorch training code."""


@app.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fix", is_flag=True, help="Apply the safe fixes.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe ones too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing.")
@click.option(
    "--select", metavar="RULES", help="Only these rules: codes, beginnings of codes, names."
)
@click.option("--ignore", metavar="RULES", help="None of these rules.")
@click.option("--preview", is_flag=True, help="Also the rules that are still being tried out.")
@click.option(
    "--output-format",
    type=click.Choice([one.value for one in Output]),
    default=Output.TEXT.value,
    show_default=True,
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_LEVELS),
    help="The least severity that makes the exit status 1.  [default: warning]",
)
@click.option("--stdin-filename", metavar="PATH", help="What the text from `-` is called.")
def check(  # noqa: PLR0913  (click hands over one argument for each option)
    paths: tuple[str, ...],
    *,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    select: str | None,
    ignore: str | None,
    preview: bool,
    output_format: str,
    fail_on: str | None,
    stdin_filename: str | None,
) -> None:
    """Check files, folders, notebooks, or `-` for standard input.

    The exit status is 0 when nothing was found, 1 when something was, and 2 when the command was
    wrong or nothing could be checked.
    """
    if fix and diff:
        raise click.UsageError("--fix and --diff exclude each other")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff")
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` cannot be checked together with other paths")

    def adjust(settings: Settings) -> Settings:
        return replace(
            settings,
            select=_rules("--select", select) or settings.select,
            ignore=(*settings.ignore, *_rules("--ignore", ignore)),
            preview=preview or settings.preview,
            fail_on=Severity(fail_on) if fail_on else settings.fail_on,
        )

    adjust(Settings())  # complains of unknown rules before anything is read
    mode = Mode.FIX if fix else Mode.DIFF if diff else Mode.REPORT
    input_name = (stdin_filename or "stdin.py") if paths == ("-",) else None
    options = Options(adjust, mode, Output(output_format), unsafe_fixes, input_name)
    sys.exit(run_check(paths or (".",), options))


@app.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Show the page of a rule, by its code or name."""
    pages.explain(rule)


@app.command()
def rules() -> None:
    """List all rules."""
    pages.list_rules()


@app.command()
def server() -> None:
    """Start the language server on standard input and output."""
    from tricklint.lsp.server import main

    sys.exit(main())


def _rules(option: str, value: str | None) -> tuple[str, ...]:
    selectors = tuple(part.strip() for part in (value or "").split(",") if part.strip())
    for selector in selectors:
        pages.require(selector, option)
    return selectors

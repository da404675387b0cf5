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
@click.argument("script")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("-m", "module", is_flag=True, help="SCRIPT is the dotted name of a module.")
@click.option("--python", default=sys.executable, metavar="PATH", help="The Python that has torch.")
@click.option(
    "--device", type=click.Choice(["cpu"]), help="What asks for CUDA gets the CPU instead."
)
@click.option("--observe", is_flag=True, help="Repeat no batch; only watch.")
@click.option(
    "--steps",
    type=click.IntRange(5, 10_000),
    default=150,
    show_default=True,
    help="How often the batch is repeated at most.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    default=180.0,
    show_default=True,
    help="Seconds after which the script is ended, whatever it does.",
)
@click.option("--memory", type=click.FloatRange(0.1), metavar="GB", help="The most it may take.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", metavar="FILE", help="Also write a page that needs no other file.")
@click.option("--sarif", metavar="FILE", help="Also write the findings as SARIF.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before the first run of a script.")
def probe(  # noqa: PLR0913  (click hands over one argument for each option)
    script: str,
    arguments: tuple[str, ...],
    *,
    module: bool,
    python: str,
    device: str | None,
    observe: bool,
    steps: int,
    timeout: float,
    memory: float | None,
    as_json: bool,
    html: str | None,
    sarif: str | None,
    yes: bool,
) -> None:
    """Run a training script on one batch, and say whether it can learn that batch.

    What the script wants as arguments stands behind `--`. Its files stay as they are. The exit
    status is 0 when all is well, 1 when something was found or the verdict is bad, and 2 when the
    command was wrong or the script could not be run.
    """
    from tricklint.cli import probing
    from tricklint.probe.request import Limits

    limits = Limits(
        seconds=timeout,
        training_seconds=min(60.0, timeout / 2),
        steps=steps,
        memory=int((memory or 0) * 1e9),
    )
    options = probing.Options(
        python, module, device or "", observe, limits, as_json, html, sarif, yes
    )
    sys.exit(probing.probe(script, arguments, options))


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

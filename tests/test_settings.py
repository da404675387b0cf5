"""Settings: what they mean, and that nothing a person writes there goes wrong silently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricklint.finding import Severity
from tricklint.settings import Reading, RuleId, Settings, read_settings

CLEAR = RuleId("TRK003", "missing-zero-grad")
VIEW = RuleId("TRK006", "view-as-permute")
RULES = (CLEAR, VIEW)


def read(text: str, path: str = "/p/tricklint.toml") -> Reading:
    reading = read_settings(path, text, RULES)
    assert reading is not None
    return reading


def problems(text: str) -> list[tuple[str, str]]:
    """What is underlined, and what is said about it."""
    lines = text.split("\n")
    return [
        (lines[one.span.start.line][one.span.start.column : one.span.end.column], one.message)
        for one in read(text).problems
    ]


def test_every_setting() -> None:
    reading = read(
        """
        select = ["TRK"]
        ignore = ["view-as-permute"]
        preview = true
        exclude = ["third_party"]
        fail-on = "error"
        [per-file-ignores]
        "tests/**" = ["TRK003"]
        [severity]
        missing-zero-grad = "hint"
        """
    )
    assert reading.problems == ()
    assert reading.settings == Settings(
        root="/p",
        select=("TRK",),
        ignore=("view-as-permute",),
        preview=True,
        exclude=("third_party",),
        fail_on=Severity.ERROR,
        per_file_ignores={"tests/**": ("TRK003",)},
        severities={"missing-zero-grad": Severity.HINT},
    )


def test_pyproject_counts_only_with_our_table() -> None:
    path = "/p/pyproject.toml"
    assert read_settings(path, "[tool.ruff]\nselect = []\n", RULES) is None
    assert read_settings(path, "[project\n", RULES) is None
    reading = read('[tool.tricklint]\nignore = ["TRK003"]\n', path)
    assert reading.settings.ignore == ("TRK003",)


@pytest.mark.parametrize(
    ("text", "underlined", "message"),
    [
        ("slect = []", "slect", "unknown setting `slect`; did you mean `select`?"),
        ("a = 1\nselect = 3", "select", "`select` has to be a list of strings"),
        ("ignore = [1]", "ignore", "`ignore` has to be a list of strings"),
        (
            'ignore = [\n  "TRK003",\n  "view-as-permut",\n]',
            '"view-as-permut"',
            "no rule is called `view-as-permut`; did you mean `view-as-permute`?",
        ),
        ('select = [""]', "select", "no rule is called ``"),
        ('preview = "yes"', "preview", "`preview` has to be true or false"),
        ('fail-on = "hint"', "fail-on", "`fail-on` has to be one of error, warning, info"),
        ("severity = 3", "severity", "`severity` has to be a table"),
        (
            '[severity]\nTRK003 = "bad"',
            "TRK003",
            "`severity.TRK003` has to be one of error, warning, info, hint",
        ),
        (
            '[per-file-ignores]\n"a/*" = "TRK003"',
            '"a/*"',
            "`per-file-ignores.a/*` has to be a list of strings",
        ),
        ("preview = true\nselect = [", "select = [", "not TOML: "),
    ],
)
def test_a_mistake_is_reported_where_it_stands(text: str, underlined: str, message: str) -> None:
    found = [one for one in problems(text) if one[1].startswith(message)]
    assert [one[0] for one in found] == [underlined]


def test_a_mistake_leaves_the_other_settings_alone() -> None:
    settings = read('fail-on = 1\nignore = ["TRK003"]').settings
    assert settings.fail_on is Severity.WARNING
    assert settings.ignore == ("TRK003",)


@given(st.text(alphabet='ab[]{}"=.,# \n\t\\select-ignore\u2028\x0c1', max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for path in ("/p/tricklint.toml", "/p/pyproject.toml"):
        reading = read_settings(path, text, RULES)
        lines = text.split("\n")
        for problem in reading.problems if reading else ():
            assert problem.span.start.line < len(lines)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        (Settings(), True),
        (Settings(select=("TRK00",)), True),
        (Settings(select=("trk003",)), True),
        (Settings(select=("missing-zero-grad",)), True),
        (Settings(select=("missing-zero",)), False),
        (Settings(select=("TRK004",)), False),
        (Settings(select=()), False),
        (Settings(ignore=("TRK",)), False),
        (Settings(select=("TRK003",), ignore=("missing-zero-grad",)), False),
    ],
)
def test_selection(settings: Settings, wanted: bool) -> None:
    assert settings.enables(CLEAR) is wanted


def test_preview_rules_are_asked_for() -> None:
    assert not Settings(select=("TRK003",)).enables(CLEAR, preview=True)
    assert Settings(preview=True).enables(CLEAR, preview=True)


def test_patterns_are_those_of_gitignore() -> None:
    settings = Settings(root="/p", per_file_ignores={"tests/": ("TRK003",), "*_old.py": ("TRK",)})
    assert settings.ignores_in("/p/tests/deep/a.py", CLEAR)
    assert not settings.ignores_in("/p/tests/deep/a.py", VIEW)
    assert settings.ignores_in("/p/src/model_old.py", VIEW)
    assert not settings.ignores_in("/p/src/model.py", VIEW)
    assert not settings.ignores_in("/elsewhere/tests/a.py", CLEAR)


def test_the_most_exact_severity_counts() -> None:
    settings = Settings(severities={"TRK0": Severity.INFO, "TRK003": Severity.ERROR})
    assert settings.severity(CLEAR, Severity.WARNING) is Severity.ERROR
    assert settings.severity(VIEW, Severity.WARNING) is Severity.INFO
    assert Settings().severity(VIEW, Severity.WARNING) is Severity.WARNING

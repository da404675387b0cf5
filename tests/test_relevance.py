"""What can matter is told by words, and nothing else is read."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricklint.engine import Engine
from tricklint.interpreter.leading import Leading, Links
from tricklint.interpreter.relevance import identifiers
from tricklint.settings import Settings
from tricklint.syntax.document import Document
from tricklint.workspace import Workspace

from .fixtures import fixtures
from .syntax.samples import MIXED, TRAINING

PATH = "/p/a.py"
LONG = "".join(f"    x{n} = {n}\n" for n in range(20))
LONGER = indent(LONG, "    ")
TEXT = f'''\
import torch


def plot(values):
    """One step of a picture; backward() is not called."""  # optimizer.step()
{LONG}    return values


class Trainer:
    def __init__(self):
        self.optimizer = torch.optim.SGD([], lr=0.1)

    def describe(self):
{LONGER}        return "nothing"

    def train(self, loss):
{LONGER}        loss.backward()
        self.optimizer.step()
'''


def read_for(text: str) -> set[str]:
    """The functions that a check of the text has read."""
    workspace = Workspace(("/p",), lambda _: None, lambda: (PATH,))
    document = workspace.open(PATH, text)
    Engine(workspace, Settings()).check(PATH)
    return {key for key, one in document.module.functions.items() if one.given is not None}


def test_a_function_that_cannot_matter_is_not_read() -> None:
    assert read_for(TEXT) == {"Trainer.__init__", "Trainer.train"}
    viewed = TEXT.replace("return values", "return values.view(3, 2)")
    assert read_for(viewed) == {"Trainer.__init__", "Trainer.train", "plot"}


@pytest.mark.parametrize(
    "text",
    [
        MIXED,
        TRAINING,
        "def f(a):\n    '''Steps a bit.'''\n    return f\"\"\"{a.step()} {b}\"\"\"\n"
        + "    # end\n" * 20,
        "def f(a):\n    return rF'''{a.step()}''' + \"it's\" # it's\n" + "    c\n" * 20,
        "def f(a):\n    return '#' + a.step\n" + "    c\n" * 20,
        *(path.read_text("utf-8") for path in fixtures()),
        *(path.read_text("utf-8") for path in sorted(Path(cst.__file__).parent.glob("_*/*.py"))),
    ],
)
def test_the_words_of_a_function_are_all_its_names(text: str) -> None:
    for definition in Document(PATH, text).module.functions.values():
        missing = set(identifiers(definition.node)) - definition.words
        assert missing == set()


def test_comments_and_docstrings_are_no_words() -> None:
    functions = Document(PATH, TEXT).module.functions
    assert functions["plot"].words.isdisjoint({"step", "backward", "optimizer", "picture"})


_NAMES = st.sampled_from("abcdefgh")
_LINKS = st.lists(st.tuples(_NAMES, st.frozensets(_NAMES, max_size=3)), max_size=3).map(tuple)


@given(st.sets(_NAMES, max_size=2), st.lists(_LINKS, min_size=1, max_size=6), st.data())
def test_names_lead_where_they_led_or_are_looked_up_again(
    words: set[str], links: list[Links], data: st.DataObject
) -> None:
    leading = Leading(words, links)
    for _ in range(3):
        changed = data.draw(st.integers(0, len(links) - 1))
        now = data.draw(_LINKS)
        stands = leading.stands(links[changed], now)
        links[changed] = now
        fresh = Leading(words, links)
        if stands:
            assert (leading.names, leading.reached) == (fresh.names, fresh.reached)
        else:
            leading = fresh

"""One run from its beginning to its end."""

from __future__ import annotations

import builtins
import importlib.util
import io
import linecache
import os
import sys
import traceback
import types
from types import CodeType
from typing import TYPE_CHECKING

from . import limits, network, redirects
from .events import PROTOCOL, Hello
from .job import Job, read
from .places import Mark, is_users
from .refusal import Refused
from .session import Done, Phase, Session

if TYPE_CHECKING:
    from types import TracebackType

_BAD_ARGUMENTS = 2  # what argparse exits with


def main(path: str) -> None:
    """Run the job that this file describes, and leave."""
    job = read(path)
    session = Session(job)
    limits.install(session)
    try:
        import torch
    except ImportError as error:
        session.channel.send(Hello(PROTOCOL, "", sys.version.split()[0], ""))
        session.finish("failed", str(error), "This Python has no torch; name another by --python.")
        return
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
    session.channel.send(Hello(PROTOCOL, torch.__version__, sys.version.split()[0], device))
    _run(session)
    sys.stdout.flush()
    sys.stderr.flush()


def _run(session: Session) -> None:
    job = session.job
    try:
        from . import watching

        watching.install(session)
        redirects.install(session)
        network.install(session)
        code, spec = _code(job)
        _execute(job, code, spec)
    except Done:
        session.finish("finished")
    except SystemExit as error:
        if error.code in (None, 0):
            session.finish("finished")
        elif error.code == _BAD_ARGUMENTS and session.phase == Phase.START:
            hint = "The script wants other arguments; they stand behind `--`."
            session.finish("failed", f"the script ended itself: exit status {error.code}", hint)
        else:
            session.finish("failed", f"the script ended itself: {error.code}")
    except StopIteration as error:
        # `next(it)` in the user's own loop, when the training was ended for them.
        if session.phase in (Phase.EVALUATION, Phase.AGAIN):
            session.finish("finished")
        else:
            _failed(session, error)
    except BaseException as error:  # noqa: BLE001  (whatever it is, it is the user's to see)
        _failed(session, error)
    else:
        session.finish("finished")


def _failed(session: Session, error: BaseException) -> None:
    if isinstance(error, Refused):
        session.finish("refused", str(error))
        return
    traceback.print_exception(type(error), error, _outside(error.__traceback__))
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    session.finish("failed", text, _hint(error, text), _innermost(error.__traceback__))


def _outside(trace: TracebackType | None) -> TracebackType | None:
    """The part of it that begins in the script; how we came to run that is nobody's concern."""
    own = os.path.dirname(os.path.abspath(__file__)) + os.sep
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(own):
        trace = trace.tb_next
    return trace


def _hint(error: BaseException, text: str) -> str:
    if network.was_tried and isinstance(error, OSError):
        return f"The script tried to reach {network.was_tried[-1]}; is there a network?"
    cuda = "CUDA" in text and ("not compiled" in text or "NVIDIA" in text or "deserialize" in text)
    if cuda:
        return "The script asks for CUDA and there is none; --device cpu runs it on the CPU."
    if isinstance(error, EOFError):
        return "Nothing is typed during a probe: standard input is empty."
    return ""


def _innermost(trace: TracebackType | None) -> Mark | None:
    found = None
    while trace is not None:
        code = trace.tb_frame.f_code
        if is_users(code.co_filename):
            found = Mark(code, trace.tb_lasti, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _code(job: Job) -> tuple[CodeType, object]:
    """The code of the script, with `sys.path` as a normal run would have it."""
    if job.module:
        sys.path.insert(0, os.getcwd())
        return _module_code(job.script)
    path = os.path.abspath(job.script)
    sys.path.insert(0, os.path.dirname(path))
    if job.source:
        # Tracebacks and places read their lines from here.
        linecache.cache[job.script] = (
            len(job.source), None, job.source.splitlines(keepends=True), job.script,
        )  # fmt: skip
        return compile(job.source, job.script, "exec", dont_inherit=True), None
    with io.open_code(path) as file:
        return compile(file.read(), job.script, "exec", dont_inherit=True), None


def _module_code(name: str) -> tuple[CodeType, object]:
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = importlib.util.find_spec(f"{name}.__main__")
    if spec is None or spec.loader is None:
        raise ImportError(f"there is no module {name!r} here")
    code = spec.loader.get_code(spec.name)  # pyright: ignore[reportAttributeAccessIssue]
    if code is None:
        raise ImportError(f"{name!r} has no Python code")
    return code, spec


def _execute(job: Job, code: CodeType, spec: object) -> None:
    """Run it as `__main__`, in a module that pickle and dataclasses find."""
    main = types.ModuleType("__main__")
    main.__file__ = code.co_filename
    main.__spec__ = spec  # pyright: ignore[reportAttributeAccessIssue]
    main.__dict__["__builtins__"] = builtins
    main.__dict__["__cached__"] = None
    if spec is not None:
        main.__package__ = spec.name.rpartition(".")[0]  # pyright: ignore[reportAttributeAccessIssue]
        main.__loader__ = spec.loader  # pyright: ignore[reportAttributeAccessIssue]
    if job.source:
        main.__dict__["display"] = print  # what a notebook has
    sys.modules["__main__"] = main
    sys.argv[:] = [code.co_filename, *job.arguments]
    exec(code, main.__dict__)  # noqa: S102  (that is what was asked for)

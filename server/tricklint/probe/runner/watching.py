"""Puts all hooks and checks together; the only place that knows them all."""

from __future__ import annotations

from .agreement import Agreement
from .checks.bias import Bias
from .checks.check import Check
from .checks.clipping import Clipping
from .checks.data import Data
from .checks.inputs import Inputs
from .checks.kept import KeptLosses
from .checks.losses import Losses
from .checks.modes import Modes
from .checks.reshapes import Reshapes
from .checks.wiring import Wiring
from .checks.zero_grad import ZeroGrad
from .hooks import (
    backward,
    devices,
    launchers,
    loaders,
    losses,
    modules,
    optimizers,
    schedulers,
)
from .ledger import Ledger
from .overfit import Overfit
from .session import Session


def install(session: Session) -> None:
    """Take hold of torch before anything of the user's is imported."""
    launchers.install(session)
    devices.install(session)
    roots = modules.install(session)
    known = optimizers.install(session)
    overfit = Overfit(session, roots)
    all_loaders = loaders.install(session, overfit)
    for hooks in (backward, losses, schedulers):
        hooks.install(session)
    ledger = Ledger(session, known)
    checks: list[Check] = [
        all_loaders,
        ledger,
        Losses(session, overfit),
        ZeroGrad(session, ledger),
        Modes(session, all_loaders, roots, known),
        Clipping(session, ledger, roots, known),
        Wiring(session, roots, known),
        Data(session, all_loaders),
        Bias(session, roots),
        Reshapes(session, roots),
        Inputs(session),
        KeptLosses(session),
        overfit,
        Agreement(session),
    ]
    session.checks = checks

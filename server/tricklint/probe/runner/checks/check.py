"""What all checks have in common."""

from __future__ import annotations

from dataclasses import dataclass

from ..session import Session


@dataclass(frozen=True)
class Problem:
    """A kind of mistake.  Where a static rule speaks of it too, code and name are the rule's."""

    code: str
    name: str
    severity: str


class Check:
    """A check has a method for each event that it wants to hear of; see `hooks`.

    optimizer_made(optimizer)                    before_step(optimizer), after_step(optimizer)
    before_backward(backward), after_backward(backward)
    evaluation_began(optimizer)                  a closure is called by its optimizer
    cleared(optimizer, mark)                     `zero_grad`
    clipped(parameters, mark)                    unscaled(optimizer)
    loss_called(call)                            layer_called(call), root_called(call)
    pass_ended(loader_pass)                      at_end()
    """

    def __init__(self, session: Session) -> None:
        self.session = session

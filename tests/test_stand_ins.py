"""The stand-in for torchvision takes what the real one takes."""

from __future__ import annotations

import inspect
from importlib import import_module
from importlib.util import find_spec

import pytest

OWN = "tests.stand_ins.torchvision"
MODULES = ["datasets", "transforms", "transforms.v2"]


@pytest.mark.skipif(
    find_spec("torchvision") is None,
    reason="torchvision is not installed, so the stand-in for it cannot be compared with it",
)
@pytest.mark.parametrize("name", MODULES)
def test_every_parameter_of_a_stand_in_is_one_of_the_real_class(name: str) -> None:
    own, real = import_module(f"{OWN}.{name}"), import_module(f"torchvision.{name}")
    classes = [one for one in vars(own).values() if inspect.isclass(one)]
    ours = [one for one in classes if one.__module__.startswith(OWN) and one.__name__[0] != "_"]
    assert ours
    for one in ours:
        wanted = list(inspect.signature(getattr(real, one.__name__)).parameters)
        # What can be given by position has to stand at the same place.
        for index, parameter in enumerate(inspect.signature(one).parameters):
            assert parameter in wanted, (one, parameter)
            if index < 2:
                assert wanted[index] == parameter, (one, parameter)

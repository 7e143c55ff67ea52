"""The libraries of the model's environment, by name: the gate depends on none of them.

Type checkers and the walls between rooms look at imports of ours; these are not.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def library(name: str) -> Any:  # noqa: ANN401 - a module of which only the model's environment knows the version
    """Return a module of the model's environment.

    Raises
    ------
    ModuleNotFoundError
        If it is not there.
    """
    return import_module(name)


def library_or_none(name: str) -> Any:  # noqa: ANN401 - as above
    """Return a module of the model's environment, None where it is not there."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None


def keep_out_of_proc() -> None:
    """Let threadpoolctl, which scikit-learn asks, find its libraries without /proc/self/maps.

    The cage closes that file, and threadpoolctl takes it for readable because it exists.
    """
    found = library_or_none("threadpoolctl")
    if hasattr(found, "_HAS_PROCFS"):
        found._HAS_PROCFS = False  # noqa: SLF001 - there is no public way

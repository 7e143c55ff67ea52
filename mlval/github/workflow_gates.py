"""Workflow files as data: which jobs are gates, what their checks are called, and what would hang them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_ACTION: Final = re.compile(r"(?:[\w.-]+/)?mlval(?:/composite)?@.+|\./(?:composite)?")
_REUSABLE: Final = re.compile(r"(?:.+/mlval/|\./)\.github/workflows/gate\.yml(?:@.+)?")
_COMMAND: Final = re.compile(r"(?:^|[\s;&|(])mlval (?:run|merge)\b")
_CALLED: Final = "mlval"
"""The name of the job in the reusable gate."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One job that judges.

    Attributes
    ----------
    file, job : where it is
    check : the name of the check to require; None where there is one a leg of a matrix
    triggers : the events that start it, each with its settings
    """

    file: str
    job: str
    check: str | None
    triggers: Mapping[str, Mapping[str, object]]

    def filters(self) -> tuple[str, ...]:
        """Return the filters by which a pull request would get no check at all, and wait for ever."""
        pulls = self.triggers.get("pull_request", {})
        return tuple(key for key in ("paths", "paths-ignore") if key in pulls)

    def unguarded(self) -> tuple[str, ...]:
        """Return the events by which a branch under review gets the check without being compared."""
        push = self.triggers.get("push")
        any_branch = push is not None and not {"branches", "tags"} & set(push)
        by_hand = "workflow_dispatch" in self.triggers
        return ("push",) * any_branch + ("workflow_dispatch",) * by_hand


def gates(file: str, content: object) -> tuple[Gate, ...]:
    """Return the gates of a workflow, which is parsed YAML of any shape."""
    top = _mapping(content)
    triggers = _triggers(top.get("on"))
    return tuple(
        Gate(file, name, _check(name, job), triggers)
        for name, job in ((name, _mapping(job)) for name, job in _mapping(top.get("jobs")).items())
        if _judges(job)
    )


def _judges(job: Mapping[str, object]) -> bool:
    if _REUSABLE.fullmatch(_text(job.get("uses"))):
        return True
    return any(
        _ACTION.fullmatch(_text(step.get("uses"))) or _COMMAND.search(_text(step.get("run")))
        for step in _steps(job)
    )


def _check(name: str, job: Mapping[str, object]) -> str | None:
    called = _text(job.get("name")) or name
    if "matrix" in _mapping(job.get("strategy")) or "${{" in called:
        return None
    return f"{called} / {_CALLED}" if job.get("uses") else called


def _triggers(on: object) -> Mapping[str, Mapping[str, object]]:
    if isinstance(on, str):
        return {on: {}}
    if isinstance(on, tuple):
        return {event: {} for event in on if isinstance(event, str)}
    return {event: _mapping(settings) for event, settings in _mapping(on).items()}


def _steps(job: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    steps = job.get("steps")
    yield from map(_mapping, steps if isinstance(steps, tuple) else ())


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

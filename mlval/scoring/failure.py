"""Why a model gave no predictions, said so that a person can act on it; the model's own words are escaped."""

from typing import Final, Protocol

from mlval.domain.errors import Unmeasurable
from mlval.domain.text import shown
from mlval.scoring.protocol import Cause, Declined, Disagreement

_LINES: Final = 3
_PATIENCE: Final = 3.0
_ENVIRONMENT: Final = "add it to the model's requirements, and set `environment: uv`"

_DECLINED: Final[dict[Cause, tuple[str, str]]] = {
    "unsupported": ("cannot be used", "save it in a format that the gate loads, or hand in its predictions"),
    "untrusted": ("is refused", "save it as another format, or without types of its own"),
    "environment": ("does not load in this environment", _ENVIRONMENT),
    "missing-module": ("does not load, for a module is not in its environment", _ENVIRONMENT),
    "missing-class": (
        "does not load, for a class that it was saved with is not there",
        "put the class into a package of the model's requirements: a class of a script or notebook is lost",
    ),
    "features": ("does not fit the features", "name the model's features in `features:` of the dataset"),
    "broken": ("cannot be used", "check that the file is whole"),
    "crashed": ("does not load", "load it with the same requirements on your machine"),
}
_STATUS: Final = {
    "exit status 11": ("failed while it predicted", ""),
    "exit status 12": (
        "does not fit the features",
        "name the model's features, in its order, in `features:` of the dataset",
    ),
    "exit status 13": ("does not work in this environment", _ENVIRONMENT),
}


class Ended(Protocol):
    """A worker that has stopped answering."""

    def tail(self) -> str:
        """Return the last lines that it wrote."""
        ...

    def ending(self, wait: float = 0.0) -> str | None:
        """Return why it ended, None while it runs; wait some seconds for it at most."""
        ...


def declined(name: str, answer: Declined, tail: str) -> Unmeasurable:
    """Return the error of a model that does not load; `name` is safe to show already."""
    what, remedy = _DECLINED[answer.cause]
    return Unmeasurable(f"the model {name!r} {what}: {shown(answer.detail)}{_said(tail)}", remedy=remedy)


def ended(
    name: str, error: EOFError | Disagreement, worker: Ended, *, while_loading: bool = False
) -> Unmeasurable:
    """Return the error of a model whose answers ended, or were not as agreed."""
    subject = f"the model {name!r}"
    if isinstance(error, Disagreement):
        return Unmeasurable(f"{subject} gave what cannot be used: {error}{_said(worker.tail())}")
    why = _ending(worker)
    said = _said(worker.tail())
    if why == "time limit":
        message = f"{subject} took longer than the time limit{said}"
        return Unmeasurable(message, remedy="give it more time, or fewer rows")
    if why == "killed: memory":
        return Unmeasurable(f"{subject} used more memory than the limit{said}", remedy="give it more memory")
    if why in _STATUS:
        what, remedy = _STATUS[why]
        return Unmeasurable(f"{subject} {what}{said}", remedy=remedy)
    when = "before it was loaded" if while_loading else "before all rows were predicted"
    count = f", after {error}" if str(error) else ""
    return Unmeasurable(f"{subject} ended {when} ({shown(why)}){count}{said}")


def _ending(worker: Ended) -> str:
    """Return why a worker ended; its pipe closes a moment before it is gone."""
    return worker.ending(_PATIENCE) or "it closed its answers and runs on"


def _said(tail: str) -> str:
    lines = [line for line in tail.splitlines() if line.strip()][-_LINES:]
    return f"; its last lines: {' | '.join(shown(line) for line in lines)}" if lines else ""

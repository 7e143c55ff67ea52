"""What was found to be wrong with a contract: collected while it is read, then placed, sorted and cut."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mlval.config.wording import dotted, named
from mlval.domain.errors import Place, Problem
from mlval.domain.measurement import Path

MOST = 100
"""Further problems are counted, not listed: nobody reads them, and a hostile file can have a million."""


class Unreadable(Exception):
    """The file cannot be read any further; carries what was found until then."""

    def __init__(self, *problems: Problem) -> None:
        """Keep the problems, in the order of the file."""
        super().__init__(problems[0].message)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake at a path. The hint gives way to the one of the `valid` names that is most like `name`."""

    path: Path
    message: str
    hint: str = ""
    name: str = ""
    valid: tuple[str, ...] = ()

    def problem(self, places: Mapping[Path, Place]) -> Problem:
        """Return the finding as the user sees it, at the place of its path or of the nearest part above."""
        meant = self.meant()
        hint = self.hint if meant is None else f"did you mean {named(meant)}?"
        return Problem(self.message, path=dotted(self.path), place=nearest(self.path, places), hint=hint)

    def meant(self) -> str | None:
        """Return the valid name that was meant, as far as can be told."""
        return closest(self.name, self.valid) if self.valid else None


def nearest(path: Path, places: Mapping[Path, Place]) -> Place | None:
    """Return the place of a path, or of the nearest part above it that stands in the file."""
    return next((places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in places), None)


def closest(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name that is most like `name`, or None where none is.

    >>> closest("ROC-AUC", ["roc_auc", "log_loss"])
    'roc_auc'
    """
    plain = {_plain(candidate): candidate for candidate in valid}
    matches = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    return plain[matches[0]] if matches else None


def listing(
    problems: Iterable[Problem],
    mistakes: Iterable[Finding] = (),
    *,
    places: Mapping[Path, Place] = MappingProxyType({}),
) -> tuple[Problem, ...]:
    """Return all that is wrong in the order of the file: at most `MOST`, then one that counts the rest."""

    def rank(mistake: Finding) -> tuple[int, int, str, str]:
        return _rank(nearest(mistake.path, places), mistake.message, path=str(mistake.path))

    known, different = set(problems), set(mistakes)
    first = sorted(different, key=rank)[:MOST]
    # A key that is missing because it is misspelt is one mistake, not two.
    misspelt = {
        (*mistake.path[:-1], mistake.meant()) for mistake in first if mistake.path[-1:] == (mistake.name,)
    }
    placed = {
        mistake.problem(places) for mistake in first if mistake.path in places or mistake.path not in misspelt
    }
    ordered = sorted(known | placed, key=lambda one: _rank(one.place, one.message, path=one.path))
    rest = len(known) + len(different) - MOST
    return (*ordered[:MOST], Problem(f"and {rest} more")) if rest > 0 else tuple(ordered)


def _rank(place: Place | None, message: str, *, path: str) -> tuple[int, int, str, str]:
    return (place.line, place.column, path, message) if place else (0, 0, path, message)


def _plain(name: str) -> str:
    return name[:80].lower().replace("-", "_").replace(" ", "_")

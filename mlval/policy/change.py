"""One edit of a contract, and whether it demands more, less, or nothing of anybody."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mlval.domain.errors import Place
from mlval.domain.text import shown

Kind = Literal[
    "added", "removed", "tightened", "loosened", "changed", "renamed", "gate input", "moved contract"
]


class Direction(StrEnum):
    """What an edit does. Whatever is not provably a tightening is a weakening."""

    TIGHTENING = "tightening"
    WEAKENING = "weakening"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Change:
    """One edit.

    Attributes
    ----------
    path : what was edited: dotted keys of the contract, validations by id, or a file of the repository
    sentence : the old value and the new one, safe to show
    place : where it stands in the edited contract; None where it is gone or is no part of one
    """

    path: str
    kind: Kind
    direction: Direction
    sentence: str
    place: Place | None = None

    @property
    def weakens(self) -> bool:
        """Whether it is not provably a tightening."""
        return self.direction is Direction.WEAKENING


def dotted(keys: tuple[str | int, ...]) -> str:
    """Return keys as one name, safe to show.

    >>> dotted(("validations", "drift", "columns", 0))
    'validations.drift.columns[0]'
    """
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{shown(key, 80)}" for key in keys)
    return shown(text.removeprefix("."), 200)

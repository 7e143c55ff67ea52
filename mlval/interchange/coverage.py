"""What became of all that a foreign file says: carried over, carried over with a difference, or not."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

from mlval.domain.errors import Place
from mlval.domain.text import shown


class Fate(Enum):
    """What became of one thing that a file says."""

    MAPPED = "mapped"
    DIFFERENT = "mapped with a difference"
    UNMAPPED = "not mapped"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file says. `note` says what differs, or why it was not carried over."""

    source: str
    fate: Fate
    note: str = ""
    place: Place | None = None

    @property
    def sentence(self) -> str:
        """The item as one line."""
        place = f"line {self.place.line}: " if self.place else ""
        note = f": {shown(self.note, 400)}" if self.note else ""
        return f"{place}{shown(self.source)}: {self.fate.value}{note}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every item of a file in its order, and what holds for all of them."""

    items: tuple[Item, ...]
    general: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """How many items became what."""
        counts = Counter(item.fate for item in self.items)
        told = ", ".join(f"{counts[fate]} {fate.value}" for fate in Fate)
        return f"{len(self.items)} {'item' if len(self.items) == 1 else 'items'}: {told}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The summary, what holds for all, and every item that was not simply mapped, then the others."""
        ordered = sorted(self.items, key=lambda item: list(Fate).index(item.fate), reverse=True)
        return (
            self.summary,
            *(f"all: {sentence}" for sentence in self.general),
            *(item.sentence for item in ordered),
        )

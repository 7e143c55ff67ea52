"""What a look around the gate found: one fact, whether it is as it must be, and what mends it."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """How a fact is."""

    WELL = "holds"
    MISSING = "missing"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Advice:
    """One fact; `remedy` is a sentence where it is not as it must be. Both are safe to show."""

    topic: str
    finding: Finding
    sentence: str
    remedy: str = ""


def well(topic: str, sentence: str) -> Advice:
    """Return what is as it must be."""
    return Advice(topic, Finding.WELL, sentence)


def missing(topic: str, sentence: str, remedy: str) -> Advice:
    """Return what must be mended."""
    return Advice(topic, Finding.MISSING, sentence, remedy)


def note(topic: str, sentence: str, remedy: str = "") -> Advice:
    """Return what is worth knowing."""
    return Advice(topic, Finding.NOTE, sentence, remedy)

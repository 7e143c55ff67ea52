"""Failures to order from the stand-in."""

from dataclasses import dataclass, field
from enum import Enum, auto

ALWAYS = 1_000_000


class Then(Enum):
    """What happens instead of the usual answer."""

    ANSWER = auto()
    SLOW = auto()
    DROP = auto()
    CUT = auto()
    PASS = auto()
    STALE = auto()
    MEET = auto()


@dataclass
class Fault:
    """One failure, for the next requests of an operation (`*`: of any).

    `received` carries the request out before failing. `PASS` lets one go by, `STALE` shows what was before
    the last write, `MEET` holds an answer back until two are held.
    """

    on: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None
    location: str = ""
    then: Then = Then.ANSWER
    received: bool = False
    left: int = 1

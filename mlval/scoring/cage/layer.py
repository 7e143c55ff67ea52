"""One layer of the cage, and the names of all."""

from dataclasses import dataclass

NAMES = ("own user", "no new privileges", "landlock", "seccomp", "resource limits", "memory watch")


@dataclass(frozen=True, slots=True)
class Layer:
    """A name of `NAMES`, whether it holds here, and what there is to say about it."""

    name: str
    holds: bool
    detail: str

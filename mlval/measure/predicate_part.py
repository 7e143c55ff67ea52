"""A part of a predicate, written as SQL, and how parts are put together."""

from dataclasses import dataclass

from mlval.measure.predicate_vocabulary import Gives


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a predicate as SQL, what it gives, and the columns it names.

    `size` counts the nodes of the tree. `copied` counts those that the engine makes besides: it copies
    what stands before BETWEEN, before IN and in nullif, and again with each of these around it.
    """

    sql: str
    gives: Gives
    columns: frozenset[str] = frozenset()
    size: int = 1
    copied: int = 0

    def copies(self, times: int) -> int:
        """Return how many nodes so many copies of the part are; a single node is as good as shared."""
        return times * (self.size - 1 + self.copied)


def joined(sql: str, gives: Gives, *parts: Part, copied: int = 0) -> Part:
    """Return the part that was written from these, of which the engine copies so many nodes."""
    return Part(
        sql,
        gives,
        columns=frozenset[str]().union(*(part.columns for part in parts)),
        size=1 + sum(part.size for part in parts),
        copied=copied + sum(part.copied for part in parts),
    )


def listed(parts: list[Part]) -> str:
    """Return parts as a list of arguments."""
    return ", ".join(part.sql for part in parts)


def common(parts: list[Part]) -> Gives:
    """Return what one of several parts gives: a truth value only where none is anything else."""
    given = {part.gives for part in parts} - {"null"}
    order: tuple[Gives, ...] = ("value", "unknown", "truth")
    return next((gives for gives in order if gives in given), "null")

"""Tables of levels from profiles, brought to a form in which they can be compared fairly.

A profile tells frequent levels and folds the others into one. A level of another table that the
profile does not tell may be among those, so it is folded as well.
"""

import hashlib
from collections.abc import Mapping

from mlval.domain.asks import Level, LevelCounts
from mlval.domain.profile import LONGEST_LEVEL

OTHER = "mlval:other"
HASHED = "sha256:"
_OWN = (HASHED, "mlval:")


def kept_as(level: str, *, hashed: bool) -> str:
    """Return a level as a profile writes it: a digest where levels are hidden, or where it is long.

    Text that could be taken for a digest becomes one, so that no two levels are written alike.

    >>> kept_as("card", hashed=False)
    'card'
    >>> len(kept_as("x" * 1_000_000, hashed=False))
    39
    """
    if not hashed and len(level) <= LONGEST_LEVEL and not level.startswith(_OWN):
        return level
    return HASHED + hashlib.sha256(level.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def alike(first: LevelCounts, second: LevelCounts) -> tuple[Mapping[Level, int], Mapping[Level, int]]:
    """Return the counts of two tables on the same levels; `OTHER` holds what one of them does not tell.

    Where neither is from a profile they are as they were.
    """
    tables = (first, second)
    if all(table.folded is None for table in tables):
        return first.counts, second.counts
    hashed = any(table.folded is not None and table.folded.hashed for table in tables)
    coded = [_coded(table, hashed=hashed) for table in tables]
    told = [
        None if table.folded is None or table.folded.levels == 0 else {None, *counts}
        for table, counts in zip(tables, coded, strict=True)
    ]
    common = {
        level for level in {*coded[0], *coded[1]} if all(known is None or level in known for known in told)
    }
    folded = [_folded(table, counts, common) for table, counts in zip(tables, coded, strict=True)]
    if not any(OTHER in counts for counts in folded):
        return folded[0], folded[1]
    return {OTHER: 0, **folded[0]}, {OTHER: 0, **folded[1]}


def told(table: LevelCounts) -> frozenset[str]:
    """Return the levels that a profile spells out: they stand in the repository already."""
    if table.folded is None:
        return frozenset()
    return frozenset(level for level in table.counts if level is not None and not level.startswith(HASHED))


def _coded(table: LevelCounts, *, hashed: bool) -> dict[Level, int]:
    def code(level: Level) -> Level:
        if level is None or (table.folded is not None and level.startswith(HASHED)):
            return level
        return kept_as(level, hashed=hashed)

    return {code(level): count for level, count in table.counts.items()}


def _folded(table: LevelCounts, counts: Mapping[Level, int], common: set[Level]) -> dict[Level, int]:
    kept = {level: count for level, count in counts.items() if level in common}
    other = sum(counts.values()) - sum(kept.values()) + (table.folded.rows if table.folded else 0)
    return {OTHER: other, **kept} if other else kept

"""What groups are called. A level that is a value of the data is told only if the contract spells it out."""

from collections.abc import Collection, Mapping, Sequence

from mlval.domain.asks import ByColumn, ByPredicate, Level
from mlval.domain.slices import OneSplit, title

Key = tuple[Level, ...]


def heading(splits: Sequence[OneSplit]) -> str:
    """Return what the groups of crossed splits are called together.

    >>> heading([ByColumn("plan"), ByPredicate("airport", "zone = 1")])
    'plan and airport'
    """
    return " and ".join(split.name if isinstance(split, ByPredicate) else split.column for split in splits)


def names(
    splits: Sequence[OneSplit], keys: Collection[Key], *, vocabulary: frozenset[str], hidden: Collection[str]
) -> Mapping[Key, str]:
    """Return a name for every group; levels that may not be told are numbered in the order of their text.

    Parameters
    ----------
    splits : that are crossed
    keys : of all groups
    vocabulary : the levels that may be told
    hidden : columns whose values may not be told at all

    Examples
    --------
    >>> names([ByColumn("plan")], [("pro",), ("s3cret",)], vocabulary=frozenset({"pro"}), hidden=())
    {('pro',): 'plan=pro', ('s3cret',): 'plan=level 2'}
    """
    named: list[dict[Level, str]] = []
    for place, split in enumerate(splits):
        levels = sorted({key[place] for key in keys if key[place] is not None}, key=str)
        told = {level: _told(split, level, vocabulary=vocabulary, hidden=hidden) for level in levels}
        named.append(
            {
                level: title(split) + (str(level) if told[level] else f"level {rank}")
                for rank, level in enumerate(levels, 1)
            }
        )
        named[-1][None] = f"not {split.name}" if isinstance(split, ByPredicate) else f"{title(split)}(null)"
    taken: dict[str, int] = {}
    found = {}
    for key in keys:
        name = " and ".join(one[level] for one, level in zip(named, key, strict=True))
        taken[name] = taken.get(name, 0) + 1
        # A value may read as another's number does: both are groups all the same.
        found[key] = name if taken[name] == 1 else f"{name} ({taken[name]})"
    return found


def _told(split: OneSplit, level: Level, *, vocabulary: frozenset[str], hidden: Collection[str]) -> bool:
    if not isinstance(split, ByColumn):
        return True
    return level == split.nulls or (level in vocabulary and split.column not in hidden)

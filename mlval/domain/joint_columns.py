"""Which columns are looked at together, which are left out and why, and which cannot be compared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlval.domain.asks import Column, Kind, TableShape
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset
from mlval.domain.sampled import holds_vectors
from mlval.domain.text import shown

KEY, TARGET, TIME = "a key", "the target", "the time"
ROLES = frozenset({KEY, TARGET, TIME})
TIMES = frozenset({"date", "timestamp"})


@dataclass(frozen=True, slots=True)
class Side:
    """One table: what the contract says of it, and what is in it."""

    name: str
    dataset: Dataset
    shape: TableShape


@dataclass(slots=True)
class Chosen:
    """Columns by what they hold; `kinds` of both tables may differ where one of them has no values at all.

    Attributes
    ----------
    kinds : columns with one value a row, and what they hold in each table
    vectors : columns of lists of numbers
    left_out : columns that were not asked for by name and say nothing, with the reason
    broken : columns that cannot be compared, with the reason
    """

    kinds: dict[str, tuple[Kind, Kind]] = field(default_factory=dict)
    vectors: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    broken: dict[str, Unmeasurable] = field(default_factory=dict)

    @property
    def remark(self) -> str:
        """Which columns were left out that the contract does not give a role, and why."""
        told = (f"{name} ({why})" for name, why in self.left_out.items() if why not in ROLES)
        return ", ".join(told)


def choose(reference: Side, current: Side, columns: tuple[str, ...] | None) -> Chosen:
    """Sort columns; without a list of them, all that say something about a row."""
    chosen = Chosen()
    named = columns is not None
    listed = columns if columns is not None else _features(reference, current, chosen.left_out)
    keys = {*reference.dataset.keys, *current.dataset.keys}
    for name in dict.fromkeys(listed):
        before, after = (_column(side.shape, name) for side in (reference, current))
        if name in keys:
            _leave(chosen, name, KEY, named=named)
        elif before is None or after is None:
            where = reference.name if before is None else current.name
            chosen.broken[name] = Unmeasurable(f"there is no column {shown(name)!r} in {shown(where)!r}")
        elif holds_vectors(before) and holds_vectors(after):
            chosen.vectors.append(name)
        elif "other" in {before.kind, after.kind}:
            _other(chosen, before, after, named=named)
        elif not named and {before.kind, after.kind} & TIMES:
            _leave(chosen, name, "a date or time", named=named)
        else:
            chosen.kinds[name] = (before.kind, after.kind)
    return chosen


def _features(reference: Side, current: Side, left_out: dict[str, str]) -> tuple[str, ...]:
    """Return the features of the reference, or all its columns that have no other role.

    A column that only the current table has cannot be compared.
    """
    if reference.dataset.features is not None:
        return reference.dataset.features
    roles = _roles((reference.dataset, current.dataset))
    names = reference.shape.names
    left_out |= {name: roles[name] for name in names if name in roles}
    known = {*names, *roles}
    left_out |= {name: "not in the reference" for name in current.shape.names if name not in known}
    return tuple(name for name in names if name not in roles)


def _roles(datasets: Iterable[Dataset]) -> Mapping[str, str]:
    """Return the columns that are not features, and what they are."""
    roles: dict[str, str] = {}
    for dataset in datasets:
        roles |= {name: TARGET for name in (dataset.target,) if name is not None}
        roles |= {name: TIME for name in (dataset.time,) if name is not None}
        roles |= dict.fromkeys(dataset.keys, KEY)
    return roles


def _column(shape: TableShape, name: str) -> Column | None:
    return next((column for column in shape.columns if column.name == name), None)


def _other(chosen: Chosen, before: Column, after: Column, *, named: bool) -> None:
    if before.stored == after.stored:
        _leave(chosen, before.name, f"it holds {before.stored} values", named=named)
        return
    held, holds = shown(before.stored), shown(after.stored)
    message = f"{shown(before.name)!r} held {held} values and now holds {holds} values"
    chosen.broken[before.name] = Unmeasurable(message)


def _leave(chosen: Chosen, name: str, reason: str, *, named: bool) -> None:
    """Leave a column out; one that was asked for by name must not go unnoticed."""
    if named:
        chosen.broken[name] = Unmeasurable(
            f"{shown(name)!r} cannot be compared: {shown(reason)}", remedy="leave the column out"
        )
    else:
        chosen.left_out[name] = reason

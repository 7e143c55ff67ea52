"""Comparing two parts of contracts key by key: what was edited, and what each edit does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from mlval.domain.contract import Contract
from mlval.domain.measurement import Path
from mlval.domain.rule import Rule
from mlval.domain.tighter import SUPERSET, Tightens, mark
from mlval.policy.change import Change, Direction, Kind, dotted
from mlval.policy.values import at_least, same
from mlval.policy.wording import said


@dataclass(frozen=True, slots=True)
class Spot:
    """Where two contracts are compared: as it is told, and where it stands in the edited one."""

    head: Contract
    told: Path
    file: Path

    def at(self, key: str | int, *, file: str | int | None = None, told: bool = True) -> "Spot":
        """Return the spot of a key below; `file` is its place where that is another than its name."""
        below = (*self.file, key if file is None else file)
        return replace(self, told=(*self.told, key) if told else self.told, file=below)

    def change(self, kind: Kind, direction: Direction, sentence: str) -> Change:
        """Return a change here."""
        return Change(dotted(self.told), kind, direction, sentence, self.head.place(self.file))


def edits(
    base: BaseModel, head: BaseModel, spot: Spot, *, without: frozenset[str] = frozenset()
) -> Iterator[Change]:
    """Yield what differs between two parts of one kind, in the order of their keys.

    Classes that are made for the keys of one contract may differ; a key that one of them lacks is not set.
    """
    fields = {**type(base).model_fields, **type(head).model_fields}
    for name, field in fields.items():
        if name not in without:
            key = field.alias or name
            values = getattr(base, name, None), getattr(head, name, None)
            yield from differences(*values, mark(field.metadata), spot=spot.at(key))


def differences(base: object, head: object, way: Tightens, *, spot: Spot) -> Iterator[Change]:
    """Yield what differs between two values of one key."""
    base, head = (way.absent if one is None else one for one in (base, head))
    if isinstance(base, Rule) or isinstance(head, Rule):
        yield from _rules(base, head, spot)
    elif isinstance(base, BaseModel) and isinstance(head, BaseModel) and _are_alike(base, head):
        yield from edits(base, head, spot)
    elif isinstance(base, Mapping) and isinstance(head, Mapping) and way.way not in {"none", "neutral"}:
        yield from _mappings(base, head, way, spot=spot)
    elif _is_list(base) and _is_list(head) and (_has_parts(base) or _has_parts(head)):
        yield from _lists(_listed(base), _listed(head), way, spot=spot)
    else:
        yield from _values(base, head, way, spot=spot)


def _rules(base: object, head: object, spot: Spot) -> Iterator[Change]:
    """Compare a rule: one that is there demands more than none."""
    old, new = (one.long_form() if isinstance(one, Rule) else None for one in (base, head))
    rule: type[Rule[Any]] = type(next(one for one in (head, base) if isinstance(one, Rule)))
    if old is None or new is None:
        yield from _values(old, new, SUPERSET, spot=spot)
    else:
        yield from differences(old, new, Tightens(rule.tighter), spot=spot)


def _mappings(
    base: Mapping[str, object], head: Mapping[str, object], way: Tightens, *, spot: Spot
) -> Iterator[Change]:
    """Compare demands by name: each that is gone demanded something, each new one does."""
    for name in dict.fromkeys((*base, *head)):
        if name in base and name in head:
            yield from differences(base[name], head[name], way, spot=spot.at(name))
        else:
            yield from _values(base.get(name), head.get(name), SUPERSET, spot=spot.at(name))


def _lists(base: list[object], head: list[object], way: Tightens, *, spot: Spot) -> Iterator[Change]:
    """Compare lists of parts, whose order means nothing: equal ones first, then the others as they come."""
    old, new = list(enumerate(base)), list(enumerate(head))
    for _, one in tuple(old):
        twin = next((other for other in new if _is_same(one, other[1], spot)), None)
        if twin is not None:
            new.remove(twin)
            old.remove(next(item for item in old if item[1] is one))
    for (_, one), (index, other) in zip(old, new, strict=False):
        if isinstance(one, BaseModel) and isinstance(other, BaseModel) and _are_alike(one, other):
            yield from edits(one, other, spot.at(index))
        else:
            yield from _values(one, None, SUPERSET, spot=spot.at(index))
            yield from _values(None, other, way, spot=spot.at(index))
    for _, one in old[len(new) :]:
        yield from _values(one, None, SUPERSET, spot=spot)
    for index, other in new[len(old) :]:
        yield from _values(None, other, way, spot=spot.at(index))


def _values(base: object, head: object, way: Tightens, *, spot: Spot) -> Iterator[Change]:
    if same(base, head):
        return
    forwards, backwards = at_least(base, head, way), at_least(head, base, way)
    if way.way == "neutral":
        yield spot.change("changed", Direction.NEUTRAL, _sentence(base, head))
    elif forwards and not backwards:
        kind: Kind = "added" if base is None else "tightened"
        yield spot.change(kind, Direction.TIGHTENING, _sentence(base, head))
    elif not (forwards and backwards):
        kind = (
            "removed" if head is None else "added" if base is None else "loosened" if backwards else "changed"
        )
        yield spot.change(kind, Direction.WEAKENING, _sentence(base, head))


def _sentence(base: object, head: object) -> str:
    return f"was {said(base)}, is {said(head)}"


def _are_alike(base: BaseModel, head: BaseModel) -> bool:
    """Say whether two parts are of one kind; classes made for the keys of a contract bear one name."""
    return type(base).__name__ == type(head).__name__ and type(base).__module__ == type(head).__module__


def _is_same(base: object, head: object, spot: Spot) -> bool:
    if isinstance(base, BaseModel) and isinstance(head, BaseModel):
        return _are_alike(base, head) and not any(edits(base, head, spot))
    return not isinstance(base, BaseModel) and not isinstance(head, BaseModel) and same(base, head)


def _is_list(value: object) -> bool:
    return value is None or isinstance(value, tuple | BaseModel | str)


def _has_parts(value: object) -> bool:
    return isinstance(value, tuple) and any(isinstance(one, BaseModel | tuple) for one in value)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, tuple) else [] if value is None else [value]

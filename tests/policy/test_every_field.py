"""Every edit of a single key of any part of a contract, both ways: flagged unless it is a known tightening.

Values are all that the key's own type accepts out of a pool, and the choices that its schema lists. What a
value demands is told by an oracle of its own: the readings that would pass.
"""

import itertools
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, Self

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from mlval import checks
from mlval.domain import catalogue
from mlval.domain.bound import Bound
from mlval.domain.change import Change as Moved
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.extent import Extent
from mlval.domain.inputs import Connection, CsvFormat, Dataset, Inputs, Model, Predictions
from mlval.domain.rule import Rule
from mlval.domain.shift import Shift
from mlval.domain.terms import Policy, Terms
from mlval.domain.tighter import Tightens, mark
from mlval.policy.change import Direction
from mlval.policy.parts import Spot, differences
from mlval.rules._rule_set import NAMES, rule_named

HEAD = Contract("c", "mlval.yml", "0" * 64, Inputs(), ())
POOL: tuple[Any, ...] = (
    None, True, False, 0, 1, 2, 150, 5000, 0.2, 0.4, 0.6, 0.7, "0%", "1%", "2%", "60%", "70%", "1.5x", "1.2x",
    "0.8x", "0.9x", "24h", "12h", "2026-01-01", "2026-01-02", "UTC", "Europe/Berlin", "a", "b", "forbid",
    "MLVAL_A", "MLVAL_B", "0" * 64, "1" * 64, ("a",), ("a", "b"), ("b", "a"), ("b",), (0, 5), (1, 4), (1, 2),
    (None, 4), ("2026-01-01", None), {"min": 1}, {"min": 2}, {"max": 2}, {"max": 3}, {"min": 1, "max": 3},
    {"min": 0.6, "confidence": "95%"}, {"a": 0.2}, {"a": 0.4}, {"a": 0.2, "b": 0.4}, {"a": "x", "b": "y"},
    {"difference": 3}, {"difference": 2}, ("-5%", "5%"), ("-2%", "5%"), {"5%": {"min": 1}},
    {"5%": {"min": 2}},
    {"a": ("1%", "3%")}, {"a": ("2%", "3%")},
)  # fmt: skip
NUMBERS = [x / 20 for x in range(-80, 120)] + [
    0.005,
    0.015,
    10.0,
    149.0,
    150.0,
    151.0,
    5000.0,
    6000.0,
    43_200.0,
    50_000.0,
    86_400.0,
    1e6,
]
DAYS = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"]


def classes() -> Iterator[type[BaseModel]]:
    """Yield every part of a contract that has keys, once."""
    waiting: list[type[BaseModel]] = [Dataset, Model, Predictions, Connection, CsvFormat, Terms, Policy]
    waiting += [catalogue.only(checks, name, Check).with_every_key() for name in catalogue.names(checks)]
    seen: set[type[BaseModel]] = set()
    while waiting:
        one = waiting.pop()
        if one in seen or issubclass(one, Rule):
            continue
        seen.add(one)
        yield one
        waiting += [found for field in one.model_fields.values() for found in models_in(field.annotation)]
    for name in NAMES:
        waiting += models_in(rule_named(name).model_fields["root"].annotation)
    yield from (one for one in dict.fromkeys(waiting) if one not in seen)


def models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in models_in(part)]


FIELDS = {
    f"{one.__module__.rpartition('.')[2]}.{one.__name__}.{name}": field
    for one in classes()
    for name, field in one.model_fields.items()
    if (one, name) not in {(Terms, "changed"), (Terms, "waivers")}
    and not any(repr(getattr(base, "model_fields", {}).get(name)) == repr(field) for base in one.__mro__[1:])
}


def values_of(field: FieldInfo) -> list[Any]:
    """Return the values that a key may have, parsed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        annotation: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        choices = list(choices_in(adapter.json_schema()))
    found: list[Any] = []
    for raw in (*POOL, *choices):
        if field.annotation is Any and not (raw is None or is_amount(raw)):
            continue
        try:
            value = adapter.validate_python(raw)
        except ValidationError:
            continue
        if not any(type(value) is type(one) and value == one for one in found):
            found.append(value)
    return found


def is_amount(raw: Any) -> bool:  # noqa: ANN401 - any value of the pool
    """Say whether a value is a number or a percentage, as keys without a type of their own take."""
    return (
        isinstance(raw, int | float | str)
        and not isinstance(raw, bool)
        and str(raw).strip("%")[0].isdigit()
        and (not isinstance(raw, str) or raw.endswith("%"))
    )


def choices_in(schema: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    if isinstance(schema, dict):
        yield from schema.get("enum", ())
        yield from (schema[key] for key in ("const",) if key in schema)
    for below in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from choices_in(below)


def demands_as_much(base: Any, head: Any, way: Tightens) -> bool:  # noqa: ANN401 - any value of a contract
    """Say whether all that passes `head` passes `base`, by trying."""
    base, head = (way.absent if one is None else one for one in (base, head))
    if base in way.ladder and head in way.ladder:
        return way.ladder.index(head) >= way.ladder.index(base)
    if way.way in {"none", "neutral"} or head is None:
        return False
    if base is None:
        return True
    passing = [reading(one, way.way) for one in (base, head)]
    return passing[0] is not None and passing[1] is not None and passing[1] <= passing[0]


def reading(value: Any, way: str) -> frozenset[Any] | None:  # noqa: ANN401, PLR0911 - one a kind of value
    """Return which readings a value lets pass, with the unit that they are in; None where that is unknown."""
    match value:
        case Bound(min=low, max=high, confidence=sure, unit=unit):
            spread = sure or 0
            passed = {
                (unit, number, level)
                for number in NUMBERS
                for level in (0, 0.95)
                if between(low, number, high) and level >= spread and (number >= 0 or unit == "value")
            }
            if unit != "value" and between(low, 0, high):
                passed |= {
                    (other, 0.0, level)
                    for other in ("rows", "share")
                    for level in (0, 0.95)
                    if level >= spread
                }
            return frozenset(passed)
        case Extent(min=low, max=high):
            tried: list[Any] = DAYS if value.of_times else NUMBERS
            return frozenset((value.of_times, one) for one in tried if between(low, one, high))
        case Moved(bound=bound, relative=relative):
            return frozenset((relative, one) for one in NUMBERS if between(bound.min, one, bound.max))
        case Shift(amount=amount, scale=scale):
            reach = abs(amount - (scale == "factor"))
            return frozenset((scale, one) for one in NUMBERS if 0 <= one <= reach)
        case tuple() if way == "within" and any(isinstance(one, str) for one in value):
            return frozenset(one for one in DAYS if between(value[0], one, value[1]))
        case tuple() if way == "within":
            return frozenset(one for one in NUMBERS if between(value[0], one, value[1]))
        case _ if way in {"up", "down"}:
            return side(value, way)
        case _:
            members = value if isinstance(value, tuple) else (value,)
            every = {("a",), ("b",), *((repr(one),) for one in members)}
            kept = {(repr(one),) for one in members}
            return frozenset(kept) if way == "subset" else Outside(kept, every)


class Outside(frozenset[Any]):
    """What passes where members are forbidden or demanded: fewer readings the more there are."""

    members: frozenset[Any]

    def __new__(cls, members: set[Any], every: set[Any]) -> Self:
        made = super().__new__(cls, every)
        made.members = frozenset(members)
        return made

    def __le__(self, other: object) -> bool:
        return isinstance(other, Outside) and self.members >= other.members


def side(value: Any, way: str) -> frozenset[Any] | None:  # noqa: ANN401 - any value of a contract
    unit = "%" if isinstance(value, str) and value.endswith("%") else ""
    number = float(value[:-1]) / 100 if unit else value
    if isinstance(value, str) and not unit:
        try:
            moment = datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            return None
        every = [datetime(2020, 1, 1) + timedelta(hours=hours) for hours in range(0, 60_000, 24)]  # noqa: DTZ001
        every += [datetime(1, 1, 2), datetime(9000, 1, 1)]  # noqa: DTZ001 - all of one zone
        return frozenset(("time", one) for one in every if (one >= moment if way == "up" else one <= moment))
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return frozenset((unit, one) for one in NUMBERS if (one >= number if way == "up" else one <= number))


def between(low: Any, value: Any, high: Any) -> bool:  # noqa: ANN401 - numbers or times
    return (low is None or value >= low) and (high is None or value <= high)


@cache
def is_plain(name: str) -> bool:
    """Say whether a key holds values, and no parts with keys of their own, which are tried by themselves."""
    return not any(isinstance(one, BaseModel | dict) for one in values_of(FIELDS[name]))


@pytest.mark.parametrize("name", FIELDS)
def test_an_edit_of_a_key_is_flagged_unless_it_is_a_tightening(name: str) -> None:
    field = FIELDS[name]
    way = mark(field.metadata)
    for base, head in itertools.permutations(values_of(field), 2):
        if isinstance(base, BaseModel | dict) and isinstance(head, BaseModel | dict):
            continue
        found = [one.direction for one in differences(base, head, way, spot=Spot(HEAD, (name,), ()))]
        told = f"{base!r} -> {head!r}: {found}"
        if way.way == "neutral":
            assert Direction.WEAKENING not in found, told
        elif isinstance(base, Rule) or isinstance(head, Rule):
            assert found == [Direction.WEAKENING if head is None else Direction.TIGHTENING] or (
                base and head
            ), told
        elif demands_as_much(base, head, way):
            assert Direction.WEAKENING not in found, told
        else:
            assert Direction.WEAKENING in found, told


@pytest.mark.parametrize("name", NAMES)
def test_an_edit_of_a_rule_is_flagged_unless_it_is_a_tightening(name: str) -> None:
    rule = rule_named(name)
    way = Tightens(rule.tighter)
    made: list[Any] = []
    for value in values_of(rule.model_fields["root"]):
        if value is not None and not isinstance(value, BaseModel | dict):
            with warnings.catch_warnings(), pytest.MonkeyPatch.context():
                try:
                    made.append(rule.model_validate(value))
                except ValidationError:
                    continue
    for base, head in itertools.permutations(made, 2):
        old, new = base.long_form(), head.long_form()
        if any(
            isinstance(one, BaseModel)
            for value in (old, new)
            for one in (value, *(value if isinstance(value, tuple) else ()))
        ):
            continue
        found = [one.direction for one in differences(base, head, mark(()), spot=Spot(HEAD, (name,), ()))]
        tightens = old == new or demands_as_much(old, new, way)
        assert (Direction.WEAKENING in found) != tightens, f"{old!r} -> {new!r}: {found}"


def test_the_keys_that_may_get_tighter_are_known() -> None:
    """A new mark is a decision: it is written down here, and in the documentation."""
    assert sum(mark(field.metadata) != Tightens() for field in FIELDS.values()) > 100

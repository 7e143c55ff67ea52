"""The limit on the values of one column: a set, a range or a form of text, with room for new rows."""

from dataclasses import dataclass

from mlval.flows.suggest_facts import ColumnFacts
from mlval.flows.suggest_limits import moment
from mlval.flows.suggest_odd import rarest_of
from mlval.flows.suggest_roles import FEWEST_ROWS, is_unique
from mlval.flows.suggest_yaml import Plain
from mlval.stats.prediction import most, most_unseen, share_above

WIDEST = 0.2
"""Room, as a share of rows, beyond which a limit says too little to be written."""

LEAST = 0.0001
"""The smallest room, as a share: months differ by more than chance, and one row in 10,000 blocks no merge."""

_LONGEST_LEVEL = 100
SOME_WHOLE = 3
"""Different whole numbers among floats that make them integers, and not amounts that happen to be whole."""
_TIMES = {"date", "timestamp"}
_UNORDERED = {"nan", "inf", "-inf"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What all limits of a contract share.

    `alpha` is the chance that each may fail; with `private` no value of the data is written, only types,
    shares and rounded ranges.
    """

    alpha: float
    private: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """New rows to allow for: `rows` is how many there are at least, `values` those of them with a value."""

    rows: int
    nulls: int

    @property
    def values(self) -> int:
        """Rows with a value."""
        return self.rows - self.nulls


def limit_on_values(facts: ColumnFacts, room: Room, terms: Terms) -> tuple[dict[str, Plain], list[str]]:
    """Return the limit on values with its `allow`, and why; nothing where none would say enough."""
    if facts.column.kind == "bool":
        return {}, []
    if facts.levels is not None and not terms.private and (found := _set(facts, room, terms)):
        return found
    if facts.wording is not None and not (terms.private and facts.wording.rule == "regex"):
        return _wording(facts, room, terms)
    if facts.limits is not None and not (is_unique(facts) and facts.column.kind == "int"):
        return _range(facts, room, terms)
    return {}, (["all values differ"] if is_unique(facts) and facts.rows >= FEWEST_ROWS else [])


def _set(facts: ColumnFacts, room: Room, terms: Terms) -> tuple[dict[str, Plain], list[str]] | None:
    """Return the values as a set, if they are few, and say nearly all there is to come."""
    ordered = {level: n for level, n in (facts.levels or {}).items() if level not in _UNORDERED}
    rarest = rarest_of(facts)
    values = [_value(level, facts) for level, n in ordered.items() if n >= rarest]
    if not values:
        return None
    if any(isinstance(one, str) and (len(one) > _LONGEST_LEVEL or "\0" in one) for one in values):
        return None
    unseen = most_unseen(list(ordered.values()), new=room.values, alpha=terms.alpha, rarest=rarest)
    unordered = facts.nans + facts.infinities
    if unordered:
        unseen += most(unordered, facts.present, new=room.values, alpha=terms.alpha)
    if not is_narrow(unseen, room.values, unordered / facts.present):
        return None
    plural = "the value" if len(values) == 1 else f"the {len(values)} values"
    seen = ", each seen more than once" if rarest > 1 and len(values) > 1 else ""
    return (
        {
            "in": sorted(values, key=lambda one: (isinstance(one, str), one)),
            "allow": percent(unseen, room.values),
        },
        [f"{plural} of {facts.present:,} rows{seen}"],
    )


def _range(facts: ColumnFacts, room: Room, terms: Terms) -> tuple[dict[str, Plain], list[str]]:
    limits, spread = facts.limits, facts.spread
    if limits is None or spread is None or (limits.low is None and limits.high is None):
        return {}, []
    beyond = most(
        limits.outside, facts.present, new=room.values, alpha=terms.alpha, ends=limits.taken
    )  # fmt: skip
    if not is_narrow(beyond, room.values, limits.outside / facts.present):
        return {}, []
    kind = facts.column.kind
    low: Plain = moment(limits.low, kind) if kind in _TIMES and limits.low is not None else limits.low
    rules: dict[str, Plain] = (
        {"min": low}
        if limits.high is None
        else {"max": limits.high}
        if low is None
        else {"range": [low, limits.high]}
    )
    rules["allow"] = percent(beyond, room.values)
    if terms.private:
        return rules, [f"{limits.outside:,} of {facts.present:,} values outside"]
    told = [_told(end, kind) for end in (spread.least, spread.most)]
    outside = f", {limits.outside:,} of {facts.present:,} outside" if limits.outside else ""
    return rules, [f"{told[0]} to {told[1]} observed{outside}"]


def _wording(facts: ColumnFacts, room: Room, terms: Terms) -> tuple[dict[str, Plain], list[str]]:
    wording = facts.wording
    if wording is None:
        return {}, []
    broken = most(wording.broken, facts.present, new=room.values, alpha=terms.alpha)
    if not is_narrow(broken, room.values, wording.broken / facts.present):
        return {}, []
    told = f"all but {wording.broken:,} of" if wording.broken else "all"
    return (
        {wording.rule: wording.value, "allow": percent(broken, room.values)},
        [f"{told} {facts.present:,} values"],
    )


def _value(level: str, facts: ColumnFacts) -> str | float | int:
    """Return a level as the value that it is the text of."""
    if facts.column.kind == "string":
        return level
    number = float(level)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _told(end: float, kind: str) -> str:
    if kind in _TIMES:
        return moment(end, "date") if abs(end) < 5e10 else "beyond all calendars"
    return f"{end:.6g}"


def is_narrow(count: int, of: int, observed: float) -> bool:
    """Say whether a limit leaves so little room beyond what was observed that it still says something."""
    return of > 0 and count < of and count / of - observed <= WIDEST


def percent(count: int, of: int) -> str:
    """Return a share as the contract writes it, rounded up."""
    return f"{100 * max(LEAST, share_above(count, of)):.12g}%"

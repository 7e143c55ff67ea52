"""From what was measured of a table to rules with room: pure, no file and no engine."""

from mlval.flows.suggest_facts import ColumnFacts, TableFacts
from mlval.flows.suggest_odd import oddities
from mlval.flows.suggest_roles import key_of, time_of
from mlval.flows.suggest_values import SOME_WHOLE, Room, Terms, is_narrow, limit_on_values, percent
from mlval.flows.suggest_yaml import DatasetDraft, Noted, Plain, is_short
from mlval.stats.prediction import most

BUDGET = 0.02
"""The chance that any limit of the whole contract fails on new rows that are like the old ones."""

LIMITS_PER_COLUMN = 4
"""A type, and limits on nulls, NaN and values: a column's share of the budget is split over these."""


def terms_for(tables: list[TableFacts], *, private: bool) -> Terms:
    """Split the budget of false alarms over the limits of all columns."""
    columns = sum(len(table.columns) for table in tables)
    return Terms(BUDGET / (LIMITS_PER_COLUMN * max(1, columns)), private)


def draft(name: str, place: dict[str, Plain], facts: TableFacts, *, terms: Terms) -> DatasetDraft:
    """Return what the contract says of one dataset.

    Parameters
    ----------
    name : of the dataset
    place : where its rows are, as the contract spells it
    facts : what was measured; at least one row
    terms : how much room limits get
    """
    key, time = key_of(facts), time_of(facts)
    why = []
    if key is not None:
        place = {**place, "key": key}
        why.append("key: all values differ")
    if time is not None:
        place = {**place, "time": time[0]}
        why.append(f"time: {time[1]}")
    fewest = fewest_rows(facts)
    table = {"rows": Noted({"min": fewest}, f"{facts.rows:,} observed; less than half is worth a look")}
    if key is not None:
        table["unique"] = Noted(key, f"{facts.rows:,} different values")
    columns = {
        one.column.name: column_rules(one, terms, is_key=one.column.name == key)
        for one in facts.columns
        if is_short(one.column.name)
    }
    columns |= {
        unknown: Noted({"required": True}, f"not measured: {cause}")
        for unknown, cause in facts.unknown.items()
        if is_short(unknown)
    }
    too_long = len(facts.columns) + len(facts.unknown) - len(columns)
    odd = (f"names too long for a contract: {too_long} columns left out",) if too_long else ()
    return DatasetDraft(name, Noted(place, "; ".join(why), odd), table, columns)


def fewest_rows(facts: TableFacts) -> int:
    """Return how many rows new data must have; every other limit has room for that many or more."""
    return max(1, facts.rows // 2)


def column_rules(facts: ColumnFacts, terms: Terms, *, is_key: bool = False) -> Noted:
    """Return the rules for one column, why they are these, and what looks odd."""
    fewest = max(1, facts.rows // 2)
    room = Room(fewest, most(facts.nulls, facts.rows, new=fewest, alpha=terms.alpha))
    has_values = facts.column.kind != "other" and facts.present > 0
    odd = tuple(oddities(facts, private=terms.private))
    if is_key:
        return Noted({"type": facts.column.kind, "nulls": 0}, "the key", odd)
    rules: dict[str, Plain] = {}
    whys: list[str] = []
    # A rule on values is an error where none is there: a column that may come without any has none.
    if has_values and (room.values > 0 or facts.nulls == 0):
        limit, whys = limit_on_values(facts, room, terms)
        is_int = facts.whole and facts.distinct >= SOME_WHOLE and bool(limit)
        rules = {"type": "int" if is_int else facts.column.kind, **limit}
    allow = rules.pop("allow", None)
    rules |= _missing(facts, room, terms)
    if allow is not None:
        rules["allow"] = allow
    if not whys and set(rules) == {"type"}:
        whys.append(f"{facts.present:,} values are too few for limits")
    if facts.nulls or not whys:
        whys.append(f"{facts.nulls:,} of {facts.rows:,} null")
    return Noted(rules or {"required": True}, "; ".join(whys), odd)


def _missing(facts: ColumnFacts, room: Room, terms: Terms) -> dict[str, Plain]:
    """Return limits on nulls and on NaN, where they say enough."""
    rules: dict[str, Plain] = {}
    if facts.nulls < facts.rows and is_narrow(room.nulls, room.rows, facts.nulls / facts.rows):
        rules["nulls"] = percent(room.nulls, room.rows)
    if facts.nans and room.values > 0:
        nans = most(facts.nans, facts.present, new=room.values, alpha=terms.alpha)
        if is_narrow(nans, room.values, facts.nans / facts.present):
            rules["nans"] = percent(nans, room.values)
    return rules

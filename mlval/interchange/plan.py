"""Demands put together to the validations of one dataset, with the item that each rule came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.measurement import Path
from mlval.interchange.demand import Demand, Severity
from mlval.interchange.json_text import Value

_LISTED = ("expect", "unique", "references")
"""Rules of a table whose value may be a list of several."""


@dataclass(slots=True)
class _Set:
    """One rule set of a column: its rules, what they share, and where each came from."""

    rules: dict[str, Value]
    terms: dict[str, Value]
    items: dict[str, int]


@dataclass(slots=True)
class _Draft:
    """One validation as it grows. `tables` has a list of (value, item) for each rule of the table."""

    where: str | None = None
    severity: Severity | None = None
    tables: dict[str, list[tuple[Value, int]]] = field(default_factory=dict)
    columns: dict[str, list[_Set]] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """The validations of one dataset: the first has all rules of columns, the others what differs.

    `further` are keys of the first that are no rules.
    """

    dataset: str | None
    drafts: list[_Draft] = field(default_factory=lambda: [_Draft()])
    further: dict[str, Value] = field(default_factory=dict)

    def add(self, demand: Demand, item: int) -> None:
        """Put a demand where it belongs; `item` is where it came from."""
        if demand.column is not None:
            _add_to_column(self.drafts[0].columns.setdefault(demand.column, []), demand, item)
            return
        for rule, value in demand.rules.items():
            entries = self._draft_for(rule, value, demand).tables.setdefault(rule, [])
            if rule in _LISTED or not entries:
                entries.append((value, item))
            else:
                entries[0] = (_united(entries[0][0], value) or value, entries[0][1])

    def _draft_for(self, rule: str, value: Value, demand: Demand) -> _Draft:
        terms = (demand.where, demand.severity)
        for draft in self.drafts:
            is_free = rule in _LISTED or rule not in draft.tables or _united(draft.tables[rule][0][0], value)
            if (draft.where, draft.severity) == terms and is_free:
                return draft
        self.drafts.append(_Draft(*terms))
        return self.drafts[-1]


def _add_to_column(sets: list[_Set], demand: Demand, item: int) -> None:
    if not demand.rules and demand.required is None:
        return
    terms = _terms(demand)
    items = dict.fromkeys(demand.rules, item)
    for one in sets:
        if one.terms == terms and not set(demand.rules) & set(one.rules):
            one.rules.update(demand.rules)
            one.items.update(items)
            return
    sets.append(_Set(dict(demand.rules), terms, items))


def _united(one: Value, other: Value) -> dict[str, Value] | None:
    """Return the lower and the upper end of one bound that were said apart."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return None
    keys = (*one, *other)
    return {**one, **other} if sorted(map(str, keys)) == ["max", "min"] else None


def _terms(demand: Demand) -> dict[str, Value]:
    terms: dict[str, Value | None] = {
        "required": demand.required,
        "missing": demand.missing or None,
        "allow": demand.allow,
        "where": demand.where,
        "severity": demand.severity,
    }
    return {key: value for key, value in terms.items() if value is not None}


def finished(plan: Plan) -> tuple[tuple[dict[str, Value], ...], dict[Path, int]]:
    """Return the validations as a contract has them, and the item of every rule by its path in them."""
    validations: list[dict[str, Value]] = []
    origins: dict[Path, int] = {}
    for draft in plan.drafts:
        if not draft.tables and not draft.columns:
            continue
        number = len(validations)
        whole: dict[str, Value] = {"type": "data", **(plan.further if draft is plan.drafts[0] else {})}
        whole |= {} if plan.dataset is None else {"dataset": plan.dataset}
        whole |= {} if draft.severity is None else {"severity": draft.severity}
        whole |= {} if draft.where is None else {"where": draft.where}
        for rule, entries in draft.tables.items():
            whole[rule], paths = _entries(rule, entries)
            origins |= {(number, *path): item for path, item in paths.items()}
        if draft.columns:
            whole["columns"] = {name: _sets(sets) for name, sets in draft.columns.items()}
        for name, sets in draft.columns.items():
            for index, one in enumerate(sets):
                above: Path = ("columns", name, index) if len(sets) > 1 else ("columns", name)
                origins |= {(number, *above, rule): item for rule, item in one.items.items()}
        validations.append(whole)
    return tuple(validations), origins


def _entries(rule: str, entries: list[tuple[Value, int]]) -> tuple[Value, dict[Path, int]]:
    alone = entries[0][0] if len(entries) == 1 else None
    is_short = isinstance(alone, str) or (rule == "expect" and isinstance(alone, Mapping))
    if rule in _LISTED and not is_short:
        return (
            tuple(value for value, _ in entries),
            {(rule, index): item for index, (_, item) in enumerate(entries)},
        )
    value, item = entries[0]
    return value, {(rule,): item}


def _sets(sets: list[_Set]) -> Value:
    if not sets:
        return {"required": True}
    spelled: tuple[Value, ...] = tuple({**one.rules, **one.terms} for one in sets)
    return spelled[0] if len(spelled) == 1 else spelled

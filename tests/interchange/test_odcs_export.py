"""Contracts of ours as Open Data Contracts and back: nothing that is demanded is lost."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlval.config.yaml_text import yaml_text
from mlval.domain.duration import duration
from mlval.domain.grammar import bound, tolerance
from mlval.interchange.coverage import Fate
from mlval.interchange.odcs_export import to_odcs
from tests.interchange.world import loaded, odcs

COLUMNS = ("amount", "plan type", "day", "né", "on")
NUMBERS = st.integers(-5, 5)
TOLERANCES = st.sampled_from([0, 3, "0.5%", "12.25%", "100%"])
RULES = {
    "type": st.sampled_from(["int", "float", "string", "bool", "date", "timestamp"]),
    "min": NUMBERS | st.just("2026-01-31"),
    "max": NUMBERS,
    "above": NUMBERS,
    "below": NUMBERS | st.just("2026-01-31"),
    "range": st.sampled_from([(0, 5), (None, 5.5), ("2026-01-01", "2026-01-31")]),
    "length": st.sampled_from([3, {"min": 1}, {"min": 1, "max": 5}, (None, 5)]),
    "regex": st.sampled_from(["^a", ("a", "b")]),
    "multiple_of": st.sampled_from([5, 0.5]),
    "format": st.sampled_from(["email", "url", "json", "%d.%m.%Y"]),
    "nulls": TOLERANCES,
    "unique": st.just(True),
    "in": st.sampled_from([("a", "b"), (1, 2.5), (True, "no")]),
    "not_in": st.just((-1, "n/a")),
    "max_age": st.sampled_from(["24h", "90s", "1d12h"]),
    "references": st.sampled_from(["other", {"dataset": "other", "column": "id"}, {"dataset": "other"}]),
    "mean": st.just({"min": 0}),
    "tz": st.sampled_from(["UTC", "naive"]),
}
TERMS = {
    "allow": TOLERANCES,
    "where": st.just("amount > 0"),
    "missing": st.just((-1, "")),
    "severity": st.sampled_from(["warn", "block"]),
    "required": st.booleans(),
}
TABLE = {
    "rows": st.sampled_from([{"min": 5}, {"max": 9}, [5, 9], {"min": 7, "max": 7}, ">= 3"]),
    "unique": st.sampled_from(["day", ("day", ("amount", "day")), (("amount", "day"),)]),
    "expect": st.sampled_from(["amount > 0", ({"that": "amount > 0", "allow": "1%"}, "day is not null")]),
    "extra_columns": st.just("forbid"),
    "references": st.just(({"columns": ("day",), "dataset": "other"},)),
}
OWN = {"why": st.just("because"), "examples": st.just("artifact"), "if_empty": st.just("skip")}
CHANGED = {"where": st.just("amount > 0"), "per": st.just("day"), "severity": st.just("warn")}

sets = st.fixed_dictionaries({}, optional={**RULES, **TERMS})
columns = st.dictionaries(
    st.sampled_from(COLUMNS), sets | st.lists(sets, min_size=1, max_size=3).map(tuple), max_size=3
)
validations = st.fixed_dictionaries(
    {"type": st.just("data"), "dataset": st.sampled_from(["trips", "other"]), "rows": TABLE["rows"]},
    optional={"columns": columns, **{key: TABLE[key] for key in TABLE if key != "rows"}, **OWN, **CHANGED},
)
DRIFT = {"type": "drift", "reference": "other", "current": "trips"}
datasets = st.fixed_dictionaries(
    {
        "trips": st.sampled_from(
            [{"from": "input"}, {"path": "t.csv", "key": ("day", "amount"), "time": "day"}]
        ),
        "other": st.sampled_from([{"from": "input"}, {"path": "o.csv", "key": "id"}]),
    }
)
contracts = st.builds(
    lambda data, checks, drifts: {
        "version": 1,
        "name": "trips",
        "datasets": data,
        "validations": (*checks, *([DRIFT] if drifts else [])),
    },
    datasets,
    st.lists(validations, min_size=1, max_size=4),
    st.booleans(),
)


def atoms(validation: dict[str, Any]) -> frozenset[str]:
    """Return everything that a validation demands, one entry a rule, however it is spelled and arranged."""
    found = []
    for key, value in validation.items():
        if key == "columns":
            for column, given in value.items():
                found.append(f"column {column}")
                for one in given if isinstance(given, tuple) else (given,):
                    found += [f"{column} {atom}" for atom in _of_set(one)]
        elif key == "rows":
            read = bound(list(value) if isinstance(value, tuple) else value)
            found += [f"rows {read.min} {read.max}"]
        elif key in {"unique", "expect", "references"} and isinstance(value, tuple):
            found += [f"{key} {one}" for one in value]
        else:
            found.append(f"{key} {value}")
    return frozenset(found)


def _of_set(rules: dict[str, Any]) -> list[str]:
    allow = tolerance(rules.get("allow", 0))
    shared = (
        *(allow.max, allow.unit if allow.max else ""),
        *(rules.get("where"), rules.get("severity"), rules.get("missing") or (), rules.get("required", True)),
    )
    found = [] if shared[-1] else ["may be absent"]
    for rule, value in rules.items():
        if rule in TERMS:
            continue
        # `allow` says nothing about nulls.
        terms = (*(() if rule == "nulls" else shared[:2]), *shared[2:])
        found += [
            f"{name} {spelled} {terms}" for name, spelled in _spelled(rule, value, is_plain=not allow.max)
        ]
    return found


def _spelled(rule: str, value: Any, *, is_plain: bool) -> list[tuple[str, Any]]:  # noqa: ANN401
    if rule == "range" and is_plain:
        return [(name, end) for name, end in zip(("min", "max"), value, strict=True) if end is not None]
    if rule == "nulls":
        read = tolerance(value)
        return [(rule, (read.max, read.unit if read.max else ""))]
    if rule == "length" and not isinstance(value, tuple):
        ends = value if isinstance(value, dict) else {"min": value, "max": value}
        return [(rule, (ends.get("min"), ends.get("max")))]
    return [(rule, duration(value) if rule == "max_age" else value)]


def demanded(contract: dict[str, Any]) -> list[frozenset[str]]:
    """Return what all validations demand, in no order."""
    return sorted((atoms(one) for one in contract["validations"]), key=sorted)


@given(contracts)
def test_there_and_back_nothing_is_lost(contract: dict[str, Any]) -> None:
    foreign, _ = to_odcs(contract, name="trips")
    fragment, coverage = odcs(yaml_text(foreign))
    assert [item for item in coverage.items if item.fate is Fate.UNMAPPED] == []
    back = fragment.contract
    assert demanded(back) == demanded(contract)
    assert back["datasets"] == contract["datasets"]
    loaded(fragment)


NATIVE: dict[str, Any] = {
    "version": 1,
    "datasets": {"trips": {"from": "input"}},
    "validations": (
        {
            "type": "data",
            "rows": {"min": 1, "max": 9},
            "unique": (("id", "day"),),
            "columns": {
                "fare": {"type": "float", "min": 0, "below": 500, "nulls": "1%"},
                "plan": {"type": "string", "regex": "^[a-z]+$", "in": ("free", "pro"), "nulls": 0},
                "at": {"type": "timestamp", "max_age": "24h", "unique": True},
            },
        },
    ),
}


def test_what_the_standard_can_say_is_said_in_its_words() -> None:
    foreign, coverage = to_odcs(NATIVE, name="trips")
    assert {item.fate for item in coverage.items} == {Fate.MAPPED}
    assert foreign == {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "trips",
        "name": "trips",
        "version": "1.0.0",
        "status": "active",
        "schema": (
            {
                "name": "trips",
                "logicalType": "object",
                "properties": (
                    {
                        "name": "fare",
                        "logicalType": "number",
                        "logicalTypeOptions": {"minimum": 0, "exclusiveMaximum": 500},
                        "quality": ({"metric": "nullValues", "mustBeLessOrEqualTo": 1, "unit": "percent"},),
                    },
                    {
                        "name": "plan",
                        "logicalType": "string",
                        "required": True,
                        "logicalTypeOptions": {"pattern": "^[a-z]+$"},
                        "quality": (
                            {
                                "metric": "invalidValues",
                                "arguments": {"validValues": ("free", "pro")},
                                "mustBe": 0,
                            },
                        ),
                    },
                    {"name": "at", "logicalType": "timestamp", "unique": True},
                ),
                "quality": (
                    {"metric": "rowCount", "mustBeGreaterOrEqualTo": 1},
                    {"metric": "rowCount", "mustBeLessOrEqualTo": 9},
                    {"metric": "duplicateValues", "mustBe": 0, "arguments": {"properties": ("id", "day")}},
                ),
            },
        ),
        "slaProperties": ({"property": "freshness", "value": 1, "unit": "d", "element": "trips.at"},),
    }


def test_what_it_cannot_say_is_kept_for_mlval_and_said_to_be() -> None:
    contract = {**NATIVE, "validations": ({"type": "data", "columns": {"fare": {"mean": {"min": 0}}}},)}
    foreign, coverage = to_odcs(contract, name="trips")
    (item,) = coverage.items
    assert item.fate is Fate.DIFFERENT
    assert foreign["schema"][0]["properties"][0]["quality"] == (  # type: ignore[index, call-overload]
        {"type": "custom", "engine": "mlval", "implementation": {"mean": {"min": 0}}},
    )

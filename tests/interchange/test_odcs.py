"""Open Data Contracts of version 3.x as contracts of ours, item by item."""

from typing import Any

import pytest

from mlval.domain.errors import UsageError
from mlval.interchange.coverage import Fate
from tests.interchange.world import body, loaded, odcs

HEAD = """
apiVersion: v3.1.0
kind: DataContract
id: trips
version: 1.0.0
status: active
"""


def with_property(text: str) -> str:
    return f"{HEAD}schema:\n- name: t\n  properties:\n  - {{name: x, {text}}}\n"


def with_check(text: str, *, column: bool = True) -> str:
    if column:
        return with_property(f"quality: [{{{text}}}]")
    return f"{HEAD}schema:\n- name: t\n  quality: [{{{text}}}]\n"


PROPERTIES: dict[str, tuple[str, dict[str, Any]]] = {
    "nothing": ("description: a", {"required": True}),
    "a type": ("logicalType: number", {"type": "float"}),
    "a type of the source": ("physicalType: VARCHAR(10)", {"type": "string"}),
    "required": ("required: true", {"nulls": 0}),
    "not required": ("required: false", {"required": True}),
    "unique": ("unique: true", {"unique": True}),
    "limits": (
        "logicalType: integer, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 9}",
        {"type": "int", "min": 1, "below": 9},
    ),
    "times": (
        "logicalType: date, logicalTypeOptions: {minimum: 2026-01-31}",
        {"type": "date", "min": "2026-01-31"},
    ),
    "text": (
        "logicalType: string, logicalTypeOptions: {minLength: 1, maxLength: 5, pattern: '^a', format: uri}",
        {"type": "string", "length": {"min": 1, "max": 5}, "regex": "^a", "format": "url"},
    ),
    "a width": (
        "logicalType: integer, logicalTypeOptions: {format: u8, multipleOf: 5}",
        {"type": "int", "range": (0, 255), "multiple_of": 5},
    ),
    "a zone": (
        "logicalType: timestamp, logicalTypeOptions: {timezone: true, defaultTimezone: Etc/UTC}",
        {"type": "timestamp", "tz": "UTC"},
    ),
    "no zone": (
        "logicalType: timestamp, logicalTypeOptions: {timezone: false}",
        {"type": "timestamp", "tz": "naive"},
    ),
    "enum": ("enum: [{value: a, label: A}, {value: b}]", {"in": ("a", "b")}),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties(name: str) -> None:
    text, rules = PROPERTIES[name]
    fragment, coverage = odcs(with_property(text))
    assert body(fragment) == {"columns": {"x": rules}}
    assert Fate.UNMAPPED not in {item.fate for item in coverage.items}
    loaded(fragment)


CHECKS: dict[str, tuple[str, dict[str, Any]]] = {
    "no nulls": ("metric: nullValues, mustBe: 0", {"nulls": 0}),
    "fewer nulls": ("metric: nullValues, mustBeLessThan: 10, unit: rows", {"nulls": 9}),
    "a share of nulls": ("metric: nullValues, mustBeLessOrEqualTo: 1, unit: percent", {"nulls": "1%"}),
    "between": ("metric: nullValues, mustBeBetween: [0, 5]", {"nulls": 5}),
    "sentinels": (
        "type: library, metric: missingValues, mustBe: 0, arguments: {missingValues: [null, '', n/a]}",
        {"nulls": 0, "missing": ("", "n/a")},
    ),
    "valid values": (
        "metric: invalidValues, mustBeLessOrEqualTo: 2, arguments: {validValues: [a, b]}",
        {"in": ("a", "b"), "allow": 2},
    ),
    "a pattern that warns": (
        "metric: invalidValues, mustBe: 0, severity: info, arguments: {pattern: '^a'}",
        {"regex": "^a", "severity": "warn"},
    ),
    "duplicates": (
        "metric: duplicateValues, mustBe: 0, severity: error",
        {"unique": True, "severity": "block"},
    ),
    "the old word": ("rule: duplicateCount, mustBe: 0", {"unique": True}),
}


@pytest.mark.parametrize("name", CHECKS)
def test_checks_of_a_property(name: str) -> None:
    text, rules = CHECKS[name]
    fragment, _ = odcs(with_check(text))
    assert body(fragment) == {"columns": {"x": rules}}
    loaded(fragment)


TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "rows": ("metric: rowCount, mustBeGreaterThan: 9", {"rows": {"min": 10}}),
    "rows between": ("metric: rowCount, mustBeBetween: [1, 9]", {"rows": {"min": 1, "max": 9}}),
    "unique together": (
        "metric: duplicateValues, mustBe: 0, arguments: {properties: [a, b]}",
        {"unique": (("a", "b"),)},
    ),
    "duplicate rows": ("metric: duplicateValues, mustBeLessThan: 3", {"duplicates": {"allow": 2}}),
}


@pytest.mark.parametrize("name", TABLES)
def test_checks_of_a_schema_object(name: str) -> None:
    text, rules = TABLES[name]
    fragment, _ = odcs(with_check(text, column=False))
    assert body(fragment) == rules
    loaded(fragment)


REFUSED = {
    "a query": ("type: sql, query: SELECT 1, mustBe: 0", "SQL"),
    "a sentence": ("type: text, description: it is good", "people"),
    "another engine": ("type: custom, engine: soda, implementation: {}", "soda"),
    "wrong rows wanted": ("metric: nullValues, mustBeGreaterThan: 3", "wrong"),
    "an unknown unit": ("metric: nullValues, mustBe: 0, unit: furlongs", "furlongs"),
    "an unknown metric": ("metric: entropy, mustBe: 0", "entropy"),
    "an unknown key": ("metric: nullValues, mustBe: 0, tolerance: 3", "tolerance"),
    "no operator": ("metric: nullValues", "operator"),
    "a rule that is none": ("type: custom, engine: mlval, implementation: {mni: 3}", "mni"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name: str) -> None:
    text, word = REFUSED[name]
    items = odcs(with_check(text))[1].items
    (item,) = (one for one in items if one.fate is Fate.UNMAPPED)
    assert word in item.note


WHOLE = f"""{HEAD}
name: Trips of 2026
team: {{name: data}}
schema:
- name: raw trips
  properties:
  - {{name: day, primaryKey: true, primaryKeyPosition: 2}}
  - {{name: id, primaryKey: true, primaryKeyPosition: 1, logicalType: integer}}
  - {{name: zone, relationships: [{{to: zones.id}}]}}
  - {{name: at, physicalName: picked_at, logicalType: timestamp}}
- name: zones
  properties: [{{name: id, unique: true}}]
slaProperties:
- {{property: latency, value: 1, unit: d, element: raw trips.picked_at}}
- {{property: retention, value: 3, unit: y}}
"""


def test_a_whole_contract() -> None:
    fragment, coverage = odcs(WHOLE)
    assert fragment.name == "trips-of-2026"
    assert fragment.datasets == {
        "raw_trips": {"from": "input", "key": ("id", "day")},
        "zones": {"from": "input"},
    }
    trips, zones = fragment.validations
    assert trips["unique"] == (("id", "day"),)
    assert trips["columns"] == {
        "id": {"nulls": 0, "type": "int"},
        "day": {"nulls": 0},
        "zone": {"references": {"dataset": "zones", "column": "id"}},
        "picked_at": {"type": "timestamp", "max_age": "1d"},
    }
    assert zones["columns"] == {"id": {"unique": True}}
    assert [item.source for item in coverage.items if item.fate is Fate.UNMAPPED] == [
        "slaProperties[1] retention"
    ]
    assert "team" in coverage.general[0]
    loaded(fragment)


@pytest.mark.parametrize("text", ["a: 1", "apiVersion: v2.2.2\nkind: DataContract", "[]", "kind: Other"])
def test_what_is_no_contract_of_this_standard(text: str) -> None:
    with pytest.raises(UsageError):
        odcs(text)

"""Any tree of plain data: a contract that loads, or a clear error; never a traceback, never silence."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import UsageError
from mlval.interchange.coverage import Fate
from mlval.interchange.dbt import read_schema
from mlval.interchange.demand import Fragment
from mlval.interchange.odcs import read_odcs
from tests.interchange.world import REFUSAL, loaded

WORDS = (
    *(
        "x",
        "a.b",
        "integer",
        "string",
        "date",
        "timestamp",
        "error",
        "warn",
        "percent",
        "rows",
        "custom",
        "mlval",
    ),
    *("sql", "nullValues", "rowCount", "duplicateValues", "invalidValues", "not_null", "unique", "ref('x')"),
    *(
        "relationships",
        "dbt_utils.accepted_range",
        "dbt_utils.recency",
        "day",
        "> 3",
        "freshness",
        "h",
        "data",
    ),
    *(
        "2026-01-31",
        "^a",
        "{{ x }}",
        "mlvalDataset",
        "mlvalModels",
        "mlvalValidations",
        "x > 0",
        "foreignKey",
    ),
)
scalars = (
    st.none() | st.booleans() | st.integers(-3, 300) | st.sampled_from([0.5, 1e9]) | st.sampled_from(WORDS)
)
KEYS = (
    *(
        "name",
        "properties",
        "quality",
        "relationships",
        "customProperties",
        "logicalType",
        "logicalTypeOptions",
    ),
    *(
        "required",
        "unique",
        "primaryKey",
        "primaryKeyPosition",
        "enum",
        "physicalType",
        "metric",
        "type",
        "engine",
    ),
    *(
        "implementation",
        "arguments",
        "validValues",
        "pattern",
        "mustBe",
        "mustBeLessThan",
        "mustBeBetween",
        "unit",
    ),
    *(
        "severity",
        "minimum",
        "maxLength",
        "format",
        "timezone",
        "multipleOf",
        "to",
        "from",
        "property",
        "value",
    ),
    *(
        "element",
        "columns",
        "tests",
        "data_tests",
        "not_null",
        "accepted_values",
        "values",
        "config",
        "where",
    ),
    *("error_if", "relationships", "field", "freshness", "loaded_at_field", "error_after", "count", "period"),
    *("tables", "constraints", "expression", "test_name", "dbt_utils.accepted_range", "min_value", "rules"),
    *("validation", "data_type", "min", "nulls", "missing", "allow", "in", "dataset", "datepart", "interval"),
)
keys = st.sampled_from(KEYS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)
named = st.dictionaries(keys, values, max_size=6).map(lambda one: {"name": "x", **one})
properties = st.lists(named, max_size=3).map(tuple)
objects = named.flatmap(
    lambda one: properties.map(lambda found: {**one, "properties": found, "columns": found})
)
listed = st.lists(objects | values, max_size=3).map(tuple)


def holds(fragment: Fragment, items: tuple[Any, ...]) -> None:
    assert all(item.note for item in items if item.fate is not Fate.MAPPED)
    if fragment.validations and "models" not in fragment.further:
        loaded(fragment)


@given(listed, listed, listed)
def test_odcs(schema: Any, levels: Any, custom: Any) -> None:  # noqa: ANN401 - any tree
    top = {"apiVersion": "v3.1.0", "schema": schema, "slaProperties": levels, "customProperties": custom}
    fragment, coverage = read_odcs(top, file="x.yaml", places={}, refusal=REFUSAL)
    holds(fragment, coverage.items)


@given(listed, listed | values)
def test_dbt(models: Any, sources: Any) -> None:  # noqa: ANN401 - any tree
    top = {"version": 2, "models": models, "sources": sources}
    fragment, coverage = read_schema(top, file="schema.yml", places={}, refusal=REFUSAL)
    holds(fragment, coverage.items)


@given(values)
def test_any_value(value: Any) -> None:  # noqa: ANN401 - any tree
    for read in (read_odcs, read_schema):
        try:
            fragment, coverage = read(value, file="x.yaml", places={}, refusal=REFUSAL)
        except UsageError:
            continue
        holds(fragment, coverage.items)

"""Row conditions of every spelling, as predicates that the engine accepts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.interchange.demand import Unmappable
from mlval.interchange.row_condition import where_of
from tests.interchange.world import REFUSAL


def leaf(column: str, operator: str, parameter: Any) -> dict[str, Any]:  # noqa: ANN401 - any value
    return {"type": "comparison", "column": {"name": column}, "operator": operator, "parameter": parameter}


READ: dict[str, tuple[Any, str | None, str]] = {
    "pandas": ('status == "paid"', "pandas", "status = 'paid'"),
    "pandas, words": ("a > 3 and not b < 1", "pandas", "(a > 3) AND (NOT coalesce(b < 1, false))"),
    "pandas, signs": ("a==1 | b==2 & c==3", "pandas", "(a = 1) OR ((b = 2) AND (c = 3))"),
    "pandas, a missing value is different": ("a != 1", "pandas", "a IS DISTINCT FROM 1"),
    "pandas, lists": ("a in ['x', 'y']", "pandas", "a IN ('x', 'y')"),
    "pandas, not in": ("a not in [1]", "pandas", "(a NOT IN (1) OR a IS NULL)"),
    "pandas, methods": ("`a b`.notnull() & c.isin([1])", "pandas", '("a b" IS NOT NULL) AND (c IN (1))'),
    "own": ('col("a") >= -3.5', "great_expectations__experimental__", "a >= -3.5"),
    "own, null": ('col("a").notNull()', "great_expectations", "a IS NOT NULL"),
    "own, day": ("col('a') > date('2026-01-31')", "great_expectations", "a > CAST('2026-01-31' AS date)"),
    "spark": ("a IS NOT NULL AND b BETWEEN 1 AND 3", "spark", "(a IS NOT NULL) AND (b BETWEEN 1 AND 3)"),
    "spark, different": ("a <> 1", "spark", "a <> 1"),
    "tree": (
        {"type": "and", "conditions": (leaf("a", ">=", 1), leaf("b", "NOT_IN", ("x",)))},
        None,
        "(a >= 1) AND (b NOT IN ('x'))",
    ),
    "tree, null": ({"type": "nullity", "column": {"name": "a"}, "is_null": True}, None, "a IS NULL"),
    "tree, two columns": (leaf("a", "<", {"name": "b"}), None, "a < b"),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str) -> None:
    condition, parser, predicate = READ[name]
    assert where_of(condition, parser) == predicate
    assert REFUSAL(predicate) is None


NOT_READ: dict[str, tuple[Any, str | None]] = {
    "a chain": ("0 < a < 5", "pandas"),
    "a variable": ("a == @limit", "pandas"),
    "a method": ("a.str.len() > 3", "pandas"),
    "arithmetic": ("a + b > 3", "pandas"),
    "cut short": ("a ==", "pandas"),
    "another parser": ("a == 1", "polars"),
    "a call": ("__import__('os') == 1", "pandas"),
    "a statement": ("a = 1; drop table t", "spark"),
    "a tree of another kind": ({"type": "xor", "conditions": ()}, None),
    "a parameter": (leaf("a", "==", {"$PARAMETER": "x"}), None),
    "deep": ("not " * 50 + "a == 1", "pandas"),
    "a list": ((1,), None),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_not_read(name: str) -> None:
    condition, parser = NOT_READ[name]
    with pytest.raises(Unmappable):
        where_of(condition, parser)


@pytest.mark.parametrize("condition", [None, ""])
def test_none(condition: str | None) -> None:
    assert where_of(condition, "pandas") is None


PIECES = (
    "a",
    "`b c`",
    'col("d")',
    "1",
    "-2.5",
    "'x'",
    '"y"',
    "==",
    "!=",
    "<",
    "and",
    "or",
    "not",
    "in",
    "(",
    ")",
)
MORE = (
    "[",
    "]",
    ",",
    "&",
    "|",
    "~",
    ".isnull()",
    "is",
    "null",
    "between",
    ".isin(",
    "@",
    ";",
    "--",
    "date('2026-01-01')",
)


@given(
    st.lists(st.sampled_from(PIECES + MORE), max_size=12).map(" ".join),
    st.sampled_from(["pandas", "spark", "great_expectations"]),
)
def test_any_text_is_refused_or_a_predicate_of_the_engine(text: str, parser: str) -> None:
    try:
        predicate = where_of(text, parser)
    except Unmappable:
        return
    if predicate is not None and REFUSAL(predicate) is not None:
        # A bare column or value is no comparison, which the engine's parser says too.
        assert "true nor false" in str(REFUSAL(predicate)) or "null" in predicate.lower()

"""The spellings of limits: what each is read as, what is refused and how, and that nothing fails open."""

import doctest
import math
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from mlval.domain import grammar
from mlval.domain.bound import Bound, Direction

BOUND: TypeAdapter[Bound] = TypeAdapter(grammar.BoundSpec)
TOLERANCE: TypeAdapter[Bound] = TypeAdapter(grammar.ToleranceSpec)
READERS: tuple[Callable[[object], object], ...] = (
    grammar.number,
    grammar.bound,
    grammar.tolerance,
    grammar.share,
    grammar.confidence,
    lambda raw: grammar.bound(raw, "higher"),
    lambda raw: grammar.bound(raw, "lower"),
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
anything = st.recursive(
    scalars,
    lambda below: (
        st.lists(below, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["min", "max", "confidence", "other"]), below, max_size=4)
    ),
    max_leaves=5,
)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**64)
percentages = st.decimals(0, 100, places=4).map(lambda value: f"{value}%")
comparisons = st.tuples(st.sampled_from(["<=", ">=", "<= ", ">=  "]), numbers | percentages).map(
    lambda pair: f"{pair[0]}{pair[1]}"
)


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(grammar).failed == 0


@pytest.mark.parametrize(
    "raw, direction, expected",
    [
        (0.85, "higher", Bound(min=0.85)),
        (0.4, "lower", Bound(max=0.4)),
        (0, "higher", Bound(min=0)),
        ("1%", "lower", Bound(max=0.01)),
        ({"min": 0.1}, None, Bound(min=0.1)),
        ({"min": 0.1, "max": None}, None, Bound(min=0.1)),
        ({"max": "40%", "confidence": "95%"}, None, Bound(max=0.4, confidence=0.95)),
        ({"min": 1, "confidence": 0.9}, "lower", Bound(min=1, confidence=0.9)),
        ((0, 500), None, Bound(min=0, max=500)),
        ((None, 500), None, Bound(max=500)),
        ((5, 5), None, Bound(min=5, max=5)),
        (">= 0.85", None, Bound(min=0.85)),
        ("<=1%", "higher", Bound(max=0.01)),
        (" >=  -1e-3 ", None, Bound(min=-0.001)),
    ],
)
def test_a_bound_is_read_in_all_its_spellings(
    raw: object, direction: Direction | None, expected: Bound
) -> None:
    assert grammar.bound(raw, direction) == expected


@pytest.mark.parametrize(
    "raw, words",
    [
        (0.85, "say on which side: {min: 0.85} or {max: 0.85}"),
        ("1%", "say on which side: {min: 1%} or {max: 1%}"),
        ({"mni": 1}, "unknown key 'mni' in a bound"),
        ({}, "needs min, max or both"),
        ({"min": None, "max": None}, "needs min, max or both"),
        ({"min": 2, "max": 1}, "nothing could pass"),
        ({"min": 1, "confidence": "100%"}, "a confidence such as 95%"),
        ({"min": 1, "confidence": 95}, "between 0% and 100%"),
        ({"min": 1, "confidence": None}, "expected a number"),
        ((1,), "a range has two ends"),
        ((None, None), "needs min, max or both"),
        ((2, 1), "nothing could pass"),
        ("> 0.85", "use >= or <=, not >"),
        ("< 1%", "use >= or <=, not <"),
        ("== 1", "use >= or <=, not =="),
        (">= many", "expected a number, found 'many'"),
        (">= nan", "expected a number"),
        (">= 1_000", "expected a number"),
        (">= \N{ARABIC-INDIC DIGIT ONE}", "expected a number"),
        (">= 1e999", "is not a limit"),
        pytest.param("9" * 400 + "%", "is not a limit", id="999…%"),
        pytest.param(10**400, "is not a limit", id="10**400"),
        (True, "expected a number, found True"),
        (None, "expected a number, found None"),
        (math.nan, "is not a limit"),
        ((0, math.inf), "is not a limit"),
        ("many", "expected a number"),
    ],
)
def test_what_is_no_bound_is_refused_in_plain_words(raw: object, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        grammar.bound(raw)


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("1%", Bound(max=0.01, unit="share")),
        ("0%", Bound(max=0, unit="share")),
        ("100 %", Bound(max=1, unit="share")),
        ("<= 0.5%", Bound(max=0.005, unit="share")),
        (0, Bound(max=0, unit="rows")),
        (10, Bound(max=10, unit="rows")),
        (10.0, Bound(max=10, unit="rows")),
        ("<= 3", Bound(max=3, unit="rows")),
    ],
)
def test_a_tolerance_is_a_share_or_a_number_of_rows(raw: object, expected: Bound) -> None:
    assert grammar.tolerance(raw) == expected


@pytest.mark.parametrize(
    "raw, words",
    [
        (0.01, "write 1% or a whole number of rows"),
        (0.5, "write 50% or a whole number of rows"),
        (1e-7, "write 0.00001% or a whole number of rows"),
        ("<= 0.01", "write 1% or a whole number of rows"),
        (1.5, "expected a whole number of rows, found 1.5"),
        ("101%", "a share is at most 100%"),
        (">= 3", "a tolerance is an upper limit"),
        (-1, "expected a share such as 1% or a number of rows such as 10, found -1"),
        ("3", "expected a share such as 1%"),
        (True, "found True"),
        (math.nan, "found nan"),
        (math.inf, "found inf"),
        ((0, 1), "found (0, 1)"),
    ],
)
def test_what_is_no_tolerance_is_refused_in_plain_words(raw: object, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        grammar.tolerance(raw)


@given(st.decimals(0, 1, places=6).filter(lambda value: value % 1 != 0))
def test_a_bare_fraction_as_tolerance_shows_both_spellings(fraction: object) -> None:
    with pytest.raises(ValueError, match="could be a share or a count") as caught:
        grammar.tolerance(float(str(fraction)))
    suggested = str(caught.value).split("write ")[1].split(" or ")[0]
    assert grammar.tolerance(suggested).max == pytest.approx(float(str(fraction)))


@given(anything | comparisons | percentages)
def test_no_limit_is_ever_not_finite(raw: object) -> None:
    for read in READERS:
        try:
            limit = read(raw)
        except ValueError:
            continue
        ends = (limit.min, limit.max, limit.confidence) if isinstance(limit, Bound) else (limit,)
        assert any(end is not None for end in ends)
        assert all(end is None or (isinstance(end, int | float) and math.isfinite(end)) for end in ends)
        assert not any(isinstance(end, bool) for end in ends)


@pytest.mark.parametrize("raw", [True, False])
def test_a_boolean_is_never_a_number(raw: bool) -> None:
    for read in READERS:
        for spelling in (raw, {"min": raw}, (raw, 5), {"min": 0, "confidence": raw}):
            with pytest.raises(ValueError, match="expected"):
                read(spelling)


@given(numbers, numbers, st.none() | st.sampled_from([0.9, 0.95, 0.99]))
def test_a_bound_survives_being_spelled(one: float, other: float, confidence: float | None) -> None:
    for low, high in ((min(one, other), max(one, other)), (one, None), (None, one)):
        bound = Bound(low, high, confidence)
        assert BOUND.validate_python(BOUND.dump_python(bound)) == bound


@given(percentages | st.integers(0, 2**63) | st.just("0.0000001%"))
def test_a_tolerance_survives_being_spelled(raw: object) -> None:
    tolerance = grammar.tolerance(raw)
    spelled = TOLERANCE.dump_python(tolerance)
    assert TOLERANCE.validate_python(spelled) == tolerance


@given(anything | comparisons | percentages | numbers)
def test_the_schema_takes_what_the_parser_takes(raw: object) -> None:
    metric = Draft202012Validator({"anyOf": [BOUND.json_schema(), *grammar.PLAIN_SCHEMAS]})
    for adapter in (BOUND, TOLERANCE):
        try:
            adapter.validate_python(raw)
        except ValidationError:
            continue
        assert Draft202012Validator(adapter.json_schema()).is_valid(_as_json(raw))
    try:
        grammar.bound(raw, "higher")
    except ValueError:
        return
    assert metric.is_valid(_as_json(raw))


@pytest.mark.parametrize("raw", ["<=" + " " * 100_000 + "\n", "1" * 100_000, "=" * 100_000])
def test_no_text_takes_long(raw: object) -> None:
    for read in READERS:
        with pytest.raises(ValueError, match=r"expected|write"):
            read(raw)


def _as_json(raw: object) -> object:
    if isinstance(raw, tuple):
        return [_as_json(item) for item in raw]
    if isinstance(raw, dict):
        return {key: _as_json(item) for key, item in raw.items()}
    return raw

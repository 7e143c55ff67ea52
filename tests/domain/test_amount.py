"""Counts and shares: what each spelling is read as, and what is refused with which words."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from mlval.domain import amount
from mlval.domain.bound import Bound

AMOUNT: TypeAdapter[Bound] = TypeAdapter(amount.AmountSpec)
COUNT: TypeAdapter[Bound] = TypeAdapter(amount.CountSpec)
SHARES: TypeAdapter[Bound] = TypeAdapter(amount.SharesSpec)

counts = st.integers(0, 10**12)
percentages = st.decimals(0, 100, places=4).map(lambda value: f"{value}%")
ends = counts | percentages | st.none()


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(amount).failed == 0


@pytest.mark.parametrize(
    "raw, expected",
    [
        ({"min": 2, "max": 50}, Bound(min=2, max=50)),
        ((None, 50), Bound(max=50)),
        (">= 2", Bound(min=2)),
        ({"min": 0}, Bound(min=0)),
        ({"min": 1}, Bound(min=1)),
        ({"min": "90%"}, Bound(min=0.9, unit="share")),
        (("0.5%", "100%"), Bound(min=0.005, max=1, unit="share")),
        ("<= 3%", Bound(max=0.03, unit="share")),
    ],
)
def test_an_amount_is_a_count_or_a_share(raw: object, expected: Bound) -> None:
    assert amount.amount(raw) == expected


@pytest.mark.parametrize(
    "raw, words",
    [
        ({"min": 0.9}, "0.9 could be a share or a count: write 90% or a whole number"),
        (">= 0.9", "write 90% or a whole number"),
        ({"min": 1.5}, "expected a whole number, found 1.5"),
        ({"min": 2, "max": "50%"}, "one end is a share and the other a count"),
        ({"max": "101%"}, "a share is at most 100%, found 101%"),
        ({"min": -1}, "-1 is below 0"),
        ({"min": 2, "confidence": "95%"}, "a count has no confidence"),
        (3, "say on which side: {min: 3} or {max: 3}"),
        ("3%", "say on which side: {min: 3%} or {max: 3%}"),
        ({"min": True}, "expected a number"),
        ({}, "needs min, max or both"),
    ],
)
def test_what_is_no_amount_is_refused_in_plain_words(raw: object, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        amount.amount(raw)


def test_counts_and_shares_are_told_apart() -> None:
    with pytest.raises(ValueError, match="found a share"):
        amount.count({"min": "5%"})
    with pytest.raises(ValueError, match="found a count"):
        amount.shares({"min": 5})


@given(st.sampled_from((AMOUNT, COUNT, SHARES)), st.fixed_dictionaries({"min": ends, "max": ends}))
def test_what_is_read_is_spelled_as_it_was_meant_and_allowed_by_the_schema(
    kind: TypeAdapter[Bound], raw: object
) -> None:
    try:
        read = kind.validate_python(raw)
    except ValidationError:
        return
    again = kind.dump_python(read, mode="json")
    assert kind.validate_python(again) == read
    for spelled in (raw, again):
        Draft202012Validator(kind.json_schema()).validate(spelled)

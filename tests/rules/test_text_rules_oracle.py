"""Rules about text on random tables against plain Python: the same counts from Parquet and from CSV."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.measure.world import World
from tests.rules.oracle import (
    Broken,
    arithmetic,
    counted,
    counts,
    limits,
    numbers_of,
    parquet,
    sentinels,
    text,
)

texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=6)
words = (
    st.none()
    | texts
    | st.sampled_from(["", "n/a", "a1", "A", "\u00e9", "e\u0301", "\U0001f468\u200d\U0001f469", "-1", "'"])
)
PATTERNS = ["^[a-z]", "[0-9]", "\u00e9", "^$", "(?i)n/?a", "."]
patterns = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3).map(tuple)


@given(
    st.lists(words, max_size=30),
    st.tuples(st.integers(0, 3), st.integers(3, 6)),
    patterns,
    patterns,
    sentinels,
)
def test_texts(
    world: World,
    values: list[str | None],
    ends: tuple[int, int],
    one_of: tuple[str, ...],
    none_of: tuple[str, ...],
    missing: tuple[Any, ...],
) -> None:
    listed = ("n/a", "a1", "")
    rules = {
        "length": ends,
        "regex": one_of,
        "not_regex": none_of,
        "in": listed,
        "not_in": listed,
        "nulls": 0,
    }
    broken: dict[str, Broken] = {
        "length": lambda value: not ends[0] <= len(value) <= ends[1],
        "regex": lambda value: not any(re.search(one, value) for one in one_of),
        "not_regex": lambda value: any(re.search(one, value) for one in none_of),
        "in": lambda value: value not in listed,
        "not_in": lambda value: value in listed,
    }
    gone = [str(one) for one in missing if isinstance(one, str | int) and not isinstance(one, bool)]
    values = ["a word", *values]
    table = parquet(world, "VARCHAR", {"x": values})
    assert counts(world, table, {**rules, "missing": missing}) == counted(values, broken, gone)
    # In CSV an empty field is null; in Parquet an empty text is one where the contract says so.
    missing, gone = (*missing, ""), [*gone, ""]
    expected = counted(values, broken, gone)
    assert counts(world, table, {**rules, "missing": missing}) == expected
    assert counts(world, text(world, {"x": values}), {**rules, "missing": missing}) == expected


mixed = st.none() | st.sampled_from(
    ["n/a", "-1", "-1.0", "5", "10", "9", "9.5", "1e1", "007", "nan", "inf", str(2**64 + 1)]
)


@given(st.lists(mixed, max_size=20), st.sampled_from([(-1, 9), (0, 9.5), (5, 2**64)]), sentinels)
def test_numbers_among_words_in_a_text_file(
    world: World, values: list[str | None], ends: tuple[float, float], missing: tuple[Any, ...]
) -> None:
    values = ["a word", *values]
    rules, broken = limits(ends[0], ends[1])
    more, others = arithmetic(0, 3)
    gone = [value for value in values if value in missing or read(value) in numbers_of(missing)]

    def with_words(is_broken: Broken) -> Broken:
        return lambda value: read(value) is None or is_broken(read(value))

    told = {
        rule: with_words(one) for rule, one in (broken | others).items() if rule not in {"nans", "infinities"}
    }
    expected = counted(values, told | {"nans": lambda _: False, "infinities": lambda _: False}, gone)
    assert counts(world, text(world, {"x": values}), {**rules, **more, "missing": missing}) == expected


def read(value: str | None) -> int | float | None:
    """Read a number as the text file does: a whole one exactly, one with leading zeros not at all."""
    try:
        return int(value or "") if not (value or "").startswith("0") else None
    except ValueError:
        pass
    try:
        return float(value or "")
    except ValueError:
        return None

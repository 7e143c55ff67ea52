"""Tables of levels from profiles are compared on the levels that both sides tell."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import Folded, Level, LevelCounts
from mlval.domain.level_folding import HASHED, OTHER, alike, kept_as, told

LEVELS: st.SearchStrategy[Level] = st.none() | st.text(max_size=3)
COUNTS = st.dictionaries(LEVELS, st.integers(1, 50), max_size=8)
NOTHING_LEFT = Folded(0, 0)


def from_profile(counts: Mapping[Level, int], *, rare: int, hashed: bool = False) -> LevelCounts:
    """Fold the rare levels of a table, as a profile does."""
    kept = {level: count for level, count in counts.items() if level is None or count >= rare}
    left = {level: count for level, count in counts.items() if level not in kept}
    coded = {
        level if level is None else kept_as(level, hashed=hashed): count for level, count in kept.items()
    }
    return LevelCounts(coded, Folded(len(left), sum(left.values()), hashed))


@given(COUNTS, COUNTS)
def test_tables_of_rows_stay_as_they_are(first: dict[Level, int], second: dict[Level, int]) -> None:
    assert alike(LevelCounts(first), LevelCounts(second)) == (first, second)


@given(COUNTS, COUNTS, st.booleans())
def test_a_profile_that_folds_nothing_loses_nothing(
    first: dict[Level, int], second: dict[Level, int], hashed: bool
) -> None:
    before, after = alike(from_profile(first, rare=1, hashed=hashed), LevelCounts(second))
    pairs = {(first.get(level, 0), second.get(level, 0)) for level in {*first, *second}}
    assert {(before.get(level, 0), after.get(level, 0)) for level in {*before, *after}} == pairs
    assert OTHER not in before


@given(COUNTS, COUNTS, st.integers(1, 60), st.booleans())
def test_no_row_is_lost_and_what_is_told_is_exact(
    first: dict[Level, int], second: dict[Level, int], rare: int, hashed: bool
) -> None:
    table = from_profile(first, rare=rare, hashed=hashed)
    before, after = alike(table, LevelCounts(second))
    assert (sum(before.values()), sum(after.values())) == (sum(first.values()), sum(second.values()))
    for level, count in second.items():
        code = level if level is None else kept_as(level, hashed=hashed)
        if code in table.counts or table.folded == Folded(0, 0, hashed):
            assert after[code] == count
        elif level is not None:
            assert code not in after


@given(COUNTS, st.integers(1, 60), st.booleans())
def test_a_table_and_its_own_profile_are_alike(counts: dict[Level, int], rare: int, hashed: bool) -> None:
    before, after = alike(from_profile(counts, rare=rare, hashed=hashed), LevelCounts(counts))
    assert before == after


@given(COUNTS, COUNTS, st.integers(1, 60))
def test_two_profiles_are_compared_on_what_both_tell(
    first: dict[Level, int], second: dict[Level, int], rare: int
) -> None:
    hidden, plain = from_profile(first, rare=rare, hashed=True), from_profile(second, rare=rare)
    before, after = alike(hidden, plain)
    assert (sum(before.values()), sum(after.values())) == (sum(first.values()), sum(second.values()))
    other_way = alike(plain, hidden)
    assert other_way == (after, before)


def test_an_unseen_level_may_be_one_of_the_others() -> None:
    table = LevelCounts({"a": 90}, Folded(3, 10))
    assert alike(table, LevelCounts({"a": 80, "new": 20})) == ({OTHER: 10, "a": 90}, {OTHER: 20, "a": 80})


def test_nulls_are_never_among_the_others() -> None:
    table = LevelCounts({"a": 90}, Folded(3, 10))
    assert alike(table, LevelCounts({"a": 80, None: 20}))[1] == {OTHER: 0, "a": 80, None: 20}


@pytest.mark.parametrize(
    "level", ["x" * 65, "x" * 1_000_000, f"{HASHED}abc", "mlval:other", kept_as("a", hashed=True)]
)
def test_long_levels_and_our_own_words_become_digests(level: str) -> None:
    kept = kept_as(level, hashed=False)
    assert kept.startswith(HASHED)
    assert len(kept) == len(HASHED) + 32
    assert kept != level


@given(st.text(max_size=80), st.text(max_size=80), st.booleans())
def test_different_levels_are_kept_apart(one: str, two: str, hashed: bool) -> None:
    assert (kept_as(one, hashed=hashed) == kept_as(two, hashed=hashed)) == (one == two)


def test_the_levels_that_stand_in_a_profile_may_be_told() -> None:
    table = LevelCounts({"a": 1, kept_as("b", hashed=True): 1, None: 1}, NOTHING_LEFT)
    assert told(table) == {"a"}
    assert told(LevelCounts({"a": 1})) == set()

"""Asking in rounds: answers come back in order, a part that fails keeps to itself."""

from typing import Any

import pytest

from mlval.domain.asks import Ask, Count, Rows
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.steps import Asking, ask, ask_all, together


def answered(asking: Asking[Any]) -> tuple[Any, list[list[str]]]:
    """Answer every count with the length of its table's name; return the result and the rounds."""
    rounds: list[list[str]] = []
    answers: tuple[object, ...] | None = None
    while True:
        try:
            asks: tuple[Ask[Any], ...] = next(asking) if answers is None else asking.send(answers)
        except StopIteration as stop:
            return stop.value, rounds
        tables = [one.rows.table for one in asks if isinstance(one, Count)]
        rounds.append(tables)
        answers = tuple(Failure(Unmeasurable("gone")) if name == "gone" else len(name) for name in tables)


def sums(*rounds: tuple[str, ...]) -> Asking[int]:
    total = 0
    for tables in rounds:
        total += sum((yield from ask_all([Count(Rows(table)) for table in tables])))
    return total


def test_one_ask_has_one_answer() -> None:
    assert answered(ask(Count(Rows("abc")))) == (3, [["abc"]])


def test_answers_come_in_the_order_of_the_asks() -> None:
    asks = [Count(Rows(table)) for table in ("abc", "a", "abc")]
    assert answered(ask_all(asks)) == ((3, 1, 3), [["abc", "a", "abc"]])


def test_what_has_no_answer_raises_why() -> None:
    with pytest.raises(Unmeasurable, match="gone"):
        answered(sums(("a", "gone", "b")))


def test_parts_share_rounds_and_keep_their_order() -> None:
    parts = [sums(("a",), ("bb", "ccc")), sums(), sums(("dddd",)), sums(("a",), ("a",), ("a",))]
    results, rounds = answered(together(parts))
    assert results == (6, 0, 4, 3)
    assert rounds == [["a", "dddd", "a"], ["bb", "ccc", "a"], ["a"]]


def test_a_part_that_fails_is_a_failure_in_its_place() -> None:
    (first, second, third), rounds = answered(
        together([sums(("a",), ("bb",)), sums(("gone",)), sums(("ccc",))])
    )
    assert (first, third) == (3, 3)
    assert isinstance(second, Failure)
    assert second.cause.message == "gone"
    assert rounds == [["a", "gone", "ccc"], ["bb"]]


def raising(error: Exception) -> Asking[int]:
    yield from ask(Count(Rows("a")))
    raise error


def test_an_expected_error_stays_with_its_part_and_a_bug_does_not() -> None:
    results, _ = answered(together([raising(MlvalError("expected")), sums(("a",))]))
    assert isinstance(results[0], Failure)
    assert results[1] == 1
    with pytest.raises(ZeroDivisionError):
        answered(together([raising(ZeroDivisionError()), sums(("a",))]))


def test_together_may_be_nested() -> None:
    inner = together([sums(("a",)), sums(("bb",), ("ccc",))])
    results, rounds = answered(together([inner, sums(("dddd",), ("e",))]))
    assert results == ((1, 5), 5)
    assert rounds == [["a", "bb", "dddd"], ["ccc", "e"]]


def test_nothing_together_asks_nothing() -> None:
    assert answered(together([])) == ((), [])

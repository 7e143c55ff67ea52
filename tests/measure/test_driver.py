"""The driver: shared rounds, each ask once, failures that stay where they belong."""

from collections.abc import Mapping, Sequence
from typing import Any

from mlval.domain.asks import Ask, Count, Rows
from mlval.domain.errors import Crashed, Failure, Unmeasurable
from mlval.domain.measurement import Measurement
from mlval.domain.steps import Asking, ask, ask_all, together
from mlval.measure.driver import drive


class Recorder:
    """Answers every count with the length of its table's name, and remembers the rounds."""

    def __init__(self) -> None:
        self.rounds: list[tuple[str, ...]] = []

    def __call__(self, asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        counts = [one for one in asks if isinstance(one, Count)]
        self.rounds.append(tuple(one.rows.table for one in counts))
        return {
            one: Failure(Unmeasurable("gone")) if one.rows.table == "broken" else len(one.rows.table)
            for one in counts
        }


def count(table: str) -> Count:
    return Count(Rows(table))


def chain(*tables: str) -> Asking[int]:
    total = 0
    for table in tables:
        total += yield from ask(count(table))
    return total


def crash() -> Asking[int]:
    yield from ask(count("a"))
    raise ZeroDivisionError("oops")


def test_rounds_are_shared_and_each_ask_is_answered_once() -> None:
    answers = Recorder()
    ended = drive({"one": chain("a", "bb"), "two": chain("a", "ccc"), "three": chain("bb")}, answers)
    assert ended == {"one": 3, "two": 4, "three": 2}
    assert answers.rounds == [("a", "bb"), ("ccc",)]


def test_a_failed_answer_fails_only_the_task_that_asked() -> None:
    ended = drive({"bad": chain("broken"), "good": chain("a")}, Recorder())
    assert isinstance(ended["bad"], Failure)
    assert ended["bad"].cause.message == "gone"
    assert ended["good"] == 1


def test_a_crash_becomes_a_failure_and_the_others_go_on() -> None:
    ended = drive({"bad": crash(), "good": chain("a", "bb")}, Recorder())
    assert isinstance(ended["bad"], Failure)
    assert isinstance(ended["bad"].cause, Crashed)
    assert "ZeroDivisionError" in ended["bad"].cause.message
    assert ended["good"] == 3


def test_together_keeps_order_and_isolates_failures() -> None:
    def parts() -> Asking[tuple[int | Failure, ...]]:
        return (yield from together([chain("a", "bb"), chain("broken"), chain("ccc")]))

    ended = drive({"all": parts()}, answers := Recorder())["all"]
    assert not isinstance(ended, Failure)
    assert ended[0] == 3
    assert isinstance(ended[1], Failure)
    assert ended[2] == 3
    assert answers.rounds == [("a", "broken", "ccc"), ("bb",)]


def test_asking_nothing_is_no_round() -> None:
    def nothing() -> Asking[tuple[Measurement, ...]]:
        nobody: list[Ask[int]] = []
        counts = yield from ask_all(nobody)
        assert counts == ()
        return ()

    assert drive({"none": nothing()}, Recorder()) == {"none": ()}

"""How a check asks: generators that yield asks and get answers, and ways to combine them."""

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

from mlval.domain.asks import Ask
from mlval.domain.errors import Failure, MlvalError
from mlval.domain.measurement import Measurement

A = TypeVar("A")
R = TypeVar("R")

Asking = Generator[tuple[Ask[Any], ...], tuple[Any, ...], R]
Steps = Asking[tuple[Measurement, ...]]


def ask(question: Ask[A]) -> Asking[A]:
    """Ask one thing; raises what kept it from being answered."""
    (answer,) = yield from ask_all((question,))
    return answer


def ask_all(questions: Sequence[Ask[A]]) -> Asking[tuple[A, ...]]:
    """Ask several things in one round; raises the first reason why one of them has no answer."""
    if not questions:
        return ()
    answers = yield tuple(questions)
    return tuple(_unwrapped(answer) for answer in answers)


def together(parts: Sequence[Asking[R]]) -> Asking[tuple[R | Failure, ...]]:
    """Advance several generators in lock-step, so that their asks share rounds.

    A part that fails with an expected error gives a `Failure` in its place; the others go on.
    """
    results: list[R | Failure | None] = [None] * len(parts)
    waiting: dict[int, tuple[Ask[Any], ...]] = {}

    def advance(index: int, answers: tuple[Any, ...] | None) -> None:
        try:
            waiting[index] = next(parts[index]) if answers is None else parts[index].send(answers)
        except StopIteration as stop:
            results[index] = stop.value
        except MlvalError as error:
            results[index] = Failure(error)

    for index in range(len(parts)):
        advance(index, None)
    while waiting:
        asked = tuple(waiting.items())
        waiting.clear()
        answers = yield tuple(question for _, questions in asked for question in questions)
        start = 0
        for index, questions in asked:
            advance(index, answers[start : start + len(questions)])
            start += len(questions)
    return tuple(result for result in results if result is not None)


def _unwrapped(answer: Any) -> Any:  # noqa: ANN401 - the type of an answer is known to its ask only
    if isinstance(answer, Failure):
        raise answer.cause
    return answer

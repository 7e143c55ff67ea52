"""Advancing all checks in lock-step: what they ask is united, answered once, and sent back."""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, TypeVar

from mlval.domain.asks import Ask
from mlval.domain.errors import Crashed, Failure, MlvalError
from mlval.domain.text import shown

R = TypeVar("R")
Answers = Mapping[Ask[Any], Any]
Answer = Callable[[Sequence[Ask[Any]]], Answers]


def drive(
    tasks: Mapping[str, Generator[tuple[Ask[Any], ...], tuple[Any, ...], R]], answer: Answer
) -> dict[str, R | Failure]:
    """Run generators of asks to their end and return what each returned.

    Each round unites the asks of all tasks and answers those that were not answered before. A task
    that raises ends as a `Failure` of its own; the others go on.
    """
    known: dict[Ask[Any], Any] = {}
    ended: dict[str, R | Failure] = {}
    waiting: dict[str, tuple[Ask[Any], ...]] = dict.fromkeys(tasks, ())
    while waiting:
        asked = (question for questions in waiting.values() for question in questions)
        fresh = tuple(dict.fromkeys(question for question in asked if question not in known))
        if fresh:
            known |= answer(fresh)
        going, waiting = waiting, {}
        for name, questions in going.items():
            try:
                answers = tuple(known[question] for question in questions)
                waiting[name] = tasks[name].send(answers) if answers else next(tasks[name])
            except StopIteration as stop:
                ended[name] = stop.value
            except MlvalError as error:
                ended[name] = Failure(error)
            except Exception as error:  # noqa: BLE001 - a crash in one check must not take the others along
                ended[name] = Failure(crashed(error))
    return {name: ended[name] for name in tasks}


def crashed(error: Exception) -> MlvalError:
    """Wrap an unexpected error of a check: errored, never passed."""
    return Crashed(
        f"the check crashed: {type(error).__name__}: {shown(error)}",
        remedy="this is a bug of mlval; please report it",
    )

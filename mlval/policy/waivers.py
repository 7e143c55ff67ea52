"""Waivers: a failure that somebody answers for does not block until their day is over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from mlval.domain.outcome import GUARD, Outcome
from mlval.domain.terms import Waiver
from mlval.domain.text import shown
from mlval.domain.verdict import Result

SOON: Final = 7
"""So many days before its end a waiver is announced to every reader."""
_WAIVED: Final = frozenset({Outcome.FAILED, Outcome.INCONCLUSIVE})
"""What crashed or could not be measured is no failure that anybody could answer for."""


@dataclass(frozen=True, slots=True)
class Waived:
    """Results after waivers were applied, and what every reader should know of the waivers."""

    results: tuple[Result, ...]
    cautions: tuple[str, ...]


def waive(results: Sequence[Result], waivers: Iterable[Waiver], *, now: str) -> Waived:
    """Let results pass that a waiver covers; `now` is the time of the run in ISO 8601.

    A waiver covers a result whose name begins with its `rule`, part by part. It lets failures and what is
    undecided pass, never what is errored or skipped, and never what the policy guard found. One that has
    expired lets nothing pass, and the result says so.
    """
    today = _day(now)
    known = list(waivers)
    told: dict[str, None] = {}
    judged = []
    for result in results:
        found = [waiver for waiver in known if _covers(waiver, result)]
        longest = max(found, key=lambda waiver: waiver.until, default=None)
        judged.append(result if longest is None else _with(result, longest, today=today))
    for waiver in known:
        covered = [result for result in results if _covers(waiver, result)]
        told.update(dict.fromkeys(_cautions(waiver, covered, today=today)))
    return Waived(tuple(judged), tuple(told))


def _covers(waiver: Waiver, result: Result) -> bool:
    name = result.name
    return result.type != GUARD and (name == waiver.rule or name.startswith(f"{waiver.rule}/"))


def _with(result: Result, waiver: Waiver, *, today: date) -> Result:
    if not result.blocks or result.outcome not in _WAIVED:
        return result
    who = f"{shown(waiver.owner)}: {shown(waiver.reason)}"
    if waiver.until < today:
        expired = f"the waiver of {shown(waiver.owner)} expired on {waiver.until.isoformat()}"
        return replace(result, reason="; ".join(part for part in (result.reason, expired) if part))
    return replace(result, blocks=False, waiver=f"waived until {waiver.until.isoformat()} by {who}")


def _cautions(waiver: Waiver, covered: Sequence[Result], *, today: date) -> Iterable[str]:
    name = f"the waiver of {shown(waiver.rule)}"
    left = (waiver.until - today).days
    if not any(result.outcome in _WAIVED for result in covered):
        yield f"{name} lets nothing pass any more: remove it"
    elif left < 0:
        yield f"{name} expired on {waiver.until.isoformat()}: mend what it covered"
    elif left <= SOON:
        when = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
        yield f"{name} expires {when}, on {waiver.until.isoformat()} ({shown(waiver.owner)} answers for it)"


def _day(now: str) -> date:
    return datetime.fromisoformat(now).astimezone(UTC).date()

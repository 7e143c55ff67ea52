"""The results of a report in the order in which a reviewer wants them, and the line that sums them up."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mlval.domain.bound import TwoKeys
from mlval.domain.errors import Crashed, ExitCode
from mlval.domain.outcome import GUARD, Outcome, State
from mlval.domain.verdict import Report, Result

WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.FAILED: "failed",
    Outcome.ERRORED: "errored",
    Outcome.INCONCLUSIVE: "undecided",
    Outcome.SKIPPED: "skipped",
    Outcome.PASSED: "passed",
}
"""Outcomes as a reader meets them."""


@dataclass(frozen=True, slots=True)
class Sections:
    """Every result once, by how much it matters; what is `quiet` passed or was skipped.

    What is `deferred` was skipped as well, but is to be judged yet: the status of the commit waits for it.
    """

    blocking: tuple[Result, ...]
    warnings: tuple[Result, ...]
    undecided: tuple[Result, ...]
    deferred: tuple[Result, ...]
    quiet: tuple[Result, ...]


def sections(report: Report) -> Sections:
    """Sort the results of a report into its sections; inside of one the order stays, largest change first."""
    results = _largest_first(report.verdict.results)
    rest = [result for result in results if not stops(result)]
    quiet = _of(rest, Outcome.SKIPPED, Outcome.PASSED)
    blocking = [result for result in results if stops(result)]
    return Sections(
        # What loosens the gate comes first: it says what the other figures are worth.
        blocking=tuple(sorted(blocking, key=lambda result: result.type != GUARD)),
        warnings=_of(rest, Outcome.FAILED, Outcome.ERRORED),
        undecided=_of(rest, Outcome.INCONCLUSIVE),
        deferred=tuple(result for result in quiet if result.deferred),
        quiet=tuple(result for result in quiet if not result.deferred),
    )


def stops(result: Result) -> bool:
    """Say whether a result keeps the exit code from being 0: it blocks, or the check crashed."""
    return result.blocks or isinstance(result.measurement.problem, Crashed)


def by_validation(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Gather results under their validation, in order of first appearance."""
    gathered: dict[str, list[Result]] = {}
    for result in results:
        gathered.setdefault(result.validation, []).append(result)
    return gathered


def is_green(report: Report) -> bool:
    """Say whether the run lets the merge through, as both its state and its exit code must."""
    return report.verdict.state is State.PASSED and report.verdict.exit_code is ExitCode.PASSED


def headline(report: Report) -> str:
    """Return the verdict in one short line, such as `blocked: 3 failed, 1 errored`."""
    found = sections(report)
    if is_green(report):
        told = _counted(
            warning=len(found.warnings),
            undecided=len(found.undecided),
            deferred=len(found.deferred),
        )
        return ", ".join(["passed", *told])
    outcomes = Counter(result.outcome for result in found.blocking)
    what = ", ".join(_counted(**{word: outcomes[outcome] for outcome, word in WORDS.items()}))
    return f"blocked{_cause(report.verdict.exit_code)}: {what or report.verdict.reason}"


def tally(report: Report) -> str:
    """Return how many results there are of each kind, in one line."""
    found = sections(report)
    quiet = Counter(result.outcome for result in found.quiet)
    parts = _counted(
        blocking=len(found.blocking),
        warning=len(found.warnings),
        undecided=len(found.undecided),
        deferred=len(found.deferred),
        skipped=quiet[Outcome.SKIPPED],
        passed=quiet[Outcome.PASSED],
    )
    total = len(report.verdict.results)
    return f"{total:,} result{'' if total == 1 else 's'}: {', '.join(parts) or 'none'}"


def _largest_first(results: Iterable[Result]) -> list[Result]:
    """Order the changes of each validation by their size; everything else keeps its place."""
    ordered = []
    for of_one in by_validation(results).values():
        falling = iter(sorted(filter(_has_size, of_one), key=_size, reverse=True))
        ordered += [next(falling) if _has_size(result) else result for result in of_one]
    return ordered


def _has_size(result: Result) -> bool:
    effect = result.measurement.effect
    return isinstance(result.measurement.limit, TwoKeys) and effect is not None and math.isfinite(effect)


def _size(result: Result) -> float:
    return result.measurement.effect or 0.0


def _of(results: Iterable[Result], *outcomes: Outcome) -> tuple[Result, ...]:
    return tuple(result for result in results if result.outcome in outcomes)


def _cause(exit_code: ExitCode) -> str:
    causes = {
        ExitCode.INCONCLUSIVE: " by too little data",
        ExitCode.UNAVAILABLE: " by unavailable data",
        ExitCode.BUG: " by a bug in mlval",
    }
    return causes.get(exit_code, "")


def _counted(**counts: int) -> list[str]:
    """Return `3 failed` for every count that is not 0; only a warning is a noun."""
    plural = {word: "s" if word == "warning" and count > 1 else "" for word, count in counts.items()}
    return [f"{count:,} {word}{plural[word]}" for word, count in counts.items() if count]

"""A campaign of generated inputs against one target: every case ends as it should, most get past the parser.

python -m tests.fuzz.campaign TARGET... --cases 20000 prints what became of the cases.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

SECONDS = 20
"""Processor time that one case may take, and a fifteenth of the wall time: longer is a hang."""
LEAST_PAST = 0.3


class Target(Protocol):
    """Something that reads what others wrote."""

    name: str
    ends: frozenset[str]
    """What may become of a case."""

    def make(self, draw: random.Random) -> bytes:
        """Return an input that is nearly valid, or valid."""

    def judge(self, case: bytes) -> str:
        """Read it, assert what must be true, and say what became of it; `refused` is not past the parser."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the cases of a campaign."""

    ends: Counter[str]
    seconds: float
    slowest: float

    @property
    def past(self) -> float:
        """The share of cases that the parser accepted."""
        return 1 - self.ends["refused"] / max(1, self.ends.total())


class HangError(Exception):
    """A case took too long."""


def campaign(make: Callable[[Path], Target], *, cases: int, seed: int, keep: Path | None = None) -> Found:
    """Judge generated cases, each with a seed of its own; the first that breaks a promise raises.

    Raises
    ------
    AssertionError
        With the number of the case, which reproduces it; with `keep` its bytes are written there.
    """
    ends: Counter[str] = Counter()
    slowest, begun = 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "work").mkdir()
        target = make(root / "work")
        before = sorted(root.iterdir())
        for number in range(cases):
            case = target.make(random.Random(f"{target.name}:{seed}:{number}"))
            started = time.perf_counter()
            try:
                with _limited(SECONDS):
                    end = target.judge(case)
                    assert end in target.ends, end
                    ends[end] += 1
                assert sorted(root.iterdir()) == before, "something was written outside"
            except KeyboardInterrupt:
                break  # what was found so far is told
            except Exception as error:
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{target.name}-{seed}-{number}").write_bytes(case)
                message = f"{target.name}, seed {seed}, case {number}: {type(error).__name__}: {error}"
                raise AssertionError(f"{message}\n{case[:2000]!r}") from error
            slowest = max(slowest, time.perf_counter() - started)
    return Found(ends, time.perf_counter() - begun, slowest)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise in the main thread when the time is over."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise HangError(f"longer than {seconds} s")

    # On a busy machine a case may wait long without doing anything wrong.
    timers = {
        signal.SIGPROF: (signal.ITIMER_PROF, seconds),
        signal.SIGALRM: (signal.ITIMER_REAL, 15 * seconds),
    }
    before = {number: signal.signal(number, stop) for number in timers}
    for timer, most in timers.values():
        signal.setitimer(timer, most)
    try:
        yield
    finally:
        for number, (timer, _) in timers.items():
            signal.setitimer(timer, 0)
            signal.signal(number, before[number])


def main() -> None:
    """Run campaigns from the command line."""
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], help="all, if none is named")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for the case that breaks a promise")
    options = parser.parse_args()
    sys.stdout.write(
        "| target | cases | past the parser | seconds | slowest | ends |\n|---|--:|--:|--:|--:|---|\n"
    )
    for name in options.targets or TARGETS:
        found = campaign(TARGETS[name], cases=options.cases, seed=options.seed, keep=options.keep)
        ends = ", ".join(f"{end} {count:,}" for end, count in found.ends.most_common())
        row = (
            name,
            f"{options.cases:,}",
            f"{found.past:.0%}",
            f"{found.seconds:.0f}",
            f"{found.slowest:.2f} s",
            ends,
        )
        sys.stdout.write(f"| {' | '.join(row)} |\n")
        sys.stdout.flush()
        if found.past < LEAST_PAST:
            sys.exit(f"{name}: too few cases get past the parser to say much")


if __name__ == "__main__":
    main()

"""Outcomes, severities and the states of a verdict, as the words that outputs use."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of one measurement."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    ERRORED = "errored"


class Severity(StrEnum):
    """Whether a failure blocks the merge."""

    BLOCK = "block"
    WARN = "warn"


class State(StrEnum):
    """The verdict."""

    PASSED = "passed"
    BLOCKED = "blocked"

"""Outcomes, severities and the states of a verdict, as the words that outputs use."""

from enum import StrEnum
from typing import Final

GUARD: Final = "policy"
"""The id and the type of what the policy guard finds in a contract; no validation may have the id."""


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

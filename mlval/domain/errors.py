"""The catalogue of expected errors: each has an exit code and says what to do next."""

from dataclasses import dataclass, field
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    PASSED = 0
    BLOCKED = 1
    USAGE = 2
    INCONCLUSIVE = 3
    UNAVAILABLE = 4
    UNPUBLISHED = 5
    BUG = 70


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the contract; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a contract, and the way out of it."""

    message: str
    path: str = ""
    place: Place | None = None
    hint: str = ""


class MlvalError(Exception):
    """An error that the user can mend; everything else is a bug of ours."""

    exit_code = ExitCode.BUG

    def __init__(self, message: str, *, remedy: str = "") -> None:
        """Keep the sentence and the remedy apart, so that each output can lay them out."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(MlvalError):
    """The command was called in a way that cannot work."""

    exit_code = ExitCode.USAGE


class ContractError(MlvalError):
    """The contract is not valid; carries every problem that was found."""

    exit_code = ExitCode.USAGE

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        """Collect all problems of one file."""
        count = len(problems)
        super().__init__(f"{file}: {count} {'problem' if count == 1 else 'problems'}")
        self.file = file
        self.problems = problems


class SourceRefused(UsageError):
    """A reference points where it may not: outside the workspace, into .git, to a device."""


class SourceUnavailable(MlvalError):
    """A reference is fine, but nothing could be read from it now."""

    exit_code = ExitCode.UNAVAILABLE


class SourceAbsent(SourceUnavailable):
    """Whoever keeps it answered, and has nothing of this name: a first model has no champion yet."""


class SourceBroken(MlvalError):
    """The file was read and is not what it claims to be: empty, ragged, binary, truncated."""

    exit_code = ExitCode.BLOCKED


class Unmeasurable(MlvalError):
    """An ask has no answer: an absent column, an undefined statistic, a wrong type."""

    exit_code = ExitCode.BLOCKED


class Crashed(MlvalError):
    """A check raised what it should not: our bug, never a pass."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that could not be given, kept as a value until the check that asked is reached."""

    cause: MlvalError = field(compare=False)

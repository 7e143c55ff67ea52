"""What one call of the gate ends with: a report for each contract, or why a contract has none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mlval.domain.errors import ContractError, ExitCode, MlvalError
from mlval.domain.verdict import Report

WORST_FIRST: Final = (
    ExitCode.BUG,
    ExitCode.USAGE,
    ExitCode.BLOCKED,
    ExitCode.UNAVAILABLE,
    ExitCode.INCONCLUSIVE,
)
"""The order in which exit codes win over each other; all of them win over 0."""


@dataclass(frozen=True, slots=True)
class NotAffected:
    """A contract that the change does not concern: it is listed, and does not block; `reason` is a clause."""

    name: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotJudged:
    """A contract that could not be judged, which blocks.

    Attributes
    ----------
    name : of the contract, as far as it is known
    path : of the contract
    error : what went wrong; anything but an `MlvalError` is a bug of ours
    """

    name: str
    path: str
    error: Exception

    @property
    def exit_code(self) -> ExitCode:
        """The code of its cause, which is never 0."""
        return self.error.exit_code if isinstance(self.error, MlvalError) else ExitCode.BUG

    @property
    def mistakes(self) -> ContractError | None:
        """The mistakes of the contract itself, where that is the cause."""
        return self.error if isinstance(self.error, ContractError) else None


Part = Report | NotAffected | NotJudged


@dataclass(frozen=True, slots=True)
class Reports:
    """All contracts of a call, in order; comment and status carry `name`.

    One contract with a report is the usual case: `alone` is that report then, and outputs are those of it.
    """

    name: str
    parts: tuple[Part, ...]

    @property
    def alone(self) -> Report | None:
        """The report, where there is one contract and it has one."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Report) else None

    @property
    def judged(self) -> tuple[Report, ...]:
        """The reports there are."""
        return tuple(part for part in self.parts if isinstance(part, Report))

    @property
    def not_affected(self) -> tuple[NotAffected, ...]:
        """The contracts that the change does not concern."""
        return tuple(part for part in self.parts if isinstance(part, NotAffected))

    @property
    def not_judged(self) -> tuple[NotJudged, ...]:
        """The contracts that could not be judged."""
        return tuple(part for part in self.parts if isinstance(part, NotJudged))

    @property
    def exit_code(self) -> ExitCode:
        """The worst code of all contracts; no contract at all is blocked."""
        codes = (
            *(report.verdict.exit_code for report in self.judged),
            *(part.exit_code for part in self.not_judged),
        )
        return worst(codes) if self.parts else ExitCode.BLOCKED


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code that wins, 0 where there is none.

    >>> worst([ExitCode.PASSED, ExitCode.INCONCLUSIVE, ExitCode.BLOCKED]).name
    'BLOCKED'
    """
    found = set(codes)
    return next((code for code in WORST_FIRST if code in found), max(found, default=ExitCode.PASSED))


def name_of(report: Part) -> str:
    """Return the name of a contract."""
    return report.contract_name if isinstance(report, Report) else report.name


def path_of(report: Part) -> str:
    """Return the path of a contract."""
    return report.contract_path if isinstance(report, Report) else report.path

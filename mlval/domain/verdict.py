"""What a run ends with: results, their verdict, and the inputs they were measured on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mlval.domain.errors import ExitCode, Place
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One judged measurement.

    `reason` is a sentence wherever the numbers alone do not explain the outcome: errored, skipped,
    inconclusive. `blocks` says whether this result alone blocks the merge; `examples_told` whether
    the examples may stand in reports and not in `result.json` only. `waiver` says why a failure is let
    pass; `deferred` that a later run with credentials decides; `base_value` is the value of the same
    result at the base branch.
    """

    validation: str
    type: str
    outcome: Outcome
    severity: Severity
    measurement: Measurement
    blocks: bool = False
    reason: str = ""
    why: str | None = None
    place: Place | None = None
    examples: tuple[Mapping[str, str | None], ...] = ()
    examples_told: bool = False
    waiver: str = ""
    deferred: bool = False
    base_value: float | None = None

    @property
    def name(self) -> str:
        """Validation, subject and metric: what waivers and earlier results are matched by."""
        return f"{self.validation}/{self.measurement.subject}/{self.measurement.metric}"


@dataclass(frozen=True, slots=True)
class InputRecord:
    """What was read: enough to know that two runs judged the same bytes. `uri` carries no credentials.

    `notes` say what was done to it before it was judged, such as columns whose type was changed.
    """

    name: str
    kind: str
    uri: str
    sha256: str | None = None
    rows: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All outcomes folded. `reason` is one sentence."""

    state: State
    exit_code: ExitCode
    reason: str
    counts: Mapping[str, int] = field(default_factory=dict)
    results: tuple[Result, ...] = ()


PARTIAL: Final = "a part of the contract was not judged: "
"""How the caution begins of a report whose run was asked for some validations only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that outputs are rendered from. `cautions` stand in the first lines of every report."""

    tool_version: str
    contract_name: str
    contract_path: str
    contract_sha256: str
    now: str
    verdict: Verdict
    inputs: tuple[InputRecord, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BaseResult:
    """The result of the branch that a change is to be merged into, and where it was read."""

    report: Report
    record: InputRecord

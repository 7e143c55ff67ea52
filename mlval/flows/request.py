"""What a run is given: the contract, its limits, and the names bound when it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset
from mlval.domain.source import Resolved
from mlval.domain.terms import Terms
from mlval.domain.verdict import BaseResult
from mlval.measure.connection import Resources
from mlval.sources.confine import Boundary, Found
from mlval.sources.mlflow import Artifacts

if TYPE_CHECKING:
    from mlval.scoring.environment import Builder


class Buckets(Protocol):
    """Where objects of buckets come from."""

    def fetch(self, reference: str, *, trusted: bool) -> tuple[Found, ...]:
        """Return the objects that a reference names, as files of this machine."""


class Databases(Protocol):
    """Where answers to queries come from."""

    def read(self, name: str, dataset: Dataset) -> Resolved:
        """Return the answer to the query of a dataset."""


class Progress(Protocol):
    """How a flow tells what it is doing."""

    def __call__(self, event: str, *, done: int, total: int | None = None, label: str = "") -> None:
        """Say that of `total` steps of an event `done` are behind."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """The files of what a contract leaves `from: input`, by name.

    `trusted` says that they were typed by whoever runs the gate on a machine of their own, so that
    they may lie anywhere; under the Action they stay inside the workspace. `spelt` is how the two
    are given where they are given, for messages.
    """

    data: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    trusted: bool = False
    spelt: tuple[str, str] = ("data:", "models:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caging:
    """How models may run that are loaded; whoever runs the gate says so, never the contract.

    Attributes
    ----------
    private : an empty folder for copies of models, which the user of the cage can reach
    builder : what builds environments for models; None where there is no uv
    allow_degraded : whether models may run where a layer of the cage is missing
    seconds : wall clock of one scoring
    memory : bytes of all processes of a model together
    """

    private: Path
    builder: "Builder | None" = None
    allow_degraded: bool = False
    seconds: float = 600.0
    memory: int = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to run, and within which limits.

    Attributes
    ----------
    contract : what to judge
    base : the folder that paths of the contract are relative to
    start : the folder that bound names are relative to
    boundary : where files may lie
    bindings : the files of what the contract leaves open
    only : ids or types of validations; empty means all
    now : the time of the run in ISO 8601, recorded
    resources : scratch folder, threads and memory of the engine
    artifacts : where files of MLflow come from
    buckets : where objects of buckets come from; None where none are read
    databases : where answers to queries come from; None where none are asked
    caging : how models are loaded; None where none are
    allow_examples : whether reports may show rows of the data, where the contract asks for it
    terms : the terms that hold, where somebody trusted says other ones than the contract
    stranger : whether a fork caused the run, so that what needs credentials is left to another run
    base_result : the result of the branch that a change is to be merged into; None where there is none
    """

    contract: Contract
    base: Path
    start: Path
    boundary: Boundary
    bindings: Bindings = Bindings()
    only: tuple[str, ...] = ()
    now: str
    resources: Resources
    artifacts: Artifacts
    buckets: Buckets | None = None
    databases: Databases | None = None
    caging: Caging | None = None
    allow_examples: bool = False
    stranger: bool = False
    terms: Terms | None = None
    base_result: BaseResult | None = None

"""What every data rule has in common: a statement about rows, and how its count is judged."""

import json
from dataclasses import dataclass, field, replace
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import ConfigDict, RootModel

from mlval.domain.asks import Column, Count, Rows, TableShape
from mlval.domain.bound import Bound, Tighter
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Inputs
from mlval.domain.limits import Value
from mlval.domain.measurement import Failing, Measurement, Path
from mlval.domain.outcome import Severity
from mlval.domain.predicate import Either, Holds, IsNull, Not, NotNull, Predicate, Sentinel
from mlval.domain.steps import Asking, Steps, ask_all
from mlval.domain.text import shown

P = TypeVar("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What surrounds a rule in the contract: its rows, its tolerance, and where it stands.

    `column` is set for a rule that stands under one; `known` are all columns that the contract names;
    `missing` are values that count as nulls; `inputs` has the roles of this and of other datasets.
    """

    rows: Rows
    shape: TableShape
    dataset: str
    inputs: Inputs = field(default_factory=Inputs)
    column: Column | None = None
    known: frozenset[str] = frozenset()
    where: str | None = None
    missing: tuple[Value, ...] = ()
    allow: Bound = Bound(max=0, unit="rows")
    severity: Severity | None = None
    path: Path = ()

    @property
    def filters(self) -> tuple[Predicate, ...]:
        """The rule's own `where`, as predicates."""
        return () if self.where is None else (Holds(self.where),)

    @property
    def absent(self) -> Predicate:
        """What is true of a row without a value in the rule's column: null, or one that stands for it."""
        name = self.under.name
        return Either((IsNull(name), Sentinel(name, self.missing))) if self.missing else IsNull(name)

    @property
    def present(self) -> tuple[Predicate, ...]:
        """The rule's own `where`, and that the rule's column has a value."""
        name = self.under.name
        filled = (*self.filters, NotNull((name,)))
        return (*filled, Not(Sentinel(name, self.missing))) if self.missing else filled

    @property
    def under(self) -> Column:
        """The column that the rule stands under.

        Raises
        ------
        Unmeasurable
            If it stands under none.
        """
        if self.column is None:
            message = "this is a rule for a column: write it under one, in `columns:`"
            raise Unmeasurable(message)
        return self.column


class Rule(RootModel[P], Generic[P]):
    """One demand on data. Its value in the contract is the root; its name is its file's.

    `tighter` says which edit of the value demands more, for the guard that compares contracts.
    `grouped` says whether it is about rows, so that it can be asked of one group of them.
    """

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)

    name: ClassVar[str]
    on: ClassVar[Literal["column", "table", "both"]] = "column"
    tighter: ClassVar[Tighter] = "none"
    grouped: ClassVar[bool] = True

    def long_form(self) -> object:
        """Return the value in its longest spelling, so that two spellings of one demand are alike."""
        return self.root

    def uses(self) -> tuple[str, ...]:
        """Return the other datasets that the rule asks about."""
        return ()

    def steps(self, setting: Setting) -> Steps:
        """Yield asks, get answers, return measurements."""
        raise NotImplementedError


class RowRule(Rule[P], Generic[P]):
    """A demand that every single value of a column meets or breaks. Nulls are left to null rules."""

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a row that breaks the rule."""
        raise NotImplementedError

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and those that break the rule."""
        column, counted = setting.under, setting.present
        broken = (*counted, self.violation(column))
        measurement = yield from tolerated(
            self.name, setting, subject=column.name, counted=counted, broken=broken, columns=(column.name,)
        )
        return (replace(measurement, details={"demands": self.spelled}),)

    @property
    def spelled(self) -> str:
        """The value that the contract gives the rule, short enough to stand in a sentence."""
        return shown(json.dumps(self.model_dump(mode="json"), ensure_ascii=False), 60)


def tolerated(
    name: str,
    setting: Setting,
    *,
    subject: str,
    counted: tuple[Predicate, ...],
    broken: tuple[Predicate, ...],
    columns: tuple[str, ...],
) -> Asking[Measurement]:
    """Measure how many of the `counted` rows are `broken`, against the tolerance of the setting."""
    of, n = yield from ask_all((Count(setting.rows, counted), Count(setting.rows, broken)))
    return Measurement(
        subject=subject,
        metric=name,
        limit=setting.allow,
        value=counted_value(n, of, setting.allow),
        n=n,
        of=of,
        failing=Failing(rows=setting.rows, of=broken, columns=columns),
        path=setting.path,
        severity=setting.severity,
    )


def unwanted_columns(name: str, setting: Setting, columns: tuple[str, ...]) -> Measurement:
    """Return how many columns of the table are not as a rule demands; there must be none."""
    return Measurement(
        subject=setting.dataset,
        metric=name,
        limit=Bound(max=0, unit="rows"),
        value=len(columns),
        details={"columns": columns},
        path=setting.path,
        severity=setting.severity,
    )


def counted_value(n: int, of: int, allow: Bound) -> float | None:
    """Return a count as the number or the share that its limit speaks of; None where nothing was counted."""
    if of == 0:
        return None
    return n / of if allow.unit == "share" else n

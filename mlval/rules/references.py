"""Values that must stand in another dataset: a foreign key, or labels that were seen before.

What it measures
    Rows whose value, or values together, stand in no row of the other dataset, against all rows in
    which none of the columns is null. Numbers are equal to numbers, times to times, text to text.

Why it matters
    An order without its customer falls out of every join. A label or a category that the training
    data does not have is one that the model cannot know: let the column reference the training data.

When it misleads
    Rows with a null among the columns are not looked at; add a `nulls` rule. Codes that are numbers in
    one file and text in the other are an error, not a difference.

Example
    customer_id: {references: customers}
    plan: {references: {dataset: train, column: plan}, allow: 0.1%}

Elsewhere
    Soda: values in (column) must exist in
    pointblank: col_vals_in_table
    Deequ: ReferentialIntegrity
    dbt: relationships
    ODCS: relationships

References
    None; a count.
"""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, model_validator

from mlval.domain.demand import Demand, Names
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.measurement import Measurement
from mlval.domain.predicate import Found, Not, NotNull
from mlval.domain.rule import Rule, Setting, tolerated
from mlval.domain.steps import Asking, Steps, together
from mlval.domain.text import shown


class Reference(Frozen):
    """A column of another dataset."""

    dataset: str = Field(description="The other dataset.")
    column: str | None = Field(default=None, description="Its column; default: its key.")


class ForeignKey(Demand):
    """Columns that stand together in another dataset."""

    columns: Names = Field(description="Columns of this dataset.")
    dataset: str = Field(description="The other dataset.")
    others: Names | None = Field(
        default=None, description="Its columns, in the same order; default: those of its key."
    )

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        if self.others is not None and len(self.others) != len(self.columns):
            message = f"{len(self.columns)} columns cannot be paired with {len(self.others)} others"
            raise ValueError(message)
        return self


_Listed = Annotated[tuple[ForeignKey, ...], Field(min_length=1)]


class References(Rule[str | Reference | _Listed]):
    """Every value stands in another dataset: its name, `{dataset:, column:}`; for tables a list."""

    name = "references"
    on = "both"
    tighter = "superset"

    def uses(self) -> tuple[str, ...]:
        """Return the other datasets."""
        if isinstance(self.root, tuple):
            return tuple(dict.fromkeys(one.dataset for one in self.root))
        return (self.root if isinstance(self.root, str) else self.root.dataset,)

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and those that the other dataset does not have."""
        match self.root:
            case str(dataset):
                return (yield from self._of_column(setting, Reference(dataset=dataset)))
            case Reference() as reference:
                return (yield from self._of_column(setting, reference))
            case listed if setting.column is not None:
                message = f"a list of {len(listed)} foreign keys stands at the validation, not under a column"
                raise Unmeasurable(message, remedy="write `references: {dataset: NAME, column: NAME}` here")
            case listed:
                return (yield from self._of_table(setting, listed))

    def _of_column(self, setting: Setting, reference: Reference) -> Steps:
        name = setting.under.name
        columns = (reference.column,) if reference.column else _key(setting, reference.dataset, 1)
        return ((yield from self._missing(setting, Found((name,), reference.dataset, columns))),)

    def _of_table(self, setting: Setting, listed: tuple[ForeignKey, ...]) -> Steps:
        own = [one.within(setting, index=index) for index, one in enumerate(listed)]
        found = yield from together([self._of_key(each, one) for each, one in zip(own, listed, strict=True)])
        return tuple(
            Measurement(
                subject=", ".join(one.columns),
                metric=self.name,
                problem=measured.cause,
                path=each.path,
                severity=each.severity,
            )
            if isinstance(measured, Failure)
            else measured
            for each, one, measured in zip(own, listed, found, strict=True)
        )

    def _of_key(self, setting: Setting, one: ForeignKey) -> Asking[Measurement]:
        others = one.others or _key(setting, one.dataset, len(one.columns))
        return (yield from self._missing(setting, Found(one.columns, one.dataset, others)))

    def _missing(self, setting: Setting, found: Found) -> Asking[Measurement]:
        counted = (*setting.filters, NotNull(found.columns)) if setting.column is None else setting.present
        measurement = yield from tolerated(
            self.name,
            setting,
            subject=", ".join(found.columns),
            counted=counted,
            broken=(*counted, Not(found)),
            columns=found.columns,
        )
        return replace(measurement, details={"dataset": found.table, "others": found.others})


def _key(setting: Setting, name: str, wanted: int) -> tuple[str, ...]:
    """Return the key of another dataset, which has to have as many columns as are compared with it."""
    dataset = setting.inputs.datasets.get(name)
    keys = () if dataset is None else dataset.keys
    if len(keys) != wanted:
        message = f"{shown(name)!r} has {len(keys)} key columns in the contract, and {wanted} are compared"
        raise Unmeasurable(message, remedy="name its columns, or add `key:` to the dataset")
    return keys

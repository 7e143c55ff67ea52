"""Equal rows with different labels.

What it measures
    Rows with a label for which another row has the same values and another label, against all rows
    with a label. Columns are those named, else the dataset's features, else all but its key, target
    and time; the label is the one named, else the dataset's target. Nulls are equal to one another.

Why it matters
    No model can be right on both of two equal rows with different labels: their share bounds what
    can be learnt, and it grows with careless labelling.

When it misleads
    Few columns with few values make many rows equal, and then different labels are chance, not
    mistakes. Numbers that differ in the last digit are different.

Example
    conflicts: {columns: [age, plan, region], label: churned, allow: 0.1%}

References
    None; a count.
"""

from pydantic import Field

from mlval.domain.demand import Demand, Names, apart, looked_at
from mlval.domain.errors import Unmeasurable
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.inputs import Dataset
from mlval.domain.predicate import Contradicted, NotNull
from mlval.domain.rule import Rule, Setting, tolerated
from mlval.domain.steps import Steps


class Labelling(Demand):
    """Which columns make rows alike, which one is the label, and how many rows may contradict another."""

    columns: Names | None = Field(
        default=None,
        description="Which columns; default: the dataset's features, or all but key, target and time.",
    )
    label: str | None = Field(default=None, description="The label; default: the dataset's `target`.")


class Conflicts(Rule[ToleranceSpec | Labelling]):
    """At most this share (`0.1%`) or number of rows has the values of another row, but not its label."""

    name = "conflicts"
    on = "table"
    tighter = "down"

    @property
    def demand(self) -> Labelling:
        """The demand in its long form."""
        return self.root if isinstance(self.root, Labelling) else Labelling(allow=self.root)

    def long_form(self) -> object:
        """Return the demand in its long form."""
        return self.demand

    def steps(self, setting: Setting) -> Steps:
        """Count the rows with a label, and those that others contradict."""
        own = self.demand.within(setting)
        dataset = own.inputs.datasets.get(own.dataset)
        label = self.demand.label or (dataset.target if dataset else None)
        if label is None:
            message = "which column is the label is not said"
            raise Unmeasurable(message, remedy="add `label:` here, or `target:` to the dataset")
        columns = self.demand.columns or _features(own, dataset, label)
        if not columns:
            raise Unmeasurable("there is no column beside the label by which rows could be equal")
        labelled = (*own.filters, NotNull((label,)))
        contradicted = Contradicted(apart(own, columns), label, looked_at(own))
        measurement = yield from tolerated(
            self.name,
            own,
            subject=label,
            counted=labelled,
            broken=(*labelled, contradicted),
            columns=(*columns, label),
        )
        return (measurement,)


def _features(setting: Setting, dataset: Dataset | None, label: str) -> tuple[str, ...]:
    if dataset is None:
        return tuple(name for name in setting.shape.names if name != label)
    left_out = {label, dataset.target, dataset.time, *dataset.keys}
    return tuple(name for name in dataset.features or setting.shape.names if name not in left_out)

"""Which columns of two datasets are compared where a contract names none."""

from dataclasses import dataclass

from mlval.domain.asks import TableShape
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Detail, Measurement
from mlval.domain.text import shown

_TIMES = {"date", "timestamp"}


@dataclass(frozen=True, slots=True)
class Sides:
    """The two datasets by name, and the models whose predictions are compared, if any."""

    reference: str
    current: str
    inputs: Inputs
    models: tuple[str, ...] = ()

    @property
    def before(self) -> Dataset:
        """The reference."""
        return self.inputs.datasets[self.reference]

    @property
    def after(self) -> Dataset:
        """The current dataset."""
        return self.inputs.datasets[self.current]

    @property
    def profiled(self) -> tuple[bool, bool]:
        """Which of the two is a profile."""
        return self.before.profile is not None, self.after.profile is not None

    @property
    def target(self) -> str | None:
        """The column with the truth."""
        return self.before.target or self.after.target


def default_columns(sides: Sides, shape: TableShape) -> tuple[str, ...]:
    """Return the features of the reference, or its columns that may be features."""
    if sides.before.features is not None:
        return sides.before.features
    left_out = _left_out(sides)
    return tuple(each.name for each in shape.columns if each.name not in left_out and each.kind not in _TIMES)


def new_columns(sides: Sides, shapes: tuple[TableShape, TableShape]) -> list[Measurement]:
    """Tell once which columns are there now and were not in the reference."""
    left_out = {*_left_out(sides), *shapes[0].names}
    new = tuple(name for name in shapes[1].names if name not in left_out)
    if not new or sides.before.features is not None:
        return []
    details: dict[str, Detail] = {"columns": tuple(shown(name) for name in new)}
    return [Measurement(subject=sides.current, metric="new_columns", value=len(new), details=details)]


def _left_out(sides: Sides) -> set[str | None]:
    """Return the columns that are no features: keys, times, the target and what is predicted."""
    found: set[str | None] = {sides.target}
    for name, dataset in (sides.reference, sides.before), (sides.current, sides.after):
        found |= {*dataset.keys, dataset.time}
        for model in sides.models:
            columns = sides.inputs.models[model].predictions
            if columns is not None and columns.dataset == name:
                found |= columns.columns
    return found

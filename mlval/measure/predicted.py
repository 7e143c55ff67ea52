"""What a model that the gate loaded predicts for the rows of a dataset, kept beside their positions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb

from mlval.domain.asks import Column, Scored
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Model
from mlval.domain.text import shown
from mlval.measure.label_lists import are_lists
from mlval.measure.literals import identifier, text
from mlval.measure.scores import positive_of
from mlval.measure.tables import OWN_NAMES, ROW, Table, shape_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LABEL: Final = f"{OWN_NAMES}label"
SCORE: Final = f"{OWN_NAMES}score"
_TRUTHS: Final = {"0": "false", "1": "true"}
_NUMBERS: Final = {"false": "0", "true": "1"}


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a model predicts: codes into `classes`, and probabilities or not; or `numbers` by name."""

    classes: tuple[str, ...] = ()
    probabilities: bool = False
    numbers: tuple[str, ...] = ()


class Predicted:
    """The predictions of one model for one dataset, taken block by block."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str, outputs: Outputs) -> None:
        """Make a table for the predictions."""
        self._connection, self._name, self.outputs = connection, name, outputs
        labels = (LABEL,) if outputs.classes else (f"{OWN_NAMES}{i}" for i in range(len(outputs.numbers)))
        scores = self._scores() if outputs.probabilities else ()
        self._columns = (*labels, *scores)
        declared = "".join(f", {identifier(name)} DOUBLE" for name in self._columns)
        connection.execute(f"CREATE TABLE {identifier(name)} ({identifier(ROW)} BIGINT{declared})")

    def take(
        self,
        places: "NDArray[np.int64]",
        labels: "NDArray[np.float64]",
        scores: "NDArray[np.float64] | None" = None,
    ) -> None:
        """Keep the predictions of some rows: labels one a row or rows × numbers, scores rows × classes."""
        numbers = labels.reshape(len(places), -1).T
        arrays = [places, *numbers, *(() if scores is None else scores.T)]
        given = "mlval:given"
        with self._connection.cursor() as cursor:
            cursor.register(given, {f"column{index}": array.copy() for index, array in enumerate(arrays)})
            cursor.execute(f"INSERT INTO {identifier(self._name)} SELECT * FROM {identifier(given)}")
            cursor.unregister(given)

    def rows_of(self, dataset: Table, name: str) -> Table:
        """Make the table of those rows of the dataset that were predicted, in their order."""
        own = identifier(ROW)
        self._connection.execute(
            f"CREATE TABLE {identifier(name)} AS SELECT d.* FROM {dataset.sql} AS d"
            f" SEMI JOIN {identifier(self._name)} AS p ON d.{own} = p.{own} ORDER BY d.{own}"
        )
        return Table(name=name, shape=shape_of(self._connection, name), written=dataset.written)

    def pair(
        self, dataset: Table, roles: Dataset, *, model: Model, name: str, kept: bool = True
    ) -> tuple[Table, Scored]:
        """Make the table in which every row of the dataset stands beside its prediction.

        Without `kept` it is a view, for few rows of which there are many predictions.

        Raises
        ------
        Unmeasurable
            If a threshold has no two classes to choose from, one of several numbers is not named, or a row
            has no prediction.
        """
        target = dataset.column(roles.target or "")
        scores = (
            tuple(zip(self._named(target), self._scores(), strict=False))
            if self.outputs.probabilities
            else ()
        )
        positive = positive_of([one for one, _ in scores], roles)
        added = {LABEL: self._label(target, model, positive=positive)}
        if positive is not None:
            added[SCORE] = f"p.{identifier(dict(scores)[positive])}"
        added |= {column: f"p.{identifier(column)}" for _, column in scores}
        columns = ", ".join(f"{sql} AS {identifier(column)}" for column, sql in added.items())
        own = identifier(ROW)
        self._connection.execute(
            f"CREATE {'TABLE' if kept else 'VIEW'} {identifier(name)} AS SELECT d.*, {columns}"
            f" FROM {dataset.sql} AS d JOIN {identifier(self._name)} AS p ON d.{own} = p.{own}"
        )
        table = Table(name=name, shape=shape_of(self._connection, name), written=dataset.written)
        if table.shape.rows != dataset.shape.rows:
            message = f"{dataset.shape.rows - table.shape.rows:,} rows have no prediction"
            raise Unmeasurable(message)
        are_lists(target, table.column(LABEL))
        return table, Scored(name, LABEL, SCORE if SCORE in added else None, scores)

    def _scores(self) -> tuple[str, ...]:
        return tuple(f"{SCORE}:{index}" for index in range(len(self.outputs.classes)))

    def _named(self, target: Column | None) -> tuple[str, ...]:
        """Return the classes as the target spells them: a model that counts 0 and 1 means false and true."""
        classes = self.outputs.classes
        kind = None if target is None else target.kind
        spelling = _TRUTHS if kind == "bool" else _NUMBERS if kind in {"int", "float"} else {}
        return tuple(spelling[one] for one in classes) if set(classes) <= set(spelling) else classes

    def _label(self, target: Column | None, model: Model, *, positive: str | None) -> str:
        if not self.outputs.classes:
            return f"p.{identifier(f'{OWN_NAMES}{self._number(model)}')}"
        named = self._named(target)
        try:
            texts = f"[{', '.join(map(text, named))}]"
        except ValueError as error:
            raise Unmeasurable("the model has a class whose name is no text") from error
        if model.threshold is None:
            return f"({texts})[p.{identifier(LABEL)}::INTEGER + 1]"
        if positive is None or len(named) != 2:
            message = "a `threshold:` needs probabilities of two classes, of which one is positive"
            raise Unmeasurable(message, remedy="add `positive:` to the dataset, or leave `threshold:` out")
        place = named.index(positive)
        above = f"p.{identifier(self._scores()[place])} >= {model.threshold!r}"
        return f"({texts})[CASE WHEN {above} THEN {place + 1} ELSE {2 - place} END]"

    def _number(self, model: Model) -> int:
        names = self.outputs.numbers
        if model.output in names:
            return names.index(model.output)
        if model.output is None and len(names) == 1:
            return 0
        listed = shown(", ".join(names))
        if model.output is None:
            message = f"the model predicts {len(names)} numbers a row"
            raise Unmeasurable(message, remedy=f"name one by `output:` of the model: {listed}")
        message = f"the model predicts nothing of the name {shown(model.output)!r}"
        raise Unmeasurable(message, remedy=f"it predicts: {listed}")

"""The engine: tables are opened, the connection is locked, then asks are answered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from mlval.domain.asks import (
    Ask,
    Bins,
    Edges,
    Examples,
    Groups,
    Guesses,
    Levels,
    Misnamed,
    Rows,
    Scores,
    Shape,
    Top,
    Vectors,
)
from mlval.domain.asks_of_time import Gaps, OffZone, Series
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.feature_change import ShownFeatures
from mlval.domain.inputs import Inputs
from mlval.domain.label_sets import LabelSets
from mlval.domain.paired import Paired
from mlval.domain.profile import Profile
from mlval.domain.sampled import RowSample, VectorSample
from mlval.domain.source import TableFiles
from mlval.domain.text import shown
from mlval.measure import examples, fused, gaps, names, timelines, values, zones
from mlval.measure.conditions import Conditions
from mlval.measure.connection import Resources, connect, lock
from mlval.measure.deadline import Deadline
from mlval.measure.driver import crashed
from mlval.measure.predicate import PredicateError, columns_of, compile_predicate, parser
from mlval.measure.predicted import Outputs, Predicted
from mlval.measure.profiled import answer as answer_from_profile
from mlval.measure.profiled_counts import untold
from mlval.measure.relations import unmeasurable
from mlval.measure.scores import Pairing, pair
from mlval.measure.tables import Table, open_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mlval.domain.features import Feature

Distribution = Edges | Bins | Levels | Groups | Vectors | Guesses
DISTRIBUTIONS = (Edges, Bins, Levels, Groups, Vectors, Guesses)

A = TypeVar("A")
Q = TypeVar("Q")


class Engine:
    """Answers asks about the tables it was given, and about nothing else."""

    def __init__(self, resources: Resources, inputs: Inputs) -> None:
        """Start without tables; `inputs` say which columns are keys, targets and predictions."""
        self._connection = connect(resources)
        self._deadline = Deadline(resources.seconds)
        self._inputs = inputs
        self._tables: dict[str, Table | MlvalError] = {}
        self._files: list[str] = []
        self._profiles: dict[str, Profile] = {}
        self._sources: dict[str, TableFiles] = {}
        self._predicted: dict[Scores, Predicted | MlvalError] = {}
        self._shown: dict[tuple[str, str, int], Table] = {}
        self._clear: set[str] = set()

    def open(self, name: str, files: TableFiles) -> int:
        """Make files available as a table, and return how many rows they hold."""
        self._files += files.paths
        # The engine does not tell names apart by case, and has relations of its own.
        table = open_table(self._connection, f"mlval:{len(self._tables)}:{name}", files)
        self._tables[name] = table
        self._sources[name] = files
        return table.shape.rows

    def open_profile(self, name: str, profile: Profile) -> int:
        """Let a profile answer for a table, and return how many rows it stands for."""
        self._profiles[name] = profile
        # Whatever needs rows, such as predictions or other tables, is told so.
        self.give_up(name, untold("it has no rows"))
        return profile.dataset.rows

    def give_up(self, name: str, cause: MlvalError) -> None:
        """Remember why a table cannot be had; whatever asks for it gets this error."""
        self._tables[name] = cause

    def lock(self) -> None:
        """Leave the engine only the files it has; to be called before any ask."""
        lock(self._connection, self._files)

    def features(
        self, dataset: str, names: Sequence[str], *, values: int | None = None
    ) -> "Iterator[tuple[NDArray[np.int64], tuple[Feature, ...]]]":
        """Yield what a model is shown of a dataset, block by block: the positions of rows, their features.

        Raises
        ------
        Unmeasurable
            If a column is absent, or holds what no model is shown.
        """
        # numpy is wanted by few
        from mlval.measure import features

        table = self._table(dataset)
        with self._connection.cursor() as cursor:
            yield from features.blocks(cursor, table, names, values=values or features.BLOCK)

    def predicted(self, of: Scores, outputs: Outputs) -> Predicted:
        """Return where the predictions that will be asked for go; all of them come before the ask."""
        taken = Predicted(self._connection, f"mlval:predicted:{len(self._predicted)}", outputs)
        self._predicted[of] = taken
        return taken

    def no_predictions(self, of: Scores, cause: MlvalError) -> None:
        """Remember why there are no such predictions; whatever asks for them gets this error."""
        self._predicted[of] = cause

    def answer(self, asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        """Answer every ask with its answer or a `Failure`."""
        profiled = {ask: self._profiles[table] for ask in asks if (table := _table_of(ask)) in self._profiles}
        told = {ask: _caught(partial(answer_from_profile, profile), ask) for ask, profile in profiled.items()}
        return {**told, **self._from_rows([ask for ask in asks if ask not in told])}

    def _from_rows(self, asks: Sequence[Ask[Any]]) -> Mapping[Ask[Any], Any]:
        distributions = [ask for ask in asks if isinstance(ask, DISTRIBUTIONS)]
        counts = [ask for ask in asks if isinstance(ask, fused.Fused)]
        answers = {**self._distributions(distributions), **self._counts(counts)}
        rest = (ask for ask in asks if ask not in answers)
        return {**answers, **{ask: _caught(self._single, ask) for ask in rest}}

    def _counts(self, asks: Sequence[fused.Fused]) -> dict[Ask[Any], Any]:
        """Answer asks for counts and aggregates, those of one table together."""
        by_table: dict[str, list[fused.Fused]] = {}
        for ask in asks:
            by_table.setdefault(ask.rows.table, []).append(ask)
        answers: dict[Ask[Any], Any] = {}
        for group in by_table.values():
            found = _caught(self._counts_of_one_table, group)
            answers |= dict.fromkeys(group, found) if isinstance(found, Failure) else dict(found.items())
        return answers

    def _counts_of_one_table(self, asks: Sequence[fused.Fused]) -> Mapping[fused.Fused, fused.Answer]:
        conditions = self._conditions(asks[0].rows.table, self._connection)
        with self._deadline.over(self._connection):
            return fused.answer(self._connection, conditions, asks)

    def _distributions(self, asks: Sequence[Distribution]) -> dict[Ask[Any], Any]:
        """Answer asks about distributions, two at a time: one column is read while another is sorted."""
        if not asks:
            return {}
        # numpy is wanted by these only
        from concurrent.futures import ThreadPoolExecutor

        from mlval.measure import distributions

        def single(ask: Distribution) -> Any:  # noqa: ANN401 - as for `_single`
            # A connection serves one thread at a time; a cursor is one of its own on the same tables.
            with self._connection.cursor() as cursor, self._deadline.over(cursor):
                return distributions.answer(cursor, self._conditions(ask.rows.table, cursor), ask)

        with ThreadPoolExecutor(max_workers=2) as pool:
            return dict(zip(asks, pool.map(partial(_caught, single), asks), strict=True))

    def _single(self, ask: Ask[Any]) -> Any:  # noqa: ANN401 - the type of an answer is known to its ask only
        with self._deadline.over(self._connection):
            match ask:
                case Shape(table):
                    return self._table(table).shape
                case Scores() | Paired():
                    return self._scored(ask) if isinstance(ask, Scores) else self._paired(ask)
                case Examples():
                    conditions = self._conditions(ask.rows.table, self._connection)
                    return examples.answer(self._connection, conditions, ask)
                case Top() | Gaps() | OffZone() | Series():
                    return self._of_values(ask)
                case RowSample() | VectorSample() | LabelSets():
                    return self._of_rows(ask)
                case ShownFeatures(model):
                    raise _only_predictions(model)
                case Misnamed(table, pattern):
                    return names.misnamed(self._connection, self._table(table).shape, pattern)
        message = f"nobody answers {type(ask).__name__}"
        raise TypeError(message)

    def _of_rows(self, ask: RowSample | VectorSample | LabelSets) -> Any:  # noqa: ANN401 - as for `_single`
        # numpy is wanted by these only
        from mlval.measure import label_sets, row_samples

        conditions = self._conditions(ask.rows.table, self._connection)
        if isinstance(ask, LabelSets):
            return label_sets.answer(self._connection, conditions, ask)
        return row_samples.answer(self._connection, conditions, ask)

    def _of_values(self, ask: Top | Gaps | OffZone | Series) -> Any:  # noqa: ANN401 - as for `_single`
        conditions = self._conditions(ask.rows.table, self._connection)
        match ask:
            case Top():
                return values.top(self._connection, conditions, ask)
            case Gaps():
                return gaps.coverage(self._connection, conditions, ask)
            case Series():
                return timelines.answer(self._connection, conditions, ask)
            case OffZone():
                files = self._sources.get(ask.rows.table)
                return zones.off_zone(self._connection, conditions, ask, files=files)

    def _table(self, name: str) -> Table:
        table = self._tables.get(name)
        if isinstance(table, MlvalError):
            raise table
        if table is None:
            message = f"there is no table {name!r}"
            raise Unmeasurable(message)
        return table

    def _conditions(self, name: str, connection: duckdb.DuckDBPyConnection) -> Conditions:
        table = self._table(name)
        kinds = {column.name: column.kind for column in table.shape.columns}
        parse = parser(connection)

        def expression(text: str) -> str:
            try:
                return compile_predicate(text, parse=parse, columns=kinds)
            except PredicateError as error:
                raise Unmeasurable(str(error)) from error

        other = partial(self._conditions, connection=connection)
        return Conditions(table, expression, partial(columns_of, parse=parse), other)

    def _scored(self, ask: Scores) -> Any:  # noqa: ANN401
        model = self._inputs.models[ask.model]
        name = f"mlval:{len(self._tables)}:scored:{ask.dataset}:{ask.model}"
        dataset, roles = self._table(ask.dataset), self._inputs.datasets[ask.dataset]
        columns = model.predictions
        if columns is None:
            taken = self._taken(ask)
            if ask.rows is not None:
                dataset = self._shown_rows(ask, taken, ask.rows)
            self._tables[name], scored = taken.pair(
                dataset, roles, model=model, name=name, kept=ask.rows is None
            )
            return scored
        if ask.change is not None or ask.rows is not None:
            raise _only_predictions(ask.model)
        joined = None if columns.dataset is not None else self._table(predictions_table(ask.model))
        if columns.dataset is not None and columns.dataset != ask.dataset:
            message = (
                f"model {ask.model!r} has its predictions in {columns.dataset!r}, not in {ask.dataset!r}"
            )
            raise Unmeasurable(message)
        clear = ask.dataset in self._clear
        pairing = Pairing(name, dataset, roles, columns, predictions=joined, clear=clear)
        self._tables[name], scored = pair(self._connection, pairing)
        self._clear |= {ask.dataset} if joined else set()
        return scored

    def _paired(self, ask: Paired) -> Any:  # noqa: ANN401
        from mlval.measure import paired  # wanted where models are compared

        conditions = self._conditions(ask.rows.table, self._connection)
        name = f"mlval:{len(self._tables)}:paired"
        second = self._table(ask.second.table)
        self._tables[name], found = paired.pair(self._connection, conditions, second, ask=ask, name=name)
        return found

    def _shown_rows(self, ask: Scores, taken: Predicted, most: int) -> Table:
        """Return the rows of a dataset that a model was shown: kept once, however its features change."""
        key = ask.model, ask.dataset, most
        if key not in self._shown:
            name = f"mlval:shown:{len(self._shown)}"
            self._shown[key] = taken.rows_of(self._table(ask.dataset), name)
        return self._shown[key]

    def _taken(self, ask: Scores) -> Predicted:
        taken = self._predicted.get(ask)
        if isinstance(taken, MlvalError):
            raise taken
        if taken is None:
            message = f"there are no predictions of the model {shown(ask.model)!r}"
            raise Unmeasurable(message)
        return taken


def _table_of(ask: Ask[Any]) -> str:
    """Return the table that an ask is about, "" where it is none."""
    rows = getattr(ask, "rows", None)
    if isinstance(rows, Rows):
        return rows.table
    return str(getattr(ask, "dataset", getattr(ask, "table", "")))


def _only_predictions(model: str) -> Unmeasurable:
    message = f"the model {shown(model)!r} has predictions only: it cannot be shown changed features"
    return Unmeasurable(message, remedy="name a model with `uri:` or `path:`")


def predictions_table(model: str) -> str:
    """Return the name under which a model's predictions are opened."""
    return f"mlval:predictions:{model}"


def _caught(answer: Callable[[Q], A], question: Q) -> A | Failure:
    try:
        return answer(question)
    except MlvalError as error:
        return Failure(error)
    except duckdb.Error as error:
        return Failure(unmeasurable(error))
    except Exception as error:  # noqa: BLE001 - one ask that crashes must not take the others along
        return Failure(crashed(error))

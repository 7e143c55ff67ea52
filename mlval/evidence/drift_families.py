"""What is compared: which columns of which rows, family by family. Slices and predictions are asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mlval.domain.asks import ByColumn, Crossed, Groups, Rows, Scores, Shape, Split, TableShape
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Path
from mlval.domain.slices import SliceSpec, called, split_of
from mlval.domain.steps import Asking, ask_all

MOST_SLICES = 1_000

Pair = tuple[Rows, Rows]


@dataclass(frozen=True, slots=True)
class Family:
    """Columns that are compared on the same two selections of rows.

    Attributes
    ----------
    name : columns, target, predictions or slice
    columns : by name
    sizes : rows of both selections
    path : where the demand stands
    prefix : what subjects begin with
    called : what reports call columns whose names are ours
    absent : why nothing is compared
    """

    name: str
    columns: tuple[str, ...]
    rows: Pair
    shapes: tuple[TableShape, TableShape]
    sizes: tuple[int, int]
    path: Path = ()
    prefix: str = ""
    called: Mapping[str, str] | None = None
    absent: str | None = None

    def subject(self, column: str) -> str:
        """Return what reports call a column of the family."""
        return self.prefix + (self.called or {}).get(column, column)


def predictions(models: tuple[str, str], whole: Family, inputs: Inputs) -> Asking[Family]:
    """Return what a model predicts for the rows of both datasets: its score, else its label, or both.

    Predictions that stand in a column of one of the datasets stand in the column of that name in the other.
    """
    before, after = whole.rows
    own = inputs.models[models[0]].predictions
    if models[0] == models[1] and own is not None and own.dataset in {before.table, after.table}:
        named = {own.score: "score", own.label: "label"}
        columns = {column: what for column, what in named.items() if column is not None}
        return replace(
            whole,
            name="predictions",
            columns=tuple(columns),
            path=("predictions",),
            prefix=f"{models[1]}: ",
        )
    scored = yield from ask_all(
        [Scores(model, one.table) for model, one in zip(models, whole.rows, strict=True)]
    )
    shapes = yield from ask_all([Shape(one.table) for one in scored])
    both = [("score", [one.score for one in scored]), ("label", [one.label for one in scored])]
    common = {names[0]: what for what, names in both if names[0] is not None and None not in names}
    if not common:
        raise Unmeasurable("one model has scores and the other has labels: they cannot be compared")
    return replace(
        whole,
        name="predictions",
        columns=tuple(common),
        rows=(replace(before, table=scored[0].table), replace(after, table=scored[1].table)),
        shapes=(shapes[0], shapes[1]),
        path=("predictions",),
        prefix=f"{models[1]}: ",
        called=common,
    )


def slices(
    specs: Sequence[SliceSpec], whole: Family, *, min_rows: int, vocabulary: frozenset[str]
) -> Asking[list[Family]]:
    """Return a family for every level of every split; `absent` says why one is not compared."""
    found: list[Family] = []
    for place, spec in enumerate(specs):
        split = split_of(spec)
        counted = [
            {key[0]: count for key, count in groups.counts.items() if key[0] is not None}
            for groups in (yield from ask_all([Groups(one, (split,)) for one in whole.rows]))
        ]
        levels = sorted({str(level) for counts in counted for level in counts})
        if len(levels) > MOST_SLICES:
            message = f"more than {MOST_SLICES:,} slices"
            raise Unmeasurable(message, remedy="split by a column with fewer values")
        if not levels:
            raise Unmeasurable("no row is in a slice")
        for rank, level in enumerate(levels, 1):
            sizes = counted[0].get(level, 0), counted[1].get(level, 0)
            before, after = (replace(one, part=(split, level)) for one in whole.rows)
            found.append(
                Family(
                    name="slice",
                    columns=tuple(name for name in whole.columns if name not in _columns(split)),
                    rows=(before, after),
                    shapes=whole.shapes,
                    sizes=sizes,
                    path=("slices", place),
                    prefix=f"{called(split, level, rank=rank, vocabulary=vocabulary)}: ",
                    absent=_too_few(sizes, min_rows),
                )
            )
    return found


def _columns(split: Split) -> frozenset[str]:
    """Return the columns whose value is the same in all of a slice."""
    if isinstance(split, Crossed):
        return frozenset().union(*map(_columns, split.by))
    return frozenset({split.column}) if isinstance(split, ByColumn) else frozenset()


def _too_few(sizes: tuple[int, int], min_rows: int) -> str | None:
    if min(sizes) >= min_rows:
        return None
    return f"{sizes[0]:,} rows of the reference and {sizes[1]:,} now: fewer than `min_rows: {min_rows}`"

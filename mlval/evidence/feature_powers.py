"""What one feature alone tells about the target: the asks for it, and how they fit what columns hold."""

from dataclasses import dataclass

from mlval.domain.asks import Count, Edges, Guesses, Rows, TableShape
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import NotNull
from mlval.domain.steps import Asking, ask
from mlval.domain.text import shown
from mlval.stats import predictive_power
from mlval.stats.errors import Undefined

FEW_VALUES = 20
"""So many different whole numbers are classes, not a scale."""

_NUMBERS = {"int", "float", "date", "timestamp"}
_LEVELS = {"string", "bool"}


@dataclass(frozen=True, slots=True)
class Guessing:
    """What is guessed on which rows.

    `known` is the number of rows with a target, `steps` are the edges of its bins (None for classes), and
    `keys` the columns that tell rows apart.
    """

    rows: Rows
    shape: TableShape
    target: str
    known: int
    steps: tuple[float, ...] | None
    keys: tuple[str, ...]


def guessing(rows: Rows, shape: TableShape, *, target: str, keys: tuple[str, ...]) -> Asking[Guessing]:
    """Find out what kind of target there is.

    Raises
    ------
    Unmeasurable
        If it is absent, has no values, or none that could be guessed.
    """
    kind = _kind(shape, target)
    known = yield from ask(Count(rows, (NotNull((target,)),)))
    edges = None
    if kind in _NUMBERS:
        edges = yield from ask(Edges(rows, target, predictive_power.TARGET_BINS))
        if edges and len(edges) <= FEW_VALUES + 1 and all(edge.is_integer() for edge in edges[1:]):
            edges = None
    if known == 0 or edges == ():
        raise _no_values(target)
    return Guessing(rows, shape, target, known, edges, keys)


def power(guessing: Guessing, feature: str) -> Asking[float]:
    """Return how much of the blind error a feature removes.

    Raises
    ------
    Unmeasurable
        If the feature is absent or has no values, or nothing is left to predict.
    """
    kind = _kind(guessing.shape, feature)
    edges = None
    if kind in _NUMBERS:
        edges = yield from ask(Edges(guessing.rows, feature, predictive_power.bins_for(guessing.known)))
        if not edges:
            raise _no_values(feature)
    elif (yield from ask(Count(guessing.rows, (NotNull((feature,)),)))) == 0:
        raise _no_values(feature)
    found = yield from ask(
        Guesses(guessing.rows, feature, guessing.target, guessing.keys, edges=edges, steps=guessing.steps)
    )
    try:
        return predictive_power.score(found.by_column, found.blind)
    except Undefined as error:
        raise Unmeasurable(str(error)) from error


def _kind(shape: TableShape, name: str) -> str:
    column = next((column for column in shape.columns if column.name == name), None)
    if column is None:
        message = f"there is no column {shown(name)!r}"
        raise Unmeasurable(message)
    if column.kind not in _NUMBERS | _LEVELS:
        message = f"{shown(name)!r} holds {shown(column.stored)} values, which have no levels"
        raise Unmeasurable(message)
    return column.kind


def _no_values(name: str) -> Unmeasurable:
    message = f"{shown(name)!r} has no values"
    return Unmeasurable(message)

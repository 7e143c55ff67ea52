"""What every model metric has in common: its bound, its direction, and the evidence it is computed from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from mlval.domain import grammar
from mlval.domain.bound import Bound, Direction
from mlval.domain.frozen import Frozen
from mlval.domain.tighter import DOWN, UP

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each true class met each predicted class; classes are sorted text."""

    labels: tuple[str, ...]
    matrix: "NDArray[np.int64]"
    positive: str | None

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return int(self.matrix.sum())


@dataclass(frozen=True, slots=True)
class BinaryScores:
    """The different scores of the positive class, rising, and the rows of each class that have them."""

    score: "NDArray[np.float64]"
    positives: "NDArray[np.int64]"
    negatives: "NDArray[np.int64]"

    @property
    def counts(self) -> "tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]":
        """The scores, and the positive and negative rows of each, as statistics take them."""
        return self.score, self.positives, self.negatives

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.positives.sum() + self.negatives.sum())


@dataclass(frozen=True, slots=True)
class ClassScores:
    """For each row the place of its true class among `labels`, and its score of each of them."""

    labels: tuple[str, ...]
    truth: "NDArray[np.int64]"
    scores: "NDArray[np.float64]"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)


@dataclass(frozen=True, slots=True)
class GroupScores:
    """Aligned relevance (the true value, or 1 for the positive class), score, and number of the group."""

    relevance: "NDArray[np.float64]"
    score: "NDArray[np.float64]"
    group: "NDArray[np.int64]"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.score)


@dataclass(frozen=True, slots=True)
class SeveralLabels:
    """Whether each row has each of the labels, truly and as predicted; shape (rows, labels)."""

    truth: "NDArray[np.bool_]"
    prediction: "NDArray[np.bool_]"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)


@dataclass(frozen=True, slots=True)
class RowValues:
    """One number a row, NaN where the row has none."""

    values: "NDArray[np.float64]"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Values:
    """Aligned true and predicted numbers."""

    truth: "NDArray[np.float64]"
    prediction: "NDArray[np.float64]"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)


Evidence = Confusion | BinaryScores | ClassScores | GroupScores | Values | RowValues | SeveralLabels
Kind = Literal[
    "confusion", "scores", "classes", "probabilities", "groups", "values", "expression", "label_sets"
]
"""What metrics are computed from; `probabilities` are `scores` of two classes or of several."""


class Estimated(Protocol):
    """What computing a metric gives: a finite value, the rows it rests on, an interval where there is one."""

    @property
    def value(self) -> float:
        """The metric."""

    @property
    def n(self) -> int:
        """Rows in the denominator."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """The lower and the upper bound."""


class Metric(Frozen):
    """One metric with its bound. A plain number is the limit on the side where worse begins."""

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    better: ClassVar[Direction]
    needs: ClassVar[Kind]

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe every spelling that the validator reads, not only the keys."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [schema, *grammar.PLAIN_SCHEMAS], "description": cls.__doc__}

    min: Annotated[grammar.Number, UP] = Field(default=None, description="The smallest value that passes.")
    max: Annotated[grammar.Number, DOWN] = Field(default=None, description="The largest value that passes.")
    confidence: Annotated[grammar.Number, UP] = Field(
        default=None, description="Where given, the whole interval of this confidence must clear the bound."
    )

    @model_validator(mode="before")
    @classmethod
    def _any_spelling(cls, raw: Any) -> Any:  # noqa: ANN401 - text of the contract
        extra = {}
        if isinstance(raw, dict):
            own = set(cls.model_fields) - {"min", "max", "confidence"}
            extra = {key: value for key, value in raw.items() if key not in {"min", "max", "confidence"}}
            if set(extra) - own:
                return raw
            raw = {key: value for key, value in raw.items() if key not in extra}
        limit = grammar.bound(raw, cls.better)
        return {"min": limit.min, "max": limit.max, "confidence": limit.confidence, **extra}

    @property
    def takes_label_sets(self) -> bool:
        """Whether a metric of one label a row is defined of rows with several labels too."""
        return False

    @property
    def row_value(self) -> str:
        """The expression of the contract that gives each row its number, for what needs one."""
        return ""

    @property
    def bound(self) -> Bound:
        """The demand, as a bound."""
        return Bound(min=self.min, max=self.max, confidence=self.confidence)

    def estimate(self, evidence: Any, *, confidence: float) -> "Estimated":  # noqa: ANN401 - narrowed by `needs`
        """Compute the metric from the evidence that it `needs`.

        Raises
        ------
        ValueError
            Where the metric is undefined on this evidence; the message says why.
        """
        raise NotImplementedError

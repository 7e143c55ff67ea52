"""How a contract says by how much a metric may be worse, or must be better, than that of the champion.

| spelling | read as |
|---|---|
| `0.01` | at most 0.01 worse, in the unit of the metric |
| `5%` | worse by at most 5% of the champion's value |
| `{max_worse: 0.01, average: macro}` | the same, and what the metric itself takes |
| `{min_better: 0.005}` | better by more than that |
"""

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, GetJsonSchemaHandler, create_model, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from mlval.domain.bound import Margin
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import PERCENT_SCHEMA
from mlval.domain.metric import Metric
from mlval.domain.rounding import significant
from mlval.domain.shift import Shift, decrease
from mlval.domain.tighter import DOWN, SUPERSET, UP
from mlval.evidence.known_metrics import METRICS, SPELLINGS

_BOUND_KEYS = frozenset({"min", "max", "confidence"})
_SHIFT_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "number", "minimum": 0}, PERCENT_SCHEMA]}


class MetricMargin(Frozen):
    """A metric with the difference to the champion's that it may or must have."""

    metric_class: ClassVar[type[Metric]]

    max_worse: Annotated[Any, DOWN] = Field(
        default=None,
        description="By how much the candidate may be worse: `0.01` in the metric's unit, "
        "or `5%` of the champion's value.",
        json_schema_extra=_SHIFT_SCHEMA,
    )
    min_better: Annotated[Any, UP] = Field(
        default=None,
        description="By how much the candidate must be better, in the same way.",
        json_schema_extra=_SHIFT_SCHEMA,
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the plain spelling beside the keys."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [schema, *_SHIFT_SCHEMA["anyOf"]], "description": cls.__doc__}

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, raw: Any) -> Any:  # noqa: ANN401 - text of the contract
        return raw if isinstance(raw, dict | MetricMargin) else {"max_worse": raw}

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.max_worse is None) == (self.min_better is None):
            raise ValueError("give `max_worse:` or `min_better:`, one of them")
        self._shift()
        self.metric()
        return self

    def metric(self) -> Metric:
        """Return the metric with what it takes, without a bound of its own."""
        own = {
            name: getattr(self, name)
            for name in self.model_fields_set
            if name in self.metric_class.model_fields
        }
        return self.metric_class.model_validate({"min": 0, **own})

    def weight(self, champion: float) -> float:
        """Return what the champion's value is multiplied by where the margin is a share of it, else 1."""
        shift = self._shift()
        if shift.scale != "share":
            return 1.0
        return 1 + self._sign * (shift.amount if champion >= 0 else -shift.amount)

    def margin(self, champion: float, *, confidence: float) -> Margin:
        """Return the end that the difference, candidate less champion, must clear."""
        shift = self._shift()
        size = shift.amount * (abs(champion) if shift.scale == "share" else 1.0)
        end = significant(self._sign * size) + 0.0
        share = shift.amount if shift.scale == "share" else None
        if self.metric_class.better == "higher":
            return Margin(min=end, confidence=confidence, share=share)
        return Margin(max=end, confidence=confidence, share=share)

    @property
    def _sign(self) -> int:
        """Return 1 where the end lies above zero, -1 where it lies below."""
        is_gain = self.min_better is not None
        return 1 if is_gain == (self.metric_class.better == "higher") else -1

    def _shift(self) -> Shift:
        shift = decrease(self.max_worse if self.max_worse is not None else self.min_better)
        if shift.scale == "factor":
            raise ValueError("a margin is a difference such as 0.01, or a share such as 5%")
        return shift


def _margin_class(metric: type[Metric]) -> type[MetricMargin]:
    own: dict[str, Any] = {
        name: (field.annotation, field)
        for name, field in metric.model_fields.items()
        if name not in _BOUND_KEYS
    }
    made: type[MetricMargin] = create_model(
        f"{metric.__name__}Margin", __base__=MetricMargin, __doc__=metric.__doc__, **own
    )
    made.metric_class = metric
    return made


class _Margins(Frozen):
    """Margins by metric."""

    @model_validator(mode="after")
    def _one_spelling_each(self) -> Self:
        named = [SPELLINGS[spelling] for spelling in self.model_fields_set]
        repeated = sorted({name for name in named if named.count(name) > 1})
        if repeated:
            message = f"{repeated[0]} is given twice under two spellings"
            raise ValueError(message)
        return self

    def demands(self) -> tuple[tuple[str, MetricMargin], ...]:
        """Return the margins that are set with the spelling that the contract uses, by name."""
        found = (
            (spelling, getattr(self, spelling)) for spelling in sorted(SPELLINGS, key=SPELLINGS.__getitem__)
        )
        return tuple((spelling, margin) for spelling, margin in found if margin is not None)


_CLASSES = {name: _margin_class(metric) for name, metric in METRICS.items()}
_KEYS: dict[str, Any] = {
    spelling: (
        Annotated[_CLASSES[name] | None, SUPERSET],
        Field(default=None, description=METRICS[name].__doc__),
    )
    for spelling, name in SPELLINGS.items()
}
Margins = create_model("Margins", __base__=_Margins, __doc__=_Margins.__doc__, **_KEYS)

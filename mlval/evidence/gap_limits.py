"""How a contract limits the gaps between groups, by fairlearn's names."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, WithJsonSchema, create_model

from mlval.domain import grammar
from mlval.domain.frozen import Frozen
from mlval.domain.measurement import Path
from mlval.domain.tighter import DOWN, UP
from mlval.evidence.group_rates import RATES

CALIBRATION = "calibration"
FOUR_FIFTHS = 0.8
"""The smallest ratio of selection rates that the rule of the United States' authorities (1978) lets pass."""
_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("true_positive_rate",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    **{rate: (rate,) for rate in RATES},
    CALIBRATION: (CALIBRATION,),
}
"""Which rates each demand compares; of several the worse gap counts."""


def _limit(raw: object, side: Literal["max", "min"]) -> float:
    read = grammar.bound(raw, "lower" if side == "max" else "higher")
    limit, other = (read.max, read.min) if side == "max" else (read.min, read.max)
    if limit is None or other is not None or read.confidence is not None:
        message = f"expected one limit such as 0.1 or {{{side}: 0.1}}"
        raise ValueError(message)
    if not (0 <= limit < 1 if side == "max" else 0 < limit <= 1):
        low, high = ("from 0", "below 1") if side == "max" else ("above 0", "at most 1")
        message = f"expected a limit {low} and {high}, found {limit}"
        raise ValueError(message)
    return limit


def _schema(side: str, sign: str) -> dict[str, Any]:
    ends = {"minimum": 0, "exclusiveMaximum": 1} if side == "max" else {"exclusiveMinimum": 0, "maximum": 1}
    number = {"anyOf": [{"type": "number", **ends}, grammar.PERCENT_SCHEMA]}
    keys = {"type": "object", "additionalProperties": False, "required": [side], "properties": {side: number}}
    written = {"type": "string", "pattern": rf"^\s*{sign}=\s*[0-9.eE+-]+\s*%?\s*$"}
    return {"anyOf": [*number["anyOf"], keys, written]}


_Difference = Annotated[
    float, BeforeValidator(lambda raw: _limit(raw, "max")), WithJsonSchema(_schema("max", "<"))
]
_Ratio = Annotated[
    float, BeforeValidator(lambda raw: _limit(raw, "min")), WithJsonSchema(_schema("min", ">"))
]


class Demand(NamedTuple):
    """A limit on the gap of one family of rates."""

    metric: str
    path: Path
    rates: tuple[str, ...]
    limit: float
    is_ratio: bool


class _Gaps(Frozen):
    """Limits of gaps between groups, by metric."""

    def demands(self) -> tuple[Demand, ...]:
        """Return what is demanded, in the order of the documentation."""
        return tuple(
            Demand(name, ("metrics", name), _FAMILIES[family], limit, is_ratio)
            for name, (family, is_ratio) in METRICS.items()
            if (limit := getattr(self, name)) is not None
        )


METRICS: Mapping[str, tuple[str, bool]] = {
    f"{family}_{kind}": (family, kind == "ratio")
    for family in _FAMILIES
    for kind in (("difference",) if family == CALIBRATION else ("difference", "ratio"))
}
_KEYS: dict[str, Any] = {
    name: (
        Annotated[_Ratio | None, UP] if is_ratio else Annotated[_Difference | None, DOWN],
        Field(
            default=None,
            description=(
                f"How far groups may lie apart in `{'`, `'.join(_FAMILIES[family])}`: "
                + ("the lower over the higher, at least." if is_ratio else "the difference, at most.")
            ),
        ),
    )
    for name, (family, is_ratio) in METRICS.items()
}
Gaps = create_model("Gaps", __base__=_Gaps, __doc__=_Gaps.__doc__, **_KEYS)

"""Contracts with one validation, and measurements with one field changed."""

from typing import Any, ClassVar, Literal

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import Place
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.verdict import Result
from mlval.judge.outcome import judge

SIZED = TwoKeys(size=0.08, alpha=0.02)


class Plain(Check):
    """A check that measures nothing by itself."""

    name: ClassVar[str] = "plain"
    type: Literal["plain"] = "plain"


def contract(check: Check) -> Contract:
    places = {("validations", 0): Place(3, 5), ("validations", 0, "metrics"): Place(4, 7)}
    return Contract("c", "mlval.yml", "", Inputs(), (check,), places)


def measurement(**more: Any) -> Measurement:  # noqa: ANN401 - fields of a measurement
    return Measurement(**{"subject": "s", "metric": "m", "limit": Bound(max=1.0), "value": 0.5, **more})


def change(**more: Any) -> Measurement:  # noqa: ANN401 - fields of a measurement
    """Return a measured change that is neither significant nor large, and would have been seen."""
    return measurement(
        **{"limit": SIZED, "p_value": 0.5, "effect": 0.0, "detectable": 0.05, "value": 0.1, **more}
    )


def judged(one: Measurement, **settings: Any) -> Result:  # noqa: ANN401 - settings of a check
    (result,) = judge(contract(Plain(id="v", **settings)), 0, (one,))
    return result

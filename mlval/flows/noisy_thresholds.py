"""Thresholds that alarm for nothing at the sizes that the contract lets through: known without data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from mlval.checks.data import Data
from mlval.checks.drift import Drift
from mlval.config.wording import dotted
from mlval.domain.bound import Bound
from mlval.domain.contract import Contract
from mlval.domain.drift import TESTS
from mlval.domain.errors import Problem, Unmeasurable
from mlval.domain.text import shown

if TYPE_CHECKING:
    from mlval.stats._null_draws import Statistic


def noisy_thresholds(contract: Contract) -> tuple[Problem, ...]:
    """Return a warning for every static threshold that alarms too often though nothing changed.

    Only where a `data` validation states the smallest number of current rows: at fewer, the threshold is
    not used. A column is taken as numbers in ten bins of equal mass and the reference as large, which is the
    best case for numbers; nothing is said of levels, whose number is not known without data.
    """
    return tuple(_found(contract))


def _found(contract: Contract) -> Iterator[Problem]:
    fewest = _fewest_rows(contract)
    if not fewest:
        return
    # numpy is wanted only where there is something to judge
    from mlval.stats.alarm_budget import alarms_too_often, rate_of_ten_bins

    for index, check in enumerate(contract.validations):
        if not isinstance(check, Drift) or check.where is not None or check.slices:
            continue
        if check.threshold is None or check.method in TESTS:
            continue
        try:
            current = check.uses(contract.inputs).datasets[1]
        except Unmeasurable:
            continue
        if current not in fewest:
            continue
        rate = rate_of_ten_bins(cast("Statistic", check.method), check.threshold, m=fewest[current])
        if alarms_too_often(rate):
            path = ("validations", index, "threshold")
            yield Problem(
                f"`{check.method}` with a threshold of {check.threshold:g} alarms in {rate:.0%} of runs "
                "though nothing changed, for one column of numbers at the "
                f"{fewest[current]:,} rows that the contract lets {shown(current)} have",
                dotted(path),
                contract.place(path),
                hint=f"mlval calibrate {shown(contract.path)} --validation {shown(check.id)} --budget 1/100",
            )


def _fewest_rows(contract: Contract) -> dict[str, int]:
    """Return the smallest number of rows that the contract accepts, by dataset."""
    fewest: dict[str, int] = {}
    for check in contract.validations:
        if not isinstance(check, Data) or check.where is not None:
            continue
        bound = getattr(getattr(check, "rows", None), "root", None)
        try:
            (dataset,) = check.uses(contract.inputs).datasets[:1]
        except Unmeasurable:
            continue
        if isinstance(bound, Bound) and bound.min is not None and bound.min >= 1:
            fewest[dataset] = max(fewest.get(dataset, 0), int(bound.min))
    return fewest

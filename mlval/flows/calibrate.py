"""Calibrating: a budget of false alarms turned into the thresholds of a drift validation.

What a threshold means depends on the rows. So the reference itself is resampled, at the size of the current
data, and each column gets the threshold that alarms for nothing as often as its share of the budget allows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from mlval.checks.drift import Drift
from mlval.domain.asks import ByPeriod, Count, Rows, Shape, TableShape
from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.contract import Contract
from mlval.domain.drift import TESTS
from mlval.domain.errors import Failure, MlvalError, Unmeasurable, UsageError
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.steps import Asking, ask, together
from mlval.domain.text import shown
from mlval.flows.calibrate_cells import Cells, Wanted, cells_of
from mlval.flows.calibrate_limits import Aim, Limit, limit
from mlval.flows.reading import open_dataset
from mlval.flows.request import Request
from mlval.measure.driver import drive
from mlval.measure.engine import Engine
from mlval.stats.alarm_budget import shared

Every = Literal["day", "week", "month", "quarter", "year"]
_WHOLE_TABLE = {"columns", "target"}
"""Families that compare the rows as they are; slices and predictions have rows of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: the validation by its id, the budget, the current rows, the periods.

    Where `rows` is None the current data is counted; where `every` is None it is weeks, if there is a time.
    """

    validation: str
    budget: float
    rows: int | None = None
    every: Every | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was found for one validation.

    Attributes
    ----------
    check, place : the validation, and its position in the contract
    reference : the dataset that was resampled
    n, m : its rows, and those of the current data
    budget, share : of the validation, and of each column
    limits : in the order of the columns
    others : how much is compared besides, such as slices: it has its share, and is not calibrated
    two_keys : whether significance and size judge something besides, such as shares of nulls
    every, periods, untimed : what was resampled as a whole, how many of them, and rows without a time
    why_rows : why rows are taken as independent; empty where periods were resampled
    """

    check: Drift
    place: int
    reference: str
    n: int
    m: int
    budget: float
    share: float
    limits: tuple[Limit, ...]
    others: int
    two_keys: bool
    every: Every | None
    periods: int
    untimed: int
    why_rows: str


def calibrate(request: Request, wish: Wish) -> Calibration:
    """Resample the reference of a drift validation.

    Raises
    ------
    UsageError
        If there is no such validation, no static threshold in it, nothing that can be calibrated, or no
        periods where some are asked for.
    MlvalError
        If the data cannot be read.
    """
    place, check = _chosen(request.contract, wish.validation)
    datasets = request.contract.inputs.datasets
    try:
        reference, current = check.uses(request.contract.inputs).datasets[:2]
        by, why_rows = _periods(reference, datasets[reference], wish.every)
    except Unmeasurable as error:
        raise _as_usage(error) from error
    m = wish.rows if wish.rows is not None else _rows(request, current, check.where)
    twice = _twice(request, reference, current)
    engine = _opened(twice, (reference, current))
    steps = _measured(check, twice.contract.inputs, (reference, by))
    found = drive({"reference": steps}, engine.answer)["reference"]
    if isinstance(found, Failure):
        raise _as_usage(found.cause)
    share = shared(wish.budget, len(found.cells) + found.others)
    aim = Aim(method=check.method, threshold=check.threshold or 0.0, m=m, share=share)
    timed = [one for one in found.cells.values() if isinstance(one, Cells) and one.periods is not None]
    return Calibration(
        check=check,
        place=place,
        reference=reference,
        n=found.rows,
        m=m,
        budget=wish.budget,
        share=share,
        limits=tuple(limit(name, cells, aim) for name, cells in found.cells.items()),
        others=found.others,
        two_keys=found.two_keys,
        every=None if by is None else by.every,
        periods=max((len(one.periods) for one in timed if one.periods is not None), default=0),
        untimed=max((one.untimed for one in timed), default=0),
        why_rows=why_rows,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """The reference: its rows, the cells of its columns, and how much is compared besides."""

    rows: int
    cells: Mapping[str, Cells | Failure]
    others: int
    two_keys: bool


def _measured(check: Drift, inputs: Inputs, of: tuple[str, ByPeriod | None]) -> Asking[_Measured]:
    """Let the check compare the reference with itself, which tells what it compares; ask for those cells."""
    reference, by = of
    rows = Rows(reference, check.where)
    n = yield from ask(Count(rows))
    shape = yield from ask(Shape(reference))
    found = yield from check.steps(inputs)
    limited = [one for one in found if isinstance(one.limit, Bound)]
    names = tuple(dict.fromkeys(one.subject for one in limited if _is_whole(one, shape)))
    unread = [one for one in found if one.problem is not None]
    if not names:
        reason = f": {unread[0].problem.message}" if unread and unread[0].problem is not None else ""
        message = f"no column can be calibrated{reason}"
        raise Unmeasurable(message)
    profiled = inputs.datasets[reference].profile is not None
    cells: list[Cells | Failure] = []
    for name in names:
        wanted = Wanted(name=name, rows=rows, shape=shape, method=check.method, profiled=profiled, by=by)
        # One after the other, so that one whole column at a time is in memory.
        cells += yield from together([cells_of(wanted)])
    return _Measured(
        rows=n,
        cells=dict(zip(names, cells, strict=True)),
        # Predictions were not opened: what is predicted counts as one column more.
        others=len(limited) - len(names) + sum(one.path[:1] == ("predictions",) for one in unread),
        two_keys=any(isinstance(one.limit, TwoKeys) for one in found),
    )


def _is_whole(one: Measurement, shape: TableShape) -> bool:
    """Say whether a measurement is of a column of all rows."""
    return one.details.get("family", "columns") in _WHOLE_TABLE and shape.kind_of(one.subject) is not None


def _chosen(contract: Contract, name: str) -> tuple[int, Drift]:
    """Return the validation with an id, and its position."""
    found = [(place, check) for place, check in enumerate(contract.validations) if check.id == name]
    drifts = ", ".join(check.id for check in contract.validations if isinstance(check, Drift))
    if not found:
        message = f"no validation has the id {shown(name)}"
        raise UsageError(message, remedy=f"validations of type drift: {shown(drifts) or 'none'}")
    place, check = found[0]
    if not isinstance(check, Drift):
        message = f"{shown(name)} is a validation of type {check.type}"
        raise UsageError(message, remedy=f"validations of type drift: {shown(drifts) or 'none'}")
    if check.method in TESTS or check.threshold is None:
        message = f"{shown(name)} has no static threshold: significance and size judge it"
        remedy = (
            "its false alarms are held already; a distance is calibrated: `method: psi`, `threshold: 0.1`"
        )
        raise UsageError(message, remedy=remedy)
    return place, check


def _periods(name: str, dataset: Dataset, every: Every | None) -> tuple[ByPeriod | None, str]:
    """Return the periods to resample, or why rows are.

    Raises
    ------
    Unmeasurable
        If periods are asked for and there are none.
    """
    if dataset.profile is None and dataset.time is not None:
        return ByPeriod(dataset.time, every or "week"), ""
    why = (
        f"{shown(name)!r} is a profile" if dataset.profile is not None else f"{shown(name)!r} has no `time:`"
    )
    if every is not None:
        message = f"there is no {every} to resample: {why}"
        raise Unmeasurable(message, remedy="leave --by out: rows are then taken as independent")
    return None, why


def _rows(request: Request, current: str, where: str | None) -> int:
    """Count the current data."""
    engine = _opened(request, (current,))
    found = drive({"rows": ask(Count(Rows(current, where)))}, engine.answer)["rows"]
    if isinstance(found, Failure):
        raise _as_usage(found.cause)
    if found == 0:
        message = f"{shown(current)!r} has no rows"
        raise UsageError(message, remedy="say how many there will be: --rows 1000")
    return found


def _twice(request: Request, reference: str, current: str) -> Request:
    """Return the request with the reference in the place of the current data."""
    inputs = request.contract.inputs
    datasets = {**inputs.datasets, current: inputs.datasets[reference]}
    bound = {name: path for name, path in request.bindings.data.items() if name != current}
    if reference in bound:
        bound[current] = bound[reference]
    return replace(
        request,
        contract=replace(request.contract, inputs=replace(inputs, datasets=datasets, now=request.now)),
        bindings=replace(request.bindings, data=bound),
    )


def _opened(request: Request, names: tuple[str, ...]) -> Engine:
    engine = Engine(request.resources, request.contract.inputs)
    for name in names:
        open_dataset(engine, request, name)
    engine.lock()
    return engine


def _as_usage(error: MlvalError) -> MlvalError:
    """Return an error as a command tells it that judges nothing."""
    return UsageError(error.message, remedy=error.remedy) if isinstance(error, Unmeasurable) else error

"""Row rules asked of tables in Parquet and in CSV, and counted in plain Python."""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from mlval.checks.data import Data
from mlval.domain.inputs import Dataset, Inputs
from tests.checks.world import measured
from tests.measure.world import World, writer

Counts = Mapping[str, tuple[int, int]]
Broken = Callable[[Any], bool]
sentinels = st.lists(st.sampled_from([-1, 0, 0.1, 999, "n/a", "", True, "2026-01-31"]), max_size=4).map(tuple)
steps = st.sampled_from([1, 2, 3, 12, 0.5, 0.05, 0.25, 0.1, 12.5, 1e-6, 10**15, 123456.789])


def parquet(world: World, kind: str, columns: Mapping[str, Sequence[Any]]) -> str:
    """Write columns of one type; others than `x` are whole numbers."""
    described = ", ".join(f'"{name}" {kind if name == "x" else "BIGINT"}' for name in columns)
    writer().execute(f"CREATE OR REPLACE TABLE random ({described})")
    rows = list(zip(*columns.values(), strict=True))
    writer().executemany(f"INSERT INTO random VALUES ({', '.join('?' * len(columns))})", rows)
    return world.parquet("SELECT * FROM random")


def text(world: World, columns: Mapping[str, Sequence[Any]]) -> str:
    """Write columns as CSV; null is an empty field."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerows([(*columns, "end"), *((*row, 0) for row in zip(*columns.values(), strict=True))])
    return world.csv(file.getvalue())


def counts(world: World, table: str, rules: Mapping[str, Any]) -> Counts:
    """Return n and of for every rule on the column x."""
    check = Data.read({"type": "data", "dataset": table, "columns": {"x": rules}})
    found = measured(check, Inputs({table: Dataset(path="t")}), world.engine.answer)
    assert isinstance(found, tuple), found
    assert [one.problem for one in found if one.problem] == []
    return {one.metric: (one.n or 0, one.of or 0) for one in found if one.metric != "required"}


def counted(values: Sequence[Any], broken: Mapping[str, Broken], missing: Sequence[Any] = ()) -> Counts:
    """Return what plain Python counts, with the nulls."""
    here = [value for value in values if value is not None and value not in missing]
    told = {rule: (sum(map(is_broken, here)), len(here)) for rule, is_broken in broken.items()}
    return told | {"nulls": (len(values) - len(here), len(values))}


def exact(value: Any) -> Fraction | None:  # noqa: ANN401 - any number
    """Return a number as it is written, or None for NaN and infinity."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return Fraction(int(value)) if value.is_integer() else Fraction(repr(value))
    return Fraction(value)


def has_more_decimals(value: Any, places: int) -> bool:  # noqa: ANN401
    number = exact(value)
    return number is None or (number * 10**places).denominator != 1


def is_no_multiple(value: Any, step: float) -> bool:  # noqa: ANN401
    number = exact(value)
    return number is None or (number / Fraction(str(step))).denominator != 1


def is_nan(value: Any) -> bool:  # noqa: ANN401
    return bool(value != value)  # noqa: PLR0124 - only NaN differs from itself


def limits(
    low: Any,  # noqa: ANN401
    high: Any,  # noqa: ANN401
    read: Callable[[Any], Any] = lambda limit: limit,
) -> tuple[Any, dict[str, Broken]]:
    """Return every rule about limits, and what breaks it."""
    rules = {"above": low, "below": high, "min": low, "max": high, "range": (low, high)}
    least, most = read(low), read(high)
    return rules, {
        "above": lambda value: not value > least,
        "below": lambda value: not value < most,
        "min": lambda value: not value >= least,
        "max": lambda value: not value <= most,
        "range": lambda value: not least <= value <= most,
    }


def arithmetic(places: int, step: float) -> tuple[dict[str, Any], dict[str, Broken]]:
    """Return every rule about numbers that has no limits, and what breaks it."""
    rules = {"decimals": places, "multiple_of": step, "nans": 0, "infinities": 0, "nulls": 0}
    return rules, {
        "decimals": lambda value: has_more_decimals(value, places),
        "multiple_of": lambda value: is_no_multiple(value, step),
        "nans": is_nan,
        "infinities": lambda value: isinstance(value, float) and math.isinf(value),
    }


def numbers_of(missing: Sequence[Any]) -> list[Any]:
    """Return the sentinels that a number may equal."""
    return [one for one in missing if isinstance(one, int | float) and not isinstance(one, bool)]

"""Makes the data of the examples: customers of a made-up subscription service, the same at every run."""

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import NormalDist

DATA = Path(__file__).parent / "data"

_PLANS = ("free", "pro", "team")
_REGIONS = ("north", "south", "east", "west")
_PRICE = {"free": 9.0, "pro": 29.0, "team": 79.0}
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Month:
    """What is particular about one export of customers.

    Attributes
    ----------
    first : the first day on which somebody of it signed up
    plans : the shares of the plans
    inflation : what prices are multiplied by
    lost_spend : the share of customers whose spend is missing
    blind_in : a region whose customers the model knows nothing about
    """

    first: date
    plans: tuple[float, float, float] = (0.5, 0.35, 0.15)
    inflation: float = 1.0
    lost_spend: float = 0.004
    blind_in: str = ""


REFERENCE = Month(date(2025, 1, 1))
HOLDOUT = Month(date(2025, 7, 1))
LATER = Month(date(2025, 10, 1), plans=(0.64, 0.24, 0.12), inflation=1.15, lost_spend=0.031, blind_in="west")

Row = dict[str, object]


def make(folder: Path = DATA) -> None:
    """Write every file of the examples into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    reference = list(customers(REFERENCE, count=6_000, seed=1))
    holdout = list(customers(HOLDOUT, count=4_000, seed=2))
    later = list(customers(LATER, count=4_000, seed=3))
    _write(folder / "reference.csv", [_features(row) for row in reference])
    _write(folder / "holdout.csv", [_features(row) for row in holdout])
    _write(folder / "predictions.csv", [_prediction(row) for row in holdout])
    _write(folder / "later.csv", [_features(row) for row in later])
    _write(folder / "later_predictions.csv", [_prediction(row) for row in later])


def customers(month: Month, *, count: int, seed: int) -> Iterator[Row]:
    """Yield customers with what became of them, and what a model thought would."""
    source = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    for number in range(count):
        yield _customer(month, source, seed * 100_000 + number)


def _customer(month: Month, source: random.Random, number: int) -> Row:
    # Of this source only random() is used: its sequence is the same in every version of Python.
    plan = _pick(_PLANS, month.plans, source.random())
    region = _REGIONS[int(source.random() * len(_REGIONS))]
    age = round(max(18.0, 41 + 13 * _bell(source)))
    tenure = int(-18 * math.log(1 - source.random()))
    tickets = int(-1.4 * math.log(1 - source.random()))
    spend = _PRICE[plan] * month.inflation * math.exp(0.25 * _bell(source))
    day = month.first + timedelta(days=int(90 * source.random()))
    risk = -1.2 - 0.07 * tenure + 1.1 * tickets - 0.03 * (age - 41) + (0.9 if plan == "free" else 0.0)
    churned = source.random() < _logistic(risk)
    noise = _bell(source)
    seen = noise if region == month.blind_in else risk + 0.3 * noise
    return {
        "customer_id": number,
        "signup_day": day.isoformat(),
        "plan": plan,
        "region": region,
        "age": age,
        "tenure_months": tenure,
        "support_tickets": tickets,
        "monthly_spend": "" if source.random() < month.lost_spend else f"{spend:.2f}",
        "churned": int(churned),
        "p_churn": f"{_logistic(seen):.4f}",
    }


def _features(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "p_churn"}


def _prediction(row: Row) -> Row:
    return {name: row[name] for name in ("customer_id", "p_churn")}


def _pick(names: tuple[str, ...], shares: tuple[float, ...], position: float) -> str:
    for name, share in zip(names, shares, strict=True):
        position -= share
        if position < 0:
            return name
    return names[-1]


def _bell(source: random.Random) -> float:
    """Draw from the standard normal distribution."""
    return _NORMAL.inv_cdf(min(max(source.random(), 1e-9), 1 - 1e-9))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    make()

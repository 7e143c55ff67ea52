"""What happens to each group of people or things: rates from one group-by, calibration from the scores."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mlval.domain.asks import Groups, Level, Levels, Rows, Scored, Split, Vectors
from mlval.domain.classes import positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset
from mlval.domain.slices import OneSplit
from mlval.domain.steps import Asking, ask
from mlval.domain.text import shown
from mlval.stats.group_gaps import Mean, Share
from mlval.stats.sums import moments

MAX_GROUPS = 200
MAX_CLASSES = 1_000
Key = tuple[Level, ...]
"""The levels of a group, one for each split that is crossed."""


class Cells(NamedTuple):
    """Rows of one group by truth and prediction, the positive class against the others.

    `right` counts rows whose predicted class is the true one, whichever it is.
    """

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int
    right: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.true_positive + self.false_positive + self.false_negative + self.true_negative


class Rate(NamedTuple):
    """A share of rows: how to count it, and what the rows of its denominator are called."""

    successes: Callable[[Cells], int]
    trials: Callable[[Cells], int]
    among: str


RATES: Mapping[str, Rate] = {
    "selection_rate": Rate(lambda of: of.true_positive + of.false_positive, lambda of: of.rows, "rows"),
    "true_positive_rate": Rate(
        lambda of: of.true_positive, lambda of: of.true_positive + of.false_negative, "positives"
    ),
    "false_negative_rate": Rate(
        lambda of: of.false_negative, lambda of: of.true_positive + of.false_negative, "positives"
    ),
    "false_positive_rate": Rate(
        lambda of: of.false_positive, lambda of: of.false_positive + of.true_negative, "negatives"
    ),
    "true_negative_rate": Rate(
        lambda of: of.true_negative, lambda of: of.false_positive + of.true_negative, "negatives"
    ),
    "precision_score": Rate(
        lambda of: of.true_positive,
        lambda of: of.true_positive + of.false_positive,
        "rows predicted positive",
    ),
    "accuracy_score": Rate(lambda of: of.right, lambda of: of.rows, "rows"),
    "zero_one_loss": Rate(lambda of: of.rows - of.right, lambda of: of.rows, "rows"),
}
"""Rates of groups by the names that scikit-learn and fairlearn give them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows with a truth and a prediction, and the splits that make groups of them, crossed."""

    rows: Rows
    scored: Scored
    dataset: Dataset
    splits: tuple[OneSplit, ...]

    @property
    def target(self) -> str:
        """The column with the truth."""
        return self.dataset.target or ""


def cells(asked: Asked, pair: tuple[Split, Split]) -> Asking[Mapping[Key, Cells]]:
    """Count each group by truth and prediction; rows without a truth are left out.

    Parameters
    ----------
    pair : the splits by true and by predicted class

    Raises
    ------
    Unmeasurable
        If there are too many groups, or the positive class cannot be told.
    """
    counted = yield from ask(Groups(asked.rows, (*pair, *asked.splits)))
    tables: dict[Key, Counter[tuple[str, str]]] = {}
    for (truth, prediction, *key), count in counted.counts.items():
        if truth is not None and prediction is not None:
            tables.setdefault(tuple(key), Counter())[truth, prediction] += count
    _refuse_many(len(tables))
    classes = sorted({one for table in tables.values() for both in table for one in both})
    if len(classes) > MAX_CLASSES:
        message = f"{len(classes):,} different labels are not classes"
        raise Unmeasurable(message, remedy="fairness is of decisions; for predicted numbers there is none")
    positive = _positive(classes, asked.dataset)
    pairs = {both for table in tables.values() for both in table}
    if len(classes) > 2 and not {truth for truth, _ in pairs} & {prediction for _, prediction in pairs}:
        message = "no predicted class is a class of the target"
        raise Unmeasurable(message, remedy="write both in the same way")
    return {key: _cells(tables[key], positive) for key in _ordered(tables)}


def calibration(asked: Asked) -> Asking[Mapping[Key, Mean]]:
    """Return, for each group, the mean of score less truth (1 or 0); positive where scores promise too much.

    Raises
    ------
    Unmeasurable
        If there are no scores, they are no probabilities, or the positive class cannot be told.
    """
    score = asked.scored.score
    if score is None:
        message = "calibration needs scores, and the predictions have none"
        raise Unmeasurable(message, remedy="add `score:` to the model's predictions")
    levels = yield from ask(Levels(asked.rows, asked.target, MAX_CLASSES))
    positive = _positive([level for level in levels.counts if level is not None], asked.dataset)
    truth = f"{asked.target} = {positive}"
    vectors = yield from ask(
        Vectors(asked.rows, (score,), ((truth, asked.target, positive),), by=asked.splits)
    )
    known = ~np.isnan(vectors.values[truth])
    scores = vectors.values[score][known]
    if not ((scores >= 0) & (scores <= 1)).all():
        message = "calibration needs probabilities, and some scores lie outside 0 to 1"
        raise Unmeasurable(message)
    codes = np.stack([one[known] for one in vectors.codes], axis=1)
    keys, places = np.unique(codes, axis=0, return_inverse=True)
    _refuse_many(len(keys))
    off = scores - vectors.values[truth][known]
    found: dict[Key, Mean] = {}
    for index, row in enumerate(keys):
        key = tuple(
            None if code < 0 else names[code] for code, names in zip(row, vectors.levels, strict=True)
        )
        found[key] = Mean(moments(off[places.ravel() == index]))
    return {key: found[key] for key in _ordered(found)}


def share(rate: Rate, of: Cells) -> Share | None:
    """Return a rate of a group, None where it has no denominator: it is undefined, not zero."""
    trials = rate.trials(of)
    return Share(rate.successes(of), trials) if trials else None


def _cells(table: Mapping[tuple[str, str], int], positive: str) -> Cells:
    found: Counter[tuple[bool, bool]] = Counter()
    for (truth, prediction), count in table.items():
        found[truth == positive, prediction == positive] += count
    return Cells(
        found[True, True],
        found[False, True],
        found[True, False],
        found[False, False],
        sum(count for (truth, prediction), count in table.items() if truth == prediction),
    )


def _positive(classes: list[str], dataset: Dataset) -> str:
    positive = positive_class(classes, dataset.positive)
    # A class that the contract names and no row has is a slip.
    if classes and dataset.positive is not None and positive not in classes:
        message = f"no row is {shown(positive)!r}, which the contract calls positive"
        raise Unmeasurable(message)
    return positive


def _refuse_many(groups: int) -> None:
    if groups > MAX_GROUPS:
        message = f"{groups:,} groups are more than the {MAX_GROUPS} that can be compared"
        raise Unmeasurable(message, remedy="an identifier makes no groups; use bins, or a coarser column")


def _ordered(groups: Mapping[Key, object]) -> list[Key]:
    return sorted(groups, key=lambda key: tuple((level is None, level or "") for level in key))

"""One class of a confusion table: its share of right rows, or its F1, and the interval of that."""

from dataclasses import dataclass

from mlval.stats.intervals import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of rows, successes / trials; with `f1`, the F1 value that belongs to that share.

    F1 = 2J/(1 + J) grows with J = tp/(tp + fp + fn), the share of right rows among those that are truly or
    predicted of the class. So its interval is Wilson's of J, carried over. The delta method would give a
    width of zero where nothing was wrong.

    Examples
    --------
    >>> Part(successes=2, trials=5, f1=True).value
    0.5714285714285714
    >>> tuple(round(end, 3) for end in Part(successes=5, trials=5, f1=True).interval(0.95))
    (0.722, 1.0)
    """

    successes: int
    trials: int
    f1: bool = False

    @property
    def value(self) -> float:
        """The value, 0 to 1; 0 where there are no trials, as scikit-learn's `zero_division=0`."""
        if self.trials == 0:
            return 0.0
        if self.f1:
            return 2 * self.successes / (self.successes + self.trials)
        return self.successes / self.trials

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the interval; all of [0, 1] where there are no trials."""
        if self.trials == 0:
            return 0.0, 1.0
        low, high = wilson(self.successes, self.trials, confidence=confidence)
        return (2 * low / (1 + low), 2 * high / (1 + high)) if self.f1 else (low, high)

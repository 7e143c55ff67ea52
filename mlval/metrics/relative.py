"""How far predicted numbers are off where errors are relative or lopsided: per cent, logarithm, quantile.

What it measures
    `mean_absolute_percentage_error` is the mean of |error| / |truth|, as a share: 10% is 0.1.
    `mean_squared_log_error` (and its root) compares log(1 + value). `mean_pinball_loss` weighs an error
    by `quantile` where the truth is above the prediction and by the rest where it is below: it is least
    for a prediction of that quantile.

Why it matters
    An error of 10 matters more on 20 than on 2,000; and running out of stock costs more than a surplus.

When it misleads
    A percentage error is undefined where a truth is zero (scikit-learn divides by the smallest step of a
    double there), and a logarithm at -1 and below: errors. Percentages favour models that predict too low.

Example
    metrics: {mape: 15%, mean_pinball_loss: {max: 3, quantile: 90%}}

References
    scikit-learn, sklearn.metrics: mean_absolute_percentage_error, mean_squared_log_error,
    root_mean_squared_log_error, mean_pinball_loss.
"""

import math
from dataclasses import replace

from pydantic import Field

from mlval.domain import grammar
from mlval.domain.metric import Estimated, Metric, Values
from mlval.stats import scaled_errors


class MeanAbsolutePercentageError(Metric):
    """The mean distance between prediction and truth, as a share of the truth."""

    name = "mean_absolute_percentage_error"
    aliases = ("mape",)
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Average the relative errors."""
        return scaled_errors.mape(evidence.truth, evidence.prediction, confidence=confidence)


class MeanSquaredLogError(Metric):
    """The mean squared distance between the logarithms."""

    name = "mean_squared_log_error"
    aliases = ("msle",)
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Average the squared errors of log(1 + value)."""
        return scaled_errors.msle(evidence.truth, evidence.prediction, confidence=confidence)


class RootMeanSquaredLogError(Metric):
    """The root of the mean squared distance between the logarithms."""

    name = "root_mean_squared_log_error"
    aliases = ("rmsle",)
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Take the root of the mean, and of the ends of its interval."""
        found = scaled_errors.msle(evidence.truth, evidence.prediction, confidence=confidence)
        ends = (
            None if found.interval is None else (math.sqrt(found.interval[0]), math.sqrt(found.interval[1]))
        )
        return replace(found, value=math.sqrt(found.value), interval=ends)


class MeanPinballLoss(Metric):
    """The mean error, by one weight above the prediction and another below."""

    name = "mean_pinball_loss"
    aliases = ("pinball_loss", "quantile_loss")
    better = "lower"
    needs = "values"

    quantile: grammar.Share = Field(default=0.5, description="The share of the truth that should lie below.")

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Average the weighted errors."""
        return scaled_errors.pinball(
            evidence.truth, evidence.prediction, quantile=self.quantile, confidence=confidence
        )

"""How far predicted numbers are off: absolute and squared errors, and the share of variance explained.

What it measures
    `mean_absolute_error`, `median_absolute_error` and `max_error` are distances in the unit of the target,
    `root_mean_squared_error` (and its square, `mean_squared_error`) one in which large errors weigh more.
    `r2` is the share of the target's variance that the model explains; `explained_variance` the same,
    where a constant offset costs nothing.

Why it matters
    Errors say what a wrong answer costs; R2 says whether the model beats the mean.

When it misleads
    R2 falls when a slice has little variance, at equal errors; it is undefined where the truth is
    constant: an error. The median hides up to half of the rows, and the largest error is that of one row:
    it grows with the number of rows.

Example
    metrics: {mean_absolute_error: 2.5, r2: 0.7, max_error: 60}

References
    scikit-learn, sklearn.metrics: mean_absolute_error, median_absolute_error, max_error,
    mean_squared_error, root_mean_squared_error, r2_score, explained_variance_score.
"""

from mlval.domain.metric import Estimated, Metric, Values
from mlval.stats import regression, scaled_errors


class MeanAbsoluteError(Metric):
    """The mean distance between prediction and truth."""

    name = "mean_absolute_error"
    aliases = ("mae",)
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Average the absolute errors."""
        return regression.mae(evidence.truth, evidence.prediction, confidence=confidence)


class RootMeanSquaredError(Metric):
    """The root of the mean squared distance between prediction and truth."""

    name = "root_mean_squared_error"
    aliases = ("rmse",)
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Take the root of the mean squared error."""
        return regression.rmse(evidence.truth, evidence.prediction, confidence=confidence)


class R2(Metric):
    """One minus the squared errors over the squared deviations from the mean."""

    name = "r2"
    aliases = ("r2_score",)
    better = "higher"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Compare the errors with those of always predicting the mean."""
        return regression.r2(evidence.truth, evidence.prediction, confidence=confidence)


class MeanSquaredError(Metric):
    """The mean squared distance between prediction and truth."""

    name = "mean_squared_error"
    aliases = ("mse",)
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Average the squared errors."""
        return scaled_errors.mse(evidence.truth, evidence.prediction, confidence=confidence)


class MedianAbsoluteError(Metric):
    """The median distance between prediction and truth."""

    name = "median_absolute_error"
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Take the middle of the ordered distances."""
        return scaled_errors.median_absolute_error(evidence.truth, evidence.prediction, confidence=confidence)


class MaxError(Metric):
    """The largest distance between prediction and truth."""

    name = "max_error"
    better = "lower"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:  # noqa: ARG002 - an extreme has none
        """Take the largest distance."""
        return scaled_errors.max_error(evidence.truth, evidence.prediction)


class ExplainedVariance(Metric):
    """One minus the variance of the errors over that of the truth."""

    name = "explained_variance"
    aliases = ("explained_variance_score",)
    better = "higher"
    needs = "values"

    def estimate(self, evidence: Values, *, confidence: float) -> Estimated:
        """Compare the spread of the errors with that of the truth."""
        return scaled_errors.explained_variance(evidence.truth, evidence.prediction, confidence=confidence)

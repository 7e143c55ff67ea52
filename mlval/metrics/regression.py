"""How far predicted numbers are off: mean absolute error, root mean squared error, R2.

What it measures
    `mean_absolute_error` the average distance, `root_mean_squared_error` the same with large
    errors weighing more, both in the unit of the target; `r2` the share of the target's variance
    that the model explains.

Why it matters
    The first two say what a wrong answer costs; R2 says whether the model beats the mean.

When it misleads
    R2 falls when a slice has little variance, at equal errors. It is undefined where the truth is
    constant: an error.

Example
    metrics: {mean_absolute_error: 2.5, r2: 0.7}

References
    scikit-learn, sklearn.metrics: mean_absolute_error, root_mean_squared_error, r2_score.
"""

from mlval.domain.metric import Estimated, Metric, Values
from mlval.stats import regression


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

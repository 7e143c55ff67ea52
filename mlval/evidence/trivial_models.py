"""What a model that looks at no feature would have predicted, as evidence for the same metrics.

It always says the same: the most frequent class, the share of the positive class as its probability, the
share of each class, the mean. It is fitted to the rows that it is judged on, so nothing constant beats it by
the measure that it is fitted to.
"""

from collections.abc import Mapping

import numpy as np

from mlval.domain.asks import Vectors
from mlval.domain.errors import Unmeasurable
from mlval.domain.metric import BinaryScores, ClassScores, Confusion, Evidence, Values
from mlval.domain.steps import Asking, ask
from mlval.evidence.gathering import WHOLE, Labelled, Part
from mlval.stats.last_values import last_values


def constant(evidence: Evidence) -> Evidence:
    """Return the evidence of a model that always says the same.

    Of classes equally frequent the first is taken.

    Raises
    ------
    Unmeasurable
        If there is no such model.
    """
    match evidence:
        case Confusion(labels, matrix, positive):
            trivial = np.zeros_like(matrix)
            true = matrix.sum(axis=1)
            trivial[:, int(np.argmax(true))] = true
            return Confusion(labels, trivial, positive)
        case BinaryScores(_, positives, negatives):
            yes, no = positives.sum(keepdims=True), negatives.sum(keepdims=True)
            return BinaryScores(yes / (yes + no), yes, no)
        case ClassScores(labels, truth, scores):
            share = np.bincount(truth, minlength=len(labels)) / len(truth)
            return ClassScores(labels, truth, np.broadcast_to(share, scores.shape).copy())
        case Values(truth, _):
            # Sorted, so that the order of rows does not show in the last digits.
            return Values(truth, np.full_like(truth, float(np.sort(truth).mean())))
    message = "there is no trivial model of rankings within groups, of costs, and of lists of labels"
    raise Unmeasurable(message, remedy="leave the metric out of `baseline:`")


def last_known(labelled: Labelled) -> Asking[tuple[Mapping[Part, Evidence], Mapping[Part, Evidence]]]:
    """Gather the numbers of the model, and those of one that repeats the value before, on the same rows.

    That is the mean of the true values at the latest earlier time, within the dataset's `group` if it has
    one. Rows before which there is nothing are left out of both.
    """
    time, label, group = labelled.dataset.time, labelled.scored.label, labelled.dataset.group
    if time is None or label is None:
        message = "the last value needs the dataset's `time:`, and predicted numbers"
        raise Unmeasurable(message)
    ranks = () if group is None else (("group", group),)
    vectors = yield from ask(Vectors(labelled.rows, (labelled.target, label, time), ranks=ranks))
    truth, prediction, times = (vectors.values[name] for name in (labelled.target, label, time))
    of_group = vectors.values["group"] if ranks else np.zeros(len(truth))
    known = ~(np.isnan(truth) | np.isnan(times) | np.isnan(of_group))
    before = last_values(truth[known], times[known], of_group[known])
    kept = ~np.isnan(before)
    if not kept.any():
        message = "no row has a true value before it"
        raise Unmeasurable(message)
    truth, prediction = truth[known][kept], prediction[known][kept]
    return {WHOLE: Values(truth, prediction)}, {WHOLE: Values(truth, before[kept])}

"""How much better a model is than a trivial one, metric by metric."""

from collections.abc import Mapping
from dataclasses import dataclass

from mlval.domain.bound import Bound
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.measurement import Measurement
from mlval.domain.metric import Evidence, Metric
from mlval.domain.steps import Asking, together
from mlval.evidence.gathering import WHOLE, Labelled, Need, Part, gather, need_of
from mlval.evidence.known_metrics import METRICS, SPELLINGS
from mlval.evidence.trivial_models import constant, last_known
from mlval.stats.errors import Undefined

CONFIDENCE = 0.95
Gathered = Mapping[Need, Mapping[Part, Evidence] | Failure]
Pair = tuple[Evidence, Evidence]


@dataclass(frozen=True, slots=True)
class Demand:
    """Whose metric must be better, by how much, and how the contract spells it."""

    subject: str
    spelling: str
    least: float


def over_baseline(
    least: Mapping[str, float], labelled: Labelled, *, last: bool, subject: str, known: Gathered
) -> Asking[tuple[Measurement, ...]]:
    """Measure by how much the model is better, in the unit of each metric.

    Parameters
    ----------
    least : by the spelling of a metric, how much better it must be, above 0
    last : whether the trivial model repeats the value before, else it always says the same
    known : what was gathered already
    """
    metrics = {spelling: METRICS[SPELLINGS[spelling]].model_construct() for spelling in least}
    pairs: dict[Need, Pair | MlvalError] = {}
    if last:
        (found,) = yield from together([last_known(labelled)])
        pair = found.cause if isinstance(found, Failure) else (found[0][WHOLE], found[1][WHOLE])
        pairs = {need_of(metric, labelled): pair for metric in metrics.values() if metric.needs == "values"}
    else:
        missing = sorted({need_of(metric, labelled) for metric in metrics.values()} - known.keys())
        gathered = yield from together([gather(need, labelled) for need in missing])
        for need, of_parts in {**known, **dict(zip(missing, gathered, strict=True))}.items():
            pairs[need] = _beside_constant(of_parts)
    no_numbers = Unmeasurable("the last value is a number, and this metric is not of numbers")
    return tuple(
        _measured(
            metrics[spelling],
            pairs.get(need_of(metrics[spelling], labelled), no_numbers),
            Demand(subject, spelling, at_least),
        )
        for spelling, at_least in least.items()
    )


def _beside_constant(gathered: Mapping[Part, Evidence] | Failure) -> Pair | MlvalError:
    if isinstance(gathered, Failure):
        return gathered.cause
    evidence = gathered.get(WHOLE)
    if evidence is None or not evidence.rows:
        return Unmeasurable("there are no rows with a truth and a prediction")
    try:
        return evidence, constant(evidence)
    except Unmeasurable as error:
        return error


def _measured(metric: Metric, pair: Pair | MlvalError, asked: Demand) -> Measurement:
    name, path, subject = (
        f"{metric.name}_over_baseline",
        ("baseline", "metrics", asked.spelling),
        asked.subject,
    )
    if isinstance(pair, MlvalError):
        return Measurement(subject=subject, metric=name, problem=pair, path=path)
    evidence, trivial = pair
    try:
        ours = metric.estimate(evidence, confidence=CONFIDENCE)
    except Undefined as error:
        return Measurement(subject=subject, metric=name, problem=Unmeasurable(str(error)), path=path)
    try:
        theirs = metric.estimate(trivial, confidence=CONFIDENCE)
    except Undefined as error:
        problem = Unmeasurable(f"of the trivial model: {error}", remedy="choose a metric that it has")
        return Measurement(subject=subject, metric=name, problem=problem, path=path)
    better = ours.value - theirs.value
    return Measurement(
        subject=subject,
        metric=name,
        limit=Bound(min=asked.least),
        value=better if metric.better == "higher" else -better,
        n=ours.n,
        of=evidence.rows,
        details={"value": ours.value, "baseline_value": theirs.value},
        path=path,
    )

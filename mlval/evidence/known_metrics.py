"""Every metric by its name, and the spellings by which a contract may name it."""

from collections.abc import Mapping

from mlval import metrics
from mlval.domain import catalogue
from mlval.domain.metric import Metric

METRICS: Mapping[str, type[Metric]] = {
    metric.name: metric
    for file in catalogue.names(metrics)
    for metric in catalogue.classes(metrics, file, Metric)
}
SPELLINGS: Mapping[str, str] = {
    spelling: name for name, metric in METRICS.items() for spelling in (name, *metric.aliases)
}

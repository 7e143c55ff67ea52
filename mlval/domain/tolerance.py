"""Rules whose own value is a tolerance: how many values may be of a kind that is seldom wanted."""

from mlval.domain.asks import Count
from mlval.domain.bound import Bound
from mlval.domain.measurement import Failing, Measurement
from mlval.domain.predicate import Predicate
from mlval.domain.rule import Setting, counted_value
from mlval.domain.steps import Steps, ask_all


def within(
    limit: Bound, name: str, setting: Setting, *, counted: tuple[Predicate, ...], unwanted: Predicate
) -> Steps:
    """Measure how many of the `counted` rows are unwanted, against the rule's own limit."""
    column, found = setting.under.name, (*counted, unwanted)
    of, n = yield from ask_all((Count(setting.rows, counted), Count(setting.rows, found)))
    return (
        Measurement(
            subject=column,
            metric=name,
            limit=limit,
            value=counted_value(n, of, limit),
            n=n,
            of=of,
            failing=Failing(setting.rows, found, (column,)),
            path=setting.path,
            severity=setting.severity,
        ),
    )

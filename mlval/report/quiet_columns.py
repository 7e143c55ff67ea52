"""What a drift validation says once: which columns are quiet, and how a change is told from noise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mlval.domain.bound import TwoKeys
from mlval.domain.outcome import Outcome
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.report import figures
from mlval.report.change_words import METHODS, false_alarms, is_change, method_of, rate_words
from mlval.report.sections import by_validation

MOST_NAMED: Final = 12
_KINDS: Final = {"ks": "numbers", "total_variation": "levels", "two_proportions": "shares of nulls"}


@dataclass(frozen=True, slots=True)
class Quiet:
    """One validation that compares columns.

    Attributes
    ----------
    validation : its id
    results : the results of columns of which everything passed
    how : a sentence on how columns were compared; not escaped, may be empty
    loud : whether some column did not pass
    """

    validation: str
    results: tuple[Result, ...]
    how: str
    loud: bool

    def columns(self, name: Callable[[str], str]) -> str:
        """Return one line for all quiet columns, in which `name` makes names safe to show; or nothing."""
        columns = list(dict.fromkeys(one.measurement.subject for one in self.results))
        if not columns:
            return ""
        named = ", ".join(name(column) for column in columns[:MOST_NAMED])
        more = f" and {len(columns) - MOST_NAMED:,} more" if len(columns) > MOST_NAMED else ""
        noun = "quiet column" if len(columns) == 1 else "quiet columns"
        return f"{len(columns):,} {noun}: {named}{more}{self._largest(name, alone=len(columns) == 1)}"

    def _largest(self, name: Callable[[str], str], *, alone: bool) -> str:
        sized = [one for one in self.results if one.measurement.effect is not None]
        if not sized:
            return self._largest_distance(name)
        largest = max(sized, key=lambda one: one.measurement.effect or 0.0).measurement
        size = figures.share(largest.effect or 0.0, digits=2)
        if alone:
            return f"; {size} of its rows moved"
        return f"; largest change {size}" + (f" ({name(largest.subject)})" if largest.effect else "")

    def _largest_distance(self, name: Callable[[str], str]) -> str:
        valued = [one for one in self.results if one.measurement.value is not None]
        methods = {method_of(one.measurement) for one in valued}
        if len(methods) != 1:
            return ""
        largest = max(valued, key=lambda one: one.measurement.value or 0.0).measurement
        value = figures.number(largest.value or 0.0, digits=2)
        return f"; largest {name(_name(*methods))} {value} ({name(largest.subject)})"


def quiet_columns(report: Report) -> tuple[Quiet, ...]:
    """Return one entry for each validation that compares columns by drift, in the order of the report."""
    found = []
    for validation, results in by_validation(report.verdict.results).items():
        changes = [one for one in results if one.type == "drift" and is_change(one.measurement)]
        if changes:
            loud = {one.measurement.subject for one in changes if one.outcome is not Outcome.PASSED}
            quiet = tuple(one for one in changes if one.measurement.subject not in loud)
            found.append(Quiet(validation, quiet, _how(changes, quiet), loud=bool(loud)))
    return tuple(found)


def _how(changes: Sequence[Result], quiet: Sequence[Result]) -> str:
    return " ".join(part for part in (_two_keys(changes), _thresholds(quiet)) if part)


def _two_keys(changes: Sequence[Result]) -> str:
    judged = [one.measurement for one in changes if one.measurement.p_value is not None]
    limits = [one.limit for one in judged if isinstance(one.limit, TwoKeys)]
    if not limits:
        return ""
    methods = sorted({method_of(one) for one in judged if isinstance(one.limit, TwoKeys)} - {""})
    compared = ", ".join(f"{_KINDS.get(method, 'values')} by {_name(method)}" for method in methods)
    sizes = " or ".join(figures.exact_share(size) for size in sorted({limit.size for limit in limits}))
    levels = " or ".join(figures.exact(alpha) for alpha in sorted({limit.alpha for limit in limits}))
    correction = f", corrected for {len(limits):,} comparisons" if len(limits) > 1 else ""
    # A method that was named compares columns of one kind only.
    auto = (
        "method: auto compares" if {"ks", "total_variation"} <= set(methods) <= set(_KINDS) else "Compared:"
    )
    return (
        f"{auto} {compared or 'columns'}; drift is a change of at least {sizes} of the rows "
        f"that chance does not explain (p at most {levels}{correction})."
    )


def _thresholds(quiet: Sequence[Result]) -> str:
    """Return the rate of false alarms of thresholds on quiet columns: the others tell it themselves."""
    rates = [rate for one in quiet if (rate := false_alarms(one.measurement)) is not None]
    if not rates:
        return ""
    methods = sorted({_name(method_of(one.measurement)) for one in quiet} - {""})
    return (
        f"At these sample sizes a threshold on {', '.join(methods)} alarms in {'up to ' * (len(rates) > 1)}"
        f"{rate_words(max(rates))} of runs of one column when nothing has changed."
    )


def _name(method: str) -> str:
    return METHODS.get(method, shown(method))

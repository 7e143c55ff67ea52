"""Whether a model treats groups of people alike: how far apart their rates lie.

What it measures
    For each entry of `sensitive:` (a column, bins, or a list of columns that are crossed) the rates
    of its groups, from one group-by of truth, prediction and group, and between groups the largest
    difference and the smallest ratio (the lower rate over the higher). By fairlearn's names:
    `demographic_parity` compares the share predicted positive (`selection_rate`),
    `equal_opportunity` the `true_positive_rate`, `equalized_odds` the worse of
    `true_positive_rate` and `false_positive_rate`; each ends in `_difference` or `_ratio`. Further
    rates: `false_negative_rate`, `true_negative_rate`, `precision_score`, `accuracy_score`,
    `zero_one_loss`. `calibration_difference` compares the mean of score less truth.
    `four_fifths: true` demands a `demographic_parity_ratio` of at least 0.8.
    With more than two classes the positive one stands against the others.

Why it matters
    A model may be good on the whole and deny one group what it grants another.

When it misleads
    The largest gap of many small groups is large by noise alone. So each pair of groups has an
    interval, corrected for every pair of every demand of the validation: it fails where a pair lies
    beyond the limit with its whole interval, passes where all lie within, and else is inconclusive,
    which warns unless `when_inconclusive:` says otherwise. The gap that groups which do not differ
    would show by chance stands beside it.
    A group below `min_group` rows, or below `min_denominator` rows of a rate (positives for the
    true positive rate, negatives for the false positive rate), is not judged, only listed; rates
    without rows are undefined, never zero. Rows count as independent. Rows without a truth are left
    out, rows without a group are a group. Equal rates need not be fair, and one demand may exclude
    another: where groups differ in their share of positives, calibration and equalized odds cannot
    both hold.

Example
    - type: fairness
      dataset: holdout
      sensitive: [gender, {by: age, bins: [30, 50]}, [gender, region]]
      metrics: {demographic_parity_difference: 0.1, equal_opportunity_difference: 0.1}
      min_group: 500

References
    Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning.
    Kleinberg, Mullainathan and Raghavan (2016), Inherent trade-offs in the fair determination of
    risk scores.
    Newcombe (1998), Interval estimation for the difference between independent proportions.
    fairlearn, fairlearn.metrics.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from mlval.domain import grammar, roles
from mlval.domain.asks import ByColumn, Count, Rows, Scores
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail, Interval, Measurement, Path
from mlval.domain.predicate import IsNull, NotNull
from mlval.domain.rounding import significant
from mlval.domain.slices import OneSpec, OneSplit, single
from mlval.domain.steps import Asking, Steps, ask, ask_all, together
from mlval.domain.tighter import WANTED
from mlval.evidence import gap_words
from mlval.evidence.gap_limits import CALIBRATION, FOUR_FIFTHS, METRICS, Demand, Gaps
from mlval.evidence.gathering import require_one_label
from mlval.evidence.group_names import heading, names
from mlval.evidence.group_rates import RATES, Asked, Cells, Key, calibration, cells, share
from mlval.stats import equal_groups, group_gaps
from mlval.stats.errors import Undefined
from mlval.stats.group_gaps import Group, Share


@dataclass(frozen=True, slots=True)
class _Compared:
    """The groups of one entry that have rows enough for the rates of a demand, by rate."""

    demand: Demand
    families: Mapping[str, Mapping[str, Group]]

    @property
    def pairs(self) -> int:
        """How many pairs of groups are compared."""
        return sum(group_gaps.pairs(len(groups)) for groups in self.families.values())

    @property
    def is_decidable(self) -> bool:
        """Whether every rate has two groups to compare."""
        return all(len(groups) > 1 for groups in self.families.values())


class Fairness(Check):
    """Groups lie no further apart than the limits say."""

    name = "fairness"

    type: Literal["fairness"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="The labelled dataset; default: the only one.")
    model: str | None = Field(default=None, description="Which model; default: `candidate`, or the only one.")
    sensitive: OneSpec | Annotated[tuple[OneSpec | tuple[OneSpec, ...], ...], Field(min_length=1)] | None = (
        Field(
            default=None,
            description="Columns whose groups are compared, each by itself; an inner list is crossed. "
            "Default: the dataset's `sensitive`.",
        )
    )
    metrics: Gaps = Field(default=Gaps(), description="Limits by metric.")
    four_fifths: Annotated[bool, WANTED] = Field(
        default=False, description="Whether the lowest selection rate must be 80% of the highest."
    )
    min_group: int = Field(default=100, ge=2, description="Groups with fewer labelled rows are only listed.")
    min_denominator: int = Field(
        default=30,
        ge=2,
        description="Groups with fewer rows in the denominator of a rate are not judged by it.",
    )
    confidence: grammar.Share = Field(
        default=0.95, gt=0.5, lt=1, description="With which all intervals of the validation hold together."
    )

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, and what is missing to compare anything."""
        dataset, missing = roles.labelled(inputs, self.dataset, self.model)
        if dataset is None:
            return missing
        found: list[tuple[Path, str]] = [*missing]
        if not self._entries(inputs):
            found.append((("sensitive",), "no column whose groups are to be compared"))
        if not all(splits for splits in self._entries(inputs)):
            found.append((("sensitive",), "an empty list crosses nothing"))
        if not self._demands():
            found.append((("metrics",), f"no limit; there are {', '.join(METRICS)}, and `four_fifths`"))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the labelled dataset and the model."""
        return Uses((self._dataset(inputs),), (self._model(inputs),))

    def steps(self, inputs: Inputs) -> Steps:
        """Join the predictions, count every group, compare all pairs."""
        name, model = self._dataset(inputs), self._model(inputs)
        dataset = inputs.datasets[name]
        scored = yield from ask(Scores(model, name))
        rows, target = Rows(scored.table, self.where), dataset.target or ""
        known, unknown = yield from ask_all(
            (Count(rows, (NotNull((target,)),)), Count(rows, (IsNull(target),)))
        )
        if known == 0:
            return (Measurement(subject=model, metric="rows", of=0),)
        entries = self._entries(inputs)
        gathered = yield from together([self._gather(Asked(rows, scored, dataset, one)) for one in entries])
        measured: list[Measurement] = []
        compared: list[tuple[str, _Compared]] = []
        for splits, found in zip(entries, gathered, strict=True):
            subject = heading(splits)
            if isinstance(found, Failure):
                measured += [_broken(subject, demand, found.cause) for demand in self._demands()]
                continue
            hidden = {*dataset.sensitive}
            named = names(splits, [*found], vocabulary=inputs.vocabulary, hidden=hidden)
            comparisons, notes = self._families(subject, {named[key]: found[key] for key in found})
            measured += notes
            compared += [(subject, one) for one in comparisons]
        total = sum(one.pairs for _, one in compared)
        details: dict[str, Detail] = {"unlabelled_rows": unknown} if unknown else {}
        measured += [self._gap(subject, one, total=total, details=details) for subject, one in compared]
        return tuple(measured)

    def _gather(self, asked: Asked) -> "Asking[Mapping[Key, Mapping[str, Group | None]]]":
        """Return the rates of every group that any demand compares, None where one has no denominator."""
        wanted = {rate for demand in self._demands() for rate in demand.rates}
        found: dict[Key, dict[str, Group | None]] = {}
        counted: Mapping[Key, Cells] = {}
        if wanted - {CALIBRATION}:
            if asked.scored.label is None:
                message = "the predictions have scores but no labels"
                raise Unmeasurable(message, remedy="add `label:` or `threshold:` to the model's predictions")
            require_one_label(asked.scored)
            pair = ByColumn(asked.target), ByColumn(asked.scored.label)
            counted = yield from cells(asked, pair)
        for key, one in counted.items():
            found[key] = {rate: share(RATES[rate], one) for rate in sorted(wanted & {*RATES})}
            found[key]["rows"] = Share(0, one.rows)
        if CALIBRATION in wanted:
            for key, mean in (yield from calibration(asked)).items():
                found.setdefault(key, {"rows": Share(0, mean.found.n)})[CALIBRATION] = mean
        return found

    def _families(
        self, subject: str, found: Mapping[str, Mapping[str, Group | None]]
    ) -> tuple[list[_Compared], list[Measurement]]:
        """Return the comparisons of one entry, and what is left out of them."""
        if len(found) < 2:
            only = Unmeasurable("there is one group only: a gap needs two")
            return [], [_broken(subject, demand, only) for demand in self._demands()]
        sizes = {name: gap_words.rows(rates["rows"]) for name, rates in found.items()}
        small = {name: rows for name, rows in sizes.items() if rows < self.min_group}
        notes = gap_words.left_out(
            subject, "groups", small, why=f"fewer rows than `min_group: {self.min_group}`"
        )
        wanted = sorted({rate for demand in self._demands() for rate in demand.rates})
        large: dict[str, dict[str, Group]] = {}
        for rate in wanted:
            large[rate], few = {}, {}
            for name, rates in found.items():
                group = rates.get(rate)
                if name in small:
                    continue
                if group is None or gap_words.rows(group) < self.min_denominator or gap_words.is_flat(group):
                    few[name] = gap_words.rows(group)
                else:
                    large[rate][name] = group
            among = RATES[rate].among if rate in RATES else "rows whose scores differ"
            notes += gap_words.left_out(
                subject, rate, few, why=f"fewer {among} than `min_denominator: {self.min_denominator}`"
            )
        families = [
            _Compared(demand, {rate: large[rate] for rate in demand.rates}) for demand in self._demands()
        ]
        notes += [_undecided(subject, one, groups=len(found)) for one in families if not one.is_decidable]
        return [one for one in families if one.is_decidable], notes

    def _gap(
        self, subject: str, compared: _Compared, *, total: int, details: Mapping[str, Detail]
    ) -> Measurement:
        """Compare all pairs of groups of one entry by the rates of one demand."""
        demand, families = compared.demand, compared.families
        confidence = group_gaps.corrected(self.confidence, total)
        try:
            gaps = {
                rate: (group_gaps.smallest_ratio if demand.is_ratio else group_gaps.largest_difference)(
                    [*groups.values()], confidence=confidence
                )
                for rate, groups in families.items()
            }
            chance = _by_chance([[*groups.values()] for groups in families.values()], demand.is_ratio)
        except Undefined as error:
            return _broken(subject, demand, Unmeasurable(str(error)))
        worst = min if demand.is_ratio else max
        value = worst(gap.value for gap in gaps.values())
        rate = next(rate for rate, gap in gaps.items() if gap.value == value)
        ends = [worst(gap.interval[end] for gap in gaps.values()) for end in (0, 1)]
        furthest = tuple([*families[rate]][place] for place in gaps[rate].pair)
        return Measurement(
            subject=subject,
            metric=demand.metric,
            limit=_bound(demand, self.confidence),
            value=value,
            n=sum(gap_words.rows(group) for group in families[rate].values()),
            interval=Interval(ends[0], ends[1], self.confidence),
            details={
                **details,
                "rate": rate,
                "groups": gap_words.told(families[rate]),
                "furthest": furthest,
                "by_chance": significant(chance),
                "comparisons": total,
                "remark": gap_words.remark(furthest, families[rate], chance=chance, is_ratio=demand.is_ratio),
            },
            path=demand.path,
        )

    def _demands(self) -> tuple[Demand, ...]:
        demands = self.metrics.demands()
        if not self.four_fifths:
            return demands
        return (
            *demands,
            Demand("four_fifths", ("four_fifths",), ("selection_rate",), FOUR_FIFTHS, is_ratio=True),
        )

    def _entries(self, inputs: Inputs) -> tuple[tuple[OneSplit, ...], ...]:
        """Return the splits of every entry of `sensitive:`; several are crossed."""
        given = self.sensitive
        if given is None:
            given = inputs.datasets[self._dataset(inputs)].sensitive
        listed = given if isinstance(given, tuple) else (given,)
        return tuple(
            tuple(single(spec) for spec in (entry if isinstance(entry, tuple) else (entry,)))
            for entry in dict.fromkeys(listed)
        )

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)


def _by_chance(families: Sequence[Sequence[Group]], is_ratio: bool) -> float:  # noqa: FBT001 - a kind of gap
    if not is_ratio:
        return equal_groups.difference_by_chance(families)
    return equal_groups.ratio_by_chance(
        [[group for group in family if isinstance(group, Share)] for family in families]
    )


def _bound(demand: Demand, confidence: float) -> Bound:
    low, high = (demand.limit, None) if demand.is_ratio else (None, demand.limit)
    return Bound(min=low, max=high, confidence=confidence, by_interval=True)


def _undecided(subject: str, compared: _Compared, *, groups: int) -> Measurement:
    thin = [rate for rate, large in compared.families.items() if len(large) < 2]
    message = f"fewer than two of {groups} groups have rows enough for {' and '.join(thin)}"
    demand = compared.demand
    return Measurement(subject=subject, metric=demand.metric, undecided=message, path=demand.path)


def _broken(subject: str, demand: Demand, cause: MlvalError) -> Measurement:
    return Measurement(subject=subject, metric=demand.metric, problem=cause, path=demand.path)

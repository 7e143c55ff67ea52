"""Whether a candidate model is at least as good as the champion, on the same rows.

What it measures
    The difference of a metric, candidate less champion, both on the same labelled rows, with an interval
    for paired data. `max_worse` demands that the candidate is not worse by more than that: passed when the
    one-sided 95% bound stays inside the margin, failed when it lies wholly beyond, else inconclusive, with
    the rows that would decide. Undecided leans to its estimate: it blocks where that is beyond the margin.
    `min_better` demands a gain in the same way.

Why it matters
    "Not below the champion" blocks nearly half of all equally good models, and "no significant drop" lets
    real ones through. A margin says which drop matters, and pairing needs far fewer rows to see it.

When it misleads
    Rows that belong together, such as those of one customer, are fewer than they look: name the column as
    `group:`, of the dataset or here. A champion given by `metrics:` is taken as reported: nothing is paired
    and its own error is not known. A margin that is chosen after looking at the data proves nothing. `test:`
    fails only where a drop is significant: of few rows it sees little, and it takes rows as independent.

Example
    - type: comparison
      dataset: holdout
      metrics: {roc_auc: 0.01, f1: {max_worse: 2%}, log_loss: {max_worse: 0.02}}
      max_divergence: 10%

References
    Tango (1998), Equivalence test and confidence interval for the difference in proportions for the
    paired-sample design. DeLong, DeLong and Clarke-Pearson (1988). Fagerland, Lydersen and Laake (2013),
    The McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact conditional.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from mlval.domain import roles
from mlval.domain.asks import ByColumn, Count, Groups, Rows, Scored, Scores, Split
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, MlvalError, SourceAbsent, Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import percent
from mlval.domain.inputs import Dataset, Inputs, Model, Uses
from mlval.domain.measurement import Measurement, Path
from mlval.domain.paired import Paired, PairedScores
from mlval.domain.predicate import IsNull, NotNull
from mlval.domain.reported import Reported
from mlval.domain.slices import SliceSpec, called, heading, split_of
from mlval.domain.steps import Asking, Steps, ask, ask_all, together
from mlval.domain.tighter import DOWN, SUPERSET
from mlval.evidence.gathering import WHOLE, Labelled, Need, gather, need_of
from mlval.evidence.known_metrics import SPELLINGS
from mlval.evidence.margins import Margins
from mlval.evidence.paired_evidence import Both, JointEvidence
from mlval.evidence.paired_gathering import gather_both, need_of_both
from mlval.evidence.paired_influences import ROW_LOSSES
from mlval.evidence.paired_measured import OF_LABELS, Test, held_to_margin, held_to_reported, tested

_DEFAULT_ALPHA = 0.05
_MOST_GROUPS = 100_000
_MOST_SLICES = 200


class PerSlice(Frozen):
    """What every slice must meet."""

    min_rows: Annotated[int, DOWN] = Field(
        default=30, ge=1, description="Slices with fewer labelled rows are not judged, only listed."
    )
    metrics: Margins | None = Field(
        default=None, description="Margins for each slice; default: those of the whole."
    )


class Comparison(Check):
    """A candidate is not worse than the champion by more than a margin, on the same rows."""

    name = "comparison"

    type: Literal["comparison"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="The labelled dataset; default: the only one.")
    candidate: str | None = Field(
        default=None, description="The model that wants in; default: `candidate`, or the only other."
    )
    champion: str | None = Field(default=None, description="The model in use; default: `champion`.")
    metrics: Margins = Field(default=Margins(), description="Margins by metric.")
    confidence: Any = Field(
        default="95%",
        description="The confidence of the bound of one side.",
        json_schema_extra={"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*%$"},
    )
    group: str | None = Field(
        default=None,
        description="A column: rows with one value of it belong together, such as a customer; default: the "
        "dataset's `group`.",
    )
    test: Annotated[Test | None, SUPERSET] = Field(
        default=None, description="A test that must not find the candidate significantly worse."
    )
    alpha: float | None = Field(
        default=None, gt=0, lt=1, description="The level of `test:`, of two sides; default 0.05."
    )
    max_divergence: Annotated[Any, DOWN] = Field(
        default=None,
        description="The share of rows on which the two may predict different classes, such as `10%`.",
        json_schema_extra={"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?\s*%$"},
    )
    slices: tuple[SliceSpec, ...] = Field(
        default=(), description="Columns, bins, periods or predicates to split by; an inner list is crossed."
    )
    per_slice: PerSlice = Field(default=PerSlice(), description="What every slice must meet.")

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, and demands that cannot be met together."""
        found: list[tuple[Path, str]] = []
        demands = self.metrics.demands()
        dataset: Dataset | None = None
        try:
            dataset = inputs.datasets[self._dataset(inputs)]
        except Unmeasurable as error:
            found.append((("dataset",), error.message))
        try:
            champion, _ = self._models(inputs)
        except Unmeasurable as error:
            return (*found, (("champion",), error.message))
        if dataset is not None and dataset.target is None and (demands or self.test):
            found.append((("dataset",), "the dataset needs a `target:`, the column with the truth"))
        if not (demands or self.test or self.max_divergence is not None):
            found.append((("metrics",), "no margin: give `metrics:`, `test:` or `max_divergence:`"))
        return (*found, *self._settings(reported=inputs.models[champion].metrics is not None))

    def _settings(self, *, reported: bool) -> list[tuple[Path, str]]:
        """Name settings that cannot be meant."""
        found: list[tuple[Path, str]] = []
        if self.test is None and self.alpha is not None:
            found.append((("alpha",), "`alpha:` is the level of a `test:`, and there is none"))
        if self.test not in {None, *OF_LABELS} and not self._lossy():
            needed = ", ".join(sorted(ROW_LOSSES))
            found.append(
                (("test",), f"`test: {self.test}` needs a metric that is a mean of losses: {needed}")
            )
        if not 0.5 < (_share(self.confidence) or 0) < 1:
            found.append((("confidence",), "`confidence:` is a share above 50% and below 100%, such as 95%"))
        if self.max_divergence is not None and not 0 <= (_share(self.max_divergence) or 0) <= 1:
            found.append((("max_divergence",), "`max_divergence:` is a share such as 10%"))
        if reported:
            given = {"test": self.test, "max_divergence": self.max_divergence, "slices": self.slices or None}
            found += [
                ((key,), f"`{key}:` needs predictions of the champion, which has `metrics:` only")
                for key, value in given.items()
                if value is not None
            ]
        return found

    def uses(self, inputs: Inputs) -> Uses:
        """Return the dataset and both models; of reported metrics nothing is read."""
        champion, candidate = self._models(inputs)
        models = (candidate, champion) if self.pairs(inputs) else (candidate,)
        return Uses((self._dataset(inputs),), models)

    def pairs(self, inputs: Inputs) -> bool:
        """Say whether both models have predictions, so that their rows are paired."""
        champion, _ = self._models(inputs)
        return inputs.models[champion].metrics is None

    def steps(self, inputs: Inputs) -> Steps:
        """Join both predictions by row, gather what the metrics need, and estimate each difference."""
        name = self._dataset(inputs)
        champion, candidate = self._models(inputs)
        dataset, known = inputs.datasets[name], inputs.models[champion]
        if known.metrics is not None:
            reported: Mapping[str, float] | Failure | str = known.metrics
            if isinstance(reported, str):
                (reported,) = yield from together([ask(Reported(champion))])
            if isinstance(reported, Failure):
                return _without_champion(reported, known, subject=candidate)
            scored = yield from ask(Scores(candidate, name))
            return (yield from self._reported(scored, dataset, reported=reported, subject=candidate))
        theirs, ours = yield from together([ask(Scores(champion, name)), ask(Scores(candidate, name))])
        if isinstance(ours, Failure):
            raise ours.cause
        if isinstance(theirs, Failure):
            return _without_champion(theirs, known, subject=candidate)
        asked = Paired(
            Rows(theirs.table, self.where), theirs, ours, self._columns(dataset), self._group(dataset)
        )
        paired = yield from ask(asked)
        rows = Rows(paired.table)
        if not (self.metrics.demands() or self.test):
            return (yield from self._divergence(rows, paired, dataset, subject=candidate))
        labelled, unknown = yield from ask_all(
            (
                Count(rows, (NotNull((dataset.target or "",)),)),
                Count(rows, (IsNull(dataset.target or ""),)),
            )
        )
        if labelled == 0:
            return (Measurement(subject=candidate, metric="rows", of=0),)
        whole = yield from self._on(
            Both(rows, paired, dataset), subject=candidate, sliced=False, labelled=labelled
        )
        if unknown:
            whole = tuple(replace(one, details={**one.details, "unlabelled_rows": unknown}) for one in whole)
        diverged = yield from self._divergence(rows, paired, dataset, subject=candidate)
        slices = yield from self._slices(Both(rows, paired, dataset), inputs=inputs)
        return (*whole, *diverged, *slices)

    def _on(
        self, both: Both, *, subject: str, sliced: bool, labelled: int
    ) -> Asking[tuple[Measurement, ...]]:
        """Measure every margin and the test on one set of rows."""
        own = self.per_slice.metrics if sliced else None
        path: Path = ("metrics",) if own is None else ("per_slice", "metrics")
        demands = (own or self.metrics).demands()
        need = {spelling: need_of_both(margin.metric(), both) for spelling, margin in demands}
        labels: Need = ("confusion", "")
        needs = sorted({*need.values(), *({labels} if self.test in OF_LABELS and not sliced else ())})
        gathered = yield from together([gather_both(one, both) for one in needs])
        evidence = {one: _whole(found, labelled) for one, found in zip(needs, gathered, strict=True)}
        measured = [
            held_to_margin(
                margin, evidence[need[spelling]], subject=subject, path=(*path, spelling), level=self.level
            )
            for spelling, margin in demands
        ]
        if self.test is not None and not sliced:
            lossy = {SPELLINGS[spelling]: evidence[need[spelling]] for spelling in self._lossy()}
            of = {"labels": evidence[labels]} if self.test in OF_LABELS else lossy
            measured += tested(self.test, of, subject=subject, alpha=self.alpha or _DEFAULT_ALPHA)
        return tuple(measured)

    def _divergence(
        self, rows: Rows, paired: PairedScores, dataset: Dataset, *, subject: str
    ) -> Asking[tuple[Measurement, ...]]:
        """Count the rows on which the two predict different classes; a truth is not needed."""
        if self.max_divergence is None:
            return ()
        limit = Bound(max=_share(self.max_divergence), unit="share")
        blank = Measurement(subject=subject, metric="divergence", limit=limit, path=("max_divergence",))
        first, second = paired.first.label, paired.second.label
        if first is None or second is None:
            cause = Unmeasurable("one of the models has scores but no labels", remedy="add a `threshold:`")
            return (replace(blank, problem=cause),)
        if paired.first.lists or paired.second.lists:
            cause = Unmeasurable("lists of labels have no divergence", remedy="compare them by `metrics:`")
            return (replace(blank, problem=cause),)
        # The predictions of labelled rows are all there; those of others need not be.
        known = (ByColumn(dataset.target),) if dataset.target else ()
        try:
            counted = (
                yield from ask(Groups(rows, (ByColumn(first), ByColumn(second), *known), _MOST_GROUPS))
            ).counts
        except MlvalError as error:
            return (replace(blank, problem=error),)
        predicted = {key: count for key, count in counted.items() if None not in key}
        of = sum(predicted.values())
        flips = sum(count for key, count in predicted.items() if key[0] != key[1])
        return (replace(blank, value=flips / of if of else None, n=flips, of=of),)

    def _slices(self, both: Both, *, inputs: Inputs) -> Asking[tuple[Measurement, ...]]:
        """Measure the margins of every slice."""
        splits = [split_of(spec) for spec in self.slices]
        counted = yield from ask_all(
            [Groups(both.rows, (split, ByColumn(both.target)), _MOST_GROUPS) for split in splits]
        )
        measured: list[Measurement] = []
        for split, groups in zip(splits, counted, strict=True):
            sizes: dict[str, int] = {}
            for (level, truth), count in groups.counts.items():
                if level is not None:
                    sizes[level] = sizes.get(level, 0) + (0 if truth is None else count)
            parts = yield from together(
                [
                    self._slice(both, split, (level, rank, sizes[level]), inputs=inputs)
                    for rank, level in enumerate(_few(sorted(sizes)), 1)
                ]
            )
            for one in parts:
                if isinstance(one, Failure):
                    raise one.cause
                measured += one
            if not sizes:
                measured.append(Measurement(subject=heading(split), metric="rows", of=0))
        return tuple(measured)

    def _slice(
        self, both: Both, split: Split, slice_: tuple[str, int, int], *, inputs: Inputs
    ) -> Asking[tuple[Measurement, ...]]:
        """Measure one slice: its level, its place among the levels, and its labelled rows.

        A level that is a value of the data is told only if the contract spells it out.
        """
        level, rank, rows = slice_
        subject = called(split, level, rank=rank, vocabulary=inputs.vocabulary)
        if rows < self.per_slice.min_rows:
            reason = f"{rows} labelled rows are fewer than `min_rows: {self.per_slice.min_rows}`"
            return (Measurement(subject=subject, metric="rows", of=rows, absent=reason, expected=True),)
        part = replace(both, rows=replace(both.rows, part=(split, level)))
        return (yield from self._on(part, subject=subject, sliced=True, labelled=rows))

    def _reported(
        self, scored: Scored, dataset: Dataset, *, reported: Mapping[str, float], subject: str
    ) -> Steps:
        """Hold what is measured of the candidate against numbers that somebody reported of the champion."""
        labelled = Labelled(Rows(scored.table, self.where), scored, dataset)
        demands = self.metrics.demands()
        need = {spelling: need_of(margin.metric(), labelled) for spelling, margin in demands}
        needs = sorted({*need.values()})
        gathered = yield from together([gather(one, labelled) for one in needs])
        evidence = dict(zip(needs, gathered, strict=True))
        known = {SPELLINGS.get(name, name): value for name, value in reported.items()}
        measured = []
        for spelling, margin in demands:
            found = evidence[need[spelling]]
            measured.append(
                held_to_reported(
                    margin,
                    found if isinstance(found, Failure) else found.get(WHOLE),
                    reported=known.get(margin.metric_class.name),
                    subject=subject,
                    path=("metrics", spelling),
                    level=self.level,
                )
            )
        return tuple(measured)

    def _lossy(self) -> tuple[str, ...]:
        """Return the spellings of the metrics that are means of losses."""
        return tuple(one for one, _ in self.metrics.demands() if SPELLINGS[one] in ROW_LOSSES)

    def _group(self, dataset: Dataset) -> str | None:
        """Return the column of rows that belong together, where intervals are wanted."""
        is_judged = bool(self.metrics.demands() or self.test)
        return (self.group or dataset.group) if is_judged else None

    def _columns(self, dataset: Dataset) -> tuple[str, ...] | None:
        """Return the columns of the dataset that metrics need, None for all: expressions may name any."""
        metrics = [margin.metric() for _, margin in self.metrics.demands()]
        if self.slices or any(metric.row_value for metric in metrics):
            return None
        ranked = dataset.group if any(metric.needs == "groups" for metric in metrics) else None
        return tuple(dict.fromkeys(one for one in (dataset.target, ranked) if one is not None))

    @property
    def level(self) -> float:
        """The confidence of the bound of one side, as a number."""
        return _share(self.confidence) or 0.95

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _models(self, inputs: Inputs) -> tuple[str, str]:
        """Return the champion and the candidate."""
        known = inputs.models
        named = self.champion or ("champion" if "champion" in known else None)
        champion = roles.resolve(known, named, role="champion", kind="model")
        others = [name for name in known if name != champion]
        if self.candidate == champion:
            message = "a model cannot be compared with itself"
            raise Unmeasurable(message, remedy="name another model as `candidate:`")
        named = self.candidate or ("candidate" if "candidate" in others else None)
        return champion, roles.resolve(others, named, role="candidate", kind="model")


def _without_champion(failure: Failure, champion: Model, *, subject: str) -> tuple[Measurement, ...]:
    """Let a comparison pass that has nothing to compare with yet, where the contract says so."""
    if champion.if_missing != "pass" or not isinstance(failure.cause, SourceAbsent):
        raise failure.cause
    reason = f"there is no champion yet: {failure.cause.message}"
    return (Measurement(subject=subject, metric="champion", absent=reason, expected=True),)


def _share(raw: object) -> float | None:
    return percent(raw) if isinstance(raw, str) else None


def _few(levels: list[str]) -> list[str]:
    if len(levels) > _MOST_SLICES:
        message = f"{len(levels):,} slices are more than the {_MOST_SLICES} that are compared"
        raise Unmeasurable(message, remedy="split by columns with fewer values")
    return levels


def _whole(found: JointEvidence | Failure, labelled: int) -> JointEvidence | Failure:
    """Refuse evidence from which labelled rows are missing: what is left might be the easy ones."""
    if isinstance(found, Failure) or found.rows == labelled:
        return found
    return Failure(Unmeasurable(f"{labelled - found.rows:,} labelled rows have no prediction of both models"))

"""Whether a model could know the answers: rows, times or features that tell the test data beforehand.

What it measures
    Between the data that a model learns from and the data that it is tested on:
    `shared_keys`: test rows whose key stands in the training data.
    `shared_rows`: test rows that equal a training row in all common features, of those that have a
    value in any; nulls are equal to one another. Key, target and time are left out, so a row that
    returns at another time is found.
    `overlap`: test rows whose time lies at or before the last time of the training data.
    `shared_times`: test rows whose time stands in the training data, where a limit asks for it.
    `predictive_power` of each feature of the training data, alone: the share of the blind error
    that it removes, 0 to 1. Rows fall into two halves by a hash of their key (without one, of their
    position); what is learnt on each half is tried on the other. For classes (text, truth, at most 20
    different whole numbers) the guess is the most frequent class among the rows with the same value,
    the error a wrong guess, the blind guess the most frequent class. For other targets the guess is
    the median among these rows, on 64 bins of equal mass, the error the number of bins
    between, the blind guess the median. Numbers fall into bins of equal mass, at most 256.

Why it matters
    A model that has seen the answers is excellent in every metric until it is used.

When it misleads
    In narrow tables of few values, rows are equal by chance: tolerate a share in `shared`. Data that
    was split at random overlaps in time: say `overlap: 100%` if that is meant. A feature of high
    power may be a good feature; the limit asks a person to look. A leak in two features together, one
    that tells only a rare class, and one in the digits of a number, have little power. The blind guess of
    a rare class is seldom wrong: of 1% positives, a feature has to be right about these rows. An
    identifier that does not repeat has no power; one that repeats can tell what its other rows had.

Example
    - type: leakage
      train: reference
      test: holdout
      shared: 0.1%
      max_power: 0.8

References
    Kaufman, Rosset and Perlich (2012), Leakage in data mining.
    Wetschoreck, Krabel and Krishnamurthy (2020), ppscore, for the predictive power score.
    Goodman and Kruskal (1954), Measures of association for cross classifications, for lambda.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field

from mlval.domain import roles
from mlval.domain.asks import Count, Rows, Shape, TableShape
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.grammar import Share, ToleranceSpec
from mlval.domain.inputs import Dataset, Inputs, Uses
from mlval.domain.measurement import Detail, Failing, Measurement, Path
from mlval.domain.predicate import Either, Found, Holds, NotAfter, NotNull, Predicate
from mlval.domain.rule import counted_value
from mlval.domain.steps import Steps, ask, ask_all, together
from mlval.domain.text import shown
from mlval.domain.tighter import DOWN, TOLERANCE
from mlval.evidence import feature_powers as powers

_NONE = Bound(max=0, unit="rows")
_TRAIN, _TEST = ("train", "reference"), ("test", "holdout")


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two datasets."""

    rows: Rows
    shape: TableShape
    roles: Dataset

    @property
    def among(self) -> tuple[Predicate, ...]:
        """What is true of its rows."""
        return () if self.rows.where is None else (Holds(self.rows.where),)

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that a model would see."""
        left_out = {*self.roles.keys, self.roles.target, self.roles.time}
        return tuple(name for name in self.roles.features or self.shape.names if name not in left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """Test rows of which a predicate is true, out of those that have a value in some columns."""

    metric: str
    path: Path
    limit: Bound
    predicate: Predicate
    columns: tuple[str, ...]
    present: tuple[Predicate, ...] = ()
    details: Mapping[str, Detail] = field(default_factory=dict)

    def steps(self, side: _Side) -> Steps:
        """Count these rows."""
        broken = (*self.present, self.predicate)
        of, n = yield from ask_all((Count(side.rows, self.present), Count(side.rows, broken)))
        return (
            Measurement(
                subject=side.rows.table,
                metric=self.metric,
                limit=self.limit,
                value=counted_value(n, of, self.limit),
                n=n,
                of=of,
                details=self.details,
                failing=Failing(side.rows, broken, self.columns),
                path=self.path,
            ),
        )


class Leakage(Check):
    """No row, time or feature tells a model beforehand what it is tested on."""

    name = "leakage"

    type: Literal["leakage"] = Field(description="The kind of validation.")
    train: str | None = Field(
        default=None, description="What a model learns from; default: `train`, or `reference`."
    )
    test: str | None = Field(
        default=None, description="What it is tested on; default: `test`, `holdout`, or the other dataset."
    )
    features: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="Which columns; default: the features of the dataset, or all but key, target and time.",
    )
    shared: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None,
        description="How many test rows may stand in the training data, by key or by features; default none.",
    )
    overlap: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None,
        description="How many test rows may lie at or before the last training time; default none.",
    )
    shared_times: Annotated[ToleranceSpec | None, DOWN] = Field(
        default=None, description="How many test rows may have a time of the training data; default: any."
    )
    max_power: Annotated[Share, DOWN] = Field(
        default=0.8, description="The share of the blind error that one feature may remove, 0 to 1."
    )

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, and limits that nothing can be held against."""
        try:
            train, test = self._roles(inputs)
        except Unmeasurable as error:
            return (((), error.message),)
        found: list[tuple[Path, str]] = []
        for key in ("overlap", "shared_times"):
            if key in self.model_fields_set:
                found += [
                    ((key,), f"{shown(name)!r} needs a `time:` column")
                    for name in (train, test)
                    if inputs.datasets[name].time is None
                ]
        if "max_power" in self.model_fields_set and inputs.datasets[train].target is None:
            found.append((("max_power",), f"{shown(train)!r} needs a `target:`"))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the two datasets."""
        return Uses(self._roles(inputs))

    def steps(self, inputs: Inputs) -> Steps:
        """Match rows and times of both datasets, and try every feature of the first."""
        names = self._roles(inputs)
        shapes = yield from ask_all([Shape(name) for name in names])
        train, test = (
            _Side(Rows(name, self.where), shape, inputs.datasets[name])
            for name, shape in zip(names, shapes, strict=True)
        )
        for side in (train, test):
            if (yield from ask(Count(side.rows))) == 0:
                return (Measurement(subject=side.rows.table, metric="rows", of=0),)
        parts = {
            (names[1], "shared_keys", "shared"): self._keys(train, test),
            (names[1], "shared_rows", "shared"): self._rows(train, test),
            (names[1], "overlap", "overlap"): self._times(train, test),
            (names[0], "predictive_power", "max_power"): self._powers(train),
        }
        measured: tuple[Measurement, ...] = ()
        found = yield from together(list(parts.values()))
        for (subject, metric, key), part in zip(parts, found, strict=True):
            if isinstance(part, Failure):
                measured += (Measurement(subject=subject, metric=metric, problem=part.cause, path=(key,)),)
            else:
                measured += part
        return measured

    def _roles(self, inputs: Inputs) -> tuple[str, str]:
        known = inputs.datasets
        train = self.train or next((name for name in _TRAIN if name in known), None)
        train = roles.resolve(known, train, role="train", kind="dataset")
        others = [name for name in known if name != train]
        if self.test == train:
            message = f"{shown(train)!r} cannot be compared with itself"
            raise Unmeasurable(message, remedy="name another dataset as `test:`")
        test = self.test or next((name for name in _TEST if name in others), None)
        return train, roles.resolve(others, test, role="test", kind="dataset")

    def _keys(self, train: _Side, test: _Side) -> Steps:
        own, others = test.roles.keys, train.roles.keys
        if not own or not others:
            return (_skipped(test, "shared_keys", "not both datasets have a `key:`", path=("shared",)),)
        match = _Match(
            metric="shared_keys",
            path=("shared",),
            limit=self.shared or _NONE,
            predicate=Found(own, train.rows.table, others, train.among),
            columns=own,
            present=(NotNull(own),),
        )
        return (yield from match.steps(test))

    def _rows(self, train: _Side, test: _Side) -> Steps:
        columns = self.features or tuple(name for name in test.features if name in train.features)
        if not columns:
            raise Unmeasurable("the datasets have no feature in common")
        alone = sorted({*train.features, *test.features} - {*columns}) if self.features is None else []
        match = _Match(
            metric="shared_rows",
            path=("shared",),
            limit=self.shared or _NONE,
            predicate=Found(columns, train.rows.table, columns, train.among, nulls=True),
            columns=columns,
            present=(Either(tuple(NotNull((column,)) for column in columns)),),
            details={"features": len(columns), "not_in_both": tuple(alone)},
        )
        return (yield from match.steps(test))

    def _times(self, train: _Side, test: _Side) -> Steps:
        own, other, name = test.roles.time, train.roles.time, train.rows.table
        if own is None or other is None:
            return (_skipped(test, "overlap", "not both datasets have a `time:`", path=("overlap",)),)
        if (yield from ask(Count(train.rows, (NotNull((other,)),)))) == 0:
            message = f"{shown(name)!r} has no times in {shown(other)!r}"
            raise Unmeasurable(message)
        overlap = _Match(
            metric="overlap",
            path=("overlap",),
            limit=self.overlap or _NONE,
            predicate=NotAfter(own, name, other, train.among),
            columns=(own,),
            present=(NotNull((own,)),),
        )
        measured = yield from overlap.steps(test)
        if self.shared_times is not None:
            same = replace(
                overlap,
                metric="shared_times",
                path=("shared_times",),
                limit=self.shared_times,
                predicate=Found((own,), name, (other,), train.among),
            )
            measured += yield from same.steps(test)
        return measured

    def _powers(self, train: _Side) -> Steps:
        """Measure every feature; the strongest come first, and last those that cannot be measured."""
        target = train.roles.target
        if target is None:
            absent = f"{shown(train.rows.table)!r} has no `target:`"
            return (_skipped(train, "predictive_power", absent, path=("max_power",)),)
        names = self.features or train.features
        if not names:
            raise Unmeasurable("there is no feature")
        guessing = yield from powers.guessing(train.rows, train.shape, target=target, keys=train.roles.keys)
        found = yield from together([powers.power(guessing, name) for name in names])
        measured = [
            Measurement(
                subject=name,
                metric="predictive_power",
                limit=Bound(max=self.max_power),
                value=None if isinstance(power, Failure) else power,
                n=guessing.known,
                problem=power.cause if isinstance(power, Failure) else None,
                path=("max_power",),
            )
            for name, power in zip(names, found, strict=True)
        ]
        return tuple(
            sorted(measured, key=lambda one: (one.problem is not None, -(one.value or 0), one.subject))
        )


def _skipped(side: _Side, metric: str, absent: str, *, path: Path) -> Measurement:
    """Return that a part has nothing to look at. Where a limit was set for it, `problems` has said so."""
    return Measurement(subject=side.rows.table, metric=metric, absent=absent, expected=True, path=path)

"""Whether the distribution of each column changed, by significance and by size.

What it measures
    By default numbers by the largest distance between the two distribution functions (Kolmogorov-Smirnov, on
    a thousand bins of equal mass), levels by the total variation between the two tables of shares. Size is
    the share of rows that would have to move, less what noise alone shows at these sample sizes. Nulls and
    unseen levels are levels of their own; for numbers the share of rows without a finite value (null, NaN,
    infinite) is judged beside the distribution. Whole numbers with at most 20 different values are levels.

    Compared are the features; the target, as a family of its own; with `predictions:` what a model predicts;
    with `slices:` every slice with the same slice of the reference. The significance is corrected for all of
    them together. `max_drifted:` lets some of the columns and slices drift without blocking, never the target
    or the predictions.

    | `method:` | what it is | range |
    |---|---|---|
    | `auto` | as above | 0 to 1 |
    | `ks`, `ks_test` | the largest distance D of the two distribution functions (Smirnov 1939) | 0 to 1 |
    | `cvm` | Cramér-von Mises' T; ties at midranks (Anderson 1962) | from 0 |
    | `anderson_darling` | A², which sees the tails (Scholz and Stephens 1987) | from 0 |
    | `wasserstein` | how far a row moves on average, in robust spreads of the reference | from 0 |
    | `mean_shift` | the shift of the mean in standard deviations of the reference (Welch 1947) | with sign |
    | `chi2`, `g_test` | Pearson's chi-square of two samples; the likelihood ratio | from 0 |
    | `total_variation` | half of Σ abs(p - q): the share of rows that would have to move | 0 to 1 |
    | `psi` | Σ (q - p) ln(q/p) in nats, with half a row added to every cell | from 0 |
    | `kl` | Σ q ln(q/p) in nats, of the current shares q from the reference p; as `psi` | from 0 |
    | `js` | the Jensen-Shannon distance in base 2: the root, not the divergence (Lin 1991) | 0 to 1 |
    | `hellinger` | sqrt(1 - Σ sqrt(p q)) | 0 to 1 |
    | `l_infinity` | the largest abs(p - q) of one level, and that level | 0 to 1 |
    | `cramers_v` | Cramér's V with its bias corrected (Bergsma 2013) | 0 to 1 |

    Larger is a larger change, and samples in the same proportions have 0 (nearly, of `psi` and `kl`); only
    `kl`, `wasserstein` and `mean_shift` change if the two are exchanged. Those from `ks` to `mean_shift`
    compare numbers only, on whole columns; the others compare levels, and of numbers ten cells of equal mass
    of the reference, where an atom has a cell of its own. A robust spread is the interquartile range over
    1.349; where that is 0 the standard deviation; where that is 0 too, the unit of the column (Vallender
    1974). A shift of the mean from a constant is refused. Levels with an expected count below 5 are merged in
    `chi2` and `g_test`. The p-value of `anderson_darling` is known from 0.001 to 0.25; beyond, the safe bound
    is taken.

    `threshold:` of `auto`, `ks_test`, `cvm`, `anderson_darling`, `mean_shift`, `chi2` and `g_test` is the
    level of significance, and the size must be reached too. Of the others it is the largest distance that
    passes, judged as it is written: the result tells how often this threshold alarms at these sample sizes
    though nothing changed. A distance without a threshold is shown, and judged by the keys of `auto`.

    Of a profile, and of columns too large to be held, statistics are computed on bins. The distance of the
    distribution functions is then at most the mass of the heaviest bin from that of the rows. Where such a
    bound leaves the verdict open, the result is undecided or errored, never passed.

Why it matters
    A model trained on one month and used in another answers questions that it was not asked before.

When it misleads
    A change that keeps every column as it was but changes how columns go together is not seen. Dates and
    times always move; they are left out unless they are listed, and are then compared as numbers. An
    identifier has no distribution and is refused: text that differs in every row, and a running number that
    moved. Rows that depend on each other, as those of one customer, alarm more often than is told.

Example
    - type: drift
      current: holdout
      columns: [amount, plan]
      effect: medium

References
    Benjamini and Hochberg (1995), Controlling the false discovery rate.
    Hodges (1958), The significance probability of the Smirnov two-sample test.
    Bergsma (2013), A bias-correction for Cramér's V and Tschuprow's T.
    Endres and Schindelin (2003), A new metric for probability distributions.
    Scholz and Stephens (1987), K-sample Anderson-Darling tests.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from mlval.domain import drift, roles
from mlval.domain.asks import Count, Rows, Shape
from mlval.domain.bound import TwoKeys
from mlval.domain.check import Check
from mlval.domain.drift import ALIASES, Found, Method, NumberPair, Shift
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import Share, ToleranceSpec
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Measurement, Path
from mlval.domain.slices import ByPeriodSpec, SliceSpec
from mlval.domain.steps import Asking, Steps, ask_all, together
from mlval.domain.text import shown
from mlval.domain.tighter import EFFECT, TOLERANCE
from mlval.evidence.drift_changes import changes
from mlval.evidence.drift_columns import Sides, default_columns, new_columns
from mlval.evidence.drift_evidence import IDENTIFIER, Asked, evidence, running_number
from mlval.evidence.drift_families import Family, predictions, slices
from mlval.evidence.drift_measured import Demand, measured

SIZES = {"small": 0.04, "medium": 0.08, "large": 0.20}
ALPHA = 0.02
LARGEST_ALPHA = 0.5
WHOLE_COLUMNS = 20_000_000
"""Values that are held at once for methods that look at every one of them: 160 MB."""


class PredictedBy(Frozen):
    """Two models, one for each dataset."""

    reference: str = Field(description="The model that predicted the rows of the reference.")
    current: str = Field(description="The model that predicted the current rows.")


class PerSlice(Frozen):
    """Which slices are compared."""

    min_rows: int = Field(
        default=30, ge=1, description="Slices with fewer rows on either side are not compared, only listed."
    )


def _with_spellings(schema: dict[str, Any]) -> None:
    """Describe the spellings that the validator reads as `columns` and as the method's own name."""
    keys = schema["properties"]
    keys["columns"]["anyOf"].append({"type": "string"})
    keys |= {"features": keys["columns"], "feature": keys["columns"]}
    keys["method"]["enum"] += sorted(ALIASES)


class Drift(Check):
    """No column changed both significantly and by more than a size."""

    model_config = ConfigDict(json_schema_extra=_with_spellings)

    name = "drift"

    type: Literal["drift"] = Field(description="The kind of validation.")
    reference: str | None = Field(
        default=None, description="The dataset to compare with; default: `reference`."
    )
    current: str | None = Field(
        default=None, description="The dataset that may have changed; default: the other one."
    )
    columns: tuple[str, ...] | None = Field(
        default=None,
        description="Which columns; default: the features of the reference, or all but keys, times and the "
        "target. `features:` and `feature:` mean the same.",
    )
    target: bool | None = Field(
        default=None,
        description="Whether the target is compared as well; default: where both have it and no `columns:` "
        "are named.",
    )
    predictions: str | PredictedBy | None = Field(
        default=None, description="The model whose predictions are compared as well, or one a dataset."
    )
    slices: tuple[SliceSpec, ...] = Field(
        default=(),
        description="Columns, bins or predicates to split by, an inner list is crossed: each slice is "
        "compared as well.",
    )
    per_slice: PerSlice = Field(default=PerSlice(), description="Which slices are compared.")
    method: Method = Field(
        default="auto", description="What a change is measured by; `auto`: by what the column holds."
    )
    effect: Annotated[Literal["small", "medium", "large"] | Share, EFFECT] = Field(
        default="medium",
        description="The share of rows that must have moved: small 4%, medium 8%, large 20%, or a share.",
    )
    threshold: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Of `auto` and of tests the level of significance, after correction for all columns "
        "(default 0.02); of other methods the largest distance that passes.",
    )
    max_drifted: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None,
        description="How many columns may drift without blocking: a number, or a share such as `50%`.",
    )
    weights: Mapping[str, float] = Field(
        default_factory=dict, description="How much a column counts in a share; default 1."
    )

    @model_validator(mode="before")
    @classmethod
    def _spellings(cls, raw: Any) -> Any:  # noqa: ANN401 - text of the contract
        if not isinstance(raw, dict):
            return raw
        raw = dict(raw)
        named = [key for key in ("columns", "features", "feature") if key in raw]
        if len(named) > 1:
            message = f"{named[0]} and {named[1]} mean the same; give one of them"
            raise ValueError(message)
        if named:
            columns = raw.pop(named[0])
            raw["columns"] = (columns,) if isinstance(columns, str) else columns
        if isinstance(raw.get("method"), str):
            raw["method"] = ALIASES.get(raw["method"], raw["method"])
        return raw

    @model_validator(mode="after")
    def _sensible(self) -> "Drift":
        limit = 1.0 if self.method in drift.UP_TO_ONE else math.inf
        if self.method in drift.TESTS:
            limit = LARGEST_ALPHA
        if self.threshold is not None and self.threshold >= limit:
            what = "level of significance" if self.method in drift.TESTS else "threshold"
            message = f"a {what} of `{self.method}` is below {limit:g}; found {self.threshold:g}"
            raise ValueError(message)
        wrong = [name for name, weight in self.weights.items() if not 0 <= weight < math.inf]
        if wrong:
            message = f"the weight of {shown(wrong[0])!r} is not a number from 0"
            raise ValueError(message)
        return self

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, and what cannot be compared whatever the data hold."""
        found: list[tuple[Path, str]] = []
        for path, resolved in ((), self._roles), (("predictions",), self._models):
            try:
                resolved(inputs)
            except Unmeasurable as error:
                found.append((path, error.message))
        if self.target and not found and Sides(*self._roles(inputs), inputs).target is None:
            found.append((("target",), "neither dataset names a `target:`"))
        for place, spec in enumerate(self.slices):
            if any(isinstance(one, ByPeriodSpec) for one in (spec if isinstance(spec, tuple) else (spec,))):
                sentence = "the periods of two datasets seldom meet; compare one period by `where:`"
                found.append((("slices", place), sentence))
        unknown = () if self.columns is None else set(self.weights).difference(self.columns)
        found += [
            (("weights", name), f"{shown(name)!r} is not among the columns") for name in sorted(unknown)
        ]
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the two datasets, and the models whose predictions are compared."""
        return Uses(self._roles(inputs), tuple(dict.fromkeys(self._models(inputs) or ())))

    def steps(self, inputs: Inputs) -> Steps:
        """Compare every column; what one column cannot tell does not keep the others from being judged."""
        sides = Sides(*self._roles(inputs), inputs, self._models(inputs) or ())
        before, after = yield from ask_all((Shape(sides.reference), Shape(sides.current)))
        rows = Rows(sides.reference, self.where), Rows(sides.current, self.where)
        n, m = yield from ask_all([Count(one) for one in rows])
        if n == 0 or m == 0:
            return (Measurement(subject=sides.reference if n == 0 else sides.current, metric="rows", of=0),)
        names = default_columns(sides, before) if self.columns is None else tuple(dict.fromkeys(self.columns))
        told = new_columns(sides, (before, after)) if self.columns is None else []
        if names and not any(after.kind_of(name) for name in names):
            cause = Unmeasurable(f"no column of {shown(sides.reference)!r} is in {shown(sides.current)!r}")
            told.append(Measurement(subject=sides.current, metric="drift", problem=cause, path=("columns",)))
            names = ()
        whole = Family("columns", names, rows, (before, after), (n, m), ("columns",))
        families, failed = yield from self._families(whole, sides)
        found = yield from self._compared(families, sides)
        if not found:
            # What is only told, or left out, must not stand for a comparison.
            return tuple(one for one in (*told, *failed) if one.problem is not None)
        return (*measured(found, self._demand), *told, *failed, *_absent(families))

    def _families(self, whole: Family, sides: Sides) -> Asking[tuple[list[Family], list[Measurement]]]:
        """Return everything that is compared, and what could not be found out."""
        families = [whole, *self._target(whole, sides)]
        parts: list[tuple[str, Asking[list[Family]]]] = []
        if sides.models:
            predicted = predictions((sides.models[0], sides.models[1]), whole, sides.inputs)
            parts.append(("predictions", _one(predicted)))
        if self.slices:
            gathering = slices(
                self.slices, whole, min_rows=self.per_slice.min_rows, vocabulary=sides.inputs.vocabulary
            )
            parts.append(("slices", gathering))
        gathered = yield from together([part for _, part in parts])
        failed = []
        for (name, _), found in zip(parts, gathered, strict=True):
            if isinstance(found, Failure):
                failed.append(Measurement(subject=name, metric="drift", problem=found.cause, path=(name,)))
            else:
                families += found
        return families, failed

    def _compared(self, families: Sequence[Family], sides: Sides) -> Asking[list[Found]]:
        pairs = [(family, name) for family in families if family.absent is None for name in family.columns]
        exact = sum(sum(family.sizes) for family, _ in pairs) <= WHOLE_COLUMNS
        asked = [
            Asked(
                name=name,
                rows=family.rows,
                shapes=family.shapes,
                method=self.method,
                profiled=sides.profiled,
                exact=exact,
                vocabulary=sides.inputs.vocabulary,
                called=(family.called or {}).get(name),
            )
            for family, name in pairs
        ]
        compared = yield from together([self._compare(one) for one in asked])
        return [
            Found(name, family.subject(name), family.name, family.path, one)
            for (family, name), one in zip(pairs, compared, strict=True)
        ]

    def _compare(self, asked: Asked) -> Asking[list[Shift]]:
        pair = yield from evidence(asked)
        found = changes(self.method, pair)
        moved = any(shift.metric == "drift" and shift.size >= self._size for shift in found)
        if moved and isinstance(pair, NumberPair) and (yield from running_number(asked)):
            message = f"{asked.title} counts its rows: it moved because time went on"
            raise Unmeasurable(message, remedy=IDENTIFIER)
        return found

    @property
    def _size(self) -> float:
        return SIZES[self.effect] if isinstance(self.effect, str) else self.effect

    @property
    def _demand(self) -> Demand:
        is_test = self.method in drift.TESTS
        return Demand(
            keys=TwoKeys(
                size=self._size,
                alpha=self.threshold if is_test and self.threshold is not None else ALPHA,
                name=self.effect if isinstance(self.effect, str) else "",
            ),
            distance=None if is_test else self.threshold,
            said=is_test and self.threshold is not None,
            allowance=self.max_drifted,
            weights=self.weights,
        )

    def _target(self, whole: Family, sides: Sides) -> list[Family]:
        """Return the target as a family of its own, where it is to be compared."""
        if self.target is False or (self.target is None and self.columns is not None):
            return []
        if sides.target is None:
            return []
        family = replace(whole, name="target", columns=(sides.target,), path=("target",))
        if self.target is None and not all(shape.kind_of(sides.target) for shape in whole.shapes):
            return [replace(family, absent="one of the datasets has no target to compare")]
        return [family]

    def _roles(self, inputs: Inputs) -> tuple[str, str]:
        known = inputs.datasets
        reference = self.reference or ("reference" if "reference" in known else None)
        reference = roles.resolve(known, reference, role="reference", kind="dataset")
        others = [name for name in known if name != reference]
        current = self.current or ("current" if "current" in others else None)
        if current == reference:
            message = f"{shown(reference)!r} cannot be compared with itself"
            raise Unmeasurable(message, remedy="name another dataset as `current:`")
        return reference, roles.resolve(others, current, role="current", kind="dataset")

    def _models(self, inputs: Inputs) -> tuple[str, str] | None:
        if self.predictions is None:
            return None
        one = self.predictions
        named = (one, one) if isinstance(one, str) else (one.reference, one.current)
        before, after = (
            roles.resolve(inputs.models, name, role="predictions", kind="model") for name in named
        )
        return before, after


def _one(part: Asking[Family]) -> Asking[list[Family]]:
    return [(yield from part)]


def _absent(families: Sequence[Family]) -> list[Measurement]:
    """List what is not compared. A slice is left out because the contract says so."""
    return [
        Measurement(
            subject=family.prefix.removesuffix(": ") or family.columns[0],
            metric="drift",
            absent=family.absent,
            expected=True,
            path=family.path,
        )
        for family in families
        if family.absent is not None
    ]

"""Whether the distribution of each column changed, by significance and by size.

What it measures
    Numbers by the largest distance between the two distribution functions (Kolmogorov-Smirnov, on
    a thousand bins of equal mass), levels by the total variation between the two tables of shares.
    Size is the share of rows that would have to move, less what noise alone shows at these sample
    sizes. Nulls and unseen levels are levels of their own; for numbers the share of nulls is
    judged beside the distribution. Whole numbers with at most 20 different values are levels.

Why it matters
    A model trained on one month and used in another answers questions that it was not asked before.

When it misleads
    A change that keeps every column as it was but changes how columns go together is not seen.
    Dates and times always move; they are left out unless they are listed. An identifier has no
    distribution and is refused.

Example
    - type: drift
      current: holdout
      columns: [amount, plan]
      effect: medium

References
    Benjamini and Hochberg (1995), Controlling the false discovery rate.
    Hodges (1958), The significance probability of the Smirnov two-sample test.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from mlval.domain import level_folding, roles
from mlval.domain.asks import Binned, Bins, Count, Edges, Level, Levels, Rows, Shape, TableShape
from mlval.domain.bound import TwoKeys
from mlval.domain.check import Check
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.grammar import Share
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail, Measurement
from mlval.domain.predicate import NotNull
from mlval.domain.shape import shape_of_levels, shape_of_numbers
from mlval.domain.steps import Asking, Steps, ask, ask_all, together
from mlval.domain.text import shown
from mlval.stats import power, size, two_sample

SIZES = {"small": 0.04, "medium": 0.08, "large": 0.20}
ALPHA = 0.02
FEW_VALUES = 20
_CLASSES = {
    "int": "number",
    "float": "number",
    "date": "time",
    "timestamp": "time",
    "string": "level",
    "bool": "level",
}

Method = Literal["auto", "ks", "chi2"]
_METHOD_ALIASES = {"ks_test": "ks", "chi2_test": "chi2", "chi_square": "chi2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What two samples of one column show, before it is known how many comparisons there are.

    `cells` is the number of degrees of freedom of levels, None for numbers; `share` the pooled
    share of a proportion, None for anything else; `hidden` the share of rows that could have moved
    among levels that a profile does not tell apart.
    """

    subject: str
    metric: str
    distance: float
    p_value: float
    size: float
    n: int
    m: int
    cells: int | None = None
    share: float | None = None
    hidden: float = 0.0
    details: dict[str, Detail]

    def detectable(self, alpha: float) -> float:
        """Return the smallest change that these samples could have shown with 80% power."""
        return max(self.hidden, self._by_rows(alpha))

    def _by_rows(self, alpha: float) -> float:
        if self.share is not None:
            return power.proportions_detectable(self.share, n=self.n, m=self.m, alpha=alpha)
        if self.cells is not None:
            return power.levels_detectable(self.n, self.m, df=self.cells, alpha=alpha)
        return power.ks_detectable(self.n, self.m, alpha=alpha)


def _with_spellings(schema: dict[str, Any]) -> None:
    """Describe the spellings that the validator reads as `columns` and as the method's own name."""
    keys = schema["properties"]
    keys["columns"]["anyOf"].append({"type": "string"})
    keys |= {"features": keys["columns"], "feature": keys["columns"]}
    keys["method"]["enum"] += sorted(_METHOD_ALIASES)


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
        description="Which columns; default: the features of the reference, or all but keys and times. "
        "`features:` and `feature:` mean the same.",
    )
    method: Method = Field(
        default="auto", description="`auto`: by what the column holds. `ks`: as a number. `chi2`: as levels."
    )
    effect: Literal["small", "medium", "large"] | Share = Field(
        default="medium",
        description="The share of rows that must have moved: small 4%, medium 8%, large 20%, or a share.",
    )
    threshold: float = Field(
        default=ALPHA,
        gt=0,
        lt=0.5,
        description="The level of significance, after correction for all columns.",
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
            raw["method"] = _METHOD_ALIASES.get(raw["method"], raw["method"])
        return raw

    def problems(self, inputs: Inputs) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Name roles that nobody plays."""
        try:
            self._roles(inputs)
        except Unmeasurable as error:
            return (((), error.message),)
        return ()

    def uses(self, inputs: Inputs) -> Uses:
        """Return the two datasets."""
        return Uses(self._roles(inputs))

    def steps(self, inputs: Inputs) -> Steps:
        """Compare every column; what one column cannot tell does not keep the others from being judged."""
        reference, current = self._roles(inputs)
        before, after = yield from ask_all((Shape(reference), Shape(current)))
        rows = Rows(reference, self.where), Rows(current, self.where)
        n, m = yield from ask_all([Count(one) for one in rows])
        if n == 0 or m == 0:
            return (Measurement(subject=reference if n == 0 else current, metric="rows", of=0),)
        names = self._columns(inputs, reference, before)
        compared = yield from together(
            [self._compare(name, rows, (before, after), told=inputs.vocabulary) for name in names]
        )
        changes = [change for found in compared if not isinstance(found, Failure) for change in found]
        broken = [
            (name, found.cause)
            for name, found in zip(names, compared, strict=True)
            if isinstance(found, Failure)
        ]
        comparisons = len(changes) + len(broken)
        return tuple(
            [self._measurement(change, comparisons) for change in changes]
            + [
                Measurement(subject=name, metric="drift", problem=cause, path=("columns",))
                for name, cause in broken
            ]
        )

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

    def _columns(self, inputs: Inputs, reference: str, shape: TableShape) -> tuple[str, ...]:
        dataset = inputs.datasets[reference]
        if self.columns is not None:
            return tuple(dict.fromkeys(self.columns))
        if dataset.features is not None:
            return dataset.features
        left_out = {*dataset.keys, dataset.time}
        return tuple(
            c.name for c in shape.columns if c.name not in left_out and _CLASSES.get(c.kind) != "time"
        )

    def _compare(
        self,
        name: str,
        rows: tuple[Rows, Rows],
        shapes: tuple[TableShape, TableShape],
        *,
        told: frozenset[str],
    ) -> Asking[list[_Change]]:
        kinds = [_kind(shape, name, where) for shape, where in zip(shapes, rows, strict=True)]
        classes = {_CLASSES.get(kind, kind) for kind in kinds}
        if len(classes) > 1:
            present = yield from ask_all([Count(one, (NotNull((name,)),)) for one in rows])
            if min(present) == 0 < max(present):
                totals = yield from ask_all([Count(one) for one in rows])
                return [
                    _missing(name, (totals[0] - present[0], totals[1] - present[1]), (totals[0], totals[1]))
                ]
            message = f"{shown(name)!r} held {kinds[0]} values and now holds {kinds[1]} values"
            raise Unmeasurable(message)
        if classes == {"level"} and self.method == "ks":
            message = f"{shown(name)!r} holds {kinds[0]} values; `ks` compares numbers"
            raise Unmeasurable(message, remedy="use `method: auto` or `chi2`")
        if classes == {"level"} or self.method == "chi2":
            return (yield from _levels(name, rows, told))
        edges = yield from ask(Edges(rows[0], name))
        few = len(edges) <= FEW_VALUES + 1 and all(edge.is_integer() for edge in edges[1:])
        if not edges or (few and "time" not in classes and self.method == "auto"):
            return (yield from _levels(name, rows, told))
        return (yield from _numbers(name, rows, edges))

    def _measurement(self, change: _Change, comparisons: int) -> Measurement:
        limit = SIZES[self.effect] if isinstance(self.effect, str) else self.effect
        effect_name = self.effect if isinstance(self.effect, str) else ""
        return Measurement(
            subject=change.subject,
            metric=change.metric,
            limit=TwoKeys(size=limit, alpha=self.threshold, name=effect_name),
            value=change.distance,
            n=change.m,
            p_value=change.p_value,
            effect=change.size,
            detectable=change.detectable(self.threshold / comparisons),
            details=change.details,
            path=("columns",),
        )


def _kind(shape: TableShape, name: str, rows: Rows) -> str:
    kind = shape.kind_of(name)
    if kind is None:
        message = f"there is no column {shown(name)!r} in {shown(rows.table)!r}"
        raise Unmeasurable(message)
    return kind


def _levels(name: str, rows: tuple[Rows, Rows], told: frozenset[str]) -> Asking[list[_Change]]:
    """Compare shares of levels, nulls being one of them."""
    tables = yield from ask_all([Levels(one, name) for one in rows])
    before, after = level_folding.alike(*tables)
    told |= {level for table in tables for level in level_folding.told(table)}
    if set(before) <= {None} and set(after) <= {None}:
        raise _no_values(name)
    # The most frequent first, so that reports can say "level 1"; ties and unseen levels by their text.
    order: list[Level] = sorted(
        {*before, *after},
        key=lambda level: (level is None, level == level_folding.OTHER, -before.get(level, 0), str(level)),
    )
    left, right = ([counts.get(level, 0) for level in order] for counts in (before, after))
    test = two_sample.chi_square(left, right)
    shape = shape_of_levels([_label(level, rank, told) for rank, level in enumerate(order, 1)], left, right)
    details: dict[str, Detail] = {"method": "total_variation", "levels": len(order), "shape": shape}
    if None in order:
        details |= {"reference_nulls": left[-1] / sum(left), "current_nulls": right[-1] / sum(right)}
    unseen = [new for old, new in zip(left, right, strict=True) if old == 0]
    if unseen:
        details |= {"unseen_levels": len(unseen), "unseen_share": sum(unseen) / sum(right)}
    return [
        _Change(
            subject=name,
            metric="drift",
            distance=two_sample.total_variation(left, right),
            p_value=test.p_value,
            size=size.levels_size(left, right),
            n=sum(left),
            m=sum(right),
            # One level on both sides leaves nothing that could have moved unseen; otherwise no degree of
            # freedom means that pooling left nothing to test, which shows nothing.
            cells=1 if len(order) == 1 else test.df,
            hidden=level_folding.hidden_share(before, after),
            details=details,
        )
    ]


def _numbers(name: str, rows: tuple[Rows, Rows], edges: tuple[float, ...]) -> Asking[list[_Change]]:
    """Compare distribution functions of the values that are there, and the shares of those that are not."""
    before, after = yield from ask_all([Bins(one, name, edges) for one in rows])
    n, m = sum(before.counts), sum(after.counts)
    changes: list[_Change] = []
    if n and m:
        distance = two_sample.ks_distance(before.counts, after.counts)
        changes.append(
            _Change(
                subject=name,
                metric="drift",
                distance=distance,
                p_value=two_sample.ks_p_value(distance, n=n, m=m),
                size=size.ks_size(distance, n=n, m=m),
                n=n,
                m=m,
                details={"method": "ks", "shape": shape_of_numbers(before.counts, after.counts)},
            )
        )
    missing = before.nulls + before.nans, after.nulls + after.nans
    if any(missing):
        changes.append(_missing(name, missing, (_total(before), _total(after))))
    if not changes or (not n and not m):
        raise _no_values(name)
    return changes


def _missing(name: str, missing: tuple[int, int], totals: tuple[int, int]) -> _Change:
    test = two_sample.two_proportions(missing[0], totals[0], k2=missing[1], n2=totals[1])
    return _Change(
        subject=name,
        metric="null_share",
        distance=abs(test.difference),
        p_value=test.p_value,
        size=size.proportions_size(missing[0], totals[0], k2=missing[1], n2=totals[1]),
        n=totals[0],
        m=totals[1],
        share=sum(missing) / sum(totals),
        details={
            "method": "two_proportions",
            "reference_nulls": missing[0] / totals[0],
            "current_nulls": missing[1] / totals[1],
        },
    )


def _total(sample: Binned) -> int:
    return sum(sample.counts) + sample.nulls + sample.nans


def _no_values(name: str) -> MlvalError:
    return Unmeasurable(f"{shown(name)!r} has no values on either side")


def _label(level: Level, rank: int, told: frozenset[str]) -> str:
    """Return what reports call a level: its value only where the contract spells it out, else its rank."""
    if level is None:
        return "null"
    if level == level_folding.OTHER:
        return "other levels"
    return level if level in told else f"level {rank}"

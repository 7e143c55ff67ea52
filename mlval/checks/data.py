"""Whether a table keeps its contract: types, nulls, ranges, sets, keys, and predicates across columns.

What it measures
    Every rule counts the rows that break it, in one scan for all rules of a table. A result has
    the count, the share, and the number of rows that the share is of.

Why it matters
    A model is judged on data; where the data is wrong, every later number is too.

When it misleads
    Nulls fail null rules only. A rule on a column without any value is an error, never a pass.

Example
    - type: data
      dataset: holdout
      rows: {min: 1000}
      unique: customer_id
      columns:
        amount: {type: float, min: 0, nulls: 1%}
        plan: {in: [free, pro, team]}

References
    None; counts.
"""

import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, create_model

from mlval.domain import roles
from mlval.domain.asks import ByColumn, Count, Groups, Level, Rows, Shape, TableShape
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Measurement, Path
from mlval.domain.outcome import Severity
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Asking, Steps, ask, together
from mlval.domain.text import shown
from mlval.domain.tighter import SUPERSET, ladder
from mlval.rules._rule_set import NAMES, RuleSet, keys_of, rule_set

MOST_GROUPS = 1_000
"""Groups that `per` may make: each is judged on its own, and has a line of its own."""

Planned = list[tuple[Rule[Any], Setting]]


Columns = dict[str, RuleSet | Annotated[tuple[RuleSet, ...], Field(min_length=1)]]
_COLUMNS = "Rules by column: one set, or a list of sets each with its own `where` and `allow`."


class Data(Check):
    """A table keeps its contract."""

    name = "data"

    type: Literal["data"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="Which dataset; default: the only one.")
    columns: Annotated[Columns, SUPERSET] = Field(default={}, description=_COLUMNS)
    per: str | Annotated[tuple[str, ...], Field(min_length=1, max_length=4)] | None = Field(
        default=None,
        description="Every rule must hold in each group of rows that share the value of this column, or of "
        "these together; at most 1,000 groups.",
    )
    suite: Annotated[str | None, SUPERSET] = Field(
        default=None,
        description="A suite of Great Expectations (JSON), judged like rules of this validation; its path is "
        "relative to the contract.",
    )
    unmapped: Annotated[Literal["error", "warn"] | None, ladder("warn", None, "error")] = Field(
        default=None,
        description="What an expectation without a counterpart means: `error` (the default), or `warn`.",
    )

    @classmethod
    def read(cls, raw: object) -> "Data":
        """Read an entry with the rules that it names; a mistake is told by the class that knows all."""
        try:
            return _with_rules(_named(raw)).model_validate(raw)
        except ValidationError:
            return cls.with_every_key().model_validate(raw)

    @classmethod
    def with_every_key(cls) -> "builtins.type[Data]":
        """Return the class that has the keys of every rule."""
        return _with_rules(frozenset(NAMES))

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name a dataset that does not exist, and a validation that demands nothing."""
        try:
            roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")
        except Unmeasurable as error:
            return ((("dataset",), error.message),)
        for name in self.uses(inputs).datasets:
            if name not in inputs.datasets:
                return (((), f"there is no dataset {shown(name)!r} to compare with"),)
        if self.unmapped is not None and self.suite is None:
            return ((("unmapped",), "`unmapped:` is about a `suite:`, and there is none"),)
        if not self.demands and self.suite is None:
            return (((), "no rule: add `columns:`, `rows:`, `unique:`, `expect:` or `extra_columns:`"),)
        return ()

    @property
    def demands(self) -> bool:
        """Whether the contract itself has a rule for the table or for a column."""
        return bool(self.columns or self._table_rules())

    def uses(self, inputs: Inputs) -> Uses:
        """Return the dataset, and those that its rules compare it with."""
        own = roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")
        others = (name for rule in self._all_rules() for name in rule.uses())
        return Uses(tuple(dict.fromkeys((own, *others))))

    def steps(self, inputs: Inputs) -> Steps:
        """Measure every rule; columns that are absent are named once and their rules left out."""
        if self.suite is not None:
            raise Unmeasurable("the suite was not read, so that its rules are not known")
        name = roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")
        shape = yield from ask(Shape(name))
        rows = Rows(name, self.where)
        count = yield from ask(Count(rows))
        dataset = inputs.datasets[name]
        known = {*self.columns, *dataset.keys, dataset.target, dataset.time, *(dataset.features or ())}
        table = Setting(
            rows=rows, shape=shape, dataset=name, inputs=inputs, known=frozenset(filter(None, known))
        )
        planned = [*self._on_table(table), *self._on_columns(table)]
        labels = {rows: ""}
        if self.per is not None and count > 0:
            labels = yield from self._groups(rows, told=inputs.vocabulary)
            planned = _in_groups(planned, labels)
        if count == 0:
            planned = [(rule, setting) for rule, setting in planned if rule.name == "rows"]
        measured = yield from together([rule.steps(setting) for rule, setting in planned])
        results = self._required(name, shape)
        if count == 0 and not planned:
            results += (Measurement(subject=name, metric="rows", of=0),)
        for (rule, setting), outcome in zip(planned, measured, strict=True):
            found = (_errored(rule, setting, outcome),) if isinstance(outcome, Failure) else outcome
            label = labels.get(setting.rows, "")
            results += tuple(replace(one, subject=f"{one.subject}{label}") for one in found)
        return results

    def _groups(self, rows: Rows, *, told: frozenset[str]) -> Asking[dict[Rows, str]]:
        """Return the rows of every group, in the order of its values, and what is added to a subject.

        A value is told only if the contract spells it out.
        """
        columns = (self.per,) if isinstance(self.per, str) else self.per or ()
        found = yield from ask(Groups(rows, tuple(map(ByColumn, columns)), limit=MOST_GROUPS))
        ranks: list[dict[Level, int]] = [{} for _ in columns]
        groups = {}
        for levels in found.counts:
            group = tuple(zip(columns, levels, strict=True))
            for known, level in zip(ranks, levels, strict=True):
                known.setdefault(level, len(known) + 1)
            names = [
                f"{column} = {_told(level, ranks[index][level], told=told)}"
                for index, (column, level) in enumerate(group)
            ]
            groups[replace(rows, group=group)] = f" · {', '.join(names)}"
        return groups

    def _table_rules(self) -> tuple[Rule[Any], ...]:
        return tuple(rule for name in NAMES if isinstance(rule := getattr(self, name, None), Rule))

    def _all_rules(self) -> Iterator[Rule[Any]]:
        yield from self._table_rules()
        for sets in self.columns.values():
            for one in sets if isinstance(sets, tuple) else (sets,):
                yield from one.rules()

    def _on_table(self, table: Setting) -> Planned:
        return [(rule, replace(table, path=(rule.name,))) for rule in self._table_rules()]

    def _on_columns(self, table: Setting) -> Planned:
        planned = []
        for name, sets in self.columns.items():
            column = next((one for one in table.shape.columns if one.name == name), None)
            if column is None:
                continue
            for index, one in enumerate(sets if isinstance(sets, tuple) else (sets,)):
                path: Path = ("columns", name, index) if isinstance(sets, tuple) else ("columns", name)
                own = replace(
                    table,
                    column=column,
                    where=one.where,
                    missing=one.missing,
                    allow=one.allow or Bound(max=0, unit="rows"),
                    severity=Severity(one.severity) if one.severity else None,
                )
                planned += [(rule, replace(own, path=(*path, rule.name))) for rule in one.rules()]
        return planned

    def _required(self, name: str, shape: TableShape) -> tuple[Measurement, ...]:
        """Return one measurement for each column that is missing, or one that says that none is.

        A column that need not be there is skipped in sight where it is not.
        """
        needed = [column for column, sets in self.columns.items() if _is_required(sets)]
        missing = [column for column in needed if shape.kind_of(column) is None]
        limit = Bound(max=0, unit="rows")
        found = tuple(
            Measurement(
                subject=column,
                metric="required",
                limit=limit,
                value=1,
                details={"missing": True},
                path=("columns", column),
            )
            for column in missing
        )
        if needed and not missing:
            found = (Measurement(subject=name, metric="required", limit=limit, value=0, path=("columns",)),)
        absent = "the column is not there, and need not be"
        return found + tuple(
            Measurement(
                subject=column, metric="required", absent=absent, expected=True, path=("columns", column)
            )
            for column in self.columns
            if column not in needed and shape.kind_of(column) is None
        )


def _is_required(sets: Any) -> bool:  # noqa: ANN401 - a rule set or several, whose class is made at import
    return any(rule_set.required for rule_set in (sets if isinstance(sets, tuple) else (sets,)))


def _errored(rule: Rule[Any], setting: Setting, failure: Failure) -> Measurement:
    subject = setting.column.name if setting.column else setting.dataset
    return Measurement(
        subject=subject, metric=rule.name, problem=failure.cause, path=setting.path, severity=setting.severity
    )


@cache
def _with_rules(names: frozenset[str]) -> type[Data]:
    """Return the class of validations that may hold these rules."""
    one = rule_set(names)
    columns = dict[str, one | Annotated[tuple[one, ...], Field(min_length=1)]]  # type: ignore[valid-type]
    keys: dict[str, Any] = keys_of(names, "table", "both")
    keys["columns"] = (Annotated[columns, SUPERSET], Field(default={}, description=_COLUMNS))
    return create_model("Data", __base__=Data, __module__=__name__, __doc__=Data.__doc__, **keys)


def _named(raw: object) -> frozenset[str]:
    """Return the rules that an entry names anywhere."""
    found = {key for key in raw if isinstance(key, str)} if isinstance(raw, Mapping) else set()
    columns = raw.get("columns") if isinstance(raw, Mapping) else None
    for sets in columns.values() if isinstance(columns, Mapping) else ():
        for one in sets if isinstance(sets, tuple | list) else (sets,):
            found |= {key for key in one if isinstance(key, str)} if isinstance(one, Mapping) else set()
    return frozenset(found & set(NAMES))


def _told(level: Level, rank: int, *, told: frozenset[str]) -> str:
    if level is None:
        return "null"
    return level if level in told else f"level {rank}"


def _in_groups(planned: Planned, groups: Iterable[Rows]) -> Planned:
    """Return every rule once a group, but those that are not about rows once."""
    return [
        (rule, replace(setting, rows=rows))
        for rule, setting in planned
        for rows in (tuple(groups) if rule.grouped else (setting.rows,))
    ]

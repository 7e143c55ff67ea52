"""What one item of a foreign file asks of data, in the words of a contract."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from mlval.interchange.coverage import Fate
from mlval.interchange.json_text import Value

Severity = Literal["block", "warn"]

Refusal = Callable[[str], str | None]
"""Why a text is no SQL predicate that a contract may hold; None where it is one."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Rules that belong together: of a column, or of the table.

    `allow`, `where` and `missing` belong to the rule set of a column; without rules it must only exist.
    For a table, rules that differ in `where` or `severity` become validations of their own.
    """

    rules: Mapping[str, Value]
    column: str | None = None
    allow: str | int | None = None
    where: str | None = None
    missing: tuple[Value, ...] = ()
    severity: Severity | None = None
    required: bool | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What an item says beside its rule: the share that may break it, its rows, how bad it is."""

    allow: str | int | None = None
    where: str | None = None
    severity: Severity | None = None

    def column(self, name: str, rules: Mapping[str, Value]) -> Demand:
        """Return rules of a column under these terms."""
        return Demand(rules, name, allow=self.allow, where=self.where, severity=self.severity)

    def table(self, rules: Mapping[str, Value]) -> Demand:
        """Return rules of the table, which know no tolerance."""
        return Demand(rules, where=self.where, severity=self.severity)

    @property
    def beside(self) -> dict[str, Value]:
        """The terms as keys, for rules that hold them beside their own."""
        keys = {"allow": self.allow, "where": self.where, "severity": self.severity}
        return {key: value for key, value in keys.items() if value is not None}

    def also(self, where: str | None) -> "Terms":
        """Return the terms for the rows that another predicate leaves too."""
        both = [one for one in (self.where, where) if one is not None]
        joined = " AND ".join(f"({one})" for one in both) if len(both) > 1 else (*both, None)[0]
        return replace(self, where=joined)

    def expect(self, that: str, *, also_where: str | None = None) -> Demand:
        """Return a predicate under these terms, which are written beside it."""
        beside = self.also(also_where).beside
        return Demand({"expect": {"that": that, **beside} if beside else that})


@dataclass(frozen=True, slots=True)
class Mapped:
    """What an item became. Several notes are several differences; `datasets` are others that it needs."""

    demands: tuple[Demand, ...] = ()
    notes: tuple[str, ...] = ()
    fate: Fate = Fate.MAPPED
    datasets: tuple[str, ...] = ()

    def noted(self, *notes: str) -> "Mapped":
        """Return the same with further differences."""
        fate = Fate.DIFFERENT if notes and self.fate is Fate.MAPPED else self.fate
        return replace(self, notes=(*self.notes, *notes), fate=fate)


class Unmappable(Exception):
    """An item has no counterpart; the message says why. What can be kept of it is in `kept`."""

    def __init__(self, why: str, kept: tuple[Demand, ...] = ()) -> None:
        """Keep the reason, and the part that could be carried over."""
        super().__init__(why)
        self.why = why
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Fragment:
    """The body of a contract: plain data in the order in which it is written.

    `origins` says which item of the coverage a rule came from, by its path in `validations`.
    """

    name: str
    datasets: Mapping[str, Value]
    validations: tuple[dict[str, Value], ...]
    origins: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)
    further: Mapping[str, Value] = field(default_factory=dict)

    @property
    def contract(self) -> dict[str, Value]:
        """The whole contract."""
        return {
            "version": 1,
            "name": self.name,
            "datasets": dict(self.datasets),
            **self.further,
            "validations": self.validations,
        }

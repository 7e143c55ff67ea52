"""What rules that compare rows with other rows have in common."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.frozen import Frozen
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.outcome import Severity
from mlval.domain.predicate import Holds, Predicate
from mlval.domain.rule import Setting
from mlval.domain.tighter import SEVERITY, TOLERANCE

Names = Annotated[tuple[str, ...], Field(min_length=1, max_length=1_000)]
"""Columns, at least one."""


class Demand(Frozen):
    """One demand of a rule for tables, with its own tolerance."""

    allow: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None, description="How many rows may break it: `0.5%` or `3`; default none."
    )
    where: str | None = Field(default=None, description="Only rows for which this SQL predicate holds.")
    severity: Annotated[Literal["block", "warn"] | None, SEVERITY] = Field(
        default=None, description="Where it differs from the validation's."
    )

    def within(self, setting: Setting, *, index: int | None = None) -> Setting:
        """Return what surrounds the demand; `index` is its place in a list of them."""
        return replace(
            setting,
            where=self.where,
            allow=self.allow or setting.allow,
            severity=Severity(self.severity) if self.severity else setting.severity,
            path=setting.path if index is None else (*setting.path, index),
        )


def looked_at(setting: Setting) -> tuple[Predicate, ...]:
    """Return what is true of the rows that a rule looks at, to look for their like among them alone."""
    own = () if setting.rows.where is None else (Holds(setting.rows.where),)
    return (*own, *setting.filters)


def apart(setting: Setting, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns by which rows are alike, and with them those that name the group of the rows."""
    groups = (name for name, _ in setting.rows.group)
    return tuple(dict.fromkeys((*columns, *groups)))

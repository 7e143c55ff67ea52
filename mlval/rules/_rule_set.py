"""The rules that the contract can set: for one column, and for a table.

A rule is loaded when a contract names it: fifty classes take longer to make than a small table to judge.
"""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from mlval import rules
from mlval.domain import catalogue
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.limits import Value
from mlval.domain.rule import Rule
from mlval.domain.tighter import SEVERITY, TOLERANCE, WANTED

NAMES: tuple[str, ...] = catalogue.names(rules)
"""All rules by name."""


@cache
def rule_named(name: str) -> type[Rule[Any]]:
    """Return the class of a rule."""
    return catalogue.only(rules, name, Rule)


def keys_of(names: frozenset[str], *levels: str) -> dict[str, Any]:
    """Return the contract's keys for those of these rules that stand at a level: one optional field each."""
    found = ((name, rule_named(name)) for name in NAMES if name in names)
    return {
        name: (rule | None, Field(default=None, description=rule.__doc__))
        for name, rule in found
        if rule.on in levels
    }


class RuleSet(Frozen):
    """Rules for one column, and what they share."""

    required: Annotated[bool, WANTED] = Field(default=True, description="Whether the column must exist.")
    allow: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None,
        description="How many values may break each rule: `0.5%` or `3`; default none.",
    )
    where: str | None = Field(default=None, description="Only rows for which this SQL predicate holds.")
    missing: tuple[Value, ...] = Field(
        default=(), max_length=100, description="Values that stand for a missing one, such as -1 or `n/a`."
    )
    severity: Annotated[Literal["block", "warn"] | None, SEVERITY] = Field(
        default=None, description="Where it differs from the validation's."
    )

    def rules(self) -> tuple[Rule[Any], ...]:
        """Return the rules that are set, in the order of their names."""
        return tuple(rule for name in NAMES if (rule := getattr(self, name, None)) is not None)


@cache
def rule_set(names: frozenset[str]) -> type[RuleSet]:
    """Return the class of sets that may hold these rules."""
    return create_model(
        "RuleSet", __base__=RuleSet, __doc__=RuleSet.__doc__, **keys_of(names, "column", "both")
    )

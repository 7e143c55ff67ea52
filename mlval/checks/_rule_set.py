"""The rules that the contract can set: for one column, and for a table."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, create_model

from mlval import rules
from mlval.domain import catalogue
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.limits import Value
from mlval.domain.rule import Rule

RULES: Mapping[str, type[Rule[Any]]] = {
    name: catalogue.only(rules, name, Rule) for name in catalogue.names(rules)
}


def keys_of(*levels: str) -> dict[str, Any]:
    """Return the contract's keys for the rules of a level: one optional field each."""
    return {
        name: (rule | None, Field(default=None, description=rule.__doc__))
        for name, rule in RULES.items()
        if rule.on in levels
    }


class _RuleSet(Frozen):
    """Rules for one column, and what they share."""

    required: bool = Field(default=True, description="Whether the column must exist.")
    allow: ToleranceSpec | None = Field(
        default=None,
        description="How many values may break each rule: `0.5%` or `3`; default none.",
    )
    where: str | None = Field(default=None, description="Only rows for which this SQL predicate holds.")
    missing: tuple[Value, ...] = Field(
        default=(), max_length=100, description="Values that stand for a missing one, such as -1 or `n/a`."
    )
    severity: Literal["block", "warn"] | None = Field(
        default=None, description="Where it differs from the validation's."
    )

    def rules(self) -> tuple[Rule[Any], ...]:
        """Return the rules that are set, in the order of their names."""
        return tuple(rule for name in RULES if (rule := getattr(self, name, None)) is not None)


RuleSet = create_model("RuleSet", __base__=_RuleSet, __doc__=_RuleSet.__doc__, **keys_of("column", "both"))

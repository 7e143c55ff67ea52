"""What every validation has in common: the base of the checks."""

import builtins
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field

from mlval.domain.frozen import Frozen
from mlval.domain.tighter import LENIENT, NEUTRAL, SEVERITY, ladder

if TYPE_CHECKING:
    from mlval.domain.inputs import Inputs, Uses
    from mlval.domain.steps import Steps


class Check(Frozen):
    """One validation of a contract: typed parameters, and the steps that measure it.

    The name of a check is the name of its file and the `type:` of a validation. Its docs page is
    the docstring of its module.
    """

    name: ClassVar[str]

    type: str = Field(description="The kind of validation.")
    id: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$",
        description="A name for reports; default: the type.",
    )
    severity: Annotated[Literal["block", "warn"], SEVERITY] = Field(
        default="block", description="Whether a failure blocks the merge."
    )
    when_inconclusive: Annotated[
        Literal["lean", "block", "warn"] | None, ladder("warn", None, "lean", "block")
    ] = Field(
        default=None,
        description="Too little data to tell: block, only warn, or lean to the side of the estimate.",
    )
    if_empty: Annotated[Literal["error", "skip"], ladder("skip", "error")] = Field(
        default="error", description="What no rows at all mean."
    )
    optional: Annotated[bool, LENIENT] = Field(
        default=False, description="Whether the validation may be skipped without blocking."
    )
    where: str | None = Field(default=None, description="Only rows for which this SQL predicate holds.")
    why: Annotated[str | None, NEUTRAL] = Field(
        default=None, description="The reason for this validation, shown where it fails."
    )
    examples: Annotated[Literal["off", "artifact", "comment"], ladder("comment", "artifact", "off")] = Field(
        default="off",
        description="Where rows that show a failure are written: nowhere, to result.json, or to the report "
        "too (which needs the consent of whoever runs the gate: `--allow-examples`).",
    )

    @classmethod
    def read(cls, raw: object) -> Self:
        """Return the validation that an entry of the contract describes.

        Raises
        ------
        ValidationError
            If it describes none.
        """
        return cls.model_validate(raw)

    @classmethod
    def with_every_key(cls) -> builtins.type[Self]:
        """Return the class with all keys that an entry may have."""
        return cls

    def uses(self, inputs: "Inputs") -> "Uses":
        """Return what must be read before the steps can be taken."""
        raise NotImplementedError

    def steps(self, inputs: "Inputs") -> "Steps":
        """Yield asks, get answers, return measurements; see `mlval.domain.steps`."""
        raise NotImplementedError

    def problems(self, inputs: "Inputs") -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Return what can be known to be wrong before anything is measured: (path, sentence) pairs."""
        del inputs
        return ()

"""Which class of a target counts as positive."""

from collections.abc import Sequence

from mlval.domain.errors import Unmeasurable

_CUSTOMARY = ({"0", "1"}, {"false", "true"}, {"-1", "1"})


def as_level(value: str | float | bool) -> str:  # noqa: FBT001 - a value, not a switch
    """Return a value of a contract as the text of a level, as tables show it.

    >>> as_level(True), as_level(1.0), as_level("yes")
    ('true', '1', 'yes')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def positive_class(levels: Sequence[str], named: str | float | bool | None) -> str:  # noqa: FBT001 - as above
    """Return the positive class: the one that the contract names, or the customary one of two.

    Raises
    ------
    Unmeasurable
        If the contract names none and the classes are not 0 and 1, false and true, or -1 and 1.
    """
    if named is not None:
        return as_level(named)
    if any(set(levels) <= pair for pair in _CUSTOMARY):
        return "true" if "true" in levels or "false" in levels else "1"
    # The classes are values of the data: their number may be told, their names not.
    message = f"which of {len(levels)} classes is positive cannot be told from their names"
    raise Unmeasurable(message, remedy="add `positive:` to the dataset")

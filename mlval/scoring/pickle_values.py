"""What a pickle holds, as far as it can be known without building anything of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Global:
    """A function or class that is imported by its name."""

    module: str
    name: str


@dataclass(slots=True, eq=False)
class Instance:
    """What a call gave: what was called, with which arguments, and what was set on it since.

    `called` and `arguments` are None where they are not known; `state` is None where it is not.
    """

    called: Global | None
    arguments: "tuple[Value, ...] | None" = None
    state: "Value" = None
    attributes: "dict[str, Value] | None" = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Dictionary:
    """A dict of which the entries under texts are known; `other` if there are more, or any is unknown."""

    entries: "dict[str, Value]" = field(default_factory=dict)
    other: bool = False


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value of which nothing more is known than that it is data, not something to call."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not longer than a name."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or a truth value."""

    value: int


@dataclass(frozen=True, slots=True)
class Many:
    """A tuple."""

    items: "tuple[Value, ...]"


Value = Global | Instance | Dictionary | Opaque | Text | Number | Many | None
"""None is Python's None."""

OPAQUE = Opaque()

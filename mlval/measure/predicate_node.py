"""One node of the tree that the engine's parser made of a predicate, read as something hostile.

A field that is not known here must be empty: an addition of a later engine is refused, not overlooked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlval.domain.text import shown
from mlval.measure.predicate_text import DEEPEST, PredicateError
from mlval.measure.predicate_vocabulary import ADDITIONS_REFUSED, KINDS_REFUSED

_EVERYWHERE = {"class", "type", "query_location", "query_location_length"}
_FIELDS = {
    "BETWEEN": {"input", "lower", "upper"},
    "CASE": {"case_checks", "else_expr"},
    "CAST": {"child", "try_cast", "type_expr"},
    "COLUMN_REF": {"column_names"},
    "COMPARISON": {"left", "right"},
    "CONJUNCTION": {"children"},
    "CONSTANT": {"literal"},
    "FUNCTION": {"function_name", "arguments", "is_operator", "qualified_name", "order_bys"},
    "OPERATOR": {"children"},
    "TYPE": {"type_name", "children", "qualified_name"},
}


@dataclass(frozen=True, slots=True)
class Written:
    """What the user wrote, and how many bytes stood in front of it when it was parsed."""

    text: str
    offset: int

    def position(self, location: object) -> int | None:
        """Return the character (from 1) at a byte that the parser named, None where that is outside."""
        if not isinstance(location, int):
            return None
        before = location - self.offset
        encoded = self.text.encode()
        if not 0 <= before < len(encoded):
            return None
        return len(encoded[:before].decode(errors="ignore")) + 1


@dataclass(frozen=True, slots=True)
class Node:
    """A node whose class is known, and that says nothing beyond the fields of its class."""

    content: Mapping[str, object]
    written: Written
    depth: int = 1

    def __post_init__(self) -> None:
        """Refuse what is not known."""
        known = _FIELDS.get(self.kind)
        if known is None:
            raise self.refused(
                f"{KINDS_REFUSED.get(self.kind, shown(self.kind))} is not allowed in a predicate"
            )
        if self.depth > DEEPEST:
            raise self.refused(f"a predicate is at most {DEEPEST} levels deep")
        for name in self.content.keys() - known - _EVERYWHERE:
            if self.content[name]:
                raise self.refused(
                    f"{ADDITIONS_REFUSED.get(name, shown(name))} is not allowed in a predicate"
                )

    @property
    def kind(self) -> str:
        """The class of the node."""
        return self.text("class")

    @property
    def type(self) -> str:
        """The type of the node: which comparison, which operator."""
        return self.text("type")

    @property
    def position(self) -> int | None:
        """The character of the user's text at which the node begins, from 1."""
        return self.written.position(self.content.get("query_location"))

    @property
    def is_quoted(self) -> bool:
        """Whether the node begins with a double quote, as a quoted name does."""
        return self.position is not None and self.written.text[self.position - 1] == '"'

    def refused(self, sentence: str, hint: str = "") -> PredicateError:
        """Return an error at this node."""
        return PredicateError(sentence, position=self.position, hint=hint)

    def text(self, field: str) -> str:
        """Return a field that holds text."""
        return as_text(self.content.get(field))

    def listed(self, field: str) -> list[object]:
        """Return a field that holds a list."""
        return as_list(self.content.get(field))

    def child(self, field: str) -> "Node":
        """Return the node in a field."""
        return self.below(self.content.get(field))

    def children(self, field: str = "children") -> list["Node"]:
        """Return the nodes in a field."""
        return [self.below(item) for item in self.listed(field)]

    def below(self, content: object) -> "Node":
        """Return a node one level deeper."""
        return Node(as_object(content), self.written, self.depth + 1)


def as_text(value: object) -> str:
    """Return what the parser gave if it is text."""
    if not isinstance(value, str):
        raise _unexpected()
    return value


def as_list(value: object) -> list[object]:
    """Return what the parser gave if it is a list."""
    if not isinstance(value, list):
        raise _unexpected()
    return value


def as_object(value: object) -> Mapping[str, object]:
    """Return what the parser gave if it is an object."""
    if not isinstance(value, dict):
        raise _unexpected()
    return value


def _unexpected() -> PredicateError:
    return PredicateError("the engine's parser gave a tree of an unknown form")

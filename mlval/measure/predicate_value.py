"""Constants and types of a predicate: read from the parser's tree, checked, and written anew."""

import math
import re

from mlval.domain.text import shown
from mlval.measure.literals import literal, text
from mlval.measure.predicate_node import Node, as_object, as_text
from mlval.measure.predicate_part import Part
from mlval.measure.predicate_vocabulary import TYPES

_DECIMAL = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_DOUBLE = re.compile(_DECIMAL.pattern + r"[eE][+-]?[0-9]+")
_INTEGER = re.compile(r"-?[0-9]+")
_SIZE = re.compile(r"[0-9]{1,2}")


def constant(node: Node) -> Part:
    """Return a constant: an integer, a decimal, a double, text, a truth value or null."""
    kind, written = _literal(node)
    match kind:
        case "STRING":
            return Part(text(written), "value")
        case "NULL_LITERAL":
            return Part("NULL", "null")
        case "BOOLEAN" if written in {"true", "false"}:
            return Part(literal(written == "true"), "truth")
        case "INTEGER" | "NUMERIC":
            sql = _number(node, written.replace("_", ""))
            return Part(f"({sql})" if sql.startswith("-") else sql, "value")
    raise node.refused(f"a {shown(kind).lower()} constant is not allowed in a predicate")


def text_constant(node: Node) -> str | None:
    """Return the text that a node is, None where it is anything else."""
    kind, written = _literal(node) if node.kind == "CONSTANT" else ("", "")
    return written if kind == "STRING" else None


def type_name(node: Node) -> str:
    """Return the type of a cast."""
    name = TYPES.get(node.text("type_name").lower())
    sizes = node.children()
    if name is None or (sizes and name != "DECIMAL"):
        raise node.refused(f"a cast to {shown(node.text('type_name'))} is not allowed in a predicate")
    literals = [_literal(size) for size in sizes]
    if len(sizes) > 2 or not all(kind == "INTEGER" and _SIZE.fullmatch(size) for kind, size in literals):
        raise node.refused("a decimal type is written decimal(digits, digits behind the point)")
    return f"{name}({', '.join(size for _, size in literals)})" if sizes else name


def _literal(node: Node) -> tuple[str, str]:
    content = as_object(node.content.get("literal"))
    return as_text(content.get("kind")), as_text(content.get("text"))


def _number(node: Node, written: str) -> str:
    if _INTEGER.fullmatch(written):
        try:
            return literal(int(written))
        except ValueError as error:
            raise node.refused(f"{shown(written)} is too large: {error}") from error
    if _DOUBLE.fullmatch(written):
        value = float(written)
        if math.isfinite(value):
            return literal(value)
        raise node.refused(f"{shown(written)} is too large for a number")
    if _DECIMAL.fullmatch(written):
        return written
    raise node.refused(f"{shown(written)} is not a number")

"""Keys of a contract as Markdown tables, from the JSON Schema of the classes that parse them."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, TypeAdapter

from mlval.config.schema_parts import PartSchema
from mlval.domain import grammar

Schema: TypeAlias = Mapping[str, Any]

CONTRACT_PAGE: Final = "docs/contract.md"

_GRAMMAR: Final = (
    (TypeAdapter(grammar.BoundSpec), "bound"),
    (TypeAdapter(grammar.ToleranceSpec), "tolerance"),
    (TypeAdapter(grammar.Share), "share"),
)
_KINDS: Final = {"string": "text", "integer": "whole number", "number": "number", "null": "`null`"}


@dataclass(frozen=True, slots=True)
class Book:
    """A page, and what it may link to.

    Attributes
    ----------
    page : its path below the root of the repository
    pages : for the name of a class, its own name in a contract and the page about it
    """

    page: str
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def way(self, path: str) -> str:
        """Return the link from the page to another path below the root."""
        return posixpath.relpath(path, posixpath.dirname(self.page) or ".")


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a class, with those that it refers to under `$defs`."""
    return model.model_json_schema(schema_generator=PartSchema)


def tables(model: type[BaseModel], book: Book, *, without: Iterable[str] = ()) -> str:
    """Return a table of the keys of a class, then one for each mapping that stands in it.

    `without` names keys that are described elsewhere.
    """
    schema = schema_of(model)
    parts = schema.get("$defs", {})
    own = [_table(option, book, parts, without=without) for option in _mappings(schema)]
    return "\n\n".join([*own, nested_tables(schema, book)]).rstrip()


def _mappings(schema: Schema) -> Iterator[Schema]:
    """Yield the schema, or those of its spellings that are mappings of known keys."""
    options = (schema,) if "properties" in schema else schema.get("anyOf", ())
    return (option for option in options if "properties" in option)


def nested_tables(schema: Schema, book: Book) -> str:
    """Return a table for each mapping that a schema refers to and that has no page of its own."""
    found = []
    parts = schema.get("$defs", {})
    waiting = list(_references(schema))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in parts or name in book.pages:
            continue
        seen.add(name)
        part = parts[name]
        waiting += _references(part)
        if "properties" in part:
            found.append(f"### {_title(name)}\n\n{part['description']}\n\n{_table(part, book, parts)}")
    return "\n\n".join(found)


def _table(schema: Schema, book: Book, parts: Schema, *, without: Iterable[str] = ()) -> str:
    rows = ["| Key | Takes | Default | What it says |", "|---|---|---|---|"]
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        page = _page_of(part, book)
        if name in without or (page and page[0] != name):
            continue
        default = "*required*" if name in required else _default(part)
        cells = (f"`{name}`", words(part, book), default, _described(part, parts))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def words(schema: Schema, book: Book) -> str:
    """Say what may stand in a place."""
    if (page := _page_of(schema, book)) is not None:
        name, path = page
        return f"[{name}]({book.way(path)})"
    if "$ref" in schema:
        title = _title(schema["$ref"].rpartition("/")[2])
        return f"[{title}](#{title.replace(' ', '-')})"
    if "anyOf" not in schema:
        return _single(schema, book)
    options = [option for option in schema["anyOf"] if option.get("type") != "null"]
    said = []
    for adapter, name in _GRAMMAR:
        spellings = adapter.json_schema()["anyOf"]
        if all(spelling in options for spelling in spellings):
            options = [option for option in options if option not in spellings]
            said.append(f"[{name}]({book.way(CONTRACT_PAGE)}#limits)")
    if {"type": "number"} in options:
        options = [option for option in options if option != {"type": "integer"}]
    return " or ".join(dict.fromkeys([*(words(option, book) for option in options), *said]))


def _single(schema: Schema, book: Book) -> str:
    if "const" in schema:
        return _value(schema["const"])
    if "enum" in schema:
        *most, last = map(_value, schema["enum"])
        return f"{', '.join(most)} or {last}" if most else last
    kind = schema.get("type")
    if kind == "boolean":
        return "`true` or `false`"
    if kind == "array":
        return _list(schema, book)
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"mapping of names to {words(values, book)}" if isinstance(values, dict) else "mapping"
    return f"{_KINDS[kind or 'null']}{_limits(schema)}"


def _list(schema: Schema, book: Book) -> str:
    if "prefixItems" in schema:
        return f"[low, high], each {words(schema['prefixItems'][0], book)}"
    items = words(schema["items"], book)
    plural = "s" if items.endswith("number") else ""
    return f"list of {f'({items})' if ' or ' in items else items + plural}"


def _limits(schema: Schema) -> str:
    low = schema.get("minimum")
    if low is not None:
        return f" from {low}"
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    return "" if above is None or below is None else f" between {above:g} and {below:g}"


def _default(schema: Schema) -> str:
    value = schema.get("default")
    # A default that is a mapping stands in the description, in the spelling of a contract.
    return "" if value is None or isinstance(value, dict | list) else _value(value)


def _value(value: object) -> str:
    return f"`{json.dumps(value).strip(chr(34))}`"


def _described(part: Schema, parts: Schema) -> str:
    own = part.get("description")
    if own is None and "$ref" in part:
        own = parts.get(part["$ref"].rpartition("/")[2], {}).get("description")
    return own or ""


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "$ref":
                yield part.rpartition("/")[2]
            elif key != "$defs":
                yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _page_of(schema: Schema, book: Book) -> tuple[str, str] | None:
    """Return name and page of the check, rule or metric that a schema refers to."""
    references = list(_references(schema))
    return book.pages.get(references[0]) if len(references) == 1 else None


def _title(name: str) -> str:
    """Return the name of a class as words.

    >>> _title("PerSlice"), _title("ByBinsSpec")
    ('per slice', 'by bins')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Spec")).lower()

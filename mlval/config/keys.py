"""Which keys a JSON Schema knows at a path, for hints."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from mlval.domain.measurement import Path

Json: TypeAlias = "str | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Schema: TypeAlias = Mapping[str, Json]

_ALTERNATIVES = ("anyOf", "oneOf", "allOf")


def keys_at(schema: Schema, path: Path) -> dict[str, str]:
    """Return the keys that may stand in the mapping at `path`, with their descriptions.

    Where a schema has alternatives, the keys of all of them are returned.
    """
    nodes = [*_alternatives(schema, schema)]
    for part in path:
        nodes = [end for node in nodes for step in _steps(node, part) for end in _alternatives(step, schema)]
    return {
        key: str(value.get("description", "")) if isinstance(value, Mapping) else ""
        for node in nodes
        for key, value in _mapping(node.get("properties")).items()
    }


def _alternatives(node: Schema, root: Schema) -> Iterator[Schema]:
    """Follow references and alternatives down to plain schemas; definitions refer downwards only."""
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = _mapping(root.get("$defs")).get(reference.rpartition("/")[2])
        yield from _alternatives(_mapping(target), root)
    for word in _ALTERNATIVES:
        listed = node.get(word)
        for alternative in listed if isinstance(listed, list) else ():
            yield from _alternatives(_mapping(alternative), root)
    yield node


def _steps(node: Schema, part: str | int) -> Iterator[Schema]:
    if isinstance(part, int):
        yield _mapping(node.get("items"))
        return
    properties = _mapping(node.get("properties"))
    if part in properties:
        yield _mapping(properties[part])
    else:
        yield _mapping(node.get("additionalProperties"))
        for pattern_schema in _mapping(node.get("patternProperties")).values():
            yield _mapping(pattern_schema)


def _mapping(value: Json) -> Schema:
    return value if isinstance(value, Mapping) else {}

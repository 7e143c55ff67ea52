"""GitHub's own description of its API: what a request must be, and what an answer looks like.

`openapi.json` is made by `tools/reduce_openapi.py` from GitHub's description, which is under the MIT licence.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

DESCRIPTION: dict[str, Any] = json.loads(Path(__file__).with_name("openapi.json").read_text("utf-8"))
_BASE = "urn:github"
_REGISTRY: Registry[Any] = Registry().with_resource(_BASE, DRAFT4.create_resource(DESCRIPTION))


@dataclass(frozen=True)
class Operation:
    """One method of one path; `pointer` leads to its place in the description."""

    id: str
    pointer: str
    path: dict[str, str]


def find(method: str, path: str) -> Operation | None:
    """Return the operation that a request means."""
    for template, methods in DESCRIPTION["paths"].items():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template.replace("{path}", "(?P<path>.+)"))
        found = re.fullmatch(pattern, path)
        operation = methods.get(method.lower())
        if found and operation:
            pointer = f"/paths/{_escaped(template)}/{method.lower()}"
            return Operation(operation["operationId"], pointer, found.groupdict())
    return None


def complaints(operation: Operation, *, query: Mapping[str, str], body: object) -> list[str]:
    """Say what is wrong with a request; stricter than GitHub, which ignores what it does not know."""
    described = {item["name"]: item for item in map(_resolved, at(operation.pointer).get("parameters", []))}
    found = [f"unknown query parameter {name}" for name in query if name not in described]
    for name, value in {**operation.path, **query}.items():
        schema = described.get(name, {}).get("schema", {})
        typed: object = int(value) if schema.get("type") == "integer" and value.isdigit() else value
        found += [f"{name}: {error.message}" for error in OAS30Validator(schema).iter_errors(typed)]
    if "requestBody" not in at(operation.pointer):
        return found if body is None else [*found, "a body where none is described"]
    pointer = f"{operation.pointer}/requestBody/content/application~1json/schema"
    known = at(pointer).get("properties", {})
    if isinstance(body, dict):
        found += [f"unknown field {name}" for name in body if name not in known]
    return found + _errors(pointer, body)


def answer_complaints(operation: Operation, *, status: int, body: object) -> list[str]:
    """Say where the stand-in's own answer differs from what GitHub describes."""
    content = at(operation.pointer)["responses"].get(str(status))
    if content is None:
        return [f"{status} is not described for {operation.id}"]
    if "content" not in content:
        return [] if body is None else ["a body where none is described"]
    return _errors(f"{operation.pointer}/responses/{status}/content/application~1json/schema", body)


@cache
def _sample_text(name: str) -> str:
    return json.dumps(sample({"$ref": f"#/components/schemas/{name}"}))


def example(name: str, /, **known: object) -> dict[str, Any]:
    """Return the least instance of a component that is allowed, with the fields that are known."""
    return {**json.loads(_sample_text(name)), **known}


def sample(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - an instance of any schema
    """Return the least instance of a schema: what is required, and nothing else."""
    schema = _resolved(schema)
    for union in ("allOf", "anyOf", "oneOf"):
        if union in schema:
            return sample(schema[union][0])
    if schema.get("nullable"):
        return None
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: sample(schema["properties"][name]) for name in schema.get("required", [])}
    plain = {"array": [], "integer": schema.get("minimum", 0), "number": 0, "boolean": False}
    return plain.get(schema.get("type", ""), _TEXTS.get(schema.get("format", ""), ""))


_TEXTS = {"date-time": "2026-01-01T00:00:00Z", "uri": "https://example.com/", "email": "a@example.com"}


def _errors(pointer: str, instance: object) -> list[str]:
    validator = OAS30Validator(
        {"$ref": f"{_BASE}#{pointer}"}, registry=_REGISTRY, format_checker=oas30_format_checker
    )
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(instance)]


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return at(reference.removeprefix("#")) if reference else schema


def at(pointer: str) -> dict[str, Any]:
    """Return what stands at a JSON pointer of the description."""
    node: Any = DESCRIPTION
    for part in pointer.strip("/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return dict(node)


def _escaped(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1")

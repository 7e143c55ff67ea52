"""The JSON Schema of a contract, from the same declarations that parse it: what an editor completes with.

The keys of a validation follow from its `type` by `if` and `then`: editors then offer the keys of that check
only and report its mistakes only, where a `oneOf` would report those of every check.
"""

import json
import sys
from types import ModuleType

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from mlval import checks as checks_of_mlval
from mlval.config.names import CONTRACT_NAME, MOST_INPUTS, MOST_VALIDATIONS, NAME, VERSION
from mlval.config.schema_parts import PartSchema, Schema
from mlval.domain import catalogue
from mlval.domain.check import Check
from mlval.domain.inputs import Dataset, Model
from mlval.domain.terms import Terms

ID = "https://github.com/mlval/mlval/releases/latest/download/contract.schema.json"

_FIRST = (
    "$schema",
    "$id",
    "$ref",
    "title",
    "description",
    "type",
    "const",
    "enum",
    "enumDescriptions",
    "required",
)
_NAMED = {"properties", "patternProperties", "$defs"}


def contract_schema(package: ModuleType = checks_of_mlval) -> Schema:
    """Return the schema of a whole contract; `package` holds the checks, by default those of mlval."""
    checks = {
        name: catalogue.only(package, name, Check).with_every_key() for name in catalogue.names(package)
    }
    models: list[type[BaseModel]] = [Dataset, Model, Terms, *checks.values()]
    references, parts = models_json_schema([(m, "validation") for m in models], schema_generator=PartSchema)
    of = {model: references[model, "validation"] for model in models}
    for name, check in checks.items():
        own = parts["$defs"][of[check]["$ref"].rpartition("/")[2]]
        own["properties"]["type"] = {"description": _summary(check), "const": name}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "mlval contract",
        "description": "What data and models must satisfy before a change to them may be merged.",
        "type": "object",
        "additionalProperties": False,
        "required": ["version", "validations"],
        "properties": {
            "version": {"description": "The version of this format.", "const": VERSION},
            "name": {
                "description": "A name for reports and the commit status; default: the contract's folder.",
                "type": "string",
                "pattern": f"^{CONTRACT_NAME}$",
            },
            "datasets": _named(of[Dataset], "Tables by name; `reference` and `current` fill these roles."),
            "models": _named(of[Model], "Models by name; `candidate` and `champion` fill these roles."),
            "validations": {
                "description": "What is demanded of them, in the order of the report.",
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_VALIDATIONS,
                "items": _validation({name: (check, of[check]) for name, check in checks.items()}),
            },
            **parts["$defs"][of[Terms]["$ref"].rpartition("/")[2]]["properties"],
        },
        "$defs": {},
    }
    schema["$defs"] = _used(parts.get("$defs", {}), [schema])
    return {key: _ordered(value, key) for key, value in schema.items()}


def render(package: ModuleType = checks_of_mlval) -> str:
    """Return the schema as the text of its file."""
    return json.dumps(contract_schema(package), indent=2, ensure_ascii=False) + "\n"


def _used(parts: dict[str, Schema], text: list[object]) -> dict[str, Schema]:
    """Return the definitions that are referred to, by name; pydantic leaves some that nothing needs."""
    found: dict[str, Schema] = {}
    while text:
        node = text.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in parts and name not in found:
                found[name] = parts[name]
                text.append(parts[name])
        text += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return dict(sorted(found.items()))


def _named(part: Schema, description: str) -> Schema:
    return {
        "description": description,
        "type": "object",
        "maxProperties": MOST_INPUTS,
        "propertyNames": {"pattern": f"^{NAME}$"},
        "additionalProperties": part,
    }


def _validation(checks: dict[str, tuple[type[Check], Schema]]) -> Schema:
    return {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {
                "description": "The check that is made; its keys follow from it.",
                "enum": list(checks),
                "enumDescriptions": [_summary(check) for check, _ in checks.values()],
            }
        },
        "allOf": [
            {"if": {"required": ["type"], "properties": {"type": {"const": name}}}, "then": part}
            for name, (_, part) in checks.items()
        ],
    }


def _summary(check: type[Check]) -> str:
    """Return the first line of the check's page."""
    return (sys.modules[check.__module__].__doc__ or "").strip().partition("\n")[0]


def _ordered(value: object, parent: str) -> object:
    """Put the words of every schema into one order; names of keys keep that of their declaration."""
    if parent in {"default", "const", "enum", "examples"}:
        return value
    if isinstance(value, list):
        return [_ordered(item, "") for item in value]
    if not isinstance(value, dict):
        return value
    if parent in _NAMED:
        return {key: _ordered(part, "") for key, part in value.items()}
    words = sorted(value, key=lambda word: (_FIRST.index(word) if word in _FIRST else len(_FIRST), word))
    return {word: _ordered(value[word], word) for word in words}

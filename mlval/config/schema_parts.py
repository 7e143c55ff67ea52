"""The JSON Schema of one part of a contract: what pydantic generates, made better to read in an editor."""

from functools import cache
from typing import Any, TypeAlias

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

Schema: TypeAlias = dict[str, Any]


class PartSchema(GenerateJsonSchema):
    """Leaves out titles made of names and defaults that say "none"; adds the other spellings of keys."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Set no titles: the key says it already."""
        del schema
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Drop a default that editors would offer to write out, though it says nothing."""
        result = super().default_schema(schema)
        if "default" in result and result["default"] in (None, "", [], {}):
            del result["default"]
        return result

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Describe a model under all spellings of its keys."""
        result = super().model_schema(schema)
        result.pop("title", None)
        for name, field in getattr(schema["cls"], "model_fields", {}).items():
            _add_spellings(result, _spellings(name, field))
        return result


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Return the schema of one part, with its definitions under `$defs`."""
    return model.model_json_schema(schema_generator=PartSchema)


def _spellings(name: str, field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [choice for choice in alias.choices if isinstance(choice, str)]
    return [alias if isinstance(alias, str) else name]


def _add_spellings(schema: Schema, spellings: list[str]) -> None:
    first, *others = spellings
    for other in others:
        described = f"The same as `{first}`."
        schema["properties"][other] = {**schema["properties"][first], "description": described}
    if others and first in schema.get("required", ()):
        schema["required"].remove(first)
        schema.setdefault("allOf", []).append({"anyOf": [{"required": [spelling]} for spelling in spellings]})

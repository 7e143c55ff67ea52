"""The JSON Schema of one part of a contract: what pydantic generates, made better to read in an editor."""

from functools import cache
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

Schema: TypeAlias = dict[str, Any]


class PartSchema(GenerateJsonSchema):
    """Leaves out titles made of names, and defaults that say "none".

    Spellings that a validator of a model reads before pydantic does are that model's to describe, by
    `json_schema_extra` or `__get_pydantic_json_schema__`.
    """

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
        """Describe a model without a title."""
        result = super().model_schema(schema)
        result.pop("title", None)
        return result


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """Return the schema of one part, with its definitions under `$defs`."""
    return model.model_json_schema(schema_generator=PartSchema)

"""The reduced description is whole, small and without prose, and the tool that makes it keeps what counts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.github import description
from tests.github.description import DESCRIPTION, at
from tools.reduce_openapi import OPERATIONS, reduced

SOURCE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"version": "1.2.3", "description": "prose"},
    "paths": {
        path: {
            method: {
                "operationId": f"{method} {path}",
                "summary": "prose",
                "x-github": {"previews": []},
                "parameters": [{"$ref": "#/components/parameters/page"}],
                "responses": {
                    "200": {
                        "description": "prose",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/user"}}},
                    },
                    "404": {"$ref": "#/components/responses/not_found"},
                },
            }
            for method in ("get", "post", "patch", "delete", "put")
        }
        for path in (*OPERATIONS, "/unused")
    },
    "components": {
        "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer", "default": 1}}},
        "schemas": {
            "user": {
                "title": "prose",
                "type": "object",
                "properties": {
                    "description": {"type": "string", "maxLength": 5, "description": "prose"},
                    "title": {"enum": ["a"], "example": "prose"},
                    "plan": {"$ref": "#/components/schemas/plan"},
                },
                "required": ["title"],
            },
            "plan": {"type": "string"},
            "unused": {"type": "string"},
        },
    },
}


def texts(node: object) -> Iterator[tuple[str, object]]:
    """Every key and value, however deep."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield str(key), value
        yield from texts(value)


def test_reducing_keeps_types_and_limits_and_drops_prose() -> None:
    small: Any = reduced(SOURCE)
    user = small["components"]["schemas"]["user"]
    assert user["properties"]["description"] == {"type": "string", "maxLength": 5}
    assert user["properties"]["title"] == {"enum": ["a"]}
    assert user["required"] == ["title"]
    assert set(small["components"]["schemas"]) == {"user", "plan"}
    assert set(small["paths"]) == set(OPERATIONS)
    assert "prose" not in str(small)


def test_the_committed_description_has_every_operation() -> None:
    assert {path: tuple(sorted(found)) for path, found in DESCRIPTION["paths"].items()} == {
        path: tuple(sorted(methods)) for path, methods in OPERATIONS.items()
    }


def test_every_reference_leads_somewhere() -> None:
    references = {str(value) for key, value in texts(DESCRIPTION) if key == "$ref"}
    assert references
    assert all(at(reference.removeprefix("#")) for reference in references)


def test_it_is_small_and_without_prose() -> None:
    path = Path(description.__file__).with_name("openapi.json")
    assert path.stat().st_size < 200_000
    prose = {"description", "summary", "example", "examples", "title"}
    kept = [value for key, value in texts(DESCRIPTION) if key in prose and isinstance(value, str)]
    assert kept == [DESCRIPTION["info"]["title"]]


def test_an_example_is_what_is_described() -> None:
    found = description.find("GET", "/repos/octo/churn/pulls/7")
    assert found is not None
    pull = description.example("pull-request", number=7)
    assert description.answer_complaints(found, status=200, body=pull) == []
    assert description.answer_complaints(found, status=200, body={**pull, "number": "7"}) != []
    assert description.answer_complaints(found, status=202, body=pull) != []

"""Reduces GitHub's OpenAPI description to what the stand-in checks: paths, types, enums and limits, no prose.

Run by hand when the client learns an endpoint. The input is `generated/api.github.com.json` of the npm
package `@octokit/openapi`, which `npm pack @octokit/openapi@23` fetches:

    python tools/reduce_openapi.py api.github.com.json tests/github/openapi.json
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

OPERATIONS = {
    "/repos/{owner}/{repo}/issues": ("get", "post"),
    "/repos/{owner}/{repo}/issues/{issue_number}": ("patch",),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch", "delete"),
    "/repos/{owner}/{repo}/pulls": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get",),
    "/repos/{owner}/{repo}/statuses/{sha}": ("post",),
    "/repos/{owner}/{repo}/commits/{ref}/statuses": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/files": ("get",),
    "/repos/{owner}/{repo}/compare/{basehead}": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}": ("get",),
    "/repos/{owner}/{repo}/actions/artifacts": ("get",),
    "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}": ("get",),
    "/repos/{owner}/{repo}/git/trees/{tree_sha}": ("get",),
    "/repos/{owner}/{repo}/git/blobs/{file_sha}": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews": ("get",),
    "/repos/{owner}/{repo}/collaborators/{username}/permission": ("get",),
    "/orgs/{org}/teams/{team_slug}/memberships/{username}": ("get",),
    "/repos/{owner}/{repo}/check-runs": ("post",),
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ("patch",),
}
PROSE = {"description", "summary", "example", "examples", "title", "externalDocs", "deprecated", "default"}
NAMED_BY_USERS = {"properties", "schemas", "parameters", "paths"}


def reduced(source: dict[str, Json]) -> dict[str, Json]:
    """Return the operations of interest and the components that they reach, stripped of prose."""
    paths: dict[str, Json] = {
        path: {method: _operation(_child(source, "paths", path, method)) for method in methods}
        for path, methods in OPERATIONS.items()
    }
    components: dict[str, Json] = {}
    waiting = sorted(set(_references(paths)))
    while waiting:
        reference = waiting.pop()
        section, name = reference.removeprefix("#/components/").split("/")
        kept = components.setdefault(section, {})
        if not isinstance(kept, dict) or name in kept:
            continue
        kept[name] = _stripped(_child(source, "components", section, name))
        waiting.extend(_references(kept[name]))
    return {"openapi": source["openapi"], "info": _version(source), "paths": paths, "components": components}


def _operation(operation: dict[str, Json]) -> Json:
    """Keep the identifier, the parameters, the body, and the schema of a success."""
    kept: dict[str, Json] = {
        key: _stripped(operation[key]) for key in ("operationId", "parameters") if key in operation
    }
    if "requestBody" in operation:
        kept["requestBody"] = _stripped(operation["requestBody"])
    responses = operation["responses"]
    if not isinstance(responses, dict):
        raise TypeError(responses)
    kept["responses"] = {
        status: {"content": _stripped(answer["content"])} if "content" in answer else {}
        for status, answer in responses.items()
        if status.startswith("2") and isinstance(answer, dict)
    }
    return kept


def _stripped(node: Json, *, names: bool = False) -> Json:
    """Drop prose; below `properties` and its like a key is a name, and `description` may be one."""
    if isinstance(node, list):
        return [_stripped(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _stripped(value, names=not names and key in NAMED_BY_USERS)
        for key, value in node.items()
        if names or (key not in PROSE and not key.startswith("x-"))
    }


def _references(node: Json) -> Iterator[str]:
    """Every `$ref` below `node`."""
    if isinstance(node, dict):
        target = node.get("$ref")
        if isinstance(target, str):
            yield target
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)


def _child(node: dict[str, Json], *keys: str) -> dict[str, Json]:
    """Walk down by keys; every step is an object."""
    for key in keys:
        step = node[key]
        if not isinstance(step, dict):
            raise TypeError(key)
        node = step
    return node


def _version(source: dict[str, Json]) -> Json:
    info = _child(source, "info")
    return {"title": "GitHub REST API, reduced", "version": info["version"]}


def main() -> None:
    """Read the description, write the reduced one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("destination", type=Path)
    arguments = parser.parse_args()
    small = reduced(json.loads(arguments.source.read_text(encoding="utf-8")))
    text = json.dumps(small, separators=(",", ":"), sort_keys=True)
    arguments.destination.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

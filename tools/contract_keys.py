"""The page of every key of a contract, from its JSON Schema: a section a mapping, a row a key."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mlval.config import schema as contract_schema
from mlval.domain.check import Check
from tools.keys import Book, Schema, words
from tools.reference import files

PAGE: Final = "docs/keys.md"

_HEAD: Final = """\
<!-- Generated from schemas/contract.schema.json: run `{fix}`. -->

# Every key

All keys of a contract, each with what it takes, its default and what it says, as the
[schema](../schemas/contract.schema.json) has them. [The contract](contract.md) explains them in order;
`mlval checks NAME` shows the same for a check, a rule or a metric.
"""
_FIRST: Final = ("Dataset", "Connection", "CsvFormat", "Model", "Predictions", "RuleSet")
_CLASH: Final = re.compile(r"mlval__[a-z]+__([a-z_]+)__(\w+)")


def text(*, fix: str) -> str:
    """Return the page; `fix` is the command that writes it anew."""
    schema = _plain_names(json.loads(contract_schema.render()))
    parts: Mapping[str, Any] = schema["$defs"]
    checks = {cls.name for file in files() if file.kind == "checks" for cls in file.classes}
    pages = {
        cls.__name__: (cls.name, file.page)
        for file in files()
        if file.kind != "checks"
        for cls in file.classes
    }
    book = Book(PAGE, pages | {f"{name}Margin": told for name, told in pages.items()})
    mappings = {name: part for name, part in parts.items() if "properties" in part}
    of_checks = {
        part["properties"]["type"]["const"]: part for part in mappings.values() if _is_check(part, checks)
    }
    others = [name for name, part in mappings.items() if name not in _FIRST and not _is_check(part, checks)]
    common = tuple(Check.model_fields)
    one = next(iter(of_checks.values()))
    every = {
        **one,
        "properties": {key: value for key, value in one["properties"].items() if key in common[1:]},
    }
    sections = [
        _HEAD.format(fix=fix),
        _section("## The file", schema, book),
        *(_section(f"## {_title(name)}", parts[name], book) for name in _FIRST),
        _section(
            "## Every validation",
            every,
            book,
            lead="Beside `type`, the name of a check, and the keys of that check.",
        ),
        "## Checks\n",
        *(
            _section(
                f"### `{name}`",
                part,
                book,
                without=common,
                lead=f"[What it measures](checks/{name}.md), and when it misleads.",
            )
            for name, part in sorted(of_checks.items())
        ),
        "## Parts of checks and rules\n",
        *(_section(f"### {_title(name)}", parts[name], book) for name in sorted(others, key=_title)),
    ]
    return "\n".join(sections)


def _is_check(part: Schema, checks: set[str]) -> bool:
    return part["properties"].get("type", {}).get("const") in checks


def _plain_names(schema: Schema) -> dict[str, Any]:
    """Return the schema with names that two modules share told apart by words: `DriftPerSlice`."""
    spelt = json.dumps(schema)
    plain = _CLASH.sub(lambda match: match[1].title().replace("_", "") + match[2], spelt)
    renamed: dict[str, Any] = json.loads(plain)
    return renamed


def _section(heading: str, part: Schema, book: Book, *, without: Sequence[str] = (), lead: str = "") -> str:
    rows = "".join(f"{row}\n" for row in _rows(part, book, without))
    head = "| Key | Takes | Default | What it says |\n|---|---|---|---|\n"
    return f"{heading}\n\n{lead or part['description']}\n\n{head}{rows}"


def _rows(part: Schema, book: Book, without: Sequence[str]) -> Iterator[str]:
    required = part.get("required", ())
    for name, value in part["properties"].items():
        if name not in without:
            default = "*required*" if name in required else _default(value.get("default"))
            cells = (f"`{name}`", words(value, book), default, value.get("description", ""))
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(value: object) -> str:
    if value is None:
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value, ensure_ascii=False)}`"


def _title(name: str) -> str:
    """Return the name of a class as a heading.

    >>> _title("PerSlice"), _title("CsvFormat")
    ('Per slice', 'Csv format')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Spec")).capitalize()

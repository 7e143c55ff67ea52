"""The page of every key has all that the schema has, and nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from mlval.domain.check import Check
from tools import contract_keys

ROOT: Final = Path(__file__).parents[1]
SCHEMA: Final = json.loads((ROOT / "schemas" / "contract.schema.json").read_text(encoding="utf-8"))
TEXT: Final = contract_keys.text(fix="")
SECTIONS: Final = {
    part.partition("\n")[0].strip("#` "): part for part in re.split(r"^(?=##)", TEXT, flags=re.MULTILINE)
}
COMMON: Final = set(Check.model_fields)


def keys(section: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def mappings() -> Iterator[tuple[str, Any]]:
    for name, part in SCHEMA["$defs"].items():
        if "properties" in part:
            yield name, part


@pytest.mark.parametrize(
    "name, part", list(mappings()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_mapping_has_a_section_with_its_keys(name: str, part: dict[str, Any]) -> None:
    wanted = list(part["properties"])
    check = part["properties"].get("type", {}).get("const")
    if check in SECTIONS and set(wanted) >= COMMON:
        assert keys(SECTIONS[check]) == [key for key in wanted if key not in COMMON]
    else:
        assert any(keys(section) == wanted for section in SECTIONS.values()), name


def test_the_file_and_every_validation_have_theirs() -> None:
    assert keys(SECTIONS["The file"]) == list(SCHEMA["properties"])
    assert set(keys(SECTIONS["Every validation"])) == COMMON - {"type"}


def test_every_description_of_a_key_is_told() -> None:
    for _, part in mappings():
        for key, value in part["properties"].items():
            assert key == "type" or value.get("description", "").replace("|", "\\|") in TEXT


def test_no_two_sections_have_one_name() -> None:
    headings = re.findall(r"^##+ (.+)$", TEXT, re.MULTILINE)
    assert len(headings) == len({heading.lower() for heading in headings})

"""Workflows in the documentation: parts of tested files, or fragments that fit action.yml."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.workflow_files import FOR_USERS, IS_RELEASED, OURS, RELEASE, ROOT, complaints, parsed

PAGES: Final = [
    path
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
    if OURS in path.read_text(encoding="utf-8")
]
# Before the release, pages may speak of the newest commit.
NEWEST: Final = RELEASE if IS_RELEASED else "main"
FILES: Final = {path.stem: path.read_text(encoding="utf-8") for path in FOR_USERS}
BLOCK: Final = re.compile(r"^ *```ya?ml\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
GENERATED: Final = re.compile(r"<!-- generated: ([a-z-]+) -->\n(.*?)<!-- /generated -->", re.DOTALL)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def copies(text: str) -> Iterator[tuple[str, str]]:
    """Yield each workflow that a page copies between markers: the name of its file, and the copy."""
    return ((name, body) for name, body in GENERATED.findall(text) if name in FILES)


@every_page
def test_a_copied_workflow_is_the_tested_file(page: Path) -> None:
    for name, body in copies(page.read_text(encoding="utf-8")):
        assert body == f"\n```yaml\n{FILES[name]}```\n\n"


@every_page
def test_a_fragment_names_inputs_that_are_there_and_this_release(page: Path) -> None:
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    nodes = [parsed(block) for block in blocks if "uses:" in block]
    assert [complaint for node in nodes for complaint in complaints(node, also=NEWEST)] == []


def test_the_page_on_workflows_shows_every_template() -> None:
    page = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
    assert {name for name, _ in copies(page)} == {"pull-request-gate", "release-branch-gate"}

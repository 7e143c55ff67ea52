"""The section of the changelog: whole, alone, and there."""

import pytest

from tests.workflow_files import ROOT
from tools.release.changelog import released, section
from tools.release.refusal import Refused

TEXT = """\
# Changelog

## [Unreleased]

## [1.1.0] - 2026-02-01

### Added

- A thing.

## [1.0.0] - 2026-01-01

- The first.

[Unreleased]: https://example.org/main
[1.1.0]: https://example.org/1.1.0
"""


def test_a_section_is_what_stands_below_its_heading() -> None:
    assert section(TEXT, "1.1.0") == "### Added\n\n- A thing.\n"
    assert section(TEXT, "1.0.0") == "- The first.\n"


@pytest.mark.parametrize(
    "text, version, said",
    [
        (TEXT, "1.2.0", "0 sections"),
        (TEXT, "1.1", "0 sections"),
        (TEXT.replace("1.0.0", "1.1.0"), "1.1.0", "2 sections"),
        (TEXT.replace(" - 2026-02-01", ""), "1.1.0", "no day"),
        (TEXT.replace("- The first.\n", ""), "1.0.0", "empty"),
        (TEXT, "Unreleased", "no day"),
    ],
)
def test_anything_less_is_refused(text: str, version: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        section(text, version)


def test_what_is_unreleased_can_be_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    text = released(changelog, "99.0.0", day="2026-03-01")
    assert section(text, "99.0.0").startswith("### Added")
    assert "## [Unreleased]\n\n## [99.0.0] - 2026-03-01\n" in text


def test_a_changelog_without_a_place_for_changes_is_refused() -> None:
    with pytest.raises(Refused, match="Unreleased"):
        released("# Changelog\n", "1.0.0", day="2026-03-01")

"""The section of the changelog that tells what a release brings."""

import re
from typing import Final

from tools.release.refusal import Refused

_HEADING: Final = re.compile(
    r"^## \[(?P<version>[^\]\n]+)\](?: - (?P<day>\d{4}-\d{2}-\d{2}))?[ ]*$", re.MULTILINE
)
_LINKS: Final = re.compile(r"^\[[^\]\n]+\]: .*$", re.MULTILINE)


def section(changelog: str, version: str) -> str:
    """Return what stands below the heading of a version, without the links at the end of the file.

    Raises
    ------
    Refused
        If the version has no section, none with a day, several, or an empty one.
    """
    headings = list(_HEADING.finditer(changelog))
    own = [place for place, heading in enumerate(headings) if heading["version"] == version]
    if len(own) != 1:
        raise Refused(f"CHANGELOG.md has {len(own)} sections `## [{version}]`, and needs one")
    heading = headings[own[0]]
    if heading["day"] is None:
        raise Refused(f"the section of {version} in CHANGELOG.md has no day: `## [{version}] - 2026-01-31`")
    after = headings[own[0] + 1].start() if own[0] + 1 < len(headings) else len(changelog)
    text = _LINKS.sub("", changelog[heading.end() : after]).strip()
    if not text:
        raise Refused(f"the section of {version} in CHANGELOG.md is empty")
    return f"{text}\n"


def released(changelog: str, version: str, *, day: str) -> str:
    """Return a changelog whose unreleased changes are those of a version; what a maintainer does by hand.

    Raises
    ------
    Refused
        If nothing is unreleased.
    """
    text, count = re.subn(
        r"^## \[Unreleased\]$",
        f"## [Unreleased]\n\n## [{version}] - {day}",
        changelog,
        count=1,
        flags=re.MULTILINE,
    )
    if count == 0:
        raise Refused("CHANGELOG.md has no section `## [Unreleased]`")
    return text

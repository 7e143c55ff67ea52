"""The order of the site's pages: four groups; a page that none of them names is a guide."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

Item: TypeAlias = "str | Mapping[str, str | Sequence[Item]]"
"""A page by its path, a page by its title, or a section by its title."""

GUIDES: Final = "Guides"
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Start": ("index.md", "quickstart.md", "report.md", "coming-from.md"),
    GUIDES: (
        "action.md",
        "composite.md",
        "workflows.md",
        "required-checks.md",
        "matrices.md",
        "forks.md",
        "policy.md",
        "enterprise.md",
        "publishing.md",
        "troubleshooting.md",
        "models.md",
        "mlflow.md",
        "sources.md",
        "profiles.md",
        "interchange.md",
    ),
    "Reference": ("contract.md", "keys.md", "checks/", "rules.md", "rules/", "metrics/"),
    "Why": (
        "verdicts.md",
        "drift.md",
        "comparison.md",
        "fairness.md",
        "security.md",
        "benchmarks.md",
        "architecture.md",
        "releasing.md",
    ),
}
"""For each group its pages, in order; a name that ends in `/` is a folder, which is a section of its own."""

_HEADING: Final = re.compile(r"^# (.+)$", re.MULTILINE)
_SHORT: Final = {
    "index.md": "mlval",
    "rules.md": "Rules and other tools",
    "interchange.md": "Import and export",
}


def navigation(docs: Path) -> list[Item]:
    """Return the groups with the pages that are there.

    Pages that no group names come last among the guides, so that a new page is never without a way to it.
    """
    return [
        {group: list(_items(docs, (*names, *_others(docs, group)))) for group, names in [pair]}
        for pair in GROUPS.items()
    ]


def title(page: Path) -> str:
    """Return the first heading of a page as plain text.

    Raises
    ------
    ValueError
        If it has none.
    """
    found = _HEADING.search(page.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{page.name} has no heading")
    return found[1].replace("`", "")


def _items(docs: Path, names: Sequence[str]) -> Iterator[Item]:
    for name in names:
        if name.endswith("/"):
            pages = sorted((docs / name).glob("*.md"))
            yield {name.rstrip("/").capitalize(): [_item(docs, page) for page in pages]}
        elif (docs / name).is_file():
            yield _item(docs, docs / name)


def _item(docs: Path, page: Path) -> Item:
    path = page.relative_to(docs).as_posix()
    return {_SHORT.get(path) or title(page): path}


def _others(docs: Path, group: str) -> list[str]:
    named = {name for names in GROUPS.values() for name in names}
    return (
        sorted(page.name for page in docs.glob("*.md") if page.name not in named) if group == GUIDES else []
    )

"""The built site: all pages, nothing from other hosts, no link that leads nowhere, an up-to-date picture."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.docs.conftest import ROOT
from tools import picture
from tools.navigation import title

DOCS: Final = ROOT / "docs"
PAGES: Final = sorted(path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md"))
LOADED: Final = re.compile(r"""<(?:script|img|iframe)\b[^>]*?\bsrc="?([^"\s>]+)|<link\b([^>]*)>""")
HREF: Final = re.compile(r'href="?([^"\s>]+)')


def html(site: Path, page: Path) -> str:
    return (site / page).with_suffix(".html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_loads_nothing_from_elsewhere(site: Path, page: Path) -> None:
    for source, link in LOADED.findall(html(site, page)):
        named = "" if "canonical" in link else "".join(HREF.findall(link))
        assert not re.match(r"https?:|//", source or named)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_shows_no_markdown(site: Path, page: Path) -> None:
    text = re.sub(r"<(pre|code|script|style)\b.*?</\1>", "", html(site, page), flags=re.DOTALL)
    assert not re.search(r"\]\([a-z./#-]+\)|\*\*\w|^\|---|^#+ ", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_an_image_of_a_page_is_there(site: Path, page: Path) -> None:
    for source in re.findall(r'<img\b[^>]*src="([^"]+)"', html(site, page)):
        assert (site / page).parent.joinpath(source).is_file()


def test_every_page_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search.json").read_text(encoding="utf-8"))
    found = {item["location"].partition("#")[0] for item in index["items"]}
    assert {f"{page}.html" for page in PAGES} <= found


def test_every_page_has_a_way_to_it(site: Path) -> None:
    home = html(site, Path("index"))
    assert [page for page in PAGES if not re.search(rf'href="(\./)?{page}\.html"', home)] == []


def test_the_picture_shows_the_report_of_today() -> None:
    shown = picture.shown((DOCS / "report.md").read_text(encoding="utf-8"))
    made_of = (ROOT / picture.DIGEST).read_text(encoding="utf-8").strip()
    assert picture.digest(shown) == made_of, "run `make picture`"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a repository with a few pages."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "assets").mkdir()
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    shutil.copy(DOCS / "assets" / "site.css", tmp_path / "docs" / "assets")
    (tmp_path / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    return tmp_path


def built(root: Path) -> int:
    python = ROOT / ".venv-docs" / "bin" / "python"
    return subprocess.run(
        [python, root / "tools" / "website.py"], capture_output=True, check=False, timeout=120
    ).returncode


@pytest.mark.parametrize(
    "text, fails",
    [
        ("# New\n\n[home](index.md)\n", False),
        ("# New\n\n[nowhere](absent.md)\n", True),
        ("# New\n\n[nowhere](index.md#absent)\n", True),
        ("# New\n\n[nowhere](../absent.py)\n", True),
    ],
    ids=["good", "page", "anchor", "file"],
)
def test_a_link_that_leads_nowhere_fails_the_build(copy: Path, text: str, *, fails: bool) -> None:
    (copy / "docs" / "new.md").write_text(text, encoding="utf-8")
    assert (built(copy) != 0) == fails


def test_a_page_that_no_group_names_is_among_the_guides(copy: Path) -> None:
    (copy / "docs" / "new.md").write_text("# A `new` page\n", encoding="utf-8")
    assert title(copy / "docs" / "new.md") == "A new page"
    assert built(copy) == 0
    guides = html(copy / "build" / "site", Path("new"))
    assert re.search(r"Guides.*A new page", guides, re.DOTALL)

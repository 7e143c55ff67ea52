"""Builds the site from docs/: pages are copied with the changes that the renderer needs, then rendered."""

import json
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.navigation import navigation  # noqa: E402 - started by path, so that the root is not known before

REPOSITORY: Final = "https://github.com/mlval/mlval"
SETTINGS: Final = "tools/website.toml"

_LINK: Final = re.compile(r"(\]\()(?![a-z]+:)([^)#\s]+)((?:#[^)\s]*)?\))")
_REPORT: Final = re.compile(r"<!-- generated: report -->\n(.*?)<!-- /generated -->", re.DOTALL)


def staged(text: str, *, page: str, docs: Path) -> str:
    """Return a page as the site renders it; `page` is its path below `docs`.

    Links that lead out of `docs` go to the repository. GitHub renders Markdown within HTML, and HTML within
    quotations; the renderer of the site is told to, and is given the quoted report as a part of the page.

    Raises
    ------
    ValueError
        If a link that leads out of `docs` leads nowhere; the generator sees to the others.
    """

    def link(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), match[2]))
        if path.startswith("docs/"):
            return match[0]
        if not (docs.parent / path).exists():
            raise ValueError(f"{page} links to {match[2]}, which is not there")
        kind = "tree" if (docs.parent / path).is_dir() else "blob"
        return f"{match[1]}{REPOSITORY}/{kind}/main/{path}{match[3]}"

    return _REPORT.sub(_unquoted, _LINK.sub(link, text))


def _unquoted(match: re.Match[str]) -> str:
    lines = (line.removeprefix(">").removeprefix(" ") for line in match[1].strip().splitlines())
    # Headings within the report are no headings of the page.
    text = re.sub(
        r"^#+ (.+)$", r'<p class="heading" markdown="span">\1</p>', "\n".join(lines), flags=re.MULTILINE
    )
    text = re.sub(r"<details( open)?>", r'<details markdown="1"\1>', text)
    return f'<div class="report" markdown="1">\n\n{text}\n\n</div>'


def stage(root: Path, folder: Path) -> Path:
    """Write pages and settings for the generator into `folder`; return the path of the settings."""
    docs = root / "docs"
    source = folder / "site-source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(docs, source)
    for page in sorted(source.rglob("*.md")):
        name = page.relative_to(source).as_posix()
        text = staged(page.read_text(encoding="utf-8"), page=name, docs=docs)
        page.write_text(text, encoding="utf-8", newline="\n")
    settings = folder / "zensical.toml"
    nav = f"nav = {_toml(navigation(docs))}\n"
    settings.write_text(f"[project]\n{nav}" + (root / SETTINGS).read_text(encoding="utf-8"), encoding="utf-8")
    return settings


def _toml(value: object) -> str:
    """Return lists, mappings and text as TOML on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def main(root: Path = ROOT) -> int:
    """Build into build/site; a link that leads nowhere is an error."""
    settings = stage(root, root / "build")
    shutil.rmtree(root / "build" / "site", ignore_errors=True)
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", settings],
        check=False,
    )
    return built.returncode


if __name__ == "__main__":
    raise SystemExit(main())

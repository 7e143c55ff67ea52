"""Writes what follows from the code: schemas, docs pages, parts of hand-written pages; `--check` compares."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from mlval.config import schema as contract_schema
from mlval.domain.check import Check
from mlval.domain.inputs import Dataset, Model
from mlval.report import result_schema
from tools import composite, contract_keys, example_report, reference

ROOT: Final = Path(__file__).resolve().parents[1]
FIX: Final = "make generate"

_TEMPLATES: Final = tuple(sorted(path.stem for path in (ROOT / "workflow-templates").glob("*.yml")))
_MARKED: Final = re.compile(r"(<!-- generated: (?P<part>[a-z-]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)
_WITH_PARTS: Final = (
    "README.md",
    *(f"docs/{name}.md" for name in ("action", "benchmarks", "contract", "forks", "matrices", "report")),
    *(f"docs/{name}.md" for name in ("rules", "watch", "workflows")),
)


def files(root: Path = ROOT) -> dict[str, str]:
    """Return every generated file: its path below the root, and its text."""
    return {
        "schemas/contract.schema.json": contract_schema.render(),
        "schemas/result.schema.json": result_schema.render(),
        "composite/action.yml": composite.render((root / "action.yml").read_text(encoding="utf-8")),
        contract_keys.PAGE: contract_keys.text(fix=FIX),
        **{file.page: reference.text(file, fix=FIX) for file in reference.files()},
        **{path: _filled(root, path) for path in _WITH_PARTS},
    }


def stray(root: Path = ROOT) -> Iterator[str]:
    """Yield pages of checks, rules and metrics that are there no more."""
    known = {file.page for file in reference.files()}
    for kind in reference.KINDS:
        for file in sorted((root / "docs" / kind).glob("*")):
            path = file.relative_to(root).as_posix()
            if path not in known:
                yield path


def _filled(root: Path, path: str) -> str:
    """Return a hand-written page with its generated parts written anew."""

    def part(match: re.Match[str]) -> str:
        return f"{match[1]}\n{_PARTS[match['part']](root, path)}\n\n{match[3]}"

    return _MARKED.sub(part, (root / path).read_text(encoding="utf-8"))


def _metadata(root: Path, section: str, *, columns: Mapping[str, str]) -> str:
    """Return a table of a section of action.yml; `columns` are titles by key."""
    listed = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))[section]
    rows = [f"| {section.removesuffix('s').capitalize()} | {' | '.join(columns.values())} |"]
    rows.append(f"|---|{'---|' * len(columns)}")
    for name, value in listed.items():
        default = f"`{value['default']}`" if value.get("default") else ""
        cells = [default if key == "default" else value[key] for key in columns]
        rows.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def _template(name: str, root: Path, _: str) -> str:
    """Return a workflow that is made to be copied."""
    return f"```yaml\n{(root / 'workflow-templates' / f'{name}.yml').read_text(encoding='utf-8')}```"


def _measured(root: Path) -> str:
    """Return the figures of the benchmarks, which stand where they are reproduced."""
    text = (root / "bench" / "README.md").read_text(encoding="utf-8")
    return text.partition("\n## Measured\n\n")[2].strip()


def _quoted(markdown: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in markdown.strip().splitlines())


_PARTS: Final[Mapping[str, Callable[[Path, str], str]]] = {
    "checks": lambda _, page: reference.listing("checks", page),
    "rules": lambda _, page: reference.listing("rules", page),
    "elsewhere": lambda _, page: reference.elsewhere(page),
    "metrics": lambda _, page: reference.listing("metrics", page),
    "datasets": lambda _, page: reference.keys(Dataset, page),
    "models": lambda _, page: reference.keys(Model, page),
    "every-validation": lambda _, page: reference.keys(Check, page, without=("type",)),
    "inputs": lambda root, _: _metadata(
        root, "inputs", columns={"default": "Default", "description": "What it says"}
    ),
    "outputs": lambda root, _: _metadata(root, "outputs", columns={"description": "What it says"}),
    **{name: partial(_template, name) for name in _TEMPLATES},
    "measured": lambda root, _: _measured(root),
    "report": lambda root, _: _quoted(example_report.blocked(root)),
}
"""What stands between the marks of a page, by name; given the root, and the path of the page."""


def main(arguments: list[str] | None = None, *, root: Path = ROOT) -> int:
    """Write or compare; return 1 if `--check` found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if something is not current"
    )
    is_check = parser.parse_args(arguments).check
    different = {path: text for path, text in files(root).items() if _read(root / path) != text}
    superfluous = list(stray(root))
    if is_check:
        for path in (*different, *superfluous):
            print(f"{path} is not current: run `{FIX}`", file=sys.stderr)
        return 1 if different or superfluous else 0
    for path, text in different.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {path}")
    for path in superfluous:
        (root / path).unlink()
        print(f"removed {path}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    raise SystemExit(main())

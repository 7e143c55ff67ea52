"""The pages of checks, rules and metrics: what their docstrings say, and the keys that their classes read."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Final

from pydantic import BaseModel

from mlval import checks, metrics, rules
from mlval.domain import catalogue
from mlval.domain.check import Check
from mlval.domain.metric import Metric
from mlval.domain.rule import Rule
from tools import page
from tools.keys import Book, nested_tables, schema_of, tables, words

KINDS: Final[Mapping[str, tuple[ModuleType, type[Any]]]] = {
    "checks": (checks, Check),
    "rules": (rules, Rule),
    "metrics": (metrics, Metric),
}
"""For the folder of each kind its package, and the base of its classes."""

_CONTRACT: Final = "../contract.md"
_STANDS: Final = {
    "column": "It stands under a column, in `columns:` of a `data` validation.",
    "table": "It stands at a `data` validation itself.",
    "both": "It stands at a `data` validation itself, or under a column.",
}
_NEEDS: Final = {
    "confusion": "It needs predicted classes: a `label:`, or a `score:` with a `threshold:`.",
    "scores": "It needs a `score:`, and two classes.",
    "values": "It needs predicted numbers as `label:`.",
    "probabilities": "It needs a `score:` of two classes, or the `scores:` of every class.",
    "classes": "It needs the `scores:` of every class.",
    "groups": "It needs a `score:`, and the dataset's `group:`.",
    "expression": "It needs what its expression names.",
    "label_sets": "It needs lists of labels, as the target and as `label:`.",
}
_BETTER: Final = {
    "higher": "A plain number is the least that passes",
    "lower": "A plain number is the most that passes",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of a folder with the classes that it defines."""

    kind: str
    name: str
    classes: tuple[type[Any], ...]

    @property
    def source(self) -> str:
        """Its path below the root."""
        return f"{self.classes[0].__module__.replace('.', '/')}.py"

    @property
    def page(self) -> str:
        """The path of its page below the root."""
        return f"docs/{self.kind}/{self.name}.md"

    @property
    def docstring(self) -> str:
        """What its page says."""
        return sys.modules[self.classes[0].__module__].__doc__ or ""


@cache
def files() -> tuple[File, ...]:
    """Return every file of the three folders."""
    return tuple(
        File(
            kind,
            name,
            tuple(cls for cls in catalogue.classes(package, name, base) if hasattr(cls, "name")),
        )
        for kind, (package, base) in KINDS.items()
        for name in catalogue.names(package)
    )


def text(file: File, *, fix: str) -> str:
    """Return the page of a file; `fix` is the command that writes it anew."""
    describe = {"checks": _check, "rules": _rule, "metrics": _metric}[file.kind]
    title = file.name.capitalize() if file.kind == "metrics" else f"`{file.name}`"
    keys = "\n\n".join(describe(cls, _book(file.page)) for cls in file.classes)
    return (
        f"<!-- Generated from {file.source}: change that, then run `{fix}`. -->\n\n# {title}\n\n"
        f"{page.markdown(page.parsed(file.docstring))}\n\n## Keys\n\n{keys}\n\n"
        f"Source: [`{file.source}`](../../{file.source})\n"
    )


def listing(kind: str, page_path: str) -> str:
    """Return a table of one kind, for a page: names, with their pages and what they demand."""
    book = _book(page_path)
    rows = [f"| {kind.removesuffix('s').capitalize()} | What it demands |", "|---|---|"]
    rows += [
        f"| [`{cls.name}`]({book.way(file.page)}) | {_summary(cls)} |"
        for file in files()
        if file.kind == kind
        for cls in file.classes
    ]
    return "\n".join(rows)


def keys(model: type[BaseModel], page_path: str, *, without: tuple[str, ...] = ()) -> str:
    """Return the tables of the keys of a class, for a page."""
    return tables(model, _book(page_path), without=without)


def _book(page_path: str) -> Book:
    pages = {cls.__name__: (cls.name, file.page) for file in files() for cls in file.classes}
    # A margin of a metric is described by `comparison` once, and by the page of the metric.
    margins = {f"{name}Margin": told for name, told in pages.items()}
    return Book(page_path, margins | pages)


def _summary(cls: type[Any]) -> str:
    return (cls.__doc__ or "").partition("\n")[0]


def elsewhere(page_path: str) -> str:
    """Return the table of all rules with their counterparts in other tools."""
    book = _book(page_path)
    lines = [f"| Rule | Spelling | {' | '.join(page.TOOLS)} |", f"|---|---|{'---|' * len(page.TOOLS)}"]
    for file in files():
        if file.kind == "rules":
            told = page.parsed(file.docstring)
            link = f"[`{file.classes[0].name}`]({book.way(file.page)})"
            cells = (
                f"`{_cell(told.elsewhere[tool])}`" if tool in told.elsewhere else "" for tool in page.TOOLS
            )
            lines.append(f"| {link} | `{_cell(told.example.splitlines()[0])}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.strip().replace("|", "\\|")


def _check(cls: type[Check], book: Book) -> str:
    common = f"[the keys of every validation]({_CONTRACT}#every-validation)"
    keys_of_its_own = tables(cls.with_every_key(), book, without=Check.model_fields)
    return f"Beside {common} it takes these:\n\n{keys_of_its_own}"


def _rule(cls: type[Rule[Any]], book: Book) -> str:
    schema = schema_of(cls)
    said = f"{cls.__doc__}\n\nTakes {words(schema, book)}. {_STANDS[cls.on]}"
    nested = nested_tables(schema, book)
    return f"{said}\n\n{nested}" if nested else said


def _metric(cls: type[Metric], book: Book) -> str:
    also = f" Also spelt {' and '.join(f'`{alias}`' for alias in cls.aliases)}." if cls.aliases else ""
    limits = f"{_BETTER[cls.better]} ([all spellings]({_CONTRACT}#limits))."
    said = f"### `{cls.name}`\n\n{cls.__doc__}\n\n{_NEEDS[cls.needs]} {limits}{also}"
    if set(cls.model_fields) == set(Metric.model_fields):
        return said
    return f"{said}\n\n{tables(cls, book, without=Metric.model_fields)}"

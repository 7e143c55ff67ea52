"""What is wrong with broken YAML, put so that its writer knows what to change."""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from yaml.error import MarkedYAMLError

from mlval.config.wording import named
from mlval.domain.errors import Place, Problem
from mlval.domain.text import LIMIT, shown


class Mark(Protocol):
    """A position as both parsers of PyYAML give it; line and column count from 0."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column, in characters."""


class Refusal(NamedTuple):
    """A sentence on what is wrong, and what to do about it."""

    message: str
    hint: str = ""


TABS = Refusal("a tab where YAML expects spaces", "indent with spaces")
ALIASES = Refusal(
    "anchors (`&name`) and aliases (`*name`) are not read: each line of a contract says all that it means",
    "write the value out, or quote text that begins with `&` or `*`",
)

_COLON = "align the indentation, or quote text that holds `: `"

# The regular expression looks at libyaml's own words, first its problem, then its context.
_AT_PROBLEM = (
    ("mapping values are not allowed", Refusal("a `:` where no key ends", _COLON)),
    ("block sequence entries are not", Refusal("a `-` where no list begins", "begin a list on its own line")),
    ("expected key|expected '-' ind", Refusal("this does not fit the lines above", "align the indentation")),
    ("expected node content", Refusal("a value is missing here")),
    ("unknown escape character", Refusal("an unknown escape in double quotes", r"use single quotes: '\d'")),
    ("directive", Refusal("directives (`%…`) are not read", "remove the line")),
    ("document start", Refusal("text after the end of the contract", "a contract is one mapping of keys")),
)
_AT_CONTEXT = (
    ("scanning an a(lias|nchor)", ALIASES),
    ("expected ',' or", Refusal("a bracket that is not closed", "close it, or put a comma between values")),
    ("quoted scalar.*end of stream", Refusal("a quotation mark that is never closed", "close it")),
    ("expected ':'", Refusal("this is no `key: value`", "write a colon and a space after the key")),
    ("block scalar", Refusal("text after `|` begins on the next line", "quote the text, or move it down")),
)
_COMPARISON = re.compile(r">\s*=?\s*([^\s,\]}#]*)")


def comparison(source: str) -> Refusal:
    """Say what to do with a `>` that lacks its quotes, given the line from there on."""
    match = _COMPARISON.match(source)
    limit = match[1] if match else ""
    hint = f'quote it: ">= {shown(limit or "0.85", 40)}"'
    return Refusal("an unquoted `>` begins a block of text in YAML", hint)


def unquoted(error: MarkedYAMLError, lines: Sequence[str]) -> Mark | None:
    """Return where a `>` lacks its quotes, if that is what the parser stumbled over."""
    begun = error.context_mark or error.problem_mark
    is_block = "block scalar" in (error.context or "") or "cannot start any token" in (error.problem or "")
    return begun if is_block and rest_of_line(lines, begun).startswith(">") else None


def without_comparison(line: str, column: int) -> str:
    """Return a line with the comparison that begins at a column replaced by nothing, in as many characters.

    >>> without_comparison("{a: > 5, b: 1}", 4)
    '{a: ~  , b: 1}'
    """
    match = _COMPARISON.match(line, column)
    end = match.end() if match else len(line)
    return line[:column] + "~".ljust(end - column) + line[end:]


def explained(error: MarkedYAMLError, lines: Sequence[str]) -> Problem:
    """Turn a syntax error into a problem at the place where it can be mended."""
    at = error.problem_mark
    begun = error.context_mark or at
    words = f"{error.context or ''} {error.problem or ''}"
    if "found a tab" in words or rest_of_line(lines, at).startswith("\t"):
        return refused(TABS, at)
    if mark := unquoted(error, lines):
        return refused(comparison(rest_of_line(lines, mark)), mark)
    if "cannot start any token" in words:
        return refused(_wrong_beginning(rest_of_line(lines, at)), at)
    for part, refusal in _AT_CONTEXT:
        if re.search(part, words):
            return refused(refusal, begun)
    known = (refusal for part, refusal in _AT_PROBLEM if re.search(part, words))
    return refused(next(known, Refusal(f"not YAML: {shown(error.problem)}")), at)


def refused(why: Refusal, mark: Mark | None, *, path: str = "") -> Problem:
    """Return the problem that stands at a mark."""
    return Problem(why.message, path=path, place=place_of(mark), hint=why.hint)


def rest_of_line(lines: Sequence[str], mark: Mark | None) -> str:
    """Return the source from a mark to the end of its line, or the first part of it."""
    return lines[mark.line][mark.column : mark.column + LIMIT] if mark and mark.line < len(lines) else ""


def place_of(mark: Mark | None) -> Place:
    """Count from 1, as editors do; the beginning of the file where there is no mark."""
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _wrong_beginning(source: str) -> Refusal:
    first = named(source[:1])
    return Refusal(f"{first} cannot begin a value", f"quote text that begins with {first}")

"""What the text of a predicate may look like before the engine's parser sees it.

The parser needs time that doubles with each level for some texts: a WITH inside a WITH, ANY and ALL
inside each other, a CASE whose operand is a CASE. Whatever could lead there is refused here, from the
words and brackets alone, and what it means is left to the tree.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from mlval.domain.text import shown

LONGEST = 4_000
DEEPEST = 64
_MOST_COPIES = 20_000

# Lookaheads, not possessive quantifiers: with Python 3.11.7 the latter once gave two answers for one text.
_TOKEN = re.compile(
    r"""
      (?P<space>   [ \t\r\n]+ )
    | (?P<comment> -- | /\* )
    | (?P<quoted>  '[^']*(?:''[^']*)*'(?!') | "[^"]*(?:""[^"]*)*"(?!") )
    | (?P<number>  (?:[0-9][0-9_]* (?:\.[0-9_]*)? | \.[0-9][0-9_]*) (?:[eE][+-]?[0-9]+)? (?![\w.]) )
    | (?P<word>    [^\W0-9]\w* (?![\w'"]) )
    | (?P<mark>    [()] | :: | [,.+\-*/%<>=!~|^] )
    """,
    re.VERBOSE,
)
_REFUSED_WORD = re.compile(
    r"""
      all | analyse | analyze | any | array | asc | asymmetric | check | collate | column | constraint
    | create | default | deferrable | desc | describe | do | except | fetch | foreign | grant | group | having
    | initially | intersect | into | lambda | lateral | limit | offset | on | only | order | over | pivot
    | pivot_longer | pivot_wider | placing | primary | qualify | references | returning | select | show | some
    | summarize | symmetric | table | union | unique | unpivot | using | variadic | where | window | with
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HINTS = {
    ";": "a predicate is one expression, not statements",
    "?": "parameters are not known here",
    "$": "parameters are not known here",
    "[": "lists are not known here",
    "{": "structs are not known here",
    "select": "a predicate looks at one row, without subqueries",
    "with": "a time with its zone is a timestamptz",
}


class PredicateError(ValueError):
    """A text is no predicate: what is wrong, at which character of it (from 1), and the way out."""

    def __init__(self, sentence: str, *, position: int | None = None, hint: str = "") -> None:
        """Keep the parts, and put them together as one line."""
        place = "" if position is None else f" (at character {position})"
        super().__init__(f"{sentence}{place}{f'; {hint}' if hint else ''}")
        self.sentence = sentence
        self.position = position
        self.hint = hint


class Token(NamedTuple):
    """A word, mark, number or quoted text, and where it begins (from 0)."""

    kind: str
    text: str
    start: int


def check(text: str) -> None:
    """Refuse a text that is too long, too deep, or holds what no predicate holds.

    Raises
    ------
    PredicateError
        At the first character that is wrong.
    """
    if len(text) > LONGEST:
        raise PredicateError(f"a predicate has at most {LONGEST:,} characters, this one has {len(text):,}")
    for start, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise PredicateError(f"{shown(character)!r} is not text", position=start + 1)
    tokens = list(_tokens(text))
    if not tokens:
        raise PredicateError("the predicate is empty")
    _check_words(tokens)
    _check_brackets(tokens)
    _check_cases([token.text.lower() for token in tokens])


def _tokens(text: str) -> Iterator[Token]:
    start = 0
    while start < len(text):
        match = _TOKEN.match(text, start)
        if match is None:
            raise _strange(text, start)
        if match.lastgroup == "comment":
            raise PredicateError("a comment cannot stand in a predicate", position=start + 1)
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "", match[0], start)
        start = match.end()


def _strange(text: str, start: int) -> PredicateError:
    first = text[start]
    if first in "'\"":
        return PredicateError(f"the quote {first} is never closed", position=start + 1)
    if first in "0123456789.":
        return PredicateError("what begins here is neither a number nor a name", position=start + 1)
    if first == "_" or first.isalpha():
        return PredicateError("a space is missing between this word and the quote", position=start + 1)
    sentence = f"the character {shown(first)} (U+{ord(first):04X}) cannot stand in a predicate"
    is_quote = "QUOTATION MARK" in unicodedata.name(first, "")
    hint = "text stands in ' and a name in \"" if is_quote else _HINTS.get(first, "")
    return PredicateError(sentence, position=start + 1, hint=hint)


def _check_words(tokens: list[Token]) -> None:
    for token in tokens:
        if token.kind == "word" and _REFUSED_WORD.fullmatch(token.text):
            sentence = f"the word {token.text} cannot stand in a predicate"
            hint = _HINTS.get(token.text.lower(), f'a column of this name is written "{token.text}"')
            raise PredicateError(sentence, position=token.start + 1, hint=hint)


def _check_brackets(tokens: list[Token]) -> None:
    opened: list[int] = []
    for token in tokens:
        if token.text == "(":
            opened.append(token.start)
        elif token.text == ")" and not opened:
            raise PredicateError("this bracket closes nothing", position=token.start + 1)
        elif token.text == ")":
            opened.pop()
        if len(opened) > DEEPEST:
            raise PredicateError(f"brackets nest at most {DEEPEST} deep", position=token.start + 1)
    if opened:
        raise PredicateError("this bracket is never closed", position=opened[-1] + 1)


def _check_cases(words: list[str]) -> None:
    """Bound how often the parser copies operands: once per WHEN, and again for each CASE around it."""
    whens = words.count("when")
    operands = sum(a == "case" and b != "when" for a, b in pairwise(words))
    copies = max(((whens / depth) ** depth for depth in range(1, operands + 1)), default=1)
    if copies * len(words) > _MOST_COPIES:
        raise PredicateError("there are too many CASE with an operand", hint="write CASE WHEN x = 1 THEN …")

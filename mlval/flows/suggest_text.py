"""The form that text follows: a named format, or a pattern read off a sample of values."""

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

FEWEST = 20
"""Different values below which a form could be chance."""

NUMERIC = r"^\s*[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?\s*$"
"""Text that can be read as a number."""

_LONGEST = 64
_MOST_TOKENS = 24
_FORMATS = (
    ("uuid", re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("url", re.compile(r"https?://[^\s/]+(?:/\S*)?")),
    ("date", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    ("datetime", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")),
    ("%d.%m.%Y", re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{4}")),
)
# From fine to coarse: what a character is taken for; any other stands for itself.
_ALPHABETS = (
    {"[0-9]": string.digits, "[A-Z]": string.ascii_uppercase, "[a-z]": string.ascii_lowercase},
    {"[0-9]": string.digits, "[A-Za-z]": string.ascii_letters},
    {"[0-9a-f]": string.digits + "abcdef"},
    {"[0-9A-Z]": string.digits + string.ascii_uppercase},
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of one class, or one character that stands for itself."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for whole values, and how many texts follow it (infinite where no end is set)."""

    regex: str
    space: float


def format_of(sample: Sequence[str]) -> str | None:
    """Return the named format, or strptime pattern, that every value of a sample is written in.

    >>> format_of(["2026-01-31"] * 20)
    'date'
    """
    if len(sample) < FEWEST:
        return None
    return next((name for name, form in _FORMATS if all(map(form.fullmatch, sample))), None)


def pattern_of(sample: Sequence[str]) -> Pattern | None:
    """Return the pattern of a sample, or None where it has no obvious one.

    Obvious is what has digits, and a fixed length or fixed signs somewhere. Letters that are the same
    everywhere stand for themselves; digits never do, since they count on.

    >>> pattern_of([f"SKU-{number:05}" for number in range(30)]).regex
    '^SKU-[0-9]{5}$'
    """
    if len(set(sample)) < FEWEST or any(not 0 < len(value) <= _LONGEST for value in sample):
        return None
    for alphabet in _ALPHABETS:
        kinds = {letter: kind for kind, letters in alphabet.items() for letter in letters}
        rows = [_runs(value, kinds) for value in sample]
        if len({tuple(run.kind for run in row) for row in rows}) == 1 and len(rows[0]) <= _MOST_TOKENS:
            return _obvious([[row[place] for row in rows] for place in range(len(rows[0]))], alphabet)
    return None


def _runs(value: str, kinds: dict[str, str]) -> list[_Run]:
    """Split a value into runs of one class each; signs stand alone."""
    found: list[_Run] = []
    for kind, letters in groupby(value, key=lambda letter: kinds.get(letter, letter)):
        if kind in kinds.values():
            found.append(_Run(kind, "".join(letters)))
        else:
            found += [_Run(kind, letter) for letter in letters]
    return found


def _obvious(columns: list[list[_Run]], alphabet: dict[str, str]) -> Pattern | None:
    regex, space, has_digits, is_fixed = "", 1.0, False, False
    for runs in columns:
        kind, texts = runs[0].kind, {run.text for run in runs}
        lengths = {len(text) for text in texts}
        if kind not in alphabet:
            regex += _literal(kind)
            is_fixed = True
        elif len(texts) == 1 and not any(letter.isdigit() for letter in runs[0].text):
            regex += runs[0].text
            is_fixed = True
        elif len(lengths) == 1:
            (length,) = lengths
            regex += kind if length == 1 else f"{kind}{{{length}}}"
            space *= float(len(alphabet[kind])) ** length
            is_fixed = True
            has_digits |= "0-9" in kind
        else:
            regex += f"{kind}+"
            space = float("inf")
            has_digits |= "0-9" in kind
    return Pattern(f"^{regex}$", space) if has_digits and is_fixed else None


def _literal(sign: str) -> str:
    return sign if sign.isalnum() or sign in " -_/:,;@#%&=~'\"<>!`" else f"\\{sign}"

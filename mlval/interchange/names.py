"""Names that a contract accepts, made of names that other tools accept."""

import re
from collections.abc import Iterable

_NO_LETTER = re.compile(r"[^A-Za-z0-9_-]+")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def dataset_name(text: str, taken: Iterable[str] = ()) -> str:
    """Make the name of a dataset of any text; one that is taken gets a number.

    >>> dataset_name("raw.trips 2026"), dataset_name("2026"), dataset_name("a", ["a"])
    ('raw_trips_2026', 'data_2026', 'a_2')
    """
    plain = _NO_LETTER.sub("_", text[:1000])
    if plain != text:
        plain = plain.strip("_-")
    plain = plain or "data"
    first = (f"data_{plain}" if plain[0] in "0123456789-" else plain)[:64]
    known, candidate, number = set(taken), first, 1
    while candidate in known:
        number += 1
        candidate = f"{first[:58]}_{number}"
    return candidate


def contract_name(text: str) -> str:
    """Make the name of a contract of any text.

    >>> contract_name("Trips (2026)")
    'trips-2026'
    """
    return _NOT_IN_A_NAME.sub("-", text[:1000].lower()).strip("-")[:40].strip("-") or "contract"

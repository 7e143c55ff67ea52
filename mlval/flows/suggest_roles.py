"""What a dataset and its columns are for: its name, its key, its time. The target is never guessed."""

import re
import unicodedata
from collections.abc import Collection

from mlval.flows.suggest_facts import ColumnFacts, TableFacts

CHANCE = 20
"""Repeated values expected by chance, above which their absence means that the column is a key."""

FEWEST_ROWS = 100
"""Rows below which a name is not enough to call a column a key."""

_KEY_NAME = re.compile(r"(?i:(?:^|_)(?:id|uuid|guid|key|sku)$)|[a-z]I[dD]$")
_TIME_NAME = re.compile(
    r"^(?:timestamp|time|date|datetime|ts|day)$|^(?:event|created|order|occurred|happened)_?(?:at|on|time|date)",
    re.IGNORECASE,
)
_WILD = re.compile(r"[*?\[\]]")
_SUFFIXES = re.compile(r"\.(?:parquet|pq|csv|tsv|txt|jsonl|ndjson|json)(?:\.(?:gz|bz2|xz))?$", re.IGNORECASE)


def dataset_name(reference: str, taken: Collection[str]) -> str:
    """Return a name for the dataset of a reference: that of its file, or of the folder of a pattern.

    >>> dataset_name("data/yellow_2019-01.csv", ()), dataset_name("exports/orders/*.parquet", ("orders",))
    ('yellow_2019-01', 'orders-2')
    """
    parts = [part for part in re.split(r"[/\\]", reference) if part not in {"", ".", ".."}]
    stem = _SUFFIXES.sub("", parts[-1]) if parts else ""
    if _WILD.search(stem):
        plain = [part for part in (_WILD.sub("", stem), *reversed(parts[:-1])) if not _WILD.search(part)]
        stem = next((part for part in plain if re.search(r"[A-Za-z]", part)), "")
    name = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:50].strip("-_") or "data"
    name = name if name[0].isalpha() else f"data-{name}"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def key_of(facts: TableFacts) -> str | None:
    """Return the column that identifies a row: no value is missing or repeated, and not by chance.

    Whole numbers and text that would repeat by chance, were they drawn at random, come first; then the
    first column with the name of a key.
    """
    unique = [one for one in facts.columns if is_unique(one)]
    for one in unique:
        if one.wording is not None and one.wording.value == "uuid":
            return one.column.name
        if one.rows * (one.rows - 1) / (2 * _space(one)) >= CHANCE:
            return one.column.name
    named = (one for one in unique if has_key_name(one) and one.rows >= FEWEST_ROWS)
    return next((one.column.name for one in named), None)


def is_unique(one: ColumnFacts) -> bool:
    """Say whether every row has a value of its own in a column that can be a key."""
    return one.column.kind in {"int", "string"} and one.rows == one.present == one.distinct > 1


def has_key_name(one: ColumnFacts) -> bool:
    """Say whether a column is called like a key."""
    return _KEY_NAME.search(one.column.name) is not None


def time_of(facts: TableFacts) -> tuple[str, str] | None:
    """Return the column that says when a row happened, and why it is taken for that."""
    times = [one for one in facts.columns if one.column.kind in {"date", "timestamp"} and one.present]
    if not times:
        return None
    if len(times) == 1:
        return times[0].column.name, "the only time"
    named = (one for one in times if _TIME_NAME.search(one.column.name))
    if (first := next(named, None)) is not None:
        return first.column.name, f"by its name, the first of {len(times)} times"
    full = next((one for one in times if one.nulls == 0), times[0])
    return full.column.name, f"the first of {len(times)} times: check"


def _space(one: ColumnFacts) -> float:
    """Return from how many values those of a column seem to be drawn."""
    if one.column.kind == "int" and one.spread is not None:
        return max(1.0, one.spread.most - one.spread.least + 1)
    return one.wording.space if one.wording is not None and one.wording.broken == 0 else float("inf")

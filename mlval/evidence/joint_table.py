"""Sampled rows of two datasets as one table of codes, without the columns that say nothing of a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mlval.domain.asks import Kind
from mlval.domain.errors import Unmeasurable
from mlval.domain.sampled import SampledRows
from mlval.domain.text import shown
from mlval.stats._trees import Codes
from mlval.stats.arrays import FloatArray
from mlval.stats.domain_classifier import Sample
from mlval.stats.folds import folds_by_hash
from mlval.stats.joint_codes import Marks, codes_of_levels, codes_of_numbers

MANY, ALIKE = 100, 0.9
"""Text is an identifier where more than so many values, and more than so large a share of them, differ."""

_CLASSES: dict[str, str] = {
    **dict.fromkeys(("int", "float", "bool"), "number"),
    **dict.fromkeys(("date", "timestamp"), "time"),
    "string": "level",
}


class Pair(NamedTuple):
    """Rows of the reference, and of the data that may have changed."""

    reference: SampledRows
    current: SampledRows


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of both sides as codes.

    Attributes
    ----------
    sides : reference and current, codes of shape (rows, columns), with the fold of each row
    columns : by name, whether codes rise with values, which they do for numbers
    left_out, broken : columns that say nothing or cannot be compared, and why
    """

    sides: tuple[Sample, Sample]
    columns: Mapping[str, bool]
    left_out: Mapping[str, str]
    broken: Mapping[str, Unmeasurable]


def table_of(pair: Pair, kinds: Mapping[str, tuple[Kind, Kind]], *, named: bool) -> Table:
    """Put the columns of both sides into codes; `named` says that they were asked for by name.

    Identifiers are left out: text that hardly repeats itself, and whole numbers that never do. Where they
    were asked for by name, such text is an error, and such numbers are numbers.
    """
    left_out: dict[str, str] = {}
    broken: dict[str, Unmeasurable] = {}
    coded: dict[str, tuple[Codes, Codes, bool]] = {}
    for name, both in kinds.items():
        reason = _identifies(pair, name, both)
        if reason is not None and not (named and "string" not in both):
            if named:
                broken[name] = Unmeasurable(
                    f"{shown(name)!r} cannot be compared: {reason}", remedy="leave the column out"
                )
            else:
                left_out[name] = reason
            continue
        try:
            coded[name] = _coded(pair, name, both)
        except Unmeasurable as error:
            broken[name] = error
    sides = []
    for side, rows in enumerate(pair):
        found = [both[side] for both in coded.values()]
        codes = np.column_stack(found) if found else np.empty((rows.hashes.size, 0), np.uint8)
        sides.append(Sample(codes, folds_by_hash(rows.hashes)))
    columns = {name: ordered for name, (_, _, ordered) in coded.items()}
    return Table((sides[0], sides[1]), columns, left_out, broken)


def _identifies(pair: Pair, name: str, kinds: tuple[Kind, Kind]) -> str | None:
    """Return why the values of a column are those of an identifier, or None."""
    if set(kinds) <= {"int", "float"}:
        if all(_is_numbered(rows, name) for rows in pair):
            return "whole numbers that never repeat, as an identifier"
    elif "string" in kinds:
        for rows, kind in zip(pair, kinds, strict=True):
            present = _present(rows, name)
            different = present - _repeats(rows, name)
            if kind == "string" and different > MANY and different > ALIKE * present:
                return "text that hardly repeats itself, as an identifier"
    return None


def _coded(pair: Pair, name: str, kinds: tuple[Kind, Kind]) -> tuple[Codes, Codes, bool]:
    there = [_present(rows, name) > 0 for rows in pair]
    if not any(there):
        message = f"{shown(name)!r} has no values on either side"
        raise Unmeasurable(message)
    classes = {_CLASSES[kind] for kind, some in zip(kinds, there, strict=True) if some}
    if len(classes) > 1:
        message = f"{shown(name)!r} held {kinds[0]} values and now holds {kinds[1]} values"
        raise Unmeasurable(message)
    if "level" in classes:
        before, after = (rows.marks.get(name, _no_marks(rows.hashes.size)) for rows in pair)
        return (*codes_of_levels(before, after), False)
    numbers: list[FloatArray] = [rows.numbers.get(name, np.full(rows.hashes.size, np.nan)) for rows in pair]
    return (*codes_of_numbers(numbers[0], numbers[1]), True)


def _no_marks(rows: int) -> Marks:
    return np.ma.array(np.zeros(rows, np.uint64), mask=True)


def _is_numbered(rows: SampledRows, name: str) -> bool:
    """Say whether values are whole numbers that never repeat; floats hold such where some row has none."""
    if _present(rows, name) <= MANY:
        return False
    if name in rows.marks:
        return _repeats(rows, name) == 0
    values = rows.numbers[name]
    values = values[~np.isnan(values)]
    return bool(np.all(values == np.trunc(values))) and np.unique(values).size == values.size


def _present(rows: SampledRows, name: str) -> int:
    if name in rows.marks:
        return int(rows.marks[name].count())
    return int(np.count_nonzero(~np.isnan(rows.numbers[name])))


def _repeats(rows: SampledRows, name: str) -> int:
    values = rows.marks[name].compressed()
    return int(values.size - np.unique(values).size)

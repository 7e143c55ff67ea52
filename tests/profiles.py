"""Profiles made by hand, and any profile that could be written."""

import hashlib
import json
from typing import Any

from hypothesis import strategies as st

from mlval.domain.asks import Kind
from mlval.domain.level_folding import kept_as
from mlval.domain.profile import ColumnProfile, LevelTable, Numbers, Origin, Other, Profile, Settings
from mlval.domain.profile_text import render

FINITE = st.floats(allow_nan=False, allow_infinity=False, width=64).map(lambda number: number + 0.0)
KINDS: tuple[Kind, ...] = ("float", "string", "timestamp", "other")
COUNT = st.integers(0, 10**6)


def profile(
    *columns: ColumnProfile, rows: int = 100, where: str | None = None, hashed: bool = False
) -> Profile:
    """Return a profile of these columns."""
    return Profile(
        tool="0.0.1",
        dataset=Origin(name="train", rows=rows, sha256="0" * 64),
        settings=Settings(bins=100, rare=5, hashed=hashed),
        where=where,
        columns=columns,
    )


def plan(rows: int = 100, **counts: int) -> ColumnProfile:
    """Return a column `plan` of these levels; what is left of the rows has other levels."""
    rest = rows - sum(counts.values())
    top = tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
    table = LevelTable(top=top, other=Other(levels=1 if rest else 0, rows=rest))
    distinct = len(counts) + bool(rest)
    return ColumnProfile(
        name="plan", kind="string", stored="VARCHAR", nulls=0, distinct=distinct, levels=table
    )


def written(**changes: Any) -> bytes:  # noqa: ANN401 - a JSON value
    """Return the text of a profile with some keys changed, and a digest that fits."""
    whole = json.loads(render(profile(plan(free=60, pro=40)))) | changes
    return sealed({key: value for key, value in whole.items() if value is not None})


def sealed(whole: dict[str, Any]) -> bytes:
    """Return a document with the digest that its other keys have."""
    rest = {key: value for key, value in whole.items() if key != "digest"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return json.dumps({**rest, "digest": hashlib.sha256(canonical.encode()).hexdigest()}).encode()


@st.composite
def numbers(draw: st.DrawFn, *, total: int) -> Numbers:
    """Return numbers with `total` rows that hold a value."""
    chosen = sorted(draw(st.sets(FINITE, max_size=8)))
    if draw(st.booleans()):
        parts: dict[str, Any] = {"values": tuple(chosen)}
    else:
        cut = draw(st.integers(0, len(chosen)))
        parts = {"edges": tuple(chosen[:cut]), "atoms": tuple(chosen[cut:])}
    bounds = Numbers.model_construct(**parts).bounds
    cuts = sorted(draw(st.lists(st.integers(0, total), min_size=len(bounds), max_size=len(bounds))))
    counts = tuple(high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True))
    low, high = sorted((draw(FINITE), draw(FINITE)))
    quantiles = tuple((share, draw(FINITE)) for share in sorted(draw(st.sets(st.floats(0, 1), max_size=3))))
    optional = st.none() | FINITE
    return Numbers(
        **parts,
        counts=counts,
        mean=draw(optional),
        sum=draw(optional),
        std=draw(st.none() | FINITE.map(abs)),
        min=low,
        max=high,
        quantiles=quantiles,
    )


@st.composite
def level_tables(draw: st.DrawFn, *, total: int) -> LevelTable:
    """Return levels with `total` rows that hold one."""
    counts: dict[str, int] = {}
    for level in draw(st.sets(st.text(max_size=80), max_size=5)):
        left = total - sum(counts.values())
        if left > 0:
            counts[kept_as(level, hashed=False)] = draw(st.integers(1, left))
    rest = total - sum(counts.values())
    other = Other(levels=draw(st.integers(1, rest)) if rest else 0, rows=rest)
    return LevelTable(top=tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))), other=other)


@st.composite
def columns(draw: st.DrawFn, *, name: str, rows: int) -> ColumnProfile:
    """Return a column of a profile with so many rows."""
    nulls = draw(st.integers(0, rows))
    nans = draw(st.integers(0, rows - nulls))
    low = draw(st.integers(0, rows - nulls - nans))
    present = rows - nulls
    kind: Kind = draw(st.sampled_from(KINDS))
    return ColumnProfile(
        name=name,
        kind=kind,
        stored=draw(st.text(max_size=20)),
        nulls=nulls,
        nans=nans,
        infinite=(low, 0),
        distinct=draw(st.integers(min(1, present), present)),
        numbers=draw(numbers(total=present - nans)) if kind in {"float", "timestamp"} else None,
        levels=draw(level_tables(total=present)) if kind == "string" else None,
        withheld=draw(st.sampled_from((None, "key", "sensitive"))) if kind == "other" else None,
    )


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """Return any profile."""
    rows = draw(COUNT)
    names = draw(st.lists(st.text(min_size=1, max_size=20), max_size=4, unique=True))
    return profile(
        *(draw(columns(name=name, rows=rows)) for name in names),
        rows=rows,
        where=draw(st.none() | st.text()),
        hashed=draw(st.booleans()),
    )


def inside(bounds: tuple[float, ...], value: float) -> int:
    """Return the bin in which a value falls."""
    return next((place for place, bound in enumerate(bounds) if value <= bound), len(bounds))

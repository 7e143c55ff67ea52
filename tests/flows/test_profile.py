"""A dataset described: what the description tells, and what it hides."""

import math
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from mlval.domain.asks import Aggregate, Ask, Bins, Count, Distinct, Levels, Rows, Shape
from mlval.domain.errors import SourceBroken, SourceUnavailable, UsageError
from mlval.domain.inputs import Inputs
from mlval.domain.level_folding import HASHED, alike
from mlval.domain.predicate import Above, Below, IsInfinite, IsNaN, IsNull, NotNull
from mlval.domain.profile import ColumnProfile, Profile
from mlval.domain.profile_text import parse, render
from mlval.domain.source import TableFiles
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine
from mlval.measure.profiled import answer
from tests.flows.conftest import Columns, Describe, mixed, write

ROWS = Rows("data")


def shuffled(columns: Columns, seed: int = 5) -> dict[str, Any]:
    order = np.random.default_rng(seed).permutation(len(next(iter(columns.values()))))
    return {name: values[order] for name, values in columns.items()}


def column(found: Profile, name: str) -> ColumnProfile:
    one = found.column(name)
    assert one is not None
    return one


def test_the_order_of_rows_and_threads_change_nothing_but_the_digest_of_the_file(describe: Describe) -> None:
    first = describe(mixed(20_000))
    again = describe(shuffled(mixed(20_000)), threads=4)
    assert render(again.model_copy(update={"dataset": first.dataset})) == render(first)


def test_beyond_a_sample_the_order_of_rows_changes_nothing_either(describe: Describe) -> None:
    rng = np.random.default_rng(1)
    columns = {"x": rng.normal(size=120_000), "y": np.round(rng.exponential(30, 120_000), 1)}
    first, again = describe(columns), describe(shuffled(columns), threads=2)
    assert again.columns == first.columns


def test_the_same_file_gives_the_same_bytes(describe: Describe) -> None:
    assert render(describe(mixed())) == render(describe({}, threads=3))


def test_what_is_described_is_read_back(describe: Describe) -> None:
    found = describe(mixed())
    assert parse(render(found).encode(), name="p") == found


@pytest.fixture
def engine(workspace: Path, tmp_path: Path) -> Engine:
    """Return an engine over the rows that are described."""
    write(workspace / "data.parquet", mixed())
    opened = Engine(Resources(tmp_path, threads=1), Inputs())
    opened.open("data", TableFiles((str(workspace / "data.parquet"),), "parquet"))
    return opened


def asks(found: Profile) -> list[Ask[Any]]:
    """Return what a profile can be asked."""
    questions: list[Ask[Any]] = [Shape("data"), Count(ROWS)]
    for one in found.columns:
        name = one.name
        questions += [Count(ROWS, (IsNull(name),)), Count(ROWS, (NotNull((name,)),)), Distinct(ROWS, (name,))]
        if one.kind == "float":
            questions += [Count(ROWS, (IsNaN(name),)), Count(ROWS, (IsInfinite(name),))]
        if one.numbers is None:
            continue
        questions.append(Bins(ROWS, name, one.numbers.bounds))
        if one.kind in {"int", "float"}:
            edges = one.numbers.edges[::7] + one.numbers.values[::7]
            questions += [Count(ROWS, (NotNull((name,)), Above(name, edge))) for edge in edges]
            questions += [Count(ROWS, (Below(name, edge, or_equal=True),)) for edge in edges]
            questions += [Aggregate(ROWS, function, name) for function in ("mean", "std", "sum")]
        questions += [Aggregate(ROWS, function, name) for function in ("min", "max")]
        questions += [Aggregate(ROWS, "quantile", name, at=share) for share, _ in one.numbers.quantiles]
    return questions


def test_answers_are_those_of_the_rows(describe: Describe, engine: Engine) -> None:
    found = describe(mixed())
    questions = asks(found)
    rows = engine.answer(questions)
    assert len(questions) > 150
    for question in questions:
        told = answer(found, question)
        if isinstance(told, float):
            assert told == pytest.approx(rows[question], rel=1e-8, nan_ok=True), question
        else:
            assert told == rows[question], question


def test_levels_are_those_of_the_rows(describe: Describe, engine: Engine) -> None:
    found = describe(mixed())
    for name in ("plan", "city", "flag", "kids", "age"):
        ask = Levels(ROWS, name)
        before, after = alike(answer(found, ask), engine.answer((ask,))[ask])
        assert before == after


def test_counts_are_those_of_plain_python(describe: Describe) -> None:
    columns = mixed()
    city = column(describe(columns), "city")
    counts = Counter(columns["city"])
    assert city.levels is not None
    assert dict(city.levels.top) == {level: count for level, count in counts.items() if count >= 5}
    assert city.levels.other.levels == sum(count < 5 for count in counts.values())
    assert city.distinct == len(counts)


def test_rare_levels_are_not_told(describe: Describe) -> None:
    names = np.array(["common"] * 96 + ["Ada Lovelace"] * 4, dtype=object)
    text = render(describe({"name": names}))
    assert "common" in text
    assert "Ada" not in text


def test_rare_numbers_are_not_told(describe: Describe) -> None:
    found = describe({"x": np.array([1.0] * 500 + [2.0] * 496 + [1234.5678] * 4)})
    told = column(found, "x").numbers
    assert told is not None
    assert told.values == (1.0, 2.0)
    assert told.counts == (0, 500, 496, 4)
    assert "1234.5678" not in render(found).replace('"max": 1234.5678', "")


def test_extremes_need_fifty_values(describe: Describe) -> None:
    few = column(describe({"x": np.arange(49) + 0.123456}), "x").numbers
    many = column(describe({"x": np.arange(50) + 0.123456}), "x").numbers
    assert few is not None
    assert (few.min, few.max, few.quantiles) == (None, None, ())
    assert few.mean is not None
    assert many is not None
    assert (many.min, many.max) == (0.123456, 49.123456)


def test_few_values_tell_nothing_of_themselves(describe: Describe) -> None:
    told = column(describe({"x": np.array([1234.5, 2345.6, 3456.7, 4567.8])}), "x")
    assert told.numbers is not None
    assert told.numbers.model_dump(exclude_defaults=True) == {"counts": (4,)}
    assert told.levels is not None
    assert told.levels.top == ()


def test_edges_are_rounded(describe: Describe) -> None:
    told = column(describe(mixed()), "amount").numbers
    assert told is not None
    assert all(edge == float(f"{edge:.4g}") for edge in told.edges)
    assert 90 < len(told.edges) < 101


def test_edges_of_small_data_hold_several_rows_each(describe: Describe) -> None:
    told = column(describe({"x": np.random.default_rng(1).normal(size=100)}), "x").numbers
    assert told is not None
    assert len(told.edges) < 20
    assert min(told.counts) > 1


def test_an_atom_keeps_a_bin_of_its_own(describe: Describe) -> None:
    rng = np.random.default_rng(1)
    values = np.where(rng.random(5_000) < 0.3, 12.345678, rng.normal(12, 3, 5_000))
    told = column(describe({"x": values}), "x").numbers
    assert told is not None
    assert told.atoms == (12.345678,)
    place = told.bounds.index(12.345678)
    assert told.bounds[place - 1] == math.nextafter(12.345678, 0)
    assert told.counts[place] == int(np.count_nonzero(values == 12.345678))


def test_times_are_told_apart(describe: Describe) -> None:
    told = column(describe(mixed()), "at").numbers
    assert told is not None
    assert len(told.edges) > 90


def test_levels_can_be_hidden(describe: Describe) -> None:
    found = describe(mixed(), hashed=True)
    levels = column(found, "plan").levels
    assert levels is not None
    assert all(level.startswith(HASHED) for level, _ in levels.top)
    assert "team" not in render(found)


def test_an_identifier_has_no_levels(describe: Describe) -> None:
    found = describe(mixed())
    assert column(found, "id").withheld == "identifier"
    assert "user-" not in render(found)


@pytest.mark.parametrize("role, reason", [("sensitive", "sensitive"), ("key", "key")])
def test_what_the_contract_protects_has_no_values(describe: Describe, role: str, reason: str) -> None:
    found = describe(mixed(), dataset={role: ("amount", "plan")})
    for name in ("amount", "plan"):
        told = column(found, name)
        assert (told.withheld, told.numbers, told.levels) == (reason, None, None)
    assert "team" not in render(found)


def test_a_level_of_a_megabyte_does_not_land_in_the_file(describe: Describe) -> None:
    levels = np.array(["x" * 1_000_000, "y" * 1_000_000 + "\x1b"] * 10, dtype=object)
    assert len(render(describe({"text": levels}))) < 2_000


def test_only_so_many_levels_are_told(describe: Describe) -> None:
    levels = np.array([f"l{number % 500}" for number in range(5_000)], dtype=object)
    told = column(describe({"x": levels}), "x").levels
    assert told is not None
    assert (len(told.top), told.other.levels, told.other.rows) == (200, 300, 3_000)
    assert [level for level, _ in told.top] == sorted(f"l{number}" for number in range(500))[:200]


def test_a_filter_describes_some_of_the_rows(describe: Describe) -> None:
    found = describe(mixed(), where="plan = 'pro'")
    assert found.where == "plan = 'pro'"
    assert column(found, "plan").levels == column(found, "plan").levels
    assert found.dataset.rows == int(np.count_nonzero(mixed()["plan"] == "pro"))


@pytest.mark.parametrize("where", ["nonsense", "amount >", "amount > 1e9", "amount; drop table x"])
def test_a_filter_that_is_none_or_leaves_nothing_is_a_usage_error(describe: Describe, where: str) -> None:
    with pytest.raises(UsageError):
        describe(mixed(), where=where)


def test_infinities_and_nan_are_counted_apart(describe: Describe, workspace: Path) -> None:
    rows = [f"{number}" for number in range(100)] + ["inf", "-inf", "-inf", "nan", "nan"]
    listed = ", ".join(f"('{value}'::DOUBLE)" for value in rows)
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {listed}) AS t(x)) TO '{workspace}/data.parquet'")
    told = column(describe({}), "x")
    assert (told.infinite, told.nans, told.nulls, told.distinct) == ((2, 1), 2, 0, 103)
    assert told.numbers is not None
    assert (told.numbers.min, told.numbers.max, told.numbers.mean) == (0.0, 99.0, 49.5)


def test_data_that_is_not_there_is_said_so(describe: Describe, workspace: Path) -> None:
    with pytest.raises(SourceUnavailable, match="does not exist"):
        describe({})
    (workspace / "data.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(SourceBroken):
        describe({})

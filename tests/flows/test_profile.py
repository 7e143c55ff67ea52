"""A dataset described, and the description in its place: what it tells, what it hides, what it decides."""

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
import pytest

from mlval.domain.asks import Aggregate, Ask, Bins, Count, Distinct, Levels, Rows, Shape
from mlval.domain.contract import Contract
from mlval.domain.errors import SourceBroken, SourceUnavailable, UsageError
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.level_folding import HASHED, alike
from mlval.domain.outcome import Outcome
from mlval.domain.predicate import Above, Below, IsInfinite, IsNaN, IsNull, NotNull
from mlval.domain.profile import ColumnProfile, Profile, Settings
from mlval.domain.profile_text import parse, render
from mlval.domain.source import TableFiles
from mlval.flows.profile import profile
from mlval.flows.request import Bindings, Request
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine
from mlval.measure.profiled import answer
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.flows.conftest import NOW, Gate

Columns = Mapping[str, Any]
ROWS = Rows("data")
MIXED = 3_000


class Describe(Protocol):
    """Writes columns to a file and describes them."""

    def __call__(
        self,
        columns: Columns,
        *,
        threads: int = ...,
        where: str | None = ...,
        dataset: Mapping[str, object] | None = ...,
        hashed: bool = ...,
    ) -> Profile:
        """Without columns, the file that is there is described."""


def write(path: Path, columns: Columns) -> None:
    """Write columns as Parquet in small row groups; None is null."""
    engine = duckdb.connect(config={"threads": 1})
    engine.register("given", {name: np.asarray(values) for name, values in columns.items()})
    engine.execute(f"COPY (SELECT * FROM given) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")


@pytest.fixture
def describe(workspace: Path, tmp_path: Path) -> Describe:
    """Return a function that writes a file and describes it."""

    def described(
        columns: Columns,
        *,
        threads: int = 1,
        where: str | None = None,
        dataset: Mapping[str, object] | None = None,
        hashed: bool = False,
    ) -> Profile:
        if columns:
            write(workspace / "data.parquet", columns)
        declared = Dataset.model_validate({"path": "data.parquet", **(dataset or {})})
        request = Request(
            contract=Contract("c", "mlval.yml", "", Inputs({"data": declared}), ()),
            base=workspace,
            start=workspace,
            boundary=Boundary(workspace),
            bindings=Bindings(),
            now=NOW,
            resources=Resources(tmp_path, threads=threads),
            artifacts=Artifacts({}, tmp_path),
        )
        settings = Settings(bins=100, rare=5, hashed=hashed)
        return profile(request, "data", settings=settings, where=where, progress=Quiet())

    return described


def mixed(rows: int = MIXED, seed: int = 1, moved: float = 0.0) -> dict[str, Any]:
    """Return columns of every kind; `moved` is the share of rows that change."""
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(2 + 2 * moved, 1, rows)
    amount[:: max(2, rows // 50)] = np.nan
    return {
        "amount": rng.normal(50 + 40 * moved, 15, rows),
        "spent": np.where(rng.random(rows) < 0.8, 0.0, rng.exponential(30 + 90 * moved, rows)),
        "gaps": amount,
        "age": rng.integers(18, 90 - int(40 * moved), rows),
        "kids": rng.poisson(1 + 2 * moved, rows),
        "plan": rng.choice(
            np.array(["free", "pro", "team"], dtype=object), rows, p=[0.5 - moved, 0.3, 0.2 + moved]
        ),
        "city": np.array([f"c{level}" for level in rng.geometric(0.05 + 0.2 * moved, rows)], dtype=object),
        "flag": rng.random(rows) < 0.3 + moved,
        "at": np.datetime64("2026-01-01") + rng.integers(0, 10**6, rows).astype("timedelta64[s]"),
        "id": np.array([f"user-{number}" for number in rng.permutation(rows)], dtype=object),
    }


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


CONTRACT = """
version: 1
datasets:
  profile: {profile: train.profile.json}
  rows: {path: data.parquet}
  current: {path: current.parquet}
validations:
  - {type: drift, id: by-profile, reference: profile, current: current, COLUMNS}
  - {type: drift, id: by-rows, reference: rows, current: current, COLUMNS}
"""
COLUMNS = "columns: [amount, spent, gaps, age, kids, plan, city, flag, at]"


@pytest.mark.parametrize("moved, seed", [(0.0, 2), (0.0, 3), (0.05, 4), (0.2, 5)])
def test_drift_is_judged_as_with_the_rows(
    describe: Describe, gate: Gate, workspace: Path, moved: float, seed: int
) -> None:
    found = describe(mixed(5_000))
    write(workspace / "current.parquet", mixed(4_000, seed=seed, moved=moved))
    report = gate(CONTRACT.replace("COLUMNS", COLUMNS), {"train.profile.json": render(found)})
    results: dict[str, dict[tuple[str, str], Any]] = {"by-profile": {}, "by-rows": {}}
    for one in report.verdict.results:
        results[one.validation][one.measurement.subject, one.measurement.metric] = one
    assert results["by-profile"].keys() == results["by-rows"].keys()
    for key, by_profile in results["by-profile"].items():
        by_rows = results["by-rows"][key]
        assert by_profile.outcome == by_rows.outcome, key
        assert by_profile.outcome != Outcome.ERRORED
        # Apart by no more than the mass of a bin, or of the levels that are folded.
        assert by_profile.measurement.value == pytest.approx(by_rows.measurement.value, abs=0.025), key


def drift_of(gate: Gate, known: Profile | str, more: str = "") -> list[tuple[str, Outcome, str]]:
    contract = f"""
version: 1
datasets:
  reference: {{profile: train.profile.json}}
  current: {{path: current.parquet}}
validations:
  - {{type: drift{more}}}
"""
    text = known if isinstance(known, str) else render(known)
    results = gate(contract, {"train.profile.json": text}).verdict.results
    return [(one.measurement.subject, one.outcome, one.reason) for one in results]


def test_levels_that_moved_among_the_folded_ones_are_not_passed(
    describe: Describe, gate: Gate, workspace: Path
) -> None:
    def rows(prefix: str) -> Columns:
        return {"x": np.array([f"{prefix}{number % 1_500}" for number in range(6_000)], dtype=object)}

    found = describe(rows("old"))
    write(workspace / "current.parquet", rows("new"))
    assert [outcome for _, outcome, _ in drift_of(gate, found)] == [Outcome.INCONCLUSIVE]


def test_hidden_levels_are_compared(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed(), hashed=True)
    write(workspace / "current.parquet", mixed(seed=2))
    assert drift_of(gate, found, ", columns: [plan]") == [("plan", Outcome.PASSED, "")]
    write(workspace / "current.parquet", mixed(seed=2, moved=0.3))
    assert drift_of(gate, found, ", columns: [plan]") == [("plan", Outcome.FAILED, "")]


def test_a_protected_column_is_not_passed(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed(), dataset={"sensitive": ("plan",)})
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, found, ", columns: [plan]")
    assert outcome == Outcome.ERRORED
    assert "marked sensitive" in reason


def test_a_filter_needs_rows(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed())
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, found, ", where: age > 30")
    assert outcome == Outcome.ERRORED
    assert "a profile cannot answer that" in reason


def test_an_edited_profile_decides_nothing(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed())
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, render(found).replace('"rare": 5', '"rare": 4'))
    assert outcome == Outcome.ERRORED
    assert "was changed" in reason


def test_rules_are_judged_on_what_a_profile_tells(describe: Describe, gate: Gate) -> None:
    found = describe(mixed())
    contract = """
version: 1
datasets: {train: {profile: train.profile.json}}
validations:
  - type: data
    dataset: train
    rows: {min: 1000}
    columns:
      amount: {nulls: 0, min: -1000, type: float}
      plan: {in: [free, pro]}
      age: {regex: '[0-9]'}
"""
    results = gate(contract, {"train.profile.json": render(found)}).verdict.results
    outcomes = {(one.measurement.subject, one.measurement.metric): one.outcome for one in results}
    assert outcomes == {
        ("train", "rows"): Outcome.PASSED,
        ("train", "required"): Outcome.PASSED,
        ("amount", "type"): Outcome.PASSED,
        ("amount", "nulls"): Outcome.PASSED,
        ("amount", "min"): Outcome.PASSED,
        ("plan", "in"): Outcome.FAILED,
        ("age", "regex"): Outcome.ERRORED,
    }

"""Every method of the drift check over small tables in files, against scipy and against plain Python."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from mlval.checks.drift import Drift
from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.drift import ALIASES
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from tests.checks.world import results, told
from tests.measure.world import World, lines, writer

TABLE = Dataset(path="t.csv")
INPUTS = Inputs({"reference": TABLE, "current": TABLE})
Cell = float | str | None
METHODS = (
    *("ks", "psi", "js", "kl", "hellinger", "total_variation", "l_infinity", "wasserstein", "chi2", "g_test"),
    *("cramers_v", "cvm", "anderson_darling", "mean_shift"),
)


def opened(world: World, before: Sequence[Cell], after: Sequence[Cell], form: str = "csv") -> World:
    """Write one column x to two files."""
    for name, cells in (("reference", before), ("current", after)):
        if form == "csv":
            world.csv(
                lines("row,x", [f"{n},{'' if x is None else x}" for n, x in enumerate(cells)]), name=name
            )
        else:
            world.parquet(_query(cells), name=name)
    return world


def judged(world: World, **keys: Any) -> tuple[Result, ...]:  # noqa: ANN401 - keys of the check
    return results(
        Drift.model_validate({"type": "drift", "columns": ("x",), **keys}), INPUTS, world.engine.answer
    )


def compared(
    folder: Path,
    before: Sequence[Cell],
    after: Sequence[Cell],
    **keys: Any,  # noqa: ANN401 - keys of the check
) -> tuple[Result, ...]:
    """Judge one column x of two files."""
    return judged(opened(World(folder), before, after), **keys)


def _query(cells: Sequence[Cell]) -> str:
    kind = "VARCHAR" if any(isinstance(one, str) for one in cells) else "DOUBLE"
    writer().execute(f"CREATE OR REPLACE TABLE given (x {kind})")
    writer().executemany("INSERT INTO given VALUES (?)", [[one] for one in cells])
    return "FROM given"


def first(judged: Sequence[Result]) -> Measurement:
    return judged[0].measurement


def cells_of(before: Sequence[float], after: Sequence[float]) -> list[list[int]]:
    """Count on ten cells of equal mass of the reference, atoms alone: the definition, value by value."""
    rising, n = sorted(before), len(before)
    different = sorted(set(rising))
    few = len(different) <= 10
    atoms = [v for v in different if few or rising.count(v) * 10 > n]
    quantiles = [] if few else [rising[math.ceil(part * n / 10) - 1] for part in range(1, 10)]
    # An edge (v, 1) is just above v, and (v, 0) just below it.
    edges = sorted({(v, 1) for v in (*quantiles, *atoms)} | {(v, 0) for v in atoms})
    counts = [[0] * (len(edges) + 1) for _ in range(2)]
    for sample, counted in zip((before, after), counts, strict=True):
        for x in sample:
            counted[sum((x, 0.5) > edge for edge in edges)] += 1
    return counts


def psi(p: Sequence[int], q: Sequence[int]) -> float:
    a, b = smoothed(p, q)
    return sum((y - x) * math.log(y / x) for x, y in zip(a, b, strict=True))


def kl(p: Sequence[int], q: Sequence[int]) -> float:
    a, b = smoothed(p, q)
    return sum(y * math.log(y / x) for x, y in zip(a, b, strict=True))


def smoothed(p: Sequence[int], q: Sequence[int]) -> tuple[list[float], list[float]]:
    kept = [(x + 0.5, y + 0.5) for x, y in zip(p, q, strict=True) if x or y]
    n, m = (sum(one[side] for one in kept) for side in (0, 1))
    return [x / n for x, _ in kept], [y / m for _, y in kept]


def shares(p: Sequence[int], q: Sequence[int]) -> list[tuple[float, float]]:
    return [(x / sum(p), y / sum(q)) for x, y in zip(p, q, strict=True) if x or y]


def js(p: Sequence[int], q: Sequence[int]) -> float:
    def part(x: float, y: float) -> float:
        return x * math.log2(2 * x / (x + y)) if x else 0.0

    return math.sqrt(max(0.0, sum(part(x, y) + part(y, x) for x, y in shares(p, q)) / 2))


def hellinger(p: Sequence[int], q: Sequence[int]) -> float:
    return math.sqrt(sum((math.sqrt(x) - math.sqrt(y)) ** 2 for x, y in shares(p, q)) / 2)


def cramers_v(p: Sequence[int], q: Sequence[int]) -> float:
    table = np.array([(x, y) for x, y in zip(p, q, strict=True) if x or y])
    n, k = table.sum(), len(table)
    if k < 2:
        return 0.0
    phi = max(0.0, stats.chi2_contingency(table, correction=False).statistic / n - (k - 1) / (n - 1))
    largest = min(k - (k - 1) ** 2 / (n - 1) - 1, 1 - 1 / (n - 1))
    return min(1.0, math.sqrt(phi / largest)) if largest > 0 else 0.0


DISTANCES: dict[str, Callable[[Sequence[int], Sequence[int]], float]] = {
    "psi": psi,
    "kl": kl,
    "js": js,
    "hellinger": hellinger,
    "cramers_v": cramers_v,
    "total_variation": lambda p, q: sum(abs(x - y) for x, y in shares(p, q)) / 2,
    "l_infinity": lambda p, q: max(abs(x - y) for x, y in shares(p, q)),
}
NUMBER = st.integers(-40, 40).map(lambda n: n / 4)
SAMPLE = st.lists(NUMBER, min_size=8, max_size=60)
LEVELS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=4, max_size=80)
FOLDER = pytest.TempPathFactory


@pytest.mark.parametrize("form", ["csv", "parquet"])
@given(before=SAMPLE, after=SAMPLE)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_distances_of_numbers_are_those_of_ten_cells(
    tmp_path_factory: FOLDER, form: str, before: list[float], after: list[float]
) -> None:
    before = [*before, 0.125]
    world = opened(World(tmp_path_factory.mktemp("t")), before, after, form)
    for method, formula in DISTANCES.items():
        found = first(judged(world, method=method, threshold=0.5))
        assert found.value == pytest.approx(formula(*cells_of(before, after)), abs=1e-8), method
        assert isinstance(found.limit, Bound)
        assert 0 <= float(str(found.details["false_alarm_rate"])) <= 1


@given(before=LEVELS, after=LEVELS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_distances_of_levels_take_nulls_and_unseen_levels_for_levels(
    tmp_path_factory: FOLDER, before: list[Cell], after: list[Cell]
) -> None:
    before = [*before, "a"]
    world = opened(World(tmp_path_factory.mktemp("t")), before, after)
    known = sorted({*before, *after}, key=str)
    counts = [[sample.count(level) for level in known] for sample in (before, after)]
    for method, formula in DISTANCES.items():
        found = first(judged(world, method=method))
        assert found.value == pytest.approx(formula(*counts), abs=1e-8), method
        assert isinstance(found.limit, TwoKeys)


@pytest.mark.parametrize("form", ["csv", "parquet"])
@given(before=SAMPLE, after=SAMPLE)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_statistics_of_numbers_are_those_of_scipy(
    tmp_path_factory: FOLDER, form: str, before: list[float], after: list[float]
) -> None:
    before, after = [*before, 0.125, 3.0], [*after, 0.125]
    world = opened(World(tmp_path_factory.mktemp("t")), before, after, form)
    rising = sorted(before)
    quartiles = [rising[math.ceil(part * len(rising) / 4) - 1] for part in (1, 3)]
    deviation = float(np.std(before, ddof=1))
    scale = (quartiles[1] - quartiles[0]) / 1.349 or deviation or 1.0
    distance = first(judged(world, method="wasserstein")).value
    assert distance == pytest.approx(stats.wasserstein_distance(before, after) / scale, abs=1e-8)
    for method in ("ks", "auto"):
        value = first(judged(world, method=method)).value
        assert value == pytest.approx(stats.ks_2samp(before, after).statistic, abs=1e-9), method
    mean = first(judged(world, method="mean_shift"))
    assert mean.value == pytest.approx((np.mean(after) - np.mean(before)) / deviation, abs=1e-8)
    theirs = stats.ttest_ind(after, before, equal_var=False)
    assert mean.details["uncorrected_p_value"] == pytest.approx(theirs.pvalue, rel=1e-6)


def test_tests_of_ranks_are_those_of_scipy(tmp_path: Path) -> None:
    draw = np.random.default_rng(7)
    before, after = draw.normal(size=90).round(6).tolist(), draw.normal(0.5, 1, size=70).round(6).tolist()
    world = opened(World(tmp_path), before, after)
    cvm = first(judged(world, method="cvm"))
    theirs = stats.cramervonmises_2samp(before, after, method="asymptotic")
    assert cvm.value == pytest.approx(theirs.statistic, rel=1e-8)
    assert cvm.p_value == pytest.approx(theirs.pvalue, rel=1e-6)
    anderson = first(judged(world, method="anderson"))
    assert anderson.p_value == pytest.approx(
        stats.anderson_ksamp([np.array(before), np.array(after)], variant="midrank").pvalue, rel=1e-2
    )


def test_tests_of_levels_are_those_of_scipy(tmp_path: Path) -> None:
    before, after = ["a"] * 50 + ["b"] * 30 + ["c"] * 20, ["a"] * 30 + ["b"] * 50 + ["c"] * 20
    table = [[50, 30, 20], [30, 50, 20]]
    world = opened(World(tmp_path), before, after)
    for method, kind in (("chisquare", "pearson"), ("g_test", "log-likelihood")):
        found = first(judged(world, method=method))
        theirs = stats.chi2_contingency(np.array(table), correction=False, lambda_=kind)  # type: ignore[call-overload] # one of its names
        assert found.value == pytest.approx(theirs.statistic, rel=1e-8)
        assert found.p_value == pytest.approx(theirs.pvalue, rel=1e-6)


MANY = [float(n) + 0.5 for n in range(400)]
SHIFTS = (0, 60, 150)


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: FOLDER) -> dict[int, World]:
    """Return worlds in which the same numbers moved by so much."""
    return {
        by: opened(World(tmp_path_factory.mktemp("t")), MANY * 5, [x + by for x in MANY] * 5) for by in SHIFTS
    }


@pytest.mark.parametrize("method", METHODS)
def test_what_holds_for_every_method(shifted: dict[int, World], method: str) -> None:
    found = {by: judged(world, method=method)[0] for by, world in shifted.items()}
    values = [one.measurement.value or 0.0 for one in found.values()]
    assert values[0] == pytest.approx(0, abs=1e-9)
    assert values[0] < values[1] < values[2]
    outcomes = [one.outcome for one in found.values()]
    assert outcomes == [Outcome.PASSED, Outcome.FAILED, Outcome.FAILED]
    plain = {by: judged(world, method=method, threshold=0.05)[0] for by, world in shifted.items()}
    assert [plain[by].outcome for by in (0, 150)] == [Outcome.PASSED, Outcome.FAILED]


def test_the_order_and_the_scale_of_the_values(tmp_path: Path) -> None:
    before, after = [(n * 37 % 101) / 7 for n in range(300)], [(n * 53 % 97) / 5 for n in range(200)]
    worlds = []
    for number, (old, new) in enumerate(
        (
            (before, after),
            (sorted(before), after[::-1]),
            ([math.exp(x) for x in before], [math.exp(x) for x in after]),
        )
    ):
        (folder := tmp_path / str(number)).mkdir()
        worlds.append(opened(World(folder), old, new))
    for method in METHODS:
        plain, shuffled, stretched = (judged(world, method=method) for world in worlds)
        assert plain == shuffled
        if method not in {"wasserstein", "mean_shift"}:
            assert plain == stretched, method


def test_levels_exchanged_are_as_far_apart(tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    before, after = ["a"] * 60 + ["b"] * 40, ["a"] * 30 + ["b"] * 30 + ["c"] * 20
    there, back = opened(World(tmp_path), before, after), opened(World(tmp_path / "back"), after, before)
    for method in ("js", "hellinger", "total_variation", "l_infinity", "cramers_v", "g_test", "psi"):
        values = [first(judged(world, method=method)).value for world in (there, back)]
        assert values[0] == pytest.approx(values[1], abs=1e-9)


def test_the_short_policy_form_works_as_it_stands(shifted: dict[int, World]) -> None:
    (found,) = judged(shifted[150], method="ks_test", threshold=0.05)
    assert (found.outcome, found.measurement.limit) == (Outcome.FAILED, TwoKeys(0.08, 0.05, "medium"))
    assert found.measurement.details["threshold"] == "significance"
    (found,) = judged(shifted[150], method="psi", threshold=0.2)
    assert (found.outcome, found.measurement.limit) == (Outcome.FAILED, Bound(max=0.2))
    assert found.measurement.details["false_alarm_rate"] == pytest.approx(0, abs=1e-9)


def test_a_value_at_its_threshold_passes_and_is_no_false_alarm(tmp_path: Path) -> None:
    before, after = [1.0, 2.0, 3.5, 4.0, 5.0] * 2, [1.0, 2.0, 3.5, 4.0, 9.0] * 2
    (found,) = compared(tmp_path, before, after, method="ks", threshold=0.2)
    assert (found.measurement.value, found.outcome) == (0.2, Outcome.PASSED)
    below = compared(tmp_path, before, after, method="ks", threshold=0.19)[0]
    assert below.outcome == Outcome.FAILED
    rates = [float(str(one.measurement.details["false_alarm_rate"])) for one in (found, below)]
    assert 0 < rates[0] < rates[1] < 1


def test_few_rows_alarm_often_and_many_do_not(tmp_path: Path) -> None:
    rates = []
    for rows in (50, 2_000):
        sample = [float(n) for n in range(rows)]
        found = first(compared(tmp_path, sample, sample, method="psi", threshold=0.1))
        rates.append(float(str(found.details["false_alarm_rate"])))
    assert rates[0] > 0.8
    assert rates[1] < 0.01


@pytest.mark.parametrize("spelling, method", ALIASES.items())
def test_spellings_of_the_field_mean_the_same(spelling: str, method: str) -> None:
    assert Drift.model_validate({"type": "drift", "method": spelling}).method == method


@pytest.mark.parametrize(
    "before, after",
    [([5.0] * 50, [5.0] * 50), ([5.5] * 50, [7.5] * 50), ([1.5], [2.5]), (MANY, [2.5]), ([1.5], MANY)],
    ids=["constant", "another constant", "one row each", "one row now", "one row before"],
)
def test_nothing_crashes_and_too_little_never_passes(
    tmp_path: Path, before: list[Cell], after: list[Cell]
) -> None:
    world = opened(World(tmp_path), before, after)
    for method in METHODS:
        found = judged(world, method=method)
        assert not any(one.outcome == Outcome.PASSED for one in found if min(len(before), len(after)) == 1)
        assert not [one.reason for one in found if "crashed" in one.reason], method


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_infinities_are_no_numbers_and_are_not_passed(tmp_path: Path, form: str) -> None:
    after: list[Cell] = [*MANY, *[math.inf] * 100, *[-math.inf] * 100]
    world = opened(World(tmp_path), [*MANY, math.nan], after, form)
    for method in ("auto", *METHODS):
        found = judged(world, method=method, threshold=0.4)
        assert ("x", "null_share", "failed") in told(found), method
        assert first(found).value == pytest.approx(0, abs=1e-9)
        assert found[0].outcome != Outcome.FAILED


def test_numbers_between_those_that_were_there_are_seen(tmp_path: Path) -> None:
    world = opened(World(tmp_path), [0.5, 1.5] * 300, [0.5, 1.0] * 300)
    assert {judged(world, method=each)[0].outcome for each in ("auto", "ks", "psi", "js")} == {Outcome.FAILED}


def test_an_atom_has_a_cell_of_its_own(tmp_path: Path) -> None:
    before = [0.0] * 300 + [x + 0.5 for x in MANY]
    after = [0.25] * 300 + [x + 0.5 for x in MANY]
    world = opened(World(tmp_path), before, after)
    for method in ("auto", "ks", "total_variation"):
        found = first(judged(world, method=method))
        assert found.value == pytest.approx(300 / 700)


def test_a_running_number_that_moved_is_refused_with_a_hint(tmp_path: Path) -> None:
    (found,) = compared(tmp_path, list(range(500)), list(range(500, 1_000)))
    assert found.outcome == Outcome.ERRORED
    assert "key:" in (found.measurement.problem.remedy if found.measurement.problem else "")
    (found,) = compared(tmp_path, list(range(500)), [x * 3 for x in range(500)])
    assert found.outcome == Outcome.FAILED


def test_text_that_differs_in_every_row_is_refused(tmp_path: Path) -> None:
    (found,) = compared(tmp_path, [f"a{n}" for n in range(99)], [f"b{n}" for n in range(99)])
    assert "as many different values as rows" in found.reason


def test_a_level_of_a_megabyte_is_compared_and_never_printed(tmp_path: Path) -> None:
    long = "s3cret" * 170_000
    (found,) = compared(tmp_path, ["a", "a", long] * 15, ["a"] * 45, method="l_infinity")
    assert found.outcome == Outcome.FAILED
    assert found.measurement.details["level"] in {"level 1", "level 2"}
    assert len(repr(found)) < 5_000
    assert "s3cret" not in repr(found)


def test_booleans_are_levels_and_times_numbers(tmp_path: Path) -> None:
    world = World(tmp_path)
    for name, days in (("reference", 0), ("current", 300)):
        world.parquet(
            f"SELECT i % 2 = 0 AS flag, DATE '2026-01-01' + (i % 400 + {days})::INT AS day,"
            f" TIMESTAMP '2026-01-01' + INTERVAL 1 MINUTE * (i + {days}) AS at FROM range(2000) AS r(i)",
            name=name,
        )

    def outcomes(**keys: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - keys of the check
        check = Drift.model_validate({"type": "drift", **keys})
        judged = results(check, INPUTS, world.engine.answer)
        return [(one.measurement.subject, one.outcome.value) for one in judged]

    assert outcomes() == [("flag", "passed")]
    assert outcomes(columns=("day", "at")) == [("day", "failed"), ("at", "failed")]
    assert outcomes(columns=("day",), method="mean_shift") == [("day", "failed")]
    assert outcomes(columns=("flag",), method="ks") == [("flag", "errored")]

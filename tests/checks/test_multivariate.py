"""The multivariate check over small files: what columns show together, what is left out, what is refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from mlval.checks.drift import Drift
from mlval.checks.multivariate import Multivariate
from mlval.domain.errors import Crashed
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.verdict import Result
from tests.checks.world import results, told
from tests.measure.world import World

Columns = Mapping[str, NDArray[Any]]
TABLE = Dataset(path="t.parquet")
INPUTS = Inputs({"reference": TABLE, "today": TABLE})
KEYED = Inputs(dict.fromkeys(("reference", "today"), Dataset(path="t", key="id", target="y", time="at")))


def opened(folder: Path, reference: Columns, current: Columns, inputs: Inputs = INPUTS) -> World:
    world = World(folder, inputs)
    for name, columns in (("reference", reference), ("today", current)):
        write(world, columns, name)
    return world


def write(world: World, columns: Columns, name: str) -> None:
    """Write arrays as a CSV, vectors apart."""
    rows = zip(*(map(text, values.tolist()) for values in columns.values()), strict=True)
    world.csv("\n".join((",".join(columns), *map(",".join, rows))) + "\n", name=name)


def text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell)  # noqa: PLR0124 - NaN is no value


def run(
    folder: Path,
    reference: Columns,
    current: Columns,
    inputs: Inputs = INPUTS,
    **keys: Any,  # noqa: ANN401 - of a contract
) -> tuple[Result, ...]:
    check = Multivariate.model_validate({"type": "multivariate", **keys})
    return results(check, inputs, opened(folder, reference, current, inputs).engine.answer)


def outcomes(found: tuple[Result, ...]) -> dict[str, str]:
    return {f"{subject} {metric}": outcome for subject, metric, outcome in told(found)}


def mixed(seed: int, rows: int) -> dict[str, NDArray[Any]]:
    """Draw columns of several kinds, some of which go together."""
    draw = np.random.default_rng(seed)
    a = draw.normal(size=rows)
    return {
        "a": a,
        "b": 0.6 * a + 0.8 * draw.normal(size=rows),
        "c": np.exp(draw.normal(size=rows)).round(2),
        "zero": np.where(draw.random(rows) < 0.6, 0.0, draw.exponential(size=rows)),
        "whole": draw.poisson(3, rows),
        "plan": draw.choice(["free", "pro", "team"], rows),
        "city": np.array([f"c{n}" for n in (draw.zipf(1.5, rows) % 300)]),
        "hole": np.where(draw.random(rows) < 0.1, np.nan, draw.normal(size=rows)),
    }


def turned(seed: int, rows: int, correlation: float) -> dict[str, NDArray[Any]]:
    """Draw two normals with a correlation, and three that have none."""
    draw = np.random.default_rng(seed)
    first, other = draw.normal(size=(2, rows))
    second = correlation * first + (1 - correlation**2) ** 0.5 * other
    return {"u": first, "v": second, **{f"w{n}": draw.normal(size=rows) for n in range(3)}}


def test_a_correlation_that_no_column_shows_is_failed(tmp_path: Path) -> None:
    world = opened(tmp_path, turned(1, 5_000, 0.6), turned(2, 5_000, -0.1))
    found = results(Multivariate.model_validate({"type": "multivariate"}), INPUTS, world.engine.answer)
    assert outcomes(found) == {"today classifier": "failed", "today correlation": "failed"}
    trees, pair = (one.measurement for one in found)
    top: Any = trees.details["top"]
    assert {name for name, _ in top[:2]} == {"u", "v"}
    assert pair.details["pair"] == ("u", "v")
    assert pair.value == pytest.approx(0.68, abs=0.05)
    quiet = results(Drift.model_validate({"type": "drift"}), INPUTS, world.engine.answer)
    assert {one.outcome.value for one in quiet} == {"passed"}


@pytest.mark.parametrize("seed", range(3))
def test_nothing_changed_is_quiet(tmp_path: Path, seed: int) -> None:
    found = outcomes(run(tmp_path, mixed(seed, 1_500), mixed(100 + seed, 1_500)))
    assert found == {"today classifier": "passed", "today correlation": "passed"}


def with_ids(seed: int, rows: int, first: int) -> dict[str, NDArray[Any]]:
    number = np.arange(rows) + first
    return {
        "id": number,
        "order": number * 7 + 1,
        "token": np.array([f"t{n:x}" for n in number * 7919]),
        "at": np.array([f"2026-01-{1 + n % 28:02}" for n in range(rows)]),
        "seen": np.array([f"2026-02-{1 + n % 28:02}" for n in range(rows)]),
        "y": number % 2,
        **turned(seed, rows, 0.3),
    }


def test_ids_dates_keys_and_target_are_left_out_and_named(tmp_path: Path) -> None:
    found = run(tmp_path, with_ids(1, 1_500, 0), with_ids(2, 1_600, 5_000), KEYED)
    assert outcomes(found) == {"today classifier": "passed", "today correlation": "passed"}
    left_out = found[0].measurement.details["left_out"]
    assert isinstance(left_out, dict)
    assert sorted(left_out) == ["at", "id", "order", "seen", "token", "y"]
    assert left_out["id"] == "a key"
    assert left_out["seen"] == "a date or time"


def test_what_is_listed_is_looked_at_or_refused(tmp_path: Path) -> None:
    columns = ("order", "token", "seen", "id", "u")
    found = run(tmp_path, with_ids(1, 800, 0), with_ids(2, 900, 5_000), KEYED, columns=columns)
    judged = outcomes(found)
    assert judged["today classifier"] == "failed"
    assert judged["token multivariate"] == judged["id multivariate"] == "errored"
    top: Any = found[0].measurement.details["top"]
    assert top[0][0] == "order"
    assert top[0][1] > 0.9


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    before, after = with_ids(1, 600, 0), with_ids(2, 600, 300)
    order = np.random.default_rng(3).permutation(600)
    found = []
    for number, kept in enumerate((np.arange(600), order)):
        (folder := tmp_path / str(number)).mkdir()
        shuffled = {name: values[kept] for name, values in after.items()}
        found.append(run(folder, before, shuffled, KEYED, rows=500))
    assert found[0] == found[1]
    assert found[0][0].measurement.n == 500
    assert found[0][0].measurement.of == 600


def test_few_rows_tell_nothing(tmp_path: Path) -> None:
    found = run(tmp_path, turned(1, 40, 0.9), turned(2, 40, -0.9))
    assert outcomes(found) == {"today classifier": "inconclusive", "today correlation": "inconclusive"}
    assert not any(one.blocks for one in found)
    blocked = run(tmp_path, turned(1, 40, 0), turned(2, 40, 0), when_inconclusive="block")
    assert all(one.blocks for one in blocked)


def test_an_auc_sets_every_size(tmp_path: Path) -> None:
    before, after = turned(1, 2_000, 0.3), turned(2, 2_000, -0.05)
    at_medium = outcomes(run(tmp_path, before, after))
    at_auc = run(tmp_path, before, after, effect=0.64)
    assert at_medium["today correlation"] == "failed"
    assert outcomes(at_auc)["today correlation"] == "passed"
    assert outcomes(run(tmp_path, before, after, effect=0.64, max_correlation_change=0.3)) == {
        "today classifier": "passed",
        "today correlation": "failed",
    }


def test_columns_that_changed_vanished_or_hold_nothing_are_errors(tmp_path: Path) -> None:
    before = {**mixed(1, 400), "gone": np.arange(400) % 7, "empty": np.full(400, None)}
    before |= {"kind": np.arange(400) % 5, "late": np.full(400, None), "plan2": np.full(400, "x")}
    after = {**mixed(2, 400), "new": np.arange(400), "empty": np.full(400, None)}
    after |= {"kind": np.array(["a", "b"] * 200), "late": np.arange(400) % 3, "plan2": np.full(400, "x")}
    found = run(tmp_path, before, after)
    judged = outcomes(found)
    broken = {name for name, outcome in judged.items() if outcome == "errored"}
    assert broken == {f"{name} multivariate" for name in ("gone", "empty", "kind")}
    assert judged["today classifier"] == "failed"
    assert found[0].measurement.details["top"][0][0] == "late"  # type: ignore[index] # pairs
    assert found[0].measurement.details["left_out"] == {"new": "not in the reference"}


@pytest.mark.parametrize(
    "keys, sentence",
    [
        ({"methods": ("embedding",)}, "needs a column with a list of numbers"),
        ({"columns": ("plan",), "methods": ("correlation",)}, "needs two columns of numbers"),
        ({"columns": ("nowhere",)}, "there is no column 'nowhere' in 'reference'"),
        ({"where": "a > 1e9"}, ""),
    ],
)
def test_nothing_to_compare_is_an_error(tmp_path: Path, keys: dict[str, Any], sentence: str) -> None:
    found = run(tmp_path, mixed(1, 300), mixed(2, 300), **keys)
    assert {one.outcome.value for one in found} == {"errored"}
    assert sentence in found[0].reason
    assert not any(isinstance(one.measurement.problem, Crashed) for one in found)


def test_extreme_numbers_and_one_row_do_not_crash(tmp_path: Path) -> None:
    wild = np.array([np.inf, -np.inf, 1e308, -1e308, 5e-324, np.nan] * 50)
    before = {"x": wild, "s": np.full(300, "a" * 1_000), "b": np.arange(300) % 2 == 0}
    assert set(outcomes(run(tmp_path, before, before)).values()) <= {"passed", "inconclusive"}
    one = {name: values[:1] for name, values in before.items()}
    assert set(outcomes(run(tmp_path, before, one)).values()) == {"inconclusive"}


@pytest.mark.parametrize(
    "keys",
    [
        {"effect": 0.5},
        {"effect": 1.0},
        {"effect": "huge"},
        {"methods": ()},
        {"methods": ("mmd",)},
        {"columns": ()},
        {"columns": ("a",), "features": ("a",)},
        {"rows": 99},
        {"threshold": 0},
        {"pairs": 0},
        {"max_correlation_change": 2.5},
    ],
)
def test_what_makes_no_sense_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Multivariate.model_validate({"type": "multivariate", **keys})


def test_one_word_is_a_list_of_one() -> None:
    check = Multivariate.model_validate({"type": "multivariate", "feature": "a", "method": "classifier"})
    assert check.columns == ("a",)
    assert check.methods == ("classifier",)


def test_pairs_are_capped_and_told(tmp_path: Path) -> None:
    found = run(tmp_path, turned(1, 300, 0.5), turned(2, 300, 0.5), methods="correlation", pairs=3)
    assert found[0].measurement.details["pairs"] == 3
    assert found[0].measurement.details["columns_not_correlated"] == 2


def test_a_profile_has_no_rows() -> None:
    inputs = Inputs({"reference": Dataset(profile="p.json"), "today": TABLE})
    check = Multivariate.model_validate({"type": "multivariate"})
    assert [path for path, _ in check.problems(inputs)] == [("reference",)]
    assert check.problems(INPUTS) == ()
    assert check.uses(INPUTS).datasets == ("reference", "today")


@pytest.mark.parametrize("keys", [{"current": "reference"}, {"reference": "nobody"}, {"current": "nobody"}])
def test_roles_that_nobody_plays_are_told_before(keys: dict[str, str]) -> None:
    assert Multivariate.model_validate({"type": "multivariate", **keys}).problems(INPUTS)


def test_numbers_of_rows_that_are_stored_as_floats_are_ids_too(tmp_path: Path) -> None:
    before, after = (
        {"number": np.arange(400) + start + 0.0, **turned(start, 400, 0.3)} for start in (0, 900)
    )
    before["number"][3] = np.nan
    found = run(tmp_path, before, after)
    assert found[0].measurement.details["left_out"] == {
        "number": "whole numbers that never repeat, as an identifier"
    }
    assert str(found[0].measurement.details["remark"]).startswith("left out: number (whole numbers")

"""Columns of vectors: a centre that moved, a cloud that changed its shape, vectors that cannot be used."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlval.checks.multivariate import Multivariate
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.verdict import Result
from tests.checks.world import results, told
from tests.measure.world import World

Matrix = NDArray[np.float64]
INPUTS = Inputs(dict.fromkeys(("reference", "today"), Dataset(path="t.parquet", key="id")))
LENGTH = 12


def cloud(seed: int, rows: int, *, shift: float = 0.0, length: int = LENGTH) -> Matrix:
    return np.random.default_rng(seed).normal(size=(rows, length)) + shift


def query(vectors: Matrix, *, kind: str = "FLOAT[]", odd: Sequence[str] = ()) -> str:
    """Return the SQL of rows with these vectors; the first are replaced by SQL of odd ones."""
    rows = ", ".join(f"({at}, {vector})" for at, vector in enumerate(vectors.round(4).tolist()))
    cases = "".join(f"WHEN {at} THEN {sql} " for at, sql in enumerate(odd))
    vector = f"CASE id {cases}WHEN -1 THEN NULL ELSE v::{kind} END"
    return f"SELECT id, {vector} AS v FROM (VALUES {rows}) AS t(id, v)"


def run(folder: Path, before: str, after: str, **keys: Any) -> tuple[Result, ...]:  # noqa: ANN401
    world = World(folder, INPUTS)
    world.parquet(before, name="reference")
    world.parquet(after, name="today")
    check = Multivariate.model_validate({"type": "multivariate", **keys})
    return results(check, INPUTS, world.engine.answer)


def outcomes(found: tuple[Result, ...]) -> dict[str, str]:
    return {metric: outcome for _, metric, outcome in told(found)}


@pytest.mark.parametrize("kind", ["FLOAT[]", "DOUBLE[]", f"FLOAT[{LENGTH}]"])
def test_a_centre_that_moved_by_half_a_spread_is_failed(tmp_path: Path, kind: str) -> None:
    found = run(tmp_path, query(cloud(1, 400), kind=kind), query(cloud(2, 300, shift=0.5), kind=kind))
    assert outcomes(found) == {"centroid_shift": "failed", "classifier": "failed"}
    centre = found[0].measurement
    assert centre.effect == pytest.approx(0.5, abs=0.06)
    assert (centre.n, centre.of, centre.details["length"]) == (300, 300, LENGTH)


def test_nothing_changed_is_quiet(tmp_path: Path) -> None:
    found = run(tmp_path, query(cloud(1, 1_500)), query(cloud(2, 1_500)))
    assert outcomes(found) == {"centroid_shift": "passed", "classifier": "passed"}


def test_a_group_that_split_in_two_keeps_its_centre(tmp_path: Path) -> None:
    split = cloud(2, 1_500) + np.where(np.arange(1_500) % 2, 1.5, -1.5)[:, None]
    found = run(tmp_path, query(cloud(1, 1_500)), query(split))
    assert outcomes(found)["classifier"] == "failed"
    assert outcomes(found)["centroid_shift"] != "failed"


def test_vectors_that_cannot_be_used_are_counted_and_judged(tmp_path: Path) -> None:
    odd = ["NULL"] * 20 + ["[1.0]"] * 20 + ["list_transform(v, lambda x: 'nan'::DOUBLE)"] * 20
    odd += ["list_transform(v, lambda x: NULL::DOUBLE)"] * 20
    found = run(tmp_path, query(cloud(1, 400)), query(cloud(2, 400), odd=odd))
    assert outcomes(found)["unusable"] == "failed"
    (unusable,) = (one.measurement for one in found if one.measurement.metric == "unusable")
    assert unusable.details["current"] == {"missing": 20, "of another length": 20, "not finite": 40}
    assert unusable.value == pytest.approx(0.2)


def test_another_length_is_an_error(tmp_path: Path) -> None:
    found = run(tmp_path, query(cloud(1, 200)), query(cloud(2, 200, length=5)))
    assert outcomes(found) == {"centroid_shift": "errored", "classifier": "errored"}
    assert found[0].reason.startswith("vectors of 12 numbers became vectors of 5")


def test_no_vectors_at_all_never_pass(tmp_path: Path) -> None:
    empty = "SELECT i AS id, NULL::FLOAT[] AS v FROM range(200) t(i)"
    found = run(tmp_path, query(cloud(1, 200)), empty)
    assert outcomes(found) == {"centroid_shift": "errored", "classifier": "errored", "unusable": "failed"}
    assert all(one.blocks for one in found)


def test_few_vectors_tell_nothing(tmp_path: Path) -> None:
    found = run(tmp_path, query(cloud(1, 200)), query(cloud(2, 10, shift=3)))
    assert outcomes(found) == {"centroid_shift": "inconclusive", "classifier": "inconclusive"}


def test_other_lists_are_left_out_and_named(tmp_path: Path) -> None:
    words = "SELECT i AS id, ['a', 'b'] AS words, i % 7 AS x, i % 5 AS z FROM range(300) t(i)"
    found = run(tmp_path, words, words)
    assert found[0].measurement.details["left_out"] == {"id": "a key", "words": "it holds VARCHAR[] values"}
    named = run(tmp_path, words, words, columns=("words",))
    assert outcomes(named) == {"multivariate": "errored"}

"""A contract suggested from half of a real month holds on the other half, however the month is cut."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
from mlval.flows.init import InitRequest, init
from mlval.flows.request import Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.taxi.conftest import NOW, month

SPLITS = int(os.environ.get("MLVAL_SPLITS", "40"))
"""Cuts of the month; MLVAL_SPLITS=100 takes a hundred."""

NUMBERS = ("trip_distance", "fare_amount", "tip_amount", "tolls_amount", "total_amount")


@dataclass(frozen=True, slots=True)
class Cut:
    """Two halves of a month as files in one folder, and a folder for the engine."""

    folder: Path
    scratch: Path


@pytest.fixture(scope="module")
def trips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return January; its lines end in two ways, which the engine alone does not read."""
    alike = tmp_path_factory.mktemp("january") / "trips.csv"
    alike.write_text(month("2019-01").read_text("utf-8"), "utf-8")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE trips AS FROM read_csv('{alike}', sample_size = -1)")
        yield connection


def cuts(trips: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Cut]:
    """Cut the month into random halves, one after the other."""
    (rows,) = trips.execute("SELECT count(*) FROM trips").fetchone() or (0,)
    for seed in range(SPLITS):
        cut = Cut(folder / f"cut{seed}", folder / f"scratch{seed}")
        cut.folder.mkdir()
        cut.scratch.mkdir()
        order = f"row_number() OVER (ORDER BY md5(rowid::VARCHAR || ':{seed}'))"
        trips.execute(
            f"CREATE OR REPLACE TEMP TABLE drawn AS SELECT *, {order} <= {rows // 2} AS first FROM trips"
        )
        for half, which in (("this", "first"), ("that", "NOT first")):
            path = cut.folder / f"{half}.parquet"
            trips.execute(
                f"COPY (SELECT * EXCLUDE first FROM drawn WHERE {which}) TO '{path}' (FORMAT parquet)"
            )
        yield cut


def judged(cut: Cut, contract: str) -> Report:
    """Judge the second half by a contract that was written for the first."""
    path = cut.folder / "mlval.yml"
    path.write_text(contract.replace("path: this.", "path: that."), encoding="utf-8")
    request = Request(
        contract=read_contract(path, "mlval.yml"),
        base=cut.folder,
        start=cut.folder,
        boundary=Boundary(cut.folder),
        now=NOW,
        resources=Resources(cut.scratch, threads=2),
        artifacts=Artifacts({}, cut.scratch),
    )
    return run(request, Quiet())


def suggested(cut: Cut, name: str = "this.parquet") -> str:
    request = InitRequest(
        files=(name,),
        folder=cut.folder,
        start=cut.folder,
        boundary=Boundary(cut.folder),
        resources=Resources(cut.scratch, threads=2),
    )
    return init(request, Quiet()).text


def observed(trips: duckdb.DuckDBPyConnection) -> str:
    """Return the contract that takes the extremes of the first half for limits."""
    ends = ", ".join(f"min({name}), max({name})" for name in NUMBERS)
    found = trips.execute(f"SELECT {ends} FROM drawn WHERE first").fetchone() or ()
    columns = [
        f"{name}: {{range: [{low}, {high}]}}"
        for name, low, high in zip(NUMBERS, found[::2], found[1::2], strict=True)
    ]
    return (
        "version: 1\ndatasets: {this: {path: this.parquet}}\n"
        f"validations:\n  - {{type: data, columns: {{{', '.join(columns)}}}}}\n"
    )


def test_suggestions_hold_on_the_other_half_and_observed_extremes_do_not(
    trips: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    passed = passed_extremes = 0
    broken: list[str] = []
    for cut in cuts(trips, tmp_path):
        report = judged(cut, suggested(cut))
        passed += report.verdict.exit_code == 0
        broken += [f"{one.measurement.subject}: {one.reason}" for one in report.verdict.results if one.blocks]
        passed_extremes += judged(cut, observed(trips)).verdict.exit_code == 0
    assert passed >= 0.95 * SPLITS, broken
    assert passed_extremes <= 0.2 * SPLITS


def test_the_contract_of_a_january_blocks_the_april_of_the_pandemic(tmp_path: Path) -> None:
    cut = Cut(tmp_path, tmp_path / "scratch")
    cut.scratch.mkdir()
    for name, key in (("this", "2020-01"), ("that", "2020-04")):
        (tmp_path / f"{name}.csv").write_text(month(key).read_text("utf-8"), "utf-8")
    report = judged(cut, suggested(cut, "this.csv"))
    failed = {
        (one.measurement.subject, one.measurement.metric) for one in report.verdict.results if one.blocks
    }
    assert {("passenger_count", "nulls"), ("payment_type", "nulls")} <= failed

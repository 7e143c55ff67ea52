"""Tables that lie elsewhere, through the whole gate: who may read what, and what a record says."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode, SourceRefused
from mlval.domain.inputs import Dataset
from mlval.domain.source import Resolved, TableFiles
from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Bindings, Buckets, Databases, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary, Found
from mlval.sources.database import Databases as RealDatabases
from mlval.sources.mlflow import Artifacts

ROWS = "id,score\n1,0.5\n2,0.6\n"
CHECKED = "validations: [{type: data, dataset: t, rows: {min: 2}, columns: {id: {min: 1}}}]\n"
SQL = "{sql: SELECT id FROM t, connection: {env: MLVAL_W}}"


class Lake:
    """A bucket whose objects are files of a folder; remembers what was asked for, and on whose word."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[tuple[str, bool]] = []

    def fetch(self, reference: str, *, trusted: bool) -> tuple[Found, ...]:
        self.asked.append((reference, trusted))
        name = reference.rpartition("/")[2]
        return (Found(self._folder / name, Path("/s3/lake") / name, reference),)


class Warehouse:
    """A database that has one answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str, dataset: Dataset) -> Resolved:
        path = self._folder / "rows"
        path.write_text('"1"\n"2"\n', encoding="utf-8")
        assert dataset.sql == "SELECT id FROM t"
        files = TableFiles((str(path),), "rows", header=("id",), types=("int64",))
        return Resolved(name, "sql", "MLVAL_W: SELECT id FROM t", lambda: "0" * 64, files)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(ROWS, encoding="utf-8")
    return folder


@pytest.fixture
def judge(tmp_path: Path, elsewhere: Path) -> Callable[..., Report]:
    def judged(
        dataset: str,
        *,
        buckets: Buckets | None = None,
        databases: Databases | None = None,
        data: Mapping[str, str] | None = None,
        trusted: bool = True,
    ) -> Report:
        workspace = tmp_path / "workspace"
        workspace.mkdir()
        shutil.copy(elsewhere / "a.csv", workspace / "local.csv")
        path = workspace / "mlval.yml"
        path.write_text(f"version: 1\ndatasets: {{t: {dataset}}}\n{CHECKED}", encoding="utf-8")
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        request = Request(
            contract=read_contract(path, "mlval.yml"),
            base=workspace,
            start=workspace,
            boundary=Boundary(workspace),
            bindings=Bindings(data or {}, trusted=trusted),
            now="2026-01-31T12:00:00+00:00",
            resources=Resources(scratch, threads=1),
            artifacts=Artifacts({}, scratch),
            buckets=buckets,
            databases=databases,
        )
        return run(request, Quiet())

    return judged


def test_an_object_is_judged(judge: Callable[..., Report], elsewhere: Path) -> None:
    lake = Lake(elsewhere)
    report = judge("{path: 's3://lake/a.csv'}", buckets=lake)
    assert report.verdict.exit_code == ExitCode.PASSED
    assert lake.asked == [("s3://lake/a.csv", False)]
    (record,) = report.inputs
    assert (record.uri, record.rows) == ("s3://lake/a.csv", 2)


def test_objects_and_files_are_one_table(judge: Callable[..., Report], elsewhere: Path) -> None:
    report = judge("{path: [local.csv, 's3://lake/a.csv', 's3://lake/b.csv']}", buckets=Lake(elsewhere))
    assert report.inputs[0].rows == 6


@pytest.mark.parametrize("trusted", [True, False])
def test_what_was_bound_is_trusted_as_the_door_says(
    judge: Callable[..., Report], elsewhere: Path, *, trusted: bool
) -> None:
    lake = Lake(elsewhere)
    judge("{from: input}", buckets=lake, data={"t": "s3://lake/a.csv"}, trusted=trusted)
    assert lake.asked == [("s3://lake/a.csv", trusted)]


def test_an_answer_is_judged(judge: Callable[..., Report], elsewhere: Path) -> None:
    report = judge(SQL, databases=Warehouse(elsewhere))
    assert report.verdict.exit_code == ExitCode.PASSED
    (record,) = report.inputs
    assert (record.kind, record.uri, record.rows) == ("dataset", "MLVAL_W: SELECT id FROM t", 2)


def test_an_answer_that_is_not_had_exits_with_4(judge: Callable[..., Report], tmp_path: Path) -> None:
    report = judge(SQL, databases=RealDatabases({}, tmp_path, ("MLVAL_W",)))
    assert report.verdict.exit_code == ExitCode.UNAVAILABLE
    (record,) = report.inputs
    assert (record.uri, record.rows) == ("MLVAL_W: SELECT id FROM t", None)


@pytest.mark.parametrize("dataset", ["{path: 's3://lake/a.csv'}", SQL])
def test_without_a_client_nothing_is_read(judge: Callable[..., Report], dataset: str) -> None:
    with pytest.raises(SourceRefused):
        judge(dataset)


def test_a_bucket_is_no_place_for_a_profile(judge: Callable[..., Report], elsewhere: Path) -> None:
    with pytest.raises(SourceRefused):
        judge("{profile: 's3://lake/a.csv'}", buckets=Lake(elsewhere))

"""What the Action may read beyond its workspace: what its inputs allow, and nothing of it is printed."""

from pathlib import Path

import pytest

from tests.test_action import Job

URL = "postgresql://gate:hunter%2F22@db.example/w?sslmode=unknown"
CONTRACT = """\
version: 1
datasets: {{t: {dataset}}}
validations: [{{type: data, dataset: t, rows: {{min: 1}}}}]
"""
SQL = "{sql: SELECT 1, connection: {env: MLVAL_W}}"
OBJECT = "{path: 's3://lake/gold/x.csv'}"


@pytest.fixture
def job(tmp_path: Path) -> Job:
    job = Job(tmp_path)
    job.workspace.mkdir()
    return job


@pytest.mark.parametrize(
    "dataset, inputs, code",
    [
        (SQL, {}, 2),
        (SQL, {"allow_connections": "MLVAL_OTHER"}, 2),
        (SQL, {"allow_connections": "PATH"}, 2),
        (SQL, {"allow_connections": "MLVAL_OTHER, MLVAL_W"}, 4),
        (OBJECT, {}, 2),
        (OBJECT, {"allow_sources": "s3://lake/golden"}, 2),
        (OBJECT, {"allow_sources": "s3://lake/*"}, 2),
        (OBJECT, {"allow_sources": "exports\ns3://lake/gold"}, 4),
        ("{from: input}", {"data": "t=s3://lake/gold/x.csv"}, 2),
        ("{from: input}", {"data": "t=s3://lake/gold/x.csv", "allow_sources": "s3://lake"}, 4),
    ],
)
def test_inputs_alone_open_doors(job: Job, dataset: str, inputs: dict[str, str], code: int) -> None:
    # Nothing answers: no variable is set, and no client of a store is installed.
    job.write("mlval.yml", CONTRACT.format(dataset=dataset))
    assert job.step(**inputs).code == code


def test_a_connection_is_masked_and_never_told(job: Job) -> None:
    job.environ["MLVAL_W"] = URL
    job.write("mlval.yml", CONTRACT.format(dataset=SQL))
    ran = job.step(allow_connections="MLVAL_W")
    assert ran.code == 2
    assert {URL.replace("%", "%25"), "hunter%252F22", "hunter/22"} <= {data for _, data in ran.of("add-mask")}
    said = "\n".join(line for line in ran.log.splitlines() if not line.startswith("::add-mask::"))
    assert "MLVAL_W" in said
    for part in ("hunter", "db.example", "gate:"):
        assert part not in f"{said}{ran.summary}{ran.outputs}"

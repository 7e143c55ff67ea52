"""Files that earlier versions wrote are read; those of a later version are refused, with what to do."""

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from mlval.commands import run as run_command
from mlval.domain.errors import SourceBroken
from mlval.domain.profile_text import VERSION, parse
from mlval.report import result_schema
from mlval.report.result_json import SCHEMA_VERSION, render
from mlval.report.result_reading import read_report
from mlval.report.strict_json import ReportRefused

FOLDERS = sorted(path for path in Path(__file__).parent.iterdir() if path.is_dir() and path.name[0].isdigit())
RESULTS = [path for folder in FOLDERS for path in sorted(folder.glob("*.result.json"))]
CONTRACT = """\
version: 1
datasets:
  reference: {profile: profile.json}
  current: {path: current.csv}
validations:
  - {type: drift, current: current, columns: [plan, region]}
"""

every_version = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
every_result = pytest.mark.parametrize("path", RESULTS, ids=lambda path: f"{path.parent.name} {path.stem}")


@every_version
def test_what_was_kept_is_what_was_written(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "SHA256SUMS"}
    assert {name: hashlib.sha256(text).hexdigest() for name, text in kept.items()} == {
        line[66:]: line[:64] for line in lines
    }


def test_every_version_of_a_format_is_kept() -> None:
    written = {json.loads(path.read_bytes())["schema_version"] for path in RESULTS}
    assert written == set(range(1, SCHEMA_VERSION + 1))
    profiles = {json.loads((folder / "profile.json").read_bytes())["version"] for folder in FOLDERS}
    assert profiles == set(range(1, VERSION + 1))


@every_version
def test_a_profile_of_an_earlier_version_is_read(folder: Path) -> None:
    profile = parse((folder / "profile.json").read_bytes(), name="profile.json")
    assert profile.dataset.rows == 6000
    assert {"plan", "region", "age", "monthly_spend"} <= {column.name for column in profile.columns}


@every_version
@pytest.mark.parametrize(
    "plans, code", [(["free"] * 50 + ["pro"] * 35 + ["team"] * 15, 0), (["team"] * 100, 1)]
)
def test_a_gate_judges_by_it(tmp_path: Path, folder: Path, plans: list[str], code: int) -> None:
    regions = ["north", "south", "east", "west"]
    rows = [f"{plan},{regions[n % 4]}\n" for n, plan in enumerate(plans * 40)]
    (tmp_path / "current.csv").write_text(f"plan,region\n{''.join(rows)}", encoding="utf-8")
    (tmp_path / "profile.json").write_bytes((folder / "profile.json").read_bytes())
    (tmp_path / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    ran = CliRunner().invoke(run_command.command, [str(tmp_path / "mlval.yml")], standalone_mode=False)
    assert ran.return_value == code, ran.output


@every_version
def test_a_profile_of_a_later_version_is_refused(folder: Path) -> None:
    document = json.loads((folder / "profile.json").read_bytes())
    document["version"] = VERSION + 1
    with pytest.raises(SourceBroken, match="was written by a newer mlval") as refused:
        parse(json.dumps(document).encode(), name="profile.json")
    assert "upgrade mlval" in refused.value.remedy


@every_result
def test_a_result_of_an_earlier_version_fits_what_is_published(path: Path) -> None:
    document: dict[str, Any] = json.loads(path.read_bytes())
    jsonschema.validate(document, json.loads(result_schema.render()))
    assert document["results"]


@every_result
def test_a_result_of_an_earlier_version_is_read(path: Path) -> None:
    text = path.read_bytes()
    assert render(read_report(text)).encode() == text


@every_result
def test_a_result_of_a_later_version_is_refused_with_what_to_do(path: Path) -> None:
    newer = {**json.loads(path.read_bytes()), "schema_version": SCHEMA_VERSION + 1}
    with pytest.raises(ReportRefused, match="reads up to") as caught:
        read_report(json.dumps(newer).encode())
    assert caught.value.remedy == "upgrade mlval"

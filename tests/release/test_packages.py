"""What wheel and source distribution hold: every file of the package, its templates and schemas."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.workflow_files import ROOT
from tools.release.__main__ import main
from tools.release.packages import complaints_of_sdist, complaints_of_wheel, wanted


def test_code_templates_and_the_mark_of_types_are_wanted() -> None:
    names = wanted(ROOT)
    assert {"mlval/__init__.py", "mlval/py.typed", "mlval/report/templates/report.md.j2"} <= names
    files = (
        path for path in (ROOT / "mlval").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    assert names == {path.relative_to(ROOT).as_posix() for path in files}


def wheel(folder: Path, *, without: str = "", more: str = "") -> Path:
    path = folder / "mlval-1.2.3-py3-none-any.whl"
    names = wanted(ROOT) | {"mlval/schemas/contract.schema.json", "mlval/schemas/result.schema.json", more}
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(names - {without, ""}):
            archive.writestr(name, "")
        archive.writestr("mlval-1.2.3.dist-info/METADATA", "")
    return path


def test_a_whole_wheel_is_accepted(tmp_path: Path) -> None:
    assert list(complaints_of_wheel(wheel(tmp_path), ROOT, version="1.2.3")) == []


@pytest.mark.parametrize("name", ["mlval/schemas/result.schema.json", "mlval/report/templates/report.md.j2"])
def test_a_wheel_that_lacks_a_file_is_refused(tmp_path: Path, name: str) -> None:
    assert list(complaints_of_wheel(wheel(tmp_path, without=name), ROOT, version="1.2.3")) == [
        f"the wheel lacks {name}"
    ]


def test_a_wheel_that_holds_more_is_refused(tmp_path: Path) -> None:
    found = list(complaints_of_wheel(wheel(tmp_path, more="tests/conftest.py"), ROOT, version="1.2.3"))
    assert found == ["the wheel holds tests/conftest.py as well"]


def test_a_wheel_of_another_version_is_refused(tmp_path: Path) -> None:
    assert "the wheel is called mlval-1.2.3-py3-none-any.whl" in complaints_of_wheel(
        wheel(tmp_path), ROOT, version="1.2.4"
    )


def test_a_source_distribution_that_lacks_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mlval-1.2.3.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(ROOT / "LICENSE", "mlval-1.2.3/LICENSE")
    found = list(complaints_of_sdist(path, ROOT, version="1.2.3"))
    assert "the source distribution lacks schemas/contract.schema.json" in found
    assert "the source distribution lacks LICENSE" not in found


def test_a_folder_needs_one_of_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["packages", str(tmp_path)]) == 1
    assert "holds 0 wheels and 0 source distributions" in capsys.readouterr().err

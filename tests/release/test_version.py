"""The version of a release: of the tag, and of the package."""

from pathlib import Path

import pytest

import mlval
from tests.workflow_files import ROOT
from tools.release.refusal import Refused
from tools.release.version import checked, of_package, of_tag


@pytest.mark.parametrize("tag", ["v1.20.3", "candidate/v1.20.3"])
def test_a_tag_names_a_version(tag: str) -> None:
    version = of_tag(tag)
    assert (version.text, version.tag, version.moving_tag) == ("1.20.3", "v1.20.3", "v1")


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "1.2.3",
        "v1.2",
        "v01.2.3",
        "v1.2.3-rc1",
        "v1.2.3\n",
        "v1.2.3 ",
        "main",
        "candidate/1.2.3",
        "v\u0661.2.3",
    ],
)
def test_other_tags_are_refused(tag: str) -> None:
    with pytest.raises(Refused, match="names no version"):
        of_tag(tag)


def test_the_package_states_its_version() -> None:
    assert of_package(ROOT) == mlval.__version__


def test_tag_and_package_agree(tmp_path: Path) -> None:
    (tmp_path / "mlval").mkdir()
    (tmp_path / "mlval" / "__init__.py").write_text('__version__ = "1.2.3"\n', encoding="utf-8")
    assert checked("candidate/v1.2.3", tmp_path).tag == "v1.2.3"
    with pytest.raises(Refused, match=r"asks for 1\.2\.4, but mlval/__init__\.py states 1\.2\.3"):
        checked("candidate/v1.2.4", tmp_path)


def test_a_package_without_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mlval").mkdir()
    (tmp_path / "mlval" / "__init__.py").write_text("", encoding="utf-8")
    with pytest.raises(Refused, match="states no version"):
        of_package(tmp_path)

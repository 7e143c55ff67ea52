"""The checked-out folder: what may be read and written there, and whose it is afterwards."""

from pathlib import Path

import pytest

from mlval.domain.contract import Contract
from mlval.domain.errors import UsageError
from mlval.flows.workspace import (
    hand_over,
    located,
    missing_folders,
    output_folder,
    workspace,
)
from mlval.sources.confine import Boundary

CONTRACT = "version: 1\ndatasets: {a: {path: a.csv}}\nvalidations: [{type: data, rows: {min: 1}}]\n"


@pytest.mark.parametrize("path", ["", "/no/such/folder", __file__])
def test_a_workspace_is_a_folder(path: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_WORKSPACE"):
        workspace(path)


def test_a_workspace_is_known_without_links(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert workspace(str(tmp_path / "link")) == (tmp_path / "real").resolve()


@pytest.mark.parametrize("path, name", [("mlval.yml", "churn-model"), ("gates/mlval.yml", "gates")])
def test_a_contract_at_the_top_has_the_name_of_the_repository(tmp_path: Path, path: str, name: str) -> None:
    root = workspace(str(tmp_path))
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_text(CONTRACT, encoding="utf-8")
    (found,) = located(Boundary(root), [path], default_name="churn-model")
    assert isinstance(found.contract, Contract)
    assert (found.contract.name, found.contract.path, found.base) == (name, path, (root / path).parent)


def test_contracts_of_one_name_are_told_apart_by_nothing(tmp_path: Path) -> None:
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text(CONTRACT, encoding="utf-8")
    with pytest.raises(UsageError, match=r"two contracts are named x: a\.yml, b\.yml"):
        located(Boundary(tmp_path), ["*.yml"], default_name="x")


@pytest.mark.parametrize("path", ["..", "../x", "/var/report", ".git", "a/../.GIT/hooks", "a/.git/x"])
def test_an_output_folder_lies_inside(tmp_path: Path, path: str) -> None:
    with pytest.raises(UsageError, match="output folder"):
        output_folder(workspace(str(tmp_path)), path)


def test_folders_that_have_to_be_made_are_known_before(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    folder = tmp_path / "a" / "b" / "c"
    assert missing_folders(tmp_path, folder) == (folder, folder.parent)


def test_what_was_written_goes_to_the_owner(tmp_path: Path) -> None:
    given: list[tuple[Path, int, int]] = []
    owner = tmp_path.stat()
    said = hand_over(tmp_path, [tmp_path / "a"], chown=lambda *call: given.append(call))
    assert said == ""
    assert given == [(tmp_path / "a", owner.st_uid, owner.st_gid)]

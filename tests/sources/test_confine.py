"""Where a reference may lead, tried on a real disk."""

import os
import stat
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode, MlvalError, SourceRefused, SourceUnavailable
from mlval.sources import confine
from mlval.sources.confine import Boundary, resolve

REFUSED = [
    ("/etc/passwd", "absolute"),
    ("../beside/secret.csv", "out of the workspace"),
    ("data/../../beside/secret.csv", "out of the workspace"),
    ("../beside/gone.csv", "out of the workspace"),
    ("../beside/*.csv", "out of the workspace"),
    ("data/*/../../../beside/secret.csv", "after a pattern"),
    ("hostile/out.csv", "out of the workspace"),
    ("hostile/out/secret.csv", "out of the workspace"),
    ("hostile/out/*.csv", "out of the workspace"),
    ("hostile/*/secret.csv", "out of the workspace"),
    ("hostile/out.*", "out of the workspace"),
    ("hostile/environ.csv", "the system"),
    ("hostile/e*.csv", "the system"),
    ("hostile/zero.csv", "the system"),
    ("/proc/self/environ", "the system"),
    ("/dev/zero", "the system"),
    ("//proc/self/environ", "the system"),
    (".git/config", ".git"),
    (".git/*", ".git"),
    (".GIT/config", ".git"),
    ("sub/.GIT/config", ".git"),
    ("*/.GIT/config", ".git"),
    ("ml/.git", ".git"),
    ("hostile/git.csv", ".git"),
    ("hostile/up/.git/config", ".git"),
    ("hostile/pipe.csv", "a pipe"),
    ("hostile/socket.csv", "a socket"),
    ("hostile/s*.csv", "a socket"),
    ("data", "a folder"),
    (".", "a folder"),
]


def names(root: Path, reference: str, *, base: str = "", trusted: bool = False) -> list[str]:
    return [found.name for found in resolve(Boundary(root), reference, base=root / base, trusted=trusted)]


@pytest.mark.parametrize("reference,sentence", REFUSED)
def test_refused(root: Path, reference: str, sentence: str) -> None:
    with pytest.raises(SourceRefused) as error:
        names(root, reference)
    assert sentence in error.value.message
    assert error.value.remedy
    assert error.value.exit_code is ExitCode.USAGE
    assert str(root) not in error.value.message


def test_up_from_a_linked_folder_is_where_the_link_leads(root: Path) -> None:
    assert names(root, "hostile/out/../workspace/data/x.csv") == ["data/x.csv"]


@pytest.mark.parametrize(
    "reference,expected",
    [
        ("data/x.csv", ["data/x.csv"]),
        ("./data//x.csv", ["data/x.csv"]),
        ("data/?.csv", ["data/x.csv", "data/y.csv"]),
        (
            "data/**/*.csv",
            [
                r"data/deep/deeper/w.csv",
                "data/deep/z.csv",
                r"data/line\nbreak.csv",
                "data/x.csv",
                "data/y.csv",
            ],
        ),
        ("hostile/inside.csv", ["hostile/inside.csv"]),
        ("hostile/up/data/x.csv", ["hostile/up/data/x.csv"]),
        (".hidden/h.csv", [".hidden/h.csv"]),
        (".hidden/*.csv", [".hidden/h.csv"]),
    ],
)
def test_found(root: Path, reference: str, expected: list[str]) -> None:
    assert names(root, reference) == expected


def test_relative_to_the_contract(root: Path) -> None:
    assert names(root, "../data/x.csv", base="ml") == ["data/x.csv"]


def test_links_are_followed(root: Path) -> None:
    (found,) = resolve(Boundary(root), "hostile/inside.csv", base=root, trusted=False)
    assert found.path == root / "data/x.csv"
    assert found.hit == root / "hostile/inside.csv"


def test_a_file_reached_twice_counts_once(root: Path) -> None:
    (root / "data/also.csv").symlink_to("x.csv")
    assert names(root, "data/[ax]*.csv") == ["data/also.csv"]


def test_a_workspace_that_is_itself_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(root)
    assert names(tmp_path / "alias", "data/x.csv") == ["data/x.csv"]


@pytest.mark.parametrize(
    "reference,sentence,remedy",
    [
        ("data/xx.csv", "`data/xx.csv` does not exist", "`data/x.csv`"),
        ("Data/x.csv", "does not exist", "`data`"),
        ("data/x.csv/more", "does not exist", "`data/x.csv`"),
        ("data/*.parquet", "`data/*.parquet` matches no file", "`data/x.csv`"),
        ("ml/none.csv", "does not exist", "Check the path"),
        ("hostile/nothing.csv", "link to nothing", "Fetch"),
        ("hostile/circle.csv", "cannot be looked at", "Check"),
        ("x" * 300, "cannot be looked at", "Check"),
    ],
)
def test_absent(root: Path, reference: str, sentence: str, remedy: str) -> None:
    with pytest.raises(SourceUnavailable) as error:
        names(root, reference)
    assert sentence in error.value.message
    assert remedy in error.value.remedy
    assert str(root) not in error.value.message + error.value.remedy


def test_what_dvc_has_not_fetched(root: Path) -> None:
    (root / "data/big.csv.dvc").touch()
    with pytest.raises(SourceUnavailable) as error:
        names(root, "data/big.csv")
    assert "dvc pull" in error.value.remedy


def test_names_outside_an_allowed_folder_are_not_told(root: Path, beside: Path) -> None:
    boundary = Boundary(root, (beside / "allowed",))
    with pytest.raises(SourceUnavailable) as error:
        resolve(boundary, str(beside / "allowed/secret.csv"), base=root, trusted=False)
    assert "Closest" not in error.value.remedy


def test_an_allowed_folder_may_be_named_and_linked_to(root: Path, beside: Path) -> None:
    boundary = Boundary(root, (beside,))
    for reference in (
        str(beside / "secret.csv"),
        str(beside / "*.csv"),
        "hostile/out.csv",
        "../beside/secret.csv",
    ):
        (found,) = resolve(boundary, reference, base=root, trusted=False)
        assert found.path == beside / "secret.csv"


def test_an_allowed_folder_is_no_prefix_of_text(root: Path, beside: Path) -> None:
    with pytest.raises(SourceRefused):
        resolve(Boundary(root, (beside / "sec",)), str(beside / "secret.csv"), base=root, trusted=False)


class TestTrusted:
    """What was typed on the command line may lie anywhere; what a change put in the workspace may not."""

    def test_anywhere(self, root: Path, beside: Path) -> None:
        assert names(root, str(beside / "secret.csv"), trusted=True) == [str(beside / "secret.csv")]
        assert names(root, "../beside/*.csv", trusted=True) == ["../beside/secret.csv"]
        assert names(root, str(root / "data/x.csv"), trusted=True) == ["data/x.csv"]

    @pytest.mark.parametrize("reference", ["hostile/out.csv", "hostile/out/secret.csv", "hostile/out/*.csv"])
    def test_not_through_a_link_of_the_workspace(self, root: Path, tmp_path: Path, reference: str) -> None:
        (tmp_path / "alias").symlink_to(root)
        for typed in (reference, str(root / reference), str(tmp_path / "alias" / reference)):
            with pytest.raises(SourceRefused, match="out of the workspace"):
                names(root, typed, trusted=True)

    @pytest.mark.parametrize(
        "reference",
        ["/proc/self/environ", "/dev/zero", "/dev/stdin", "/sys/kernel/version", ".git/config", "ml/.git"],
    )
    def test_never(self, root: Path, reference: str) -> None:
        with pytest.raises(SourceRefused):
            names(root, reference, trusted=True)

    def test_not_by_way_of_the_system(self, root: Path) -> None:
        way = os.path.relpath("/proc/self/root", root)
        with pytest.raises(SourceRefused, match="the system"):
            names(root, f"{way}{root}/data/x.csv", trusted=True)

    def test_a_link_elsewhere_is_the_users_own(self, root: Path, beside: Path) -> None:
        (beside / "link.csv").symlink_to("secret.csv")
        assert names(root, str(beside / "link.csv"), trusted=True)
        (beside / "environ.csv").symlink_to("/proc/self/environ")
        with pytest.raises(SourceRefused, match="the system"):
            names(root, str(beside / "environ.csv"), trusted=True)


@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR, 0])
def test_only_files(kind: int) -> None:
    with pytest.raises(SourceRefused):
        confine._refuse_kind(kind, "x")


def test_control_characters_are_shown(root: Path) -> None:
    with pytest.raises(MlvalError) as error:
        names(root, "data/a\x1b31m\nb\u202e")
    assert error.value.message == r"`data/a\x1b31m\nb\u202e` does not exist."

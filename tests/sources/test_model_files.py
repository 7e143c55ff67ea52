"""Models of the workspace: what is copied is what was hashed, and nothing leads out."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.model_files import ModelFile, ModelFiles, check_pinned, manifest_digest
from mlval.sources.confine import Boundary
from mlval.sources.model_files import Limits, resolve_model

CONTENTS = {"MLmodel": b"flavors: {}\n", "data/model.pkl": b"\x80\x04N.", "empty": b""}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace" / "model"
    for name, content in CONTENTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def resolved(
    model: Path, reference: str = "model", *, limits: Limits | None = None, trusted: bool = False
) -> ModelFiles:
    private = model.parents[1] / f"private-{len(list(model.parents[1].iterdir()))}"
    private.mkdir()
    return resolve_model(
        "candidate",
        reference,
        boundary=Boundary(model.parent),
        base=model.parent,
        trusted=trusted,
        private=private,
        limits=limits or Limits(),
    )


def test_a_folder_is_copied_as_it_was_hashed(model: Path) -> None:
    files = resolved(model)
    assert (files.name, files.kind, files.uri) == ("candidate", "folder", "model")
    assert [file.path for file in files.files] == ["MLmodel", "data/model.pkl", "empty"]
    for file in files.files:
        copy = Path(files.root, file.path)
        content = copy.read_bytes()
        assert content == CONTENTS[file.path]
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert stat.S_IMODE(copy.stat().st_mode) == 0o644
    assert files.size == sum(map(len, CONTENTS.values()))
    assert files.digest == manifest_digest(files.files)


def test_a_file_has_the_digest_of_its_bytes(model: Path) -> None:
    files = resolved(model, "model/data/model.pkl")
    content = Path(files.root).read_bytes()
    assert files.kind == "file"
    assert files.files == (ModelFile("model.pkl", 4, hashlib.sha256(content).hexdigest()),)
    assert files.digest == files.files[0].sha256


def test_what_is_changed_afterwards_does_not_reach_the_copy(model: Path) -> None:
    files = resolved(model)
    (model / "data/model.pkl").write_bytes(b"evil")
    assert Path(files.root, "data/model.pkl").read_bytes() == CONTENTS["data/model.pkl"]
    assert resolved(model).digest != files.digest


def test_a_note_of_the_registry_is_no_part_of_the_model(model: Path) -> None:
    before = resolved(model)
    (model / "registered_model_meta").write_bytes(b"x")
    after = resolved(model)
    assert (after.digest, after.files) == (before.digest, before.files)


def test_a_pinned_digest_must_match(model: Path) -> None:
    files = resolved(model)
    check_pinned(files, files.digest)
    with pytest.raises(SourceBroken, match=files.digest):
        check_pinned(files, "0" * 64)


def test_a_link_within_the_model_is_followed_and_told(model: Path) -> None:
    (model / "again.pkl").symlink_to("data/model.pkl")
    files = resolved(model)
    assert files.links == ("again.pkl",)
    assert not Path(files.root, "again.pkl").is_symlink()
    assert Path(files.root, "again.pkl").read_bytes() == CONTENTS["data/model.pkl"]


def outside(model: Path) -> Path:
    (model.parent / "beside.txt").write_text("secret")
    return Path("../beside.txt")


LEADING_OUT: dict[str, Callable[[Path], Path]] = {
    "a neighbour": outside,
    "the system": lambda _: Path("/etc/passwd"),
    "a process": lambda _: Path("/proc/self/environ"),
    "a device": lambda _: Path("/dev/zero"),
    "a folder of the model": lambda model: model / "data",
    "the model itself": lambda model: model,
}


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("name", LEADING_OUT)
def test_a_link_elsewhere_is_refused_whoever_asks(model: Path, name: str, trusted: bool) -> None:
    (model / "link").symlink_to(LEADING_OUT[name](model))
    with pytest.raises(SourceRefused, match="`model/link` is a link"):
        resolved(model, trusted=trusted)


def test_a_link_to_nothing_is_unavailable(model: Path) -> None:
    (model / "link").symlink_to("gone")
    with pytest.raises(SourceUnavailable, match="a link to nothing"):
        resolved(model)


def test_what_is_no_file_is_refused(model: Path) -> None:
    os.mkfifo(model / "pipe")
    with pytest.raises(SourceRefused, match="`model/pipe` is not a file"):
        resolved(model)


@pytest.mark.parametrize(
    "name", [".git", ".GIT", "a\nb", "a\\b", b"\xff".decode("utf-8", "surrogateescape"), "x\u202ey"]
)
def test_names_that_mislead_are_refused(model: Path, name: str) -> None:
    (model / name).write_text("x")
    with pytest.raises(SourceRefused):
        resolved(model)


@pytest.mark.parametrize("limits", [Limits(files=3), Limits(bytes=15)])
def test_too_much_is_refused(model: Path, limits: Limits) -> None:
    with pytest.raises(SourceRefused, match="model"):
        resolved(model, limits=limits)


def test_a_folder_of_many_folders_is_refused(model: Path) -> None:
    deep = model
    for _ in range(40):
        deep /= "d"
        deep.mkdir()
    with pytest.raises(SourceRefused, match="folders deep"):
        resolved(model)


@pytest.mark.parametrize(
    "reference", ["../elsewhere", "/etc", "/etc/passwd", "mod*", "models:/x/1", ".git", "model/../.git"]
)
def test_a_reference_stays_in_the_workspace(model: Path, reference: str) -> None:
    (model.parents[1] / "elsewhere").mkdir()
    (model.parent / ".git").mkdir()
    with pytest.raises(SourceRefused):
        resolved(model, reference)


def test_a_model_from_the_command_line_may_lie_anywhere(model: Path) -> None:
    place = model.parents[1] / "elsewhere"
    place.mkdir()
    (place / "x").write_text("x")
    assert resolved(model, "../elsewhere", trusted=True).files[0].path == "x"


def test_what_is_not_there_is_unavailable(model: Path) -> None:
    with pytest.raises(SourceUnavailable, match="`modle` does not exist"):
        resolved(model, "modle")


def test_an_empty_folder_is_broken(model: Path) -> None:
    (model.parent / "nothing" / "below").mkdir(parents=True)
    with pytest.raises(SourceBroken, match="holds no file"):
        resolved(model, "nothing")


def test_a_pointer_of_git_lfs_is_no_model(model: Path) -> None:
    (model / "big").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    with pytest.raises(SourceUnavailable, match="Git LFS pointer"):
        resolved(model)


FILES = st.lists(
    st.builds(ModelFile, st.text(min_size=1), st.integers(0, 9), st.sampled_from(["a", "b"])),
    unique_by=lambda file: file.path,
)


@given(FILES, FILES)
def test_only_equal_manifests_have_one_digest(one: list[ModelFile], other: list[ModelFile]) -> None:
    def own(files: list[ModelFile]) -> set[ModelFile]:
        return {file for file in files if file.path != "registered_model_meta"}

    assert (manifest_digest(one) == manifest_digest(other)) == (own(one) == own(other))

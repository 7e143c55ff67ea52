import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from mlval.domain.errors import SourceUnavailable, Unmeasurable
from mlval.scoring.environment import Builder, _failed, _variables, build, own
from tests.scoring.wheels import Index

pytestmark = pytest.mark.process
UV = Path(sys.executable).with_name("uv")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


@pytest.fixture
def builder(tmp_path: Path, index: Index) -> Builder:
    return Builder(UV, tmp_path / "cache", {"UV_DEFAULT_INDEX": index.uri})


def test_what_is_required_is_installed_and_locked(index: Index, builder: Builder) -> None:
    index.wheel("leaf", "1.0")
    index.wheel("leaf", "2.0")
    index.wheel("tree", needs=("leaf<2",))
    built = build(["tree"], builder)
    asked = [str(built.python), "-I", "-c", "import tree, leaf; print(leaf.VERSION)"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "1.0\n"
    assert "leaf==1.0 \\\n    --hash=sha256:" in built.lock
    assert built.digest is not None
    assert all(folder.is_absolute() for folder in built.readable)


def test_the_same_lock_is_the_same_environment(index: Index, builder: Builder) -> None:
    index.wheel("leaf")
    first = build(["leaf"], builder)
    made = first.python.lstat().st_ctime_ns
    assert build(["leaf  # again", "leaf"], builder) == first
    assert first.python.lstat().st_ctime_ns == made


def test_another_lock_is_another_environment(index: Index, builder: Builder) -> None:
    index.wheel("leaf")
    first = build(["leaf"], builder)
    index.wheel("leaf", "1.1")
    # A copy of the index that was never asked: uv may remember what an index held.
    fresh = dataclasses.replace(builder, cache=builder.cache.with_name("fresh"))
    assert build(["leaf"], fresh).digest != first.digest


def test_nothing_of_a_package_runs_outside_the_cage(index: Index, builder: Builder, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    payload = f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n"
    index.wheel("leaf", files={"leaf.pth": payload, "sitecustomize.py": payload, "usercustomize.py": payload})
    built = build(["leaf"], builder)
    build(["leaf"], builder)
    assert not mark.exists()
    subprocess.run([built.python, "-I", "-c", ""], check=True)
    assert mark.exists(), "the payload works where the environment is started"


def test_a_package_that_builds_from_source_is_refused_unbuilt(
    index: Index, builder: Builder, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    index.source("leaf", f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n")
    with pytest.raises(Unmeasurable, match="no usable wheels") as refused:
        build(["leaf"], builder)
    assert "wheel" in refused.value.remedy
    assert not mark.exists()


def test_versions_that_do_not_fit_are_named(index: Index, builder: Builder) -> None:
    index.wheel("leaf")
    index.wheel("tree", needs=("leaf>=3",))
    with pytest.raises(Unmeasurable, match="leaf>=3"):
        build(["tree"], builder)


def test_a_package_cannot_name_an_address_for_another(index: Index, builder: Builder) -> None:
    index.wheel("tree", needs=("leaf @ https://evil.example/leaf-1.0-py3-none-any.whl",))
    with pytest.raises(Unmeasurable, match="cannot be built"):
        build(["tree"], builder)


def test_a_package_cannot_widen_what_the_cage_shows(index: Index, builder: Builder) -> None:
    index.wheel("plain")
    plain = build(["plain"], builder)
    index.wheel("leaf", files={"leaf-1.0.data/data/pyvenv.cfg": "home = /\n"})
    built = build(["leaf"], builder)
    home = built.python.parents[1]
    assert {path for path in built.readable if path != home} == set(plain.readable) - {
        plain.python.parents[1]
    }


def test_settings_of_the_workspace_are_not_read(
    index: Index, builder: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.wheel("leaf")
    (tmp_path / "uv.toml").write_text('index-url = "https://evil.example"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert build(["leaf"], builder).digest


def test_the_python_that_is_wanted_must_be_here(builder: Builder) -> None:
    with pytest.raises(Unmeasurable, match=r"wants Python 3\.98") as refused:
        build(["leaf"], builder, python="3.98.1")
    assert "allow Python downloads" in refused.value.remedy


@pytest.mark.parametrize("version", ["2.7", "3.8.1", "4.0", "--help", "3.12; rm", "/usr/bin/python"])
def test_a_version_that_is_none_is_refused(builder: Builder, version: str) -> None:
    with pytest.raises(Unmeasurable, match=r"3\.10 and newer"):
        build(["leaf"], builder, python=version)


def test_no_requirements_build_nothing(builder: Builder) -> None:
    with pytest.raises(Unmeasurable, match="names no requirements"):
        build(["# none"], builder)


def test_uv_that_is_not_there_is_said(builder: Builder) -> None:
    with pytest.raises(SourceUnavailable, match="uv, which builds"):
        build(["leaf"], dataclasses.replace(builder, uv=Path("/nowhere/uv")))


def test_of_the_runner_only_indexes_reach_uv(tmp_path: Path) -> None:
    runner = {
        "GITHUB_TOKEN": "secret",
        "MLVAL_WAREHOUSE": "secret",
        "PIP_INDEX_URL": "https://user:pass@index.example/simple",
        "PYTHONPATH": "/evil",
        "UV_PYTHON": "/evil",
    }
    found = _variables(Builder(UV, tmp_path, runner), tmp_path)
    assert found["UV_DEFAULT_INDEX"] == "https://user:pass@index.example/simple"
    assert "secret" not in found.values()
    assert "/evil" not in found.values()


def test_credentials_of_an_index_are_not_shown() -> None:
    failed = _failed("error: Failed to fetch: `https://user:pass@index.example/simple/leaf/`\n")
    assert isinstance(failed, SourceUnavailable)
    assert "pass" not in failed.message
    assert "https://***@index.example" in failed.message


def test_the_own_environment_is_this_interpreter() -> None:
    assert own().python == Path(sys.executable)
    assert not {Path("/"), Path("/usr"), Path("/usr/local")} & set(own().readable)

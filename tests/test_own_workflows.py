"""Our own workflows: tokens that may do no more than they must, one check to require, scripts that work."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

import mlval
from tests.workflow_files import FOR_USERS, ROOT, checked, load
from tests.workflow_steps import Ended, run, scripts
from tools.release.changelog import released
from tools.release.pinning import IMAGE

CI: Final = load(ROOT / ".github" / "workflows" / "ci.yml")
RELEASE: Final = load(ROOT / ".github" / "workflows" / "release.yml")
CI_STEPS: Final = dict(scripts(CI))
RELEASE_STEPS: Final = dict(scripts(RELEASE))
TAG: Final = f"v{mlval.__version__}"
DIGEST: Final = f"sha256:{'ab' * 32}"
READ: Final = {"contents": "read"}
ATTEST: Final = {"id-token": "write", "attestations": "write"}

OF_USERS: Final[frozenset[str]] = frozenset()
"""Scripts of templates and reusable workflows that tests run: each that is added there is added here."""


def test_ci_may_only_read() -> None:
    assert CI["permissions"] == {}
    assert {key: job["permissions"] for key, job in CI["jobs"].items()} == {
        **dict.fromkeys(("lint", "test", "docker", "action", "composite"), READ),
        "ci": {},
    }


def test_a_release_may_write_only_where_it_must() -> None:
    assert RELEASE["permissions"] == {}
    assert {key: job["permissions"] for key, job in RELEASE["jobs"].items()} == {
        "check": READ,
        "packages": READ | ATTEST,
        "image": READ | ATTEST | {"packages": "write"},
        "release": {"contents": "write"},
        "index": {"id-token": "write"},
    }
    guarded = {key: job["environment"] for key, job in RELEASE["jobs"].items() if "environment" in job}
    assert guarded == {"release": "release", "index": "index"}


def test_a_release_is_asked_for_by_a_tag_alone() -> None:
    assert RELEASE["on"] == {"push": {"tags": ["candidate/v*"]}}


def test_no_job_of_ours_keeps_the_token_of_its_checkout() -> None:
    steps = [step for workflow in (CI, RELEASE) for job in workflow["jobs"].values() for step in job["steps"]]
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] == "false" for step in checkouts)


def test_every_python_that_is_promised_is_tested() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    promised = [line.strip(' ",').rpartition(" ")[2] for line in text.splitlines() if ":: 3." in line]
    assert CI["jobs"]["test"]["strategy"]["matrix"]["python"] == promised


def test_one_check_stands_for_all() -> None:
    last = CI["jobs"]["ci"]
    assert last["if"] == "always()"
    assert set(last["needs"]) == set(CI["jobs"]) - {"ci"}


@pytest.mark.process
@pytest.mark.parametrize(
    "results, code",
    [
        ("success success", 0),
        ("success failure", 1),
        ("cancelled success", 1),
        ("success skipped success", 1),
    ],
)
def test_it_passes_only_where_all_did(tmp_path: Path, results: str, code: int) -> None:
    step = CI_STEPS["ci: Require that every job passed"]
    assert run(step, tmp_path, {"join(needs.*.result, ' ')": results}).code == code


@pytest.mark.process
@pytest.mark.parametrize("job", ["action", "composite"])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"passing.outputs.verdict": "blocked"},
        {"blocked.outcome": "success"},
        {"blocked.outputs.failed": "3"},
    ],
)
def test_the_examples_must_end_as_promised(tmp_path: Path, job: str, changed: Mapping[str, str]) -> None:
    said = {
        "passing.outcome": "success",
        "passing.outputs.verdict": "passed",
        "passing.outputs.exit-code": "0",
        "blocked.outcome": "failure",
        "blocked.outputs.verdict": "blocked",
        "blocked.outputs.exit-code": "1",
        "blocked.outputs.failed": "4",
        "blocked.outputs.result-file": "result.json",
    }
    (tmp_path / "result.json").write_text("{}", encoding="utf-8")
    step = CI_STEPS[f"{job}: Compare with what is promised"]
    ended = run(step, tmp_path, {f"steps.{name}": text for name, text in (said | dict(changed)).items()})
    assert ended.code == (1 if changed else 0)


@pytest.mark.process
def test_every_target_that_ci_makes_is_there() -> None:
    made = [step["run"] for step in CI_STEPS.values() if step["run"].startswith("make ")]
    assert len(made) == 3
    for command in made:
        done = subprocess.run(
            ["make", "--dry-run", *command.split()[1:]], cwd=ROOT, capture_output=True, check=False
        )
        assert done.returncode == 0, command


def test_every_script_of_a_workflow_for_users_is_run_by_a_test() -> None:
    found = {f"{path.stem} {name}" for path in FOR_USERS for name, _ in scripts(load(path))}
    assert found == OF_USERS


@pytest.mark.process
def test_dependabot_fits_its_schema_and_names_folders_that_are_there() -> None:
    file = ".github/dependabot.yml"
    assert checked("check-jsonschema", "--builtin-schema", "vendor.dependabot", file) == ""
    updates = load(ROOT / file)["updates"]
    folders = [folder for one in updates for folder in one.get("directories", [one.get("directory")])]
    assert all((ROOT / folder.lstrip("/")).is_dir() for folder in folders)


# --- the scripts of a release, on a clone with a remote of its own


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", *who, "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone of a repository that asks for a release; its `gh` writes down what it is asked."""
    source, remote, clone = (tmp_path / name for name in ("source", "remote.git", "clone"))
    for name in ("action.yml", "CHANGELOG.md", "mlval/__init__.py", *release_tools()):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    changelog = source / "CHANGELOG.md"
    if f"## [{mlval.__version__}]" not in (text := changelog.read_text(encoding="utf-8")):
        changelog.write_text(released(text, mlval.__version__, day="2026-03-01"), encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", source], check=True)
    git(source, "add", ".")
    git(source, "commit", "--quiet", "--message", "first")
    git(source, "tag", f"candidate/{TAG}")
    subprocess.run(["git", "clone", "--quiet", "--bare", source, remote], check=True)
    subprocess.run(["git", "clone", "--quiet", remote, clone], check=True)
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{tmp_path}/asked"\n', encoding="utf-8")
    gh.chmod(0o755)
    return clone


def release_tools() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in (ROOT / "tools" / "release").glob("*.py")]


def step(clone: Path, name: str) -> Ended:
    values = {
        "steps.check.outputs.tag": TAG,
        "needs.check.outputs.tag": TAG,
        "needs.check.outputs.moving-tag": TAG.partition(".")[0],
        "needs.image.outputs.digest": DIGEST,
        "github.token": "token",
    }
    path = f"{clone.parent / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    return run(RELEASE_STEPS[name], clone, values, {"PATH": path, "GITHUB_REF_NAME": f"candidate/{TAG}"})


@pytest.mark.process
def test_the_candidate_is_checked(clone: Path) -> None:
    assert step(clone, "check: Require that the commit is on main").code == 0
    ended = step(clone, "check: Compare version and changelog with the tag")
    assert (ended.code, ended.outputs["tag"]) == (0, TAG)
    assert (clone / "notes.md").stat().st_size > 0
    assert step(clone, "check: Require that the release is new").code == 0


@pytest.mark.process
def test_a_candidate_beside_main_is_refused(clone: Path) -> None:
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "beside")
    assert step(clone, "check: Require that the commit is on main").code == 1


@pytest.mark.process
def test_a_release_that_is_there_is_refused(clone: Path) -> None:
    git(clone, "tag", TAG)
    assert step(clone, "check: Require that the release is new").code == 1


@pytest.mark.process
def test_the_release_is_one_commit_with_the_digest_and_its_tags(clone: Path) -> None:
    main = git(clone, "rev-parse", "HEAD")
    git(clone, "tag", "--force", TAG.partition(".")[0])
    git(clone, "push", "--quiet", "origin", TAG.partition(".")[0])
    (clone / "made" / "notes").mkdir(parents=True)
    for name in (
        "Commit the digest, and tag the commit",
        "Publish the release",
        "Move the tag of the major version",
    ):
        ended = step(clone, f"release: {name}")
        assert ended.code == 0, ended.log
    remote = clone.with_name("remote.git")
    tagged = git(remote, "rev-parse", TAG)
    assert git(remote, "rev-parse", f"{TAG}^") == main == git(remote, "rev-parse", "main")
    assert git(remote, "rev-parse", TAG.partition(".")[0]) == tagged
    assert git(remote, "diff", "--name-only", "main", TAG) == "action.yml"
    assert f"image: docker://{IMAGE}@{DIGEST}" in git(remote, "show", f"{TAG}:action.yml")
    asked = (clone.parent / "asked").read_text(encoding="utf-8").splitlines()
    assert [line.split()[:2] for line in asked] == [
        ["auth", "setup-git"],
        ["release", "create"],
        ["release", "edit"],
    ]
    assert {"--draft", "--verify-tag", TAG} <= set(asked[1].split())


def test_the_image_is_attested_by_its_digest() -> None:
    steps: list[dict[str, Any]] = RELEASE["jobs"]["image"]["steps"]
    attested = [step["with"] for step in steps if step["uses"].startswith("actions/attest@")]
    assert len(attested) == 2
    assert all(one["subject-name"] == IMAGE for one in attested)
    assert all(one["subject-digest"] == "${{ steps.push.outputs.digest }}" for one in attested)
    assert [one.get("sbom-path") for one in attested] == [None, "bill/mlval.cdx.json"]
    (push,) = [step["with"] for step in steps if step.get("id") == "push"]
    assert push["platforms"] == "linux/amd64,linux/arm64"
    assert json.loads(push["push"]) is True

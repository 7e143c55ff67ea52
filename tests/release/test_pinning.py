"""The digest in action.yml: in the place of the Dockerfile, and nowhere else."""

import difflib
from pathlib import Path

import pytest

from tests.workflow_files import ROOT, parsed
from tools.release.__main__ import main
from tools.release.pinning import IMAGE, pinned
from tools.release.refusal import Refused

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
METADATA = (ROOT / "action.yml").read_text(encoding="utf-8")


def test_one_line_changes() -> None:
    changed = list(difflib.ndiff(METADATA.splitlines(), pinned(METADATA, DIGEST).splitlines()))
    assert [line for line in changed if line[0] in "+-"] == [
        "-   image: Dockerfile",
        f"+   image: docker://{IMAGE}@{DIGEST}",
    ]
    assert parsed(pinned(METADATA, DIGEST))["runs"]["image"] == f"docker://{IMAGE}@{DIGEST}"


@pytest.mark.parametrize("name", ["action.yml", "publish/action.yml", "watch/action.yml"])
def test_every_action_in_a_container_is_pinned(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert parsed(pinned(text, DIGEST))["runs"]["image"] == f"docker://{IMAGE}@{DIGEST}"


@pytest.mark.parametrize(
    "digest", ["", "sha256:", "latest", DIGEST[:-1], DIGEST.upper(), f"{DIGEST}\n", f"x{DIGEST}"]
)
def test_what_is_no_digest_is_refused(digest: str) -> None:
    with pytest.raises(Refused, match="no digest"):
        pinned(METADATA, digest)


@pytest.mark.parametrize("text", ["", pinned(METADATA, DIGEST), METADATA * 2])
def test_it_is_pinned_once(text: str) -> None:
    with pytest.raises(Refused, match="names the Dockerfile"):
        pinned(text, DIGEST)


def test_every_action_in_the_container_is_pinned(tmp_path: Path) -> None:
    for folder, text in (
        ("", METADATA),
        ("other", METADATA.replace("Dockerfile", "../Dockerfile")),
        ("twin", "a: 1\n"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "action.yml").write_text(text, encoding="utf-8")
    assert main(["pin", DIGEST], root=tmp_path) == 0
    images = [parsed((tmp_path / name / "action.yml").read_text("utf-8")) for name in (".", "other", "twin")]
    assert [one.get("runs", {}).get("image") for one in images] == [f"docker://{IMAGE}@{DIGEST}"] * 2 + [None]

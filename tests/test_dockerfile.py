"""The recipe of the image: clean, and without what an engine or a site may lack."""

import re
from typing import Final

import pytest

from tests.workflow_files import ROOT, checked

TEXT: Final = (ROOT / "Dockerfile").read_text(encoding="utf-8")
RECIPE: Final = re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)
LAST_STAGE: Final = RECIPE[RECIPE.rindex("\nFROM ") :]


@pytest.mark.process
def test_hadolint_finds_nothing() -> None:
    assert checked("hadolint", "--no-color", "Dockerfile") == ""


@pytest.mark.parametrize("newer", ["# syntax=", "--link", "--mount", "<<"])
def test_any_builder_can_build_it(newer: str) -> None:
    assert newer not in TEXT


def test_it_names_no_host_but_our_own_pages() -> None:
    assert set(re.findall(r"https?://([^/\"\s]+)", TEXT)) == {"github.com"}


@pytest.mark.parametrize("instruction", ["USER", "WORKDIR"])
def test_the_runner_decides_about_user_and_folder(instruction: str) -> None:
    assert f"\n{instruction} " not in LAST_STAGE


def test_only_locked_packages_are_installed() -> None:
    installs = re.findall(r"(?:pip|uv) (?:pip )?(?:install|build) .*?(?= &&|\n(?! ))", RECIPE, re.DOTALL)
    assert len(installs) == 4
    assert all("--require-hashes" in install or "--no-deps" in install for install in installs)

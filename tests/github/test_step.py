"""A step: it masks, quotes and annotates in its log, and appends to the files of the runner."""

from itertools import count
from pathlib import Path

import pytest

from mlval.github.step import Step


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def step(tmp_path: Path, log: list[str]) -> Step:
    numbers = count()
    return Step(
        environ={
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            "GITHUB_SERVER_URL": "https://ghe.example",
            "GITHUB_REPOSITORY": "acme/churn",
            "GITHUB_RUN_ID": "7",
        },
        write=log.append,
        word=lambda: f"{next(numbers):032x}",
    )


def test_outputs_and_summary_are_appended(step: Step, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("mine=1\n", encoding="utf-8")
    step.put_out({"verdict": "passed"})
    step.summarise("# One")
    step.summarise("# Two\n")
    assert (tmp_path / "output").read_text(encoding="utf-8").startswith("mine=1\nverdict<<")
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "# One\n# Two\n"


def test_a_summary_too_large_is_cut_with_a_link_to_the_run(step: Step, tmp_path: Path) -> None:
    step.summarise("line\n" * 400_000, "row\n" * 400_000)
    text = (tmp_path / "summary").read_text(encoding="utf-8")
    assert len(text) < 1_000_001
    assert "https://ghe.example/acme/churn/actions/runs/7" in text


def test_quoted_text_stands_between_commands(step: Step, log: list[str]) -> None:
    step.quote("::error::no")
    word = "0" * 32
    assert "".join(log) == f"::stop-commands::{word}\n::error::no\n::{word}::\n"


def test_a_runner_without_these_files_is_served_as_well(log: list[str]) -> None:
    step = Step(environ={}, write=log.append, word=lambda: "0" * 32)
    step.put_out({"verdict": "passed"})
    step.summarise("text")
    assert log == []


def test_a_file_that_cannot_be_written_is_a_warning(tmp_path: Path, log: list[str]) -> None:
    step = Step(environ={"GITHUB_OUTPUT": str(tmp_path)}, write=log.append, word=lambda: "0" * 32)
    step.put_out({"verdict": "passed"})
    assert log == ["::warning title=mlval::GITHUB_OUTPUT could not be written: Is a directory\n"]

"""`mlval lint` of several contracts: each is told, and one with mistakes hides none of the others."""

from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.conftest import CONTRACT, Call


@pytest.fixture
def models(folder: Path) -> Path:
    for name in ("churn", "fraud", "value"):
        (folder / "models" / name).mkdir(parents=True)
        (folder / "models" / name / "mlval.yml").write_text(CONTRACT)
    return folder / "models"


@pytest.mark.usefixtures("models")
def test_a_pattern_is_every_contract(call: Call) -> None:
    ended = call("lint", "models/*/mlval.yml")
    assert ended.code == ExitCode.PASSED
    assert ended.out.count(": valid, 1 validation\n") == 3


def test_one_with_mistakes_does_not_hide_the_others(models: Path, call: Call) -> None:
    (models / "churn" / "mlval.yml").write_text("version: 1\nvalidtions: []\n")
    ended = call("lint", "models/churn/mlval.yml", "models/fraud/mlval.yml")
    assert ended.code == ExitCode.USAGE
    assert "models/fraud/mlval.yml: valid" in ended.out
    assert "validtions" in ended.err


@pytest.mark.usefixtures("models")
def test_a_pattern_of_nothing_is_an_error_of_the_call(call: Call) -> None:
    assert call("lint", "model/*/mlval.yml").code == ExitCode.USAGE

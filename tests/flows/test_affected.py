"""Which changes concern a contract: what is not known, and whatever it names, always does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.load import load
from mlval.flows.affected import is_affected
from mlval.flows.request import Bindings

CONTRACT = """\
version: 1
name: churn
changed: [models/churn/**, shared/*.py]
datasets:
  reference: {profile: profiles/train.profile.json}
  holdout: {path: ../../data/h-*.csv, key: id, target: y}
  parts: {path: [a.csv, sub/b.csv]}
  today: {from: input}
models:
  candidate: {path: bundle}
  champion: {predictions: {path: ../preds.csv, key: id, score: p}}
validations:
  - {type: data, id: suite, dataset: holdout, suite: ../suites/gx.json}
  - {type: data, id: parts, dataset: parts, rows: {min: 1}}
"""
FILE = "gates/churn/mlval.yml"


def affected(
    root: Path, *changed: str, contract: str = CONTRACT, bound: str = "", file: str = FILE, known: bool = True
) -> bool:
    loaded = load(contract.encode(), file=file, default_name="churn")
    return is_affected(
        loaded,
        root / file,
        root=root,
        changed=changed if known else None,
        bindings=Bindings({"today": bound} if bound else {}),
        start=root,
    )


@pytest.mark.parametrize(
    "path",
    [
        "models/churn/train.py",
        "shared/features.py",
        FILE,
        "gates/churn/profiles/train.profile.json",
        "data/h-2026.csv",
        "gates/churn/a.csv",
        "gates/churn/sub/b.csv",
        "gates/churn/bundle/MLmodel",
        "gates/preds.csv",
        "gates/suites/gx.json",
        ".github/workflows/gate.yml",
        ".github/CODEOWNERS",
        "data",
        "gates/churn",
    ],
)
def test_what_it_is_about_or_names_concerns_it(tmp_path: Path, path: str) -> None:
    assert affected(tmp_path, "README.md", path)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "models/fraud/train.py",
        "shared/deep/x.py",
        "data/other.csv",
        "gates/fraud/mlval.yml",
        "a.csv",
    ],
)
def test_everything_else_does_not(tmp_path: Path, path: str) -> None:
    assert not affected(tmp_path, path)


def test_no_change_at_all_concerns_nobody(tmp_path: Path) -> None:
    assert not affected(tmp_path)


def test_what_is_not_known_concerns_everybody(tmp_path: Path) -> None:
    assert affected(tmp_path, known=False)


def test_a_contract_that_does_not_say_is_always_concerned(tmp_path: Path) -> None:
    assert affected(tmp_path, "README.md", contract=CONTRACT.replace("changed:", "# changed:"))


def test_what_was_bound_concerns_it(tmp_path: Path) -> None:
    assert affected(tmp_path, "exports/today.csv", bound="exports/today.csv")
    assert affected(tmp_path, "exports/today.csv", bound=str(tmp_path / "exports" / "*.csv"))
    assert not affected(tmp_path, "exports/today.csv", bound="exports/other.csv")


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "gates" / "real").mkdir(parents=True)
    (tmp_path / "gates" / "churn").symlink_to("real")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "gates" / "real" / "sub").symlink_to("../../elsewhere")
    assert affected(tmp_path, "gates/real/mlval.yml")
    assert affected(tmp_path, "gates/churn")
    assert affected(tmp_path, "elsewhere/b.csv")
    assert affected(tmp_path, "gates/real/sub")


@given(st.text(alphabet="ab*?[]!-./\\^$\0 é", min_size=1, max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    quoted = "'" + text.replace("\0", "").replace("'", "") + "x'"
    contract = f"version: 1\nchanged: [{quoted}]\ndatasets: {{a: {{path: {quoted}}}}}\n"
    contract += "validations: [{type: data, rows: {min: 1}}]\n"
    assert affected(Path("/nowhere"), "mlval.yml", contract=contract, file="mlval.yml")

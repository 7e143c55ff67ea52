"""The listing of a contract with many different mistakes, as a user reads it.

After an intended change run `MLVAL_UPDATE_GOLDEN=1 pytest tests/config/test_golden.py`, and read the
difference as somebody would who made these mistakes.
"""

import os
from pathlib import Path

import pytest

from mlval.config.load import load
from mlval.domain.errors import ContractError, Problem

HERE = Path(__file__).parent


def line(problem: Problem) -> str:
    place = f"{problem.place.line}:{problem.place.column}" if problem.place else "-"
    return f"{place} {problem.path}\n    {problem.message}\n" + (
        f"    {problem.hint}\n" if problem.hint else ""
    )


def test_ten_mistakes_are_listed_at_once() -> None:
    text = (HERE / "ten_mistakes.yml").read_bytes()
    with pytest.raises(ContractError) as caught:
        load(text, file="mlval.yml", default_name="churn")
    listing = "".join(line(problem) for problem in caught.value.problems)
    golden = HERE / "ten_mistakes.txt"
    if os.environ.get("MLVAL_UPDATE_GOLDEN"):
        golden.write_text(listing, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == listing


def test_the_listing_holds_ten_kinds_of_mistakes() -> None:
    lines = (HERE / "ten_mistakes.txt").read_text(encoding="utf-8").split("\n")
    messages = {entry.split("`")[0].split("found")[0] for entry in lines[1::3]}
    assert len(messages) >= 10

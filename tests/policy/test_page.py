"""The page about the guard has the directions that the code has."""

from pathlib import Path

from tests.policy.directions import key_rows, rule_rows
from tests.policy.test_every_field import classes

PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def rows_under(heading: str) -> list[str]:
    section = PAGE.partition(f"### {heading}\n")[2].partition("\n#")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def test_every_key_that_may_get_tighter_is_on_the_page() -> None:
    assert rows_under("Keys") == key_rows(classes())


def test_every_rule_that_may_get_tighter_is_on_the_page() -> None:
    assert rows_under("Rules") == rule_rows()

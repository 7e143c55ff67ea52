"""`mlval checks`: explains a name, and offers the one that was meant."""

import pytest

from tests.commands.conftest import Call


@pytest.mark.parametrize(
    "typed, offered", [("drft", "did you mean drift? "), ("zzzz", ""), ("roc_acu", "did you mean roc_auc? ")]
)
def test_a_name_that_is_misspelt_is_answered_with_the_nearest(call: Call, typed: str, offered: str) -> None:
    ended = call("checks", typed)
    assert ended.code == 2
    assert f"try: {offered}mlval checks lists them" in ended.err

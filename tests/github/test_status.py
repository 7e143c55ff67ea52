"""A status says its line in 140 characters, under the contract's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import status
from mlval.github.status import State
from tests.github import world
from tests.github.stand_in import StandIn
from tests.github.world import HEAD


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", ""),
        ("passed", "passed"),
        ("a\n b\t c", "a b c"),
        ("x" * 140, "x" * 140),
        ("x" * 141, "x" * 139 + "…"),
        ("word " * 40, ("word " * 27).strip() + "…"),
        ("a " + "x" * 200, "a " + "x" * 137 + "…"),
        ("🌈" * 71, "🌈" * 69 + "…"),
    ],
)
def test_a_description_is_cut_between_words(text: str, expected: str) -> None:
    assert status.described(text) == expected


@given(st.text())
def test_a_description_is_one_short_line(text: str) -> None:
    line = status.described(text)
    assert len(line.encode("utf-16-le", "surrogatepass")) // 2 <= 140
    assert "\n" not in line


@pytest.mark.parametrize("state", State)
def test_every_state_is_taken(github: StandIn, state: State) -> None:
    built = status.build(
        name="churn", state=state, description="d" * 500, target_url="https://example.com/run"
    )
    with world.connected(github) as client:
        status.put(client, HEAD, status=built)
    ((sha, found),) = github.forge.statuses
    assert (sha, found["context"], found["state"]) == (HEAD, "mlval/churn", state)
    assert found["target_url"] == "https://example.com/run"

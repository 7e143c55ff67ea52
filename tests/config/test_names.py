"""The name of a contract that has none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.names import CONTRACT_NAME, slug


@pytest.mark.parametrize(
    "text, name",
    [
        ("churn", "churn"),
        ("My Churn_model", "my-churn-model"),
        ("--x--", "x"),
        ("Größe", "groe"),
        ("日本", "contract"),
        ("", "contract"),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_a_folder_gives_a_name(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.text())
def test_any_text_gives_a_valid_name(text: str) -> None:
    assert re.fullmatch(CONTRACT_NAME, slug(text))

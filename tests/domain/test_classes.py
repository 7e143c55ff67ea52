"""The positive class: the one that is named, else the customary one, never a guess."""

import pytest

from mlval.domain.classes import as_level, positive_class
from mlval.domain.errors import Unmeasurable

Named = str | float | bool | None


@pytest.mark.parametrize(
    "value, level",
    [
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (0.5, "0.5"),
        ("Yes", "Yes"),
        ("1.0", "1.0"),
    ],
)
def test_values_of_a_contract_as_levels(value: str | float | bool, level: str) -> None:
    assert as_level(value) == level


@pytest.mark.parametrize(
    "levels, named, positive",
    [
        (["0", "1"], None, "1"),
        (["0"], None, "1"),
        (["1"], None, "1"),
        (["false", "true"], None, "true"),
        (["false"], None, "true"),
        (["-1", "1"], None, "1"),
        (["a", "b", "c"], "b", "b"),
        (["0", "1"], 0, "0"),
        (["0", "1"], 1.0, "1"),
        (["false", "true"], False, "false"),
        (["a", "b"], "z", "z"),
    ],
)
def test_the_named_or_the_customary_class_is_positive(levels: list[str], named: Named, positive: str) -> None:
    assert positive_class(levels, named) == positive


@pytest.mark.parametrize(
    "levels", [["no", "yes"], ["1", "2"], ["0", "1", "2"], ["True", "False"], ["0", "true"], ["nan"]]
)
def test_other_classes_have_to_be_named_and_are_not_told(levels: list[str]) -> None:
    with pytest.raises(Unmeasurable) as refused:
        positive_class([*levels, "s3cret"], None)
    assert "s3cret" not in refused.value.message
    assert "positive" in refused.value.remedy
    with pytest.raises(Unmeasurable):
        positive_class(levels, None)

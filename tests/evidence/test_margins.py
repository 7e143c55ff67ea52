"""How margins are spelled, and what they come to."""

from typing import Any

import pytest
from pydantic import ValidationError

from mlval.domain.bound import Margin
from mlval.evidence.margins import Margins


def margin(metric: str, raw: Any, champion: float = 0.8) -> tuple[Margin, float]:  # noqa: ANN401 - text of a contract
    ((_, found),) = Margins.model_validate({metric: raw}).demands()
    return found.margin(champion, confidence=0.95), found.weight(champion)


@pytest.mark.parametrize(
    "metric, raw, champion, expected, weight",
    [
        ("accuracy", 0.01, 0.8, Margin(min=-0.01), 1.0),
        ("accuracy", {"max_worse": 0.01}, 0.8, Margin(min=-0.01), 1.0),
        ("accuracy", 0, 0.8, Margin(min=0.0), 1.0),
        ("accuracy", "5%", 0.8, Margin(min=-0.04, share=0.05), 0.95),
        ("accuracy", {"min_better": 0.02}, 0.8, Margin(min=0.02), 1.0),
        ("accuracy", {"min_better": "5%"}, 0.8, Margin(min=0.04, share=0.05), 1.05),
        ("mae", 0.5, 2.0, Margin(max=0.5), 1.0),
        ("mae", "5%", 2.0, Margin(max=0.1, share=0.05), 1.05),
        ("mae", {"min_better": "5%"}, 2.0, Margin(max=-0.1, share=0.05), 0.95),
        ("r2", "10%", -0.5, Margin(min=-0.05, share=0.1), 1.1),
    ],
)
def test_an_end_for_every_spelling(
    metric: str, raw: object, champion: float, expected: Margin, weight: float
) -> None:
    found, factor = margin(metric, raw, champion)
    assert found == expected
    assert factor == pytest.approx(weight)


def test_a_share_is_that_of_the_contrast_with_the_weighted_champion() -> None:
    """To clear the end is to have candidate − weight · champion on the right side of zero."""
    for champion in (0.8, -0.5):
        found, weight = margin("r2", "10%", champion)
        assert found.min == pytest.approx((weight - 1) * champion)


@pytest.mark.parametrize(
    "raw, what",
    [
        ({}, "one of them"),
        ({"max_worse": 0.1, "min_better": 0.1}, "one of them"),
        (-0.1, "not negative"),
        (True, "expected"),
        ("1.5x", "found '1.5x'"),
        ("0.5x", "a difference such as"),
        ("lots", "expected"),
        (float("nan"), "expected"),
        ({"max_worse": 0.1, "maximum": 2}, "Extra inputs"),
    ],
)
def test_what_is_no_margin_is_refused(raw: object, what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        Margins.model_validate({"accuracy": raw})


def test_a_metric_has_one_spelling() -> None:
    with pytest.raises(ValidationError, match="two spellings"):
        Margins.model_validate({"mae": 1, "mean_absolute_error": 1})

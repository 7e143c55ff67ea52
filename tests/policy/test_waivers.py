"""Waivers let failures pass until their day is over, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.terms import Waiver
from mlval.domain.verdict import Result
from mlval.policy.waivers import waive

NOW = "2026-06-15T12:00:00Z"


def result(outcome: Outcome = Outcome.FAILED, *, type: str = "data", blocks: bool = True) -> Result:  # noqa: A002
    return Result(
        validation="churn",
        type=type,
        outcome=outcome,
        severity=Severity.BLOCK,
        measurement=Measurement(subject="amount", metric="max", value=3.0),
        blocks=blocks,
    )


def waiver(rule: str = "churn/amount/max", until: str = "2026-12-31") -> Waiver:
    return Waiver.model_validate({"rule": rule, "reason": "known refunds", "owner": "@ana", "until": until})


@pytest.mark.parametrize(
    "rule, covers",
    [
        ("churn", True),
        ("churn/amount", True),
        ("churn/amount/max", True),
        ("churn/amount/ma", False),
        ("chur", False),
        ("churn/amount/max/2", False),
        ("amount", False),
    ],
)
def test_a_waiver_covers_what_its_rule_names_part_by_part(rule: str, covers: bool) -> None:
    (one,) = waive([result()], [waiver(rule)], now=NOW).results
    assert one.blocks is not covers
    assert bool(one.waiver) is covers


def test_the_report_names_day_owner_and_reason() -> None:
    (one,) = waive([result()], [waiver()], now=NOW).results
    assert one.waiver == "waived until 2026-12-31 by @ana: known refunds"
    assert one.outcome is Outcome.FAILED


@given(st.integers(-400, 400))
def test_a_waiver_holds_through_its_last_day(days: int) -> None:
    until = (date(2026, 6, 15) + timedelta(days)).isoformat()
    (one,) = waive([result()], [waiver(until=until)], now=NOW).results
    assert one.blocks is (days < 0)


def test_a_day_ends_in_utc() -> None:
    today = waiver(until="2026-06-15")
    assert not waive([result()], [today], now="2026-06-15T23:59:59Z").results[0].blocks
    assert waive([result()], [today], now="2026-06-16T00:00:00Z").results[0].blocks
    assert not waive([result()], [today], now="2026-06-16T01:00:00+02:00").results[0].blocks


def test_an_expired_waiver_blocks_and_says_so() -> None:
    found = waive([result()], [waiver(until="2026-06-14")], now=NOW)
    assert found.results[0].blocks
    assert found.results[0].reason == "the waiver of '@ana' expired on 2026-06-14".replace("'", "")
    assert "expired on 2026-06-14" in found.cautions[0]


@pytest.mark.parametrize(
    "until, when", [("2026-06-15", "today"), ("2026-06-16", "tomorrow"), ("2026-06-22", "in 7 days")]
)
def test_an_end_that_is_near_is_announced(until: str, when: str) -> None:
    (caution,) = waive([result()], [waiver(until=until)], now=NOW).cautions
    assert f"expires {when}, on {until}" in caution


def test_an_end_that_is_far_is_not_announced() -> None:
    assert waive([result()], [waiver(until="2026-06-23")], now=NOW).cautions == ()


@pytest.mark.parametrize("outcome", [Outcome.ERRORED, Outcome.SKIPPED])
def test_what_was_not_measured_cannot_be_waived(outcome: Outcome) -> None:
    found = waive([result(outcome)], [waiver()], now=NOW)
    assert found.results[0].blocks
    assert "lets nothing pass any more" in found.cautions[0]


def test_what_the_policy_guard_found_cannot_be_waived() -> None:
    assert waive([result(type="policy")], [waiver("churn")], now=NOW).results[0].blocks


def test_a_waiver_that_nothing_needs_is_named() -> None:
    found = waive([result(Outcome.PASSED, blocks=False)], [waiver()], now=NOW)
    assert found.results[0].waiver == ""
    assert found.cautions == ("the waiver of churn/amount/max lets nothing pass any more: remove it",)


def test_the_longest_of_several_waivers_holds() -> None:
    found = waive([result()], [waiver(until="2026-01-01"), waiver("churn")], now=NOW)
    assert not found.results[0].blocks

"""What loosens takes effect from the base branch or by acceptance only; what tightens does at once."""

import pytest

from mlval.domain.terms import Terms
from mlval.policy.holding import holding


def terms(*waivers: tuple[str, str], fail_on: str = "any", weakening: str = "warn") -> Terms:
    listed = [{"rule": rule, "reason": "r", "owner": "o", "until": until} for rule, until in waivers]
    return Terms.model_validate(
        {"waivers": tuple(listed), "fail_on": fail_on, "policy": {"weakening": weakening}}
    )


OLD = ("data/amount", "2026-06-30")


@pytest.mark.parametrize(
    "waiver, holds",
    [
        (OLD, True),
        (("data/amount", "2026-06-01"), True),
        (("data/amount/max", "2026-06-30"), True),
        (("data/amount", "2026-07-01"), False),
        (("data", "2026-06-30"), False),
        (("data/amounts", "2026-06-30"), False),
        (("other", "2026-06-30"), False),
    ],
)
def test_a_waiver_holds_as_far_as_the_base_has_it(waiver: tuple[str, str], holds: bool) -> None:
    assert bool(holding(terms(waiver), terms(OLD), accepted=False).waivers) is holds


def test_a_waiver_that_is_gone_from_the_head_holds_no_more() -> None:
    assert holding(terms(), terms(OLD), accepted=False).waivers == ()


@pytest.mark.parametrize(
    "head, base, held",
    [("new", "new", "new"), ("new", "any", "any"), ("any", "new", "any"), ("any", "any", "any")],
)
def test_only_what_is_new_may_block_where_both_say_so(head: str, base: str, held: str) -> None:
    assert holding(terms(fail_on=head), terms(fail_on=base), accepted=False).fail_on == held


def test_without_a_base_nothing_is_let_pass() -> None:
    held = holding(terms(OLD, fail_on="new"), None, accepted=False)
    assert (held.waivers, held.fail_on) == ((), "any")


def test_the_base_says_what_a_weakening_means() -> None:
    assert holding(terms(), terms(weakening="block"), accepted=False).policy.weakening == "block"


def test_what_an_owner_accepted_holds() -> None:
    head = terms(("anything", "2030-01-01"), fail_on="new")
    assert holding(head, terms(), accepted=True) == head

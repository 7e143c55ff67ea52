"""Names of groups: values are told only where the contract spells them, and no two groups share one."""

from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import ByBins, ByColumn, ByPeriod, ByPredicate
from mlval.evidence.group_names import heading, names

LEVELS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "level 1", "(null)", "x and h=level 1", None])), unique=True
)
PLAN = ByColumn("plan", nulls="(null)")


def named(splits: tuple, keys: list, told: str = "", hidden: tuple[str, ...] = ()) -> list[str]:  # type: ignore[type-arg] # of any splits
    return list(names(splits, keys, vocabulary=frozenset(told.split()), hidden=hidden).values())


def test_only_what_the_contract_spells_is_told() -> None:
    keys = [("anna",), ("bert",), ("pro",), ("(null)",)]
    assert named((PLAN,), keys, "pro") == ["plan=level 2", "plan=level 3", "plan=pro", "plan=(null)"]
    assert named((PLAN,), keys, "pro", hidden=("plan",))[2] == "plan=level 4"


def test_bins_periods_and_predicates_are_of_the_contract() -> None:
    assert named((ByBins("age", (30.0,)),), [("< 30",), (None,)]) == ["age=< 30", "age=(null)"]
    assert named((ByPeriod("at", "year"),), [("2024",)]) == ["at=2024"]
    assert named((ByPredicate("old", "age > 60"),), [("old",), (None,)]) == ["old", "not old"]


def test_crossed_groups_have_both_names() -> None:
    splits = (PLAN, ByBins("age", (30.0,)))
    assert heading(splits) == "plan and age"
    assert named(splits, [("pro", "< 30"), ("x", ">= 30")], "pro") == [
        "plan=pro and age=< 30",
        "plan=level 2 and age=>= 30",
    ]


@given(LEVELS)
def test_no_two_groups_share_a_name(keys: list[tuple[str | None, ...]]) -> None:
    found = names((PLAN,), keys, vocabulary=frozenset({"level 1", "a"}), hidden=())
    assert len(set(found.values())) == len(keys)

"""Who plays a role: the named one, the only one, and otherwise nobody."""

import pytest

from mlval.domain.errors import Unmeasurable
from mlval.domain.roles import resolve


@pytest.mark.parametrize(
    "names, named, found", [(["a"], None, "a"), (["a", "b"], "b", "b"), (["a"], "a", "a")]
)
def test_the_named_or_the_only_one(names: list[str], named: str | None, found: str) -> None:
    assert resolve(names, named, role="dataset", kind="dataset") == found


@pytest.mark.parametrize(
    "names, named, message",
    [
        ([], None, "the contract has no dataset"),
        (["a", "b"], None, "say which dataset: `current: NAME`"),
        (["holdout"], "holdot", "did you mean 'holdout'?"),
        (["a"], "zzz", "there is no dataset 'zzz'"),
        ([], "a", "there is no dataset 'a'"),
        (["a"], "\N{RIGHT-TO-LEFT OVERRIDE}" * 300, "there is no dataset"),
    ],
)
def test_nobody_is_said_so(names: list[str], named: str | None, message: str) -> None:
    with pytest.raises(Unmeasurable) as refused:
        resolve(names, named, role="current", kind="dataset")
    assert message in refused.value.message
    assert refused.value.message.isprintable()
    assert len(refused.value.message) < 300

"""Every validation has an id of its own; there are neither none nor too many of them."""

from types import ModuleType

import pytest

from mlval.config.scalars import Value
from mlval.config.validations import identified, parse

LIMIT = 1000
WAITING: Value = {"type": "waiting"}


@pytest.mark.parametrize(
    "given, expected",
    [
        (["", "", ""], ["waiting", "waiting-2", "waiting-3"]),
        (["a", "", "b"], ["a", "waiting", "b"]),
        (["", "waiting"], ["waiting-2", "waiting"]),
        (["waiting-2", "", ""], ["waiting-2", "waiting", "waiting-3"]),
    ],
)
def test_ids_are_the_type_made_unique(given: list[str], expected: list[str], checks: ModuleType) -> None:
    parsed, mistakes = parse(
        tuple({"type": "waiting", **({"id": one} if one else {})} for one in given), checks
    )
    complete, duplicates = identified(parsed)
    assert [check.id for check in complete.values()] == expected
    assert not mistakes
    assert not duplicates


def test_a_duplicate_id_is_a_mistake(checks: ModuleType) -> None:
    parsed, _ = parse(({"type": "waiting", "id": "a"}, {"type": "waiting", "id": "a"}), checks)
    (mistake,) = identified(parsed)[1]
    assert mistake.path == ("validations", 1, "id")
    assert mistake.message == "the id `a` is taken by validations[0]"


def test_the_id_of_the_policy_guard_is_no_id_of_a_validation(checks: ModuleType) -> None:
    parsed, _ = parse(({"type": "waiting", "id": "policy"},), checks)
    (mistake,) = identified(parsed)[1]
    assert mistake.message == "the id `policy` is that of the policy guard"


def test_the_number_of_validations_is_limited(checks: ModuleType) -> None:
    assert len(parse((WAITING,) * LIMIT, checks)[0]) == LIMIT
    (mistake,) = parse((WAITING,) * (LIMIT + 1), checks)[1]
    assert mistake.message == "1,001 validations; a contract has at most 1,000"

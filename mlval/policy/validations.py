"""Comparing the validations of two contracts: matched by content and by id, never by position."""

import json
from collections.abc import Iterator

from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import MlvalError
from mlval.domain.inputs import Uses
from mlval.policy.change import Change, Direction
from mlval.policy.parts import Spot, edits
from mlval.policy.wording import said

_NAMES = frozenset({"id", "type"})
Numbered = tuple[int, Check]


def validation_changes(base: Contract, head: Contract) -> Iterator[Change]:
    """Yield what differs between the validations of two contracts, in the order of the edited one.

    One that only got another id, or another place, demands what it did. Only where results are known by
    their id to somebody, to a waiver or to the results of the base, may a new id let one through.
    """
    pairs, gone, new = _matched(base, head)
    for (_, old), (index, check) in pairs:
        spot = _spot(head, index, check)
        if old.id != check.id:
            yield _renamed(base, old, spot)
        yield from edits(old, check, spot, without=_NAMES)
        yield from _hidden_columns(old, check, spot)
        uses = _uses(old, base), _uses(check, head)
        if uses[0] != uses[1]:
            sentence = f"judged {_told(uses[0])}, judges {_told(uses[1])}"
            yield spot.change("changed", Direction.WEAKENING, sentence)
    for _, old in gone:
        told = Spot(head, ("validations", old.id), ("validations",))
        yield told.change("removed", Direction.WEAKENING, f"the validation was {said(old)}")
    for index, check in new:
        yield _spot(head, index, check).change("added", Direction.TIGHTENING, "a new validation")


def _matched(
    base: Contract, head: Contract
) -> tuple[list[tuple[Numbered, Numbered]], list[Numbered], list[Numbered]]:
    """Return which validations correspond, those that are gone, and those that are new.

    Equal ones of one id come first, then equal ones, then those of one id and type.
    """
    old, new = list(enumerate(base.validations)), list(enumerate(head.validations))
    pairs: list[tuple[Numbered, Numbered]] = []
    for by in (lambda one: (one.id, _content(one)), _content, lambda one: (one.id, one.type)):
        waiting: dict[object, list[Numbered]] = {}
        for item in new:
            waiting.setdefault(by(item[1]), []).append(item)
        for item in tuple(old):
            twins = waiting.get(by(item[1]))
            if twins:
                pairs.append((item, twins[0]))
                old.remove(item)
                new.remove(twins.pop(0))
    return sorted(pairs, key=lambda pair: pair[1][0]), old, new


def _content(check: Check) -> tuple[str, str]:
    """Return all that a validation says but for its id; that two are alike is looked at again."""
    dumped = check.model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    return check.type, json.dumps(dumped, sort_keys=True, default=repr)


def _renamed(base: Contract, old: Check, spot: Spot) -> Change:
    terms = (base.terms, spot.head.terms)
    is_known = any(one.waivers or one.fail_on == "new" for one in terms)
    direction = Direction.WEAKENING if is_known else Direction.NEUTRAL
    return spot.change("renamed", direction, f"was `{old.id}`, is `{spot.told[-1]}`")


def _hidden_columns(old: Check, new: Check, spot: Spot) -> Iterator[Change]:
    """Yield columns that a table may now have, where those that the contract does not name are forbidden."""
    if getattr(old, "extra_columns", None) is None:
        return
    named = getattr(old, "columns", {})
    for column in getattr(new, "columns", {}):
        if column not in named:
            sentence = "`extra_columns: forbid` lets the table have this column now"
            yield spot.at("columns").at(column).change("added", Direction.WEAKENING, sentence)


def _uses(check: Check, contract: Contract) -> Uses | None:
    try:
        return check.uses(contract.inputs)
    except MlvalError:
        return None


def _told(uses: Uses | None) -> str:
    return "nothing known" if uses is None else said((*uses.datasets, *uses.models))


def _spot(head: Contract, index: int, check: Check) -> Spot:
    return Spot(head, ("validations", check.id), ("validations", index))

"""Comparing two whole contracts, that of the base branch and the edited one."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import BaseModel

from mlval.domain.contract import Contract
from mlval.domain.terms import Waiver
from mlval.policy.change import Change, Direction, Kind
from mlval.policy.parts import Spot, edits
from mlval.policy.validations import validation_changes
from mlval.policy.wording import said


def compare(base: Contract, head: Contract) -> tuple[Change, ...]:
    """Return every edit that leads from one contract to another, in the order of the contract's keys.

    Whatever is not provably a tightening is a weakening. Layout, comments and the order of keys, of
    validations and of sets are no edits.
    """
    spot = Spot(head, (), ())
    return (
        *_name(base, head, spot.at("name")),
        *_inputs(base.inputs.datasets, head.inputs.datasets, spot.at("datasets")),
        *_inputs(base.inputs.models, head.inputs.models, spot.at("models")),
        *_hidden(base, head, spot.at("models")),
        *validation_changes(base, head),
        *edits(base.terms.policy, head.terms.policy, spot.at("policy")),
        *_waivers(base.terms.waivers, head.terms.waivers, spot.at("waivers")),
        *edits(base.terms, head.terms, spot, without=frozenset({"policy", "waivers", "changed"})),
        *_changed(base.terms.changed, head.terms.changed, spot.at("changed")),
    )


def _name(base: Contract, head: Contract, spot: Spot) -> Iterator[Change]:
    """Yield another name: reports and statuses under the old one would not be renewed."""
    if base.name != head.name:
        yield spot.change("changed", Direction.WEAKENING, f"was {said(base.name)}, is {said(head.name)}")


def _inputs(base: Mapping[str, BaseModel], head: Mapping[str, BaseModel], spot: Spot) -> Iterator[Change]:
    """Compare datasets or models by name. A new one changes nothing unless a validation uses it."""
    for name, old in base.items():
        if name in head:
            yield from edits(old, head[name], spot.at(name))
        else:
            yield spot.at(name).change("removed", Direction.WEAKENING, f"was {said(old)}")
    for name, new in head.items():
        if name not in base:
            yield spot.at(name).change("added", Direction.NEUTRAL, f"is {said(new)}")


def _hidden(base: Contract, head: Contract, spot: Spot) -> Iterator[Change]:
    """Yield new models whose predictions are columns of a known dataset: no check looks at these columns."""
    for name, new in head.inputs.models.items():
        known = name in base.inputs.models or new.predictions is None
        dataset = None if known or new.predictions is None else new.predictions.dataset
        if dataset is not None and dataset in base.inputs.datasets:
            sentence = (
                f"columns of {said(dataset)} count as predictions now, which no check looks at by default"
            )
            yield spot.at(name).change("added", Direction.WEAKENING, sentence)


def _waivers(base: tuple[Waiver, ...], head: tuple[Waiver, ...], spot: Spot) -> Iterator[Change]:
    """Compare what is let pass: each rule until the last of the days that are given for it."""
    known = _days(base)
    for index, waiver in enumerate(head):
        before = known.get(waiver.rule)
        told = f"{said(waiver.rule)} is let pass until {waiver.until.isoformat()}"
        if before is None:
            yield spot.at(index).change("added", Direction.WEAKENING, told)
        elif waiver.until > before:
            yield spot.at(index).change("loosened", Direction.WEAKENING, f"{told}, was {before.isoformat()}")
    left = _days(head)
    for rule, until in known.items():
        if rule not in left or left[rule] < until:
            kind: Kind = "tightened" if rule in left else "removed"
            sentence = "for a shorter time" if rule in left else "no longer"
            yield spot.change(kind, Direction.TIGHTENING, f"{said(rule)} is let pass {sentence}")


def _days(waivers: tuple[Waiver, ...]) -> dict[str, date]:
    days: dict[str, date] = {}
    for waiver in sorted(waivers, key=lambda one: one.until):
        days[waiver.rule] = waiver.until
    return days


def _changed(base: tuple[str, ...], head: tuple[str, ...], spot: Spot) -> Iterator[Change]:
    """Compare the files that a contract is about; one that names none is about every file."""
    old, new = set(base), set(head)
    if old == new:
        return
    excludes = any(pattern.startswith("!") for pattern in old | new)
    wider = not new or (bool(old) and old < new and not excludes)
    kind: Kind = "tightened" if wider else "loosened"
    direction = Direction.TIGHTENING if wider else Direction.WEAKENING
    yield spot.change(kind, direction, f"was {said(base)}, is {said(head)}")

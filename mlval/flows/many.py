"""Several contracts in one run: found, named apart, judged one after another, each with its own bindings."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlval.config.names import slug
from mlval.domain.contract import Contract
from mlval.domain.errors import MlvalError, UsageError
from mlval.domain.reports import NotAffected, NotJudged, Part, Reports
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.flows.affected import is_affected
from mlval.flows.request import Bindings

GENERAL_NAME = "mlval"
"""The name of comment and status for several contracts, unless another is given."""

UNTOUCHED = "the change touches nothing that it is about"
UNCHOSEN = "it has none of the validations that were asked for"


@dataclass(frozen=True, slots=True)
class Located:
    """A contract that was read, or why it could not be.

    Attributes
    ----------
    path : as reports show it
    file : where it is
    contract : the contract, or the error that reading it ended with
    """

    path: str
    file: Path
    contract: Contract | MlvalError

    @property
    def base(self) -> Path:
        """The folder that paths of the contract are relative to."""
        return Path(os.path.realpath(self.file)).parent

    @property
    def name(self) -> str:
        """The name of the contract; of one that cannot be read that of its folder."""
        return self.contract.name if isinstance(self.contract, Contract) else slug(self.base.name)


@dataclass(frozen=True, slots=True)
class Change:
    """What is known of the change under review.

    Attributes
    ----------
    root : the top of the repository, with every link followed
    files : paths of all changed files from there; None where they are not known
    """

    root: Path
    files: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a call asks of all its contracts.

    Attributes
    ----------
    name : of comment and status; empty for the default
    only : ids or types of validations; empty means all
    bindings : by `NAME`, or by `CONTRACT/NAME` for one contract
    start : what bound paths are relative to
    change : what is under review
    """

    name: str = ""
    only: tuple[str, ...] = ()
    bindings: Bindings
    start: Path
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One contract to judge: what is bound for it, and which of its validations are to run.

    Attributes
    ----------
    file : where the contract is
    base : the folder that its paths are relative to
    """

    contract: Contract
    file: Path
    base: Path
    bindings: Bindings
    only: tuple[str, ...]


Judge = Callable[[Task], Report]
"""Measures and judges one contract."""


def read_each(
    places: Sequence[tuple[str, Path]], read: Callable[[Path, str], Contract]
) -> tuple[Located, ...]:
    """Read every contract; one alone must be readable, of several each error is kept.

    Raises
    ------
    UsageError, ContractError
        If the only contract cannot be read, or two have the same name.
    """
    if len(places) == 1:
        path, file = places[0]
        return (Located(path, file, read(file, path)),)
    located = tuple(Located(path, file, _read(file, path, read)) for path, file in places)
    by_name: dict[str, str] = {}
    for one in located:
        if not isinstance(one.contract, Contract):
            continue
        if one.name in by_name:
            both = f"{shown(by_name[one.name])}, {shown(one.path)}"
            message = f"two contracts are named {shown(one.name)}: {both}"
            raise UsageError(message, remedy="give each a `name:` of its own, at the top of the contract")
        by_name[one.name] = one.path
    return located


def judge_each(located: Sequence[Located], wish: Wish, judge: Judge) -> Reports:
    """Judge the contracts one after another; of several, an error of one does not keep the others from it.

    Raises
    ------
    MlvalError
        What the only contract ended with, or bindings that no contract takes.
    """
    _refuse_strangers(located, wish)
    name = wish.name or (located[0].name if len(located) == 1 else GENERAL_NAME)
    if len(located) == 1:
        return Reports(name, (_judged(located[0], wish, judge, is_alone=True),))
    return Reports(name, tuple(_contained(one, wish, judge) for one in located))


def bindings_of(name: str, contract: Contract, bindings: Bindings, *, is_alone: bool) -> Bindings:
    """Return what is bound for one contract: `NAME/…` of its own, and what it leaves open of the others.

    The only contract gets all, so that a name that it does not know is an error there.
    """
    return replace(
        bindings,
        data=_own(bindings.data, name, open_data(contract), is_alone=is_alone),
        models=_own(bindings.models, name, open_models(contract), is_alone=is_alone),
    )


def known_names(contract: Contract) -> set[str]:
    """Return the ids and the types of all validations."""
    return {name for check in contract.validations for name in (check.id, check.type)}


def open_data(contract: Contract) -> set[str]:
    """Return the datasets that are `from: input`."""
    return {name for name, dataset in contract.inputs.datasets.items() if dataset.source}


def open_models(contract: Contract) -> set[str]:
    """Return the models that are `from: input`, or whose predictions are."""
    return {
        name
        for name, model in contract.inputs.models.items()
        if model.source or (model.predictions and model.predictions.source)
    }


def _read(file: Path, path: str, read: Callable[[Path, str], Contract]) -> Contract | MlvalError:
    try:
        return read(file, path)
    except MlvalError as error:
        return error


def _contained(one: Located, wish: Wish, judge: Judge) -> Part:
    try:
        return _judged(one, wish, judge, is_alone=False)
    except Exception as error:  # noqa: BLE001 - a bug in one contract is a code 70, and the others are judged
        return NotJudged(one.name, one.path, error)


def _judged(one: Located, wish: Wish, judge: Judge, *, is_alone: bool) -> Report | NotAffected:
    if isinstance(one.contract, MlvalError):
        raise one.contract
    only = wish.only if is_alone else tuple(sorted(set(wish.only) & known_names(one.contract)))
    if wish.only and not only:
        return NotAffected(one.name, one.path, UNCHOSEN)
    bindings = bindings_of(one.name, one.contract, wish.bindings, is_alone=is_alone)
    change = wish.change
    if not is_affected(
        one.contract, one.file, root=change.root, changed=change.files, bindings=bindings, start=wish.start
    ):
        return NotAffected(one.name, one.path, UNTOUCHED)
    return judge(Task(contract=one.contract, file=one.file, base=one.base, bindings=bindings, only=only))


def _own(bound: Mapping[str, str], name: str, open_names: set[str], *, is_alone: bool) -> dict[str, str]:
    general = {key: path for key, path in bound.items() if "/" not in key and (is_alone or key in open_names)}
    prefix = f"{name}/"
    return general | {key.removeprefix(prefix): path for key, path in bound.items() if key.startswith(prefix)}


def _refuse_strangers(located: Sequence[Located], wish: Wish) -> None:
    """Refuse what is bound for a contract or a name that is not there, and validations that none has.

    What a contract that could not be read would know is not held against the call.
    """
    names = {one.name for one in located}
    contracts = [one.contract for one in located if isinstance(one.contract, Contract)]
    whole = 1 < len(located) == len(contracts)
    for bound, spelt, open_names in (
        (wish.bindings.data, wish.bindings.spelt[0], set().union(*map(open_data, contracts))),
        (wish.bindings.models, wish.bindings.spelt[1], set().union(*map(open_models, contracts))),
    ):
        for key in bound:
            contract, slash, _ = key.rpartition("/")
            if slash and contract not in names:
                message = f"{spelt} {shown(key)}: no contract is named {shown(contract)}"
                raise UsageError(message, remedy=f"there are: {shown(', '.join(sorted(names)))}")
            if not slash and whole and key not in open_names:
                message = f"{spelt} {shown(key)}: no contract has such a name that is `from: input`"
                raise UsageError(message)
    known = set().union(*map(known_names, contracts))
    for name in wish.only if whole else ():
        if name not in known:
            message = f"only {shown(name)}: no validation of any contract has this id or type"
            raise UsageError(message)

"""Checking the predicates of a contract with the engine's own parser, before there is any data."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from mlval.config.wording import dotted
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, Problem
from mlval.domain.measurement import Path

PREDICATES = {"where", "expect", "that"}


def check_predicates(contract: Contract) -> None:
    """Raise for every predicate that is not one.

    Raises
    ------
    ContractError
        With the place of each.
    """
    predicates = [
        (("validations", index, *path), text)
        for index, check in enumerate(contract.validations)
        for path, text in _predicates(check, ())
    ]
    if not predicates:
        return
    from mlval.measure.connection import bare
    from mlval.measure.predicate import PredicateError, compile_predicate, parser

    parse = parser(bare())
    problems = []
    for path, text in predicates:
        try:
            compile_predicate(text, parse=parse, columns=None)
        except PredicateError as error:
            problems.append(Problem(str(error), dotted(path), contract.place(path)))
    if problems:
        raise ContractError(contract.path, tuple(problems))


def _predicates(value: Any, path: Path, key: str = "") -> Iterator[tuple[Path, str]]:  # noqa: ANN401
    """Walk a validation and yield its predicates with their paths."""
    if isinstance(value, BaseModel):
        root = getattr(value, "root", None)
        if root is not None:
            yield from _predicates(root, path, key)
            return
        for name in type(value).model_fields:
            yield from _predicates(getattr(value, name), (*path, name), name)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _predicates(inner, (*path, name), str(name))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _predicates(inner, (*path, index), key)
    elif isinstance(value, str) and key in PREDICATES:
        yield path, value

"""The sections `datasets:` and `models:`, and whether they and the validations agree."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from mlval.config.findings import Finding
from mlval.config.names import MOST_INPUTS, NAME
from mlval.config.scalars import Value
from mlval.config.translation import findings
from mlval.config.validations import KEY, Checks
from mlval.config.wording import found, listed, named
from mlval.domain.inputs import Inputs
from mlval.domain.text import shown

P = TypeVar("P", bound=BaseModel)

_NAME = re.compile(NAME)
_FORM = "use letters, digits, `_` and `-`, at most 64, no digit first"
_LONG = 400


class _Unknown(Exception):
    """Something was asked of a part that could not be parsed."""


class Parts(Mapping[str, P]):
    """Datasets or models by name. Of one that could not be parsed the name is known, and nothing else."""

    def __init__(self, parts: Mapping[str, P | None]) -> None:
        """Keep the parts; None stands for one that could not be parsed."""
        self._parts = parts

    def __getitem__(self, name: str) -> P:
        part = self._parts[name]
        if part is None:
            raise _Unknown(name)
        return part

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def parse(raw: Value, *, section: str, model: type[P]) -> tuple[Parts[P], list[Finding]]:
    """Return the parts of a section by name, and the mistakes in them."""
    if not isinstance(raw, dict):
        message = f"expected a mapping of names, found {found(raw)}"
        return Parts({}), [Finding((section,), message, "write one `name: {…}` a line, or remove the key")]
    if len(raw) > MOST_INPUTS:
        message = f"{len(raw)} {section}; a contract has at most {MOST_INPUTS}"
        return Parts(dict.fromkeys(raw)), [Finding((section,), message, "split the contract")]
    parts: dict[str, P | None] = {}
    mistakes: list[Finding] = []
    for name, entry in raw.items():
        path = (section, name)
        if not _NAME.fullmatch(name):
            mistakes.append(Finding(path, f"{named(name)} cannot be a name", _FORM))
        try:
            parts[name] = model.model_validate(entry)
        except ValidationError as error:
            parts[name] = None
            mistakes += findings(error, entry, model=model, path=path)
    return Parts(parts), mistakes


def disagreements(inputs: Inputs, checks: Checks) -> list[Finding]:
    """Return where predictions or validations ask for something that the contract does not have.

    What depends on a broken part is left out: mending that part comes first.
    """
    if max(len(inputs.datasets), len(inputs.models)) > MOST_INPUTS:
        return []
    mistakes: list[Finding] = []
    for name in inputs.models:
        try:
            predictions = inputs.models[name].predictions
        except _Unknown:
            continue
        dataset = None if predictions is None else predictions.dataset
        if dataset is not None and dataset not in inputs.datasets:
            path = ("models", name, "predictions", "dataset")
            valid = tuple(inputs.datasets)
            message = f"there is no dataset {named(dataset)}"
            mistakes.append(Finding(path, message, listed(valid), name=dataset, valid=valid))
    for index, check in checks.items():
        try:
            problems = check.problems(inputs)
        except _Unknown:
            continue
        mistakes += [Finding((KEY, index, *path), shown(text, _LONG)) for path, text in problems]
    return mistakes

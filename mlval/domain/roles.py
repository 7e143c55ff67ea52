"""Which dataset or model plays a role: the one that is named, or the only one that there is."""

from collections.abc import Iterable
from difflib import get_close_matches

from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Path
from mlval.domain.text import shown

Problems = tuple[tuple[Path, str], ...]


def resolve(names: Iterable[str], named: str | None, *, role: str, kind: str) -> str:
    """Return the name that plays a role.

    Raises
    ------
    Unmeasurable
        If the named one does not exist, or none is named and there is not exactly one.
    """
    known = sorted(names)
    if named is not None:
        if named in known:
            return named
        close = get_close_matches(named, known, n=1)
        message = f"there is no {kind} {shown(named)!r}" + (f"; did you mean {close[0]!r}?" if close else "")
        raise Unmeasurable(message, remedy=f"{kind}s: {shown(', '.join(known)) or 'none'}")
    if len(known) == 1:
        return known[0]
    message = f"say which {kind}: `{role}: NAME`" if known else f"the contract has no {kind}"
    raise Unmeasurable(
        message, remedy=f"{kind}s: {shown(', '.join(known))}" if known else f"add one under `{kind}s:`"
    )


def candidate(inputs: Inputs, named: str | None) -> str:
    """Return the model that is judged: the named one, `candidate`, or the only one.

    Raises
    ------
    Unmeasurable
        As `resolve`.
    """
    known = inputs.models
    return resolve(
        known, named or ("candidate" if "candidate" in known else None), role="model", kind="model"
    )


def playing(inputs: Inputs, dataset: str | None, model: str | None) -> tuple[Dataset | None, Problems]:
    """Return the dataset whose rows a model is shown, and which of the two is not there.

    Without a dataset nothing else is looked for.
    """
    try:
        found = inputs.datasets[resolve(inputs.datasets, dataset, role="dataset", kind="dataset")]
    except Unmeasurable as error:
        return None, ((("dataset",), error.message),)
    try:
        candidate(inputs, model)
    except Unmeasurable as error:
        return found, ((("model",), error.message),)
    return found, ()


def labelled(inputs: Inputs, dataset: str | None, model: str | None) -> tuple[Dataset | None, Problems]:
    """Return the dataset on which a model is judged, and what keeps that from being possible."""
    found, problems = playing(inputs, dataset, model)
    if found is not None and found.target is None:
        problems += ((("dataset",), "the dataset needs a `target:`, the column with the truth"),)
    return found, problems


def compared(names: Iterable[str], reference: str | None, current: str | None) -> tuple[str, str]:
    """Return the dataset to compare with, and the other one, which may have changed.

    Raises
    ------
    Unmeasurable
        If one of them cannot be told, or they are the same.
    """
    known = tuple(names)
    reference = reference or ("reference" if "reference" in known else None)
    reference = resolve(known, reference, role="reference", kind="dataset")
    others = [name for name in known if name != reference]
    current = current or ("current" if "current" in others else None)
    if current == reference:
        message = f"{shown(reference)!r} cannot be compared with itself"
        raise Unmeasurable(message, remedy="name another dataset as `current:`")
    return reference, resolve(others, current, role="current", kind="dataset")

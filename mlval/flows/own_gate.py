"""Which files of a change have a say in its own gate: workflows, the contract, and what it reads."""

import posixpath
from collections.abc import Iterable

from mlval.domain.contract import Contract
from mlval.flows.gate_inputs import references
from mlval.sources.path_pattern import is_on_the_way, matches

WORKFLOWS = ".github"


def own_gate(changed: Iterable[str], contract: Contract) -> tuple[str, ...]:
    """Return the changed files that the verdict of a contract rests on, sorted.

    Parameters
    ----------
    changed : paths from the top of the repository
    contract : as the base branch has it; its path is relative to the top, too
    """
    folder = posixpath.dirname(contract.path)
    named = (posixpath.normpath(posixpath.join(folder, one)) for one in references(contract))
    watched = {WORKFLOWS, contract.path, *named}
    return tuple(
        sorted(
            path
            for path in changed
            if "." in watched or any(matches(one, path) or is_on_the_way(path, one) for one in watched)
        )
    )

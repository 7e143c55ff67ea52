"""What a change under review does to its own gate: the contract and its files, beside those of the base.

The base decides: its contract says which files count and what a weakening means, its CODEOWNERS who may
accept one. What cannot be read never passes.
"""

import itertools
import os
import posixpath
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError
from mlval.domain.outcome import Severity
from mlval.domain.terms import Terms
from mlval.domain.text import shown
from mlval.domain.verdict import Result
from mlval.flows.acceptance import accepted_by_owner
from mlval.flows.contract_file import LIMIT
from mlval.flows.gate_inputs import Compared
from mlval.flows.policy_findings import findings, unreadable
from mlval.github import values
from mlval.github.contents import Entry, Snapshot, git_hash
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.github.reviews import Acceptance
from mlval.policy.change import Change, Direction
from mlval.policy.contracts import compare
from mlval.policy.holding import holding
from mlval.sources.path_pattern import beginning, matches
from mlval.sources.spelling import has_wildcard

if TYPE_CHECKING:
    from mlval.github.client import Client

_UNDER_REVIEW: Final = ("merge_group", "pull_request")
_MOST_CONTRACTS: Final = 20
MOVED: Final = "moved contract"
"""The kind of what is found where a contract is new and another one is gone."""
_OLDER: Final = "the branch is older than the base's contract: update the branch"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A contract of the work tree, and what surrounds it.

    Attributes
    ----------
    contract : as it was loaded; its path is relative to `root`
    root : the top of the work tree
    default_name : what a contract at the top without a `name` is called
    bound : files that were named when the gate was started, relative to the top
    references : the paths and patterns by which contracts are named, relative to the top
    """

    contract: Contract
    root: Path
    default_name: str
    bound: Sequence[str] = ()
    references: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Guarding:
    """What the guard found, and what follows for the run.

    Attributes
    ----------
    results : each weakening, or that there is none, or why that is not known
    terms : the terms that hold; None where those of the contract do
    accepted : whether an owner accepted the weakenings
    """

    results: tuple[Result, ...] = ()
    terms: Terms | None = None
    accepted: bool = False


def guarded(client: "Client | None", event: Event, subject: Guarded) -> Guarding:
    """Compare a contract and what it reads with the base.

    Outside of pull requests and merge queues nothing is under review, and nothing is found; nor for a
    contract outside of the workspace, which only who runs the gate can name.
    """
    if not under_review(event.name) or posixpath.isabs(subject.contract.path):
        return Guarding()
    if event.base_sha is None:
        return unknown(subject.contract, "the event does not say what it is compared with")
    if client is None:
        return unknown(subject.contract, "there is no token to read the base branch with")
    try:
        return _guarded(client, event, subject, base=Snapshot(client, event.base_sha))
    except PublishError as error:
        return unknown(subject.contract, str(error))


def unknown(contract: Contract, reason: str) -> Guarding:
    """Return that the base could not be read: nothing passes, and nothing that lets pass holds."""
    terms = holding(contract.terms, None, accepted=False)
    return Guarding((unreadable(contract, reason),), terms)


@dataclass(frozen=True, slots=True)
class Gone:
    """A contract that the base has and the work tree has not, and what that is."""

    contract: Contract
    findings: tuple[Result, ...]


def gone(client: "Client", event: Event, subject: Guarded, *, located: Collection[str]) -> tuple[Gone, ...]:
    """Return the contracts that references name at the base, and that nobody judges any more.

    One that is not valid at the base is no gate, and its end weakens nothing.

    Parameters
    ----------
    subject : its references are looked for; its contract does not matter
    located : paths of the contracts of the work tree; one that only became a link to another is none of them

    Raises
    ------
    PublishError
        If GitHub does not say what the base has.
    """
    if not under_review(event.name) or event.base_sha is None:
        return ()
    base = Snapshot(client, event.base_sha)
    found: list[Gone] = []
    for path, entry in sorted(_named(base, subject.references).items()):
        if path in located:
            continue
        try:
            old = _contract(base, entry, subject, path=path)
        except ContractError:
            continue
        change = Change(path, "removed", Direction.WEAKENING, "the contract is removed")
        judged = _judged(client, event, old, base=base, changes=(change,), severity=_severity(old))
        found.append(Gone(old, judged.results))
    return tuple(found)


def _named(base: Snapshot, patterns: Sequence[str]) -> dict[str, Entry]:
    """Return the files of the base that references name, looked for only where these begin."""
    found: dict[str, Entry] = {}
    for pattern in patterns:
        if not has_wildcard(pattern):
            path = posixpath.normpath(pattern)
            entry = base.entry(path)
            found |= {path: entry} if entry is not None and entry.kind == "file" else {}
            continue
        below = base.below(beginning(pattern))
        found |= {path: one for path, one in below.items() if one.kind == "file" and matches(pattern, path)}
    return found


def under_review(event_name: str) -> bool:
    """Say whether an event is about a change that is not merged yet."""
    return event_name.startswith(_UNDER_REVIEW)


def _guarded(client: "Client", event: Event, subject: Guarded, *, base: Snapshot) -> Guarding:
    contract = subject.contract
    if not _stands(subject.root, contract.path):
        sentence = "a link leads to it, so that it reads other files than those beside it at the base branch"
        linked = Change(contract.path, "changed", Direction.WEAKENING, sentence)
        return _judged(client, event, contract, base=base, changes=(linked,), severity=Severity.BLOCK)
    entry = base.entry(contract.path)
    if entry is None:
        return _new(client, event, subject, base=base)
    try:
        old = _contract(base, entry, subject, path=contract.path)
    except ContractError as error:
        sentence = f"nothing can be compared: {error.message} at the base branch"
        broken = Change(contract.path, "changed", Direction.WEAKENING, sentence)
        return _judged(client, event, contract, base=base, changes=(broken,), severity=Severity.BLOCK)
    changes = compare(old, contract)
    if any(change.weakens for change in changes) and _is_older(client, event, subject, base=base):
        changes = tuple(replace(one, sentence=f"{one.sentence}; {_OLDER}") for one in changes)
    compared = Compared(subject.root, base, Snapshot(client, event.head_sha))
    changes += tuple(compared.changes(old, bound=subject.bound))
    return _judged(client, event, contract, base=base, changes=changes, severity=_severity(old), known=old)


def _new(client: "Client", event: Event, subject: Guarded, *, base: Snapshot) -> Guarding:
    """Judge a contract that the base lacks: a first one is no weaker than none, a moved one may be."""
    missing = (path for path in _contracts(base, subject) if not _stands(subject.root, path))
    moved = list(itertools.islice(missing, _MOST_CONTRACTS))
    changes: list[Change] = []
    severity = Severity.WARN
    if base.all() is None:
        sentence = "the base has too many files to tell whether another contract is gone"
        changes.append(Change(subject.contract.path, MOVED, Direction.WEAKENING, sentence))
    for path in moved:
        entry = base.entry(path)
        try:
            old = None if entry is None else _contract(base, entry, subject, path=path)
        except ContractError:
            continue
        if old is not None:
            sentence = f"the base's contract {shown(path, 80)} is gone, and this one is new"
            changes.append(Change(subject.contract.path, MOVED, Direction.WEAKENING, sentence))
            changes += compare(old, subject.contract)
            severity = Severity.BLOCK if _severity(old) is Severity.BLOCK else severity
    return _judged(
        client,
        event,
        subject.contract,
        base=base,
        changes=tuple(changes),
        severity=severity,
        owned=moved,
        # Where nothing was before, there is nothing that its terms could loosen.
        known=None if changes else subject.contract,
    )


def _contracts(base: Snapshot, subject: Guarded) -> list[str]:
    """Return files of the base that look like contracts, by their names, or that are named as such."""
    usual = {posixpath.basename(subject.contract.path), "mlval.yml", "mlval.yaml"}
    found = [
        path
        for path, entry in (base.all() or {}).items()
        if entry.kind == "file"
        and (posixpath.basename(path) in usual or any(matches(one, path) for one in subject.references))
    ]
    return sorted(found)


def _stands(root: Path, path: str) -> bool:
    """Say whether a file stands at a path itself, and no link leads elsewhere on the way."""
    here = root / path
    return here.is_file() and Path(os.path.realpath(here)) == here


def _contract(base: Snapshot, entry: Entry, subject: Guarded, *, path: str) -> Contract:
    folder = posixpath.basename(posixpath.dirname(path)) or subject.default_name
    return load(base.read(entry, most=LIMIT), file=path, default_name=folder)


def _severity(base: Contract) -> Severity:
    return Severity(base.terms.policy.weakening)


def _judged(
    client: "Client",
    event: Event,
    contract: Contract,
    *,
    base: Snapshot,
    changes: tuple[Change, ...],
    severity: Severity,
    owned: Sequence[str] = (),
    known: Contract | None = None,
) -> Guarding:
    """Turn changes into results; `known` is the contract whose terms hold already."""
    acceptance = Acceptance()
    if any(change.weakens for change in changes):
        acceptance = accepted_by_owner(client, event, base, paths=owned or (contract.path,))
    accepted = bool(acceptance.by)
    terms = holding(contract.terms, None if known is None else known.terms, accepted=accepted)
    results = findings(changes, contract, severity=severity, acceptance=acceptance)
    return Guarding(results, terms, accepted)


def _is_older(client: "Client", event: Event, subject: Guarded, *, base: Snapshot) -> bool:
    """Say whether the branch edited nothing, and is only older than the base's contract."""
    try:
        compared = client.read(f"compare/{base.commit}...{event.head_sha}?per_page=1&page=1")
        left = values.text(values.at(compared, "merge_base_commit", "sha"))
        entry = Snapshot(client, left).entry(subject.contract.path)
    except PublishError:
        return False  # only a hint depends on it
    text = (subject.root / subject.contract.path).read_bytes()
    return entry is not None and git_hash(iter((text,)), len(text), like=entry.sha) == entry.sha

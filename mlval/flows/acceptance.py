"""Whether a weakening was accepted: by an owner, as the base has them, who approved the newest commit."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlval.github import codeowners
from mlval.github.contents import Snapshot
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.github.reviews import Acceptance, accepted

if TYPE_CHECKING:
    from mlval.github.client import Client


def accepted_by_owner(client: "Client", event: Event, base: Snapshot, *, paths: Sequence[str]) -> Acceptance:
    """Ask whether one who owns all of these files approved; where GitHub does not say, nobody did.

    Parameters
    ----------
    event : that of the change, or of the merge queue that it stands in
    base : the commit whose CODEOWNERS counts
    paths : at least one, from the top of the repository
    """
    number = event.queued if event.pull_request is None else event.pull_request
    if number is None:
        return Acceptance(reason="the pull request is not known, so that nobody could accept it")
    try:
        text = _owners(base)
        owners = [set(codeowners.owners(text, path)) for path in paths]
        return accepted(
            client,
            number,
            head_sha=event.head_sha if event.queued is None else None,
            owners=sorted(set.intersection(*owners)),
            owner=event.repository.partition("/")[0],
        )
    except PublishError as error:
        return Acceptance(reason=f"whether an owner accepted it could not be read: {error}")


def _owners(base: Snapshot) -> str:
    for place in codeowners.PLACES:
        entry = base.entry(place)
        if entry is not None and entry.kind == "file":
            return base.read(entry, most=codeowners.LIMIT).decode("utf-8", "replace")
    return ""

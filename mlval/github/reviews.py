"""Whether somebody who may has approved the newest commit of a pull request, as GitHub tells it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mlval.domain.text import shown
from mlval.github import values
from mlval.github.errors import Forbidden, NotFound, Unreadable

if TYPE_CHECKING:
    from mlval.github.client import Client

_MOST_REVIEWS: Final = 2_000
_DECIDES: Final = frozenset({"APPROVED", "CHANGES_REQUESTED", "DISMISSED"})
_WRITES: Final = frozenset({"admin", "write"})
_MOST_APPROVERS: Final = 50


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted, or why nobody did: a clause that ends a sentence."""

    by: str = ""
    reason: str = ""


def accepted(
    client: "Client", number: int, *, head_sha: str | None, owners: Iterable[str], owner: str
) -> Acceptance:
    """Say whether one of the owners of a file approved the newest commit of a pull request.

    Parameters
    ----------
    head_sha : the commit that has to be the newest; None where the pull request stands in a merge queue
    owners : as CODEOWNERS names them
    owner : who owns the repository; only their teams count

    Raises
    ------
    PublishError
        If GitHub does not say.
    """
    named = [one.casefold() for one in owners]
    if not named:
        return Acceptance(reason="CODEOWNERS of the base branch names nobody for the contract")
    pull = client.read(f"pulls/{number}")
    newest = values.text(values.at(pull, "head", "sha"))
    if head_sha is not None and newest != head_sha:
        return Acceptance(reason="the pull request has a newer commit than the one that is judged")
    author = _login(values.at(pull, "user"))
    approvers = _approvers(client, number, newest)
    reasons: list[str] = []
    for login in approvers[:_MOST_APPROVERS]:
        if login.casefold() == author.casefold():
            continue
        reason = _refusal(client, login, named=named, owner=owner)
        if not reason:
            return Acceptance(by=login)
        reasons.append(reason)
    told = f"no owner of the contract ({shown(', '.join(owners), 80)}) has approved the newest commit"
    return Acceptance(reason="; ".join([told, *reasons[:2]]))


def _approvers(client: "Client", number: int, commit: str) -> list[str]:
    """Return whose last word on a pull request is the approval of a commit."""
    reviews = client.listed(f"pulls/{number}/reviews", most=_MOST_REVIEWS)
    if reviews is None:
        raise Unreadable(f"the pull request has more than {_MOST_REVIEWS:,} reviews")
    last: dict[str, tuple[str, str, str]] = {}
    for review in reviews:
        state, login = values.text(values.at(review, "state")), _login(values.at(review, "user"))
        if state in _DECIDES and login:
            # Reviews come in the order of time.
            on = values.at(review, "commit_id")
            last[login.casefold()] = (login, state, on if isinstance(on, str) else "")
    return [login for login, state, on in last.values() if state == "APPROVED" and on == commit]


def _refusal(client: "Client", login: str, *, named: list[str], owner: str) -> str:
    """Return why the approval of somebody does not count; empty where it does."""
    reason = _not_named(client, login, named=named, owner=owner)
    if reason:
        return reason
    try:
        answer = client.read(f"collaborators/{quote(login, safe='')}/permission")
    except (Forbidden, NotFound):
        return f"that @{shown(login, 40)} may write could not be confirmed"
    may_write = values.text(values.at(answer, "permission")) in _WRITES
    return "" if may_write else f"@{shown(login, 40)} may not write to the repository"


def _not_named(client: "Client", login: str, *, named: list[str], owner: str) -> str:
    if f"@{login.casefold()}" in named:
        return ""
    told = f"@{shown(login, 40)} is not named"
    for one in named:
        organisation, _, team = one.removeprefix("@").partition("/")
        if not one.startswith("@") or not team or organisation != owner.casefold():
            continue
        place = f"orgs/{quote(organisation, safe='')}/teams/{quote(team, safe='')}"
        try:
            answer = client.read_anywhere(f"{place}/memberships/{quote(login, safe='')}")
        except (Forbidden, NotFound):
            told = (
                f"that @{shown(login, 40)} belongs to {shown(one, 60)} could not be confirmed with this token"
            )
            continue
        if values.at(answer, "state") == "active":
            return ""
    return told


def _login(user: object) -> str:
    """Return whose it is; empty for an account that was deleted."""
    return "" if user is None else values.text(values.at(user, "login"))

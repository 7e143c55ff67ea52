"""The issue of a watch: one per contract name, opened, updated, closed and reopened, never by an old run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from mlval.github import comment, issue_marker, marker
from mlval.github.errors import Delayed, NotFound, PublishError, Refused, Unsure
from mlval.github.issue_marker import IssueMarker
from mlval.github.marker import Marker
from mlval.github.values import Issue

if TYPE_CHECKING:
    from mlval.github.client import Client

_ROUNDS = 6
_SETTLE = 2.0
_UNWANTED = {"state": "closed", "state_reason": "not_planned"}


class Ending(Enum):
    """What became of the issue."""

    OPENED = auto()
    REOPENED = auto()
    UPDATED = auto()
    CLOSED = auto()
    UNCHANGED = auto()
    NONE = auto()
    NEWER_RUN = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """An issue of ours as it stands."""

    issue: Issue
    mark: IssueMarker


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the issue of a contract is to be; `remark` is a comment on it where its state changes."""

    is_open: bool
    title: str
    text: str
    since: str
    failed: tuple[str, ...] | None = ()
    remark: str = ""


Decide = Callable[[Standing | None], Wish | None]
"""Says from the issue that is there how it is to be; None where it is to be left as it is."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which issue: of this contract, under this label, as this run writes it."""

    name: str
    label: str
    run_id: int
    attempt: int

    @property
    def run(self) -> tuple[int, int]:
        """The run and its attempt; the greater is the newer."""
        return self.run_id, self.attempt

    def body(self, wish: Wish) -> str:
        """Return the text of an issue with its marker."""
        mark = IssueMarker(self.name, self.run_id, self.attempt, wish.since, wish.failed)
        return issue_marker.write(mark, wish.text)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the issue, and its number where there is one."""

    ending: Ending
    number: int | None = None


def own(issues: Iterable[Issue], *, author: str, name: str) -> tuple[Standing, ...]:
    """Return the issues of `author` that carry the marker of this contract, the oldest first."""
    found = {
        issue.number: Standing(issue, mark)
        for issue in issues
        if issue.author.casefold() == author.casefold()
        and not issue.is_pull_request
        and (mark := issue_marker.read(issue.body)) is not None
        and mark.name == name
    }
    return tuple(found[number] for number in sorted(found))


def put(client: Client, keeping: Keeping, decide: Decide) -> Kept:
    """Bring the issue of a contract to what is decided about it; raises `PublishError`.

    The oldest issue counts, whatever its title and its state; others that are open are closed with a link to
    it. As with comments, every write is looked at again after a pause, until a look finds nothing to do.
    """
    look = _Look(client, keeping, author=comment.writer(client))
    ending = Ending.NONE
    doubt: Unsure | Delayed | None = None
    for tries in range(_ROUNDS):
        if tries and not isinstance(doubt, Delayed):
            client.rest(_SETTLE * 2 ** (tries - 1) if doubt else _SETTLE)
        mine = look.found()
        keeper = mine[0] if mine else None
        twins = [one.issue.number for one in mine[1:] if one.issue.is_open]
        if keeper is not None and any(one.mark.run > keeping.run for one in mine):
            # The newer run may have looked before our own issue was there, so that nobody else closes it.
            look.close(twins, keeper)
            return Kept(Ending.NEWER_RUN, keeper.issue.number)
        wish = decide(keeper)
        todo = None if wish is None or _is_so(keeper, wish, keeping) else wish
        if todo is None and not twins and not look.is_stale:
            return _kept(ending, keeper)
        doubt = look.carry_out(todo, keeper, twins)
        if todo is not None and not isinstance(doubt, Delayed):
            ending = _first(ending, _ending(keeper, todo))
    if doubt is not None:
        raise doubt
    return _kept(ending, look.newest)


def _kept(ending: Ending, keeper: Standing | None) -> Kept:
    if keeper is None:
        return Kept(ending)
    return Kept(Ending.UNCHANGED if ending is Ending.NONE else ending, keeper.issue.number)


def _ending(keeper: Standing | None, wish: Wish) -> Ending:
    if keeper is None:
        return Ending.OPENED
    if wish.is_open:
        return Ending.UPDATED if keeper.issue.is_open else Ending.REOPENED
    return Ending.CLOSED


def _first(known: Ending, new: Ending) -> Ending:
    """Return what a reader is told of several writes: how it began, unless the issue was closed."""
    return new if known is Ending.NONE or new is Ending.CLOSED else known


def _is_so(keeper: Standing | None, wish: Wish, keeping: Keeping) -> bool:
    """Whether the issue says what it is to say, by whichever run; a text that somebody edited does not."""
    if keeper is None or keeper.issue.is_open != wish.is_open:
        return False
    ours = issue_marker.read(keeping.body(wish))
    same = ours is not None and (keeper.mark.digest, keeper.mark.since, keeper.mark.failed) == (
        ours.digest,
        ours.since,
        ours.failed,
    )
    return same and issue_marker.is_intact(keeper.issue.body, keeper.mark)


@dataclass(slots=True)
class _Look:
    """What is known of our issues: the listing, and what was written, since listings lag behind."""

    client: Client
    keeping: Keeping
    author: str
    is_stale: bool = False
    newest: Standing | None = None
    _wrote: dict[int, Issue] = field(default_factory=dict)

    def found(self) -> tuple[Standing, ...]:
        """List our issues; one just opened counts even where the listing lacks it yet."""
        listed = {issue.number: issue for issue in self.client.issues(self.keeping.label)}
        self.is_stale = any(number not in listed for number in self._wrote)
        mine = own((self._wrote | listed).values(), author=self.author, name=self.keeping.name)
        self.newest = mine[0] if mine else None
        return mine

    def carry_out(
        self, wish: Wish | None, keeper: Standing | None, twins: Iterable[int]
    ) -> Unsure | Delayed | None:
        """Write, then close duplicates; return the doubt where it must be looked again before that."""
        try:
            if wish is not None and keeper is None:
                self._open(wish)
            elif wish is not None and keeper is not None:
                self._change(wish, keeper.issue)
        except (Unsure, Delayed) as doubt:
            return doubt
        except NotFound:
            if keeper is None:
                raise
            return Unsure(f"issue {keeper.issue.number} is gone")
        if keeper is not None:
            self.close(twins, keeper)
        return None

    def close(self, twins: Iterable[int], keeper: Standing) -> None:
        """Close duplicates; one that cannot be closed now is no failure: the next run finds it again."""
        for number in twins:
            with suppress(PublishError):
                self.client.update_issue(number, _UNWANTED)
                self.client.create_comment(number, f"A duplicate of #{keeper.issue.number}.")

    def _open(self, wish: Wish) -> None:
        label = self.keeping.label
        issue = self.client.create_issue(wish.title, self.keeping.body(wish), label)
        self.author = issue.author or self.author
        if label.casefold() not in {one.casefold() for one in issue.labels}:
            # Without its label it would not be found again, and every run would open another one.
            self.client.update_issue(issue.number, _UNWANTED)
            raise Refused(f"it did not put the label on issue {issue.number}, which was closed again")
        self._wrote[issue.number] = issue

    def _change(self, wish: Wish, issue: Issue) -> None:
        """Say why first, so that no issue is closed without a word; then change text and state at once."""
        if wish.remark and wish.is_open != issue.is_open:
            self._remark(issue.number, wish)
        fields: dict[str, str] = {"body": self.keeping.body(wish)}
        if wish.is_open != issue.is_open:
            fields["state"] = "open" if wish.is_open else "closed"
            fields["state_reason"] = "reopened" if wish.is_open else "completed"
        self.client.update_issue(issue.number, fields)

    def _remark(self, number: int, wish: Wish) -> None:
        """Comment once a run, however often it tries."""
        keeping = self.keeping
        mark = Marker(keeping.name, keeping.run_id, keeping.attempt, "")
        known = comment.own(self.client.comments(number), author=self.author, name=keeping.name)
        told = (marker.read(one.body) for one in known)
        if all(one is None or one.run != mark.run for one in told):
            self.client.create_comment(number, marker.write(mark, wish.remark))

"""The sticky comment: one per contract name on a pull request, updated in place, never by an old run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from mlval.github import marker
from mlval.github.errors import BadCredentials, Delayed, Limited, NotFound, PublishError, Unsure
from mlval.github.marker import Marker
from mlval.github.values import Comment

if TYPE_CHECKING:
    from mlval.github.client import Client

ACTIONS_BOT = "github-actions[bot]"
"""The author of what a job's own token writes."""

_ROUNDS = 6
_SETTLE = 2.0
_WINDOW = 1.0


class Ending(Enum):
    """What became of the comment."""

    WRITTEN = auto()
    UNCHANGED = auto()
    NEWER_COMMIT = auto()
    NEWER_RUN = auto()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is left to do: a body for one comment (None: a new one), then duplicates to delete."""

    body: str | None = None
    target: int | None = None
    delete: tuple[int, ...] = ()
    newer_run: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the comment stands as it should."""
        return self.body is None and not self.delete


def own(comments: Iterable[Comment], *, author: str, name: str) -> tuple[Comment, ...]:
    """Return the comments of `author` that carry the marker of this contract, the oldest first."""
    found = {
        comment.id: comment
        for comment in comments
        if comment.author.casefold() == author.casefold()
        and (mark := marker.read(comment.body)) is not None
        and mark.name == name
    }
    return tuple(found[comment_id] for comment_id in sorted(found))


def plan(mine: tuple[Comment, ...], body: str, *, again: bool = False) -> Plan:
    """Say what brings the pull request to one comment: the lowest id, with the text of the newest run.

    Parameters
    ----------
    mine
        What `own` found, the oldest first.
    body
        What this run has to say, with a marker whose commit is still the head of the pull request.
    again
        Whether it was written once already: then two writers of one run agree on the greater digest, where
        each would else put its own text back.
    """
    if not mine:
        return Plan(body=body)
    keeper, ours = mine[0], _marked(body)
    newest, newest_body = ours, body
    for comment in mine:
        other = _marked(comment.body)
        tie = again and other.run == newest.run and other.digest > newest.digest
        if other.head_sha == ours.head_sha and (other.run > newest.run or tie):
            newest, newest_body = other, comment.body
    standing = _marked(keeper.body)
    # The words of another run's comment are kept with its marker: it is deleted, and was the newest.
    same = newest is ours and (standing.head_sha, standing.digest) == (ours.head_sha, ours.digest)
    done = keeper.body == newest_body or (same and marker.is_intact(keeper.body, standing))
    return Plan(
        body=None if done else newest_body,
        target=keeper.id,
        delete=tuple(comment.id for comment in mine[1:]),
        newer_run=newest.run > ours.run,
    )


def put(client: Client, number: int, *, mark: Marker, text: str) -> Ending:
    """Bring the comment of pull request `number` to `text`; raises `PublishError`.

    GitHub has no compare-and-swap for comments. So there is at most a second between reading and writing, and
    every write is looked at again after a longer pause, and corrected until a look finds nothing to do:
    several writers at once end with one comment, and it is the newest run's.
    """
    body = marker.write(mark, text)
    look = _Look(client, number, name=mark.name, author=writer(client))
    written, todo = False, Plan()
    doubt: Unsure | Delayed | None = None
    for tries in range(_ROUNDS):
        if tries and not isinstance(doubt, Delayed):
            client.rest(_SETTLE * 2 ** (tries - 1) if doubt else _SETTLE)
        todo = plan(look.found(), body, again=look.has_written)
        if todo.is_empty and not look.is_stale:
            break
        looked = client.time()
        if todo.body is not None and client.head_sha(number) != mark.head_sha:
            return Ending.NEWER_COMMIT
        if client.time() - looked > _WINDOW:
            doubt = Delayed("GitHub answers too slowly to write safely")
            continue
        doubt = look.carry_out(todo)
        written = written or (todo.body is not None and not isinstance(doubt, Delayed))
    else:
        if doubt is not None:
            raise doubt
    if todo.newer_run:
        return Ending.NEWER_RUN
    return Ending.WRITTEN if written else Ending.UNCHANGED


@dataclass(slots=True)
class _Look:
    """What is known of our comments: the listing, and what was written, since listings lag behind."""

    client: Client
    number: int
    name: str
    author: str
    is_stale: bool = False
    has_written: bool = False
    _wrote: Comment | None = None
    _gone: set[int] = field(default_factory=set)

    def found(self) -> tuple[Comment, ...]:
        """List our comments; one just written counts even where the listing lacks it yet."""
        listed = own(self.client.comments(self.number), author=self.author, name=self.name)
        standing = {comment.id: comment for comment in listed if comment.id not in self._gone}
        self.is_stale = self._wrote is not None and self._wrote.id not in standing
        if self._wrote is not None:
            standing.setdefault(self._wrote.id, self._wrote)
        return tuple(standing[comment_id] for comment_id in sorted(standing))

    def carry_out(self, todo: Plan) -> Unsure | Delayed | None:
        """Write, then delete; return the doubt where it must be looked again before writing again."""
        try:
            if todo.body is not None:
                self._write(todo.body, todo.target)
        except (Unsure, Delayed) as doubt:
            return doubt
        except NotFound:
            if todo.target is None:
                raise
            self._forget(todo.target)
            return None
        for comment_id in todo.delete:
            # A duplicate that cannot be deleted now is no failure: the next run finds it again.
            with suppress(PublishError):
                self.client.delete_comment(comment_id)
            self._forget(comment_id)
        return None

    def _write(self, body: str, target: int | None) -> None:
        """Create or update; whoever is the author of the result is the author behind the token."""
        if target is None:
            self._wrote = self.client.create_comment(self.number, body)
        else:
            self._wrote = self.client.update_comment(target, body)
        self.author = self._wrote.author or self.author
        self.has_written = True

    def _forget(self, comment_id: int) -> None:
        self._gone.add(comment_id)
        if self._wrote is not None and self._wrote.id == comment_id:
            self._wrote = None


def writer(client: Client) -> str:
    """Return whose comments are ours; where GitHub will not say, a job's own token is assumed.

    A wrong guess mends itself: the first comment written names its author, and the next look goes by that.
    """
    try:
        return client.viewer()
    except (BadCredentials, Limited):
        raise
    except PublishError:
        return ACTIONS_BOT


def _marked(body: str) -> Marker:
    """Return the marker of a body that is known to have one."""
    found = marker.read(body)
    if found is None:
        raise ValueError("a body without marker")
    return found

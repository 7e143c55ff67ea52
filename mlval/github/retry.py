"""When a request is repeated and how long to wait before: GitHub's own rules, as pure functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from mlval.github import errors

MAX_TRIES = 5
"""Requests sent at most for one call, when servers fail or connections drop."""

SECONDARY_WAIT = 60.0
"""Seconds that GitHub asks for when a limit comes without a time; doubled each time."""

_LONGEST_BACKOFF = 16.0
_FIRST_SERVER_ERROR = 500
_LIMIT_WORDS = ("rate limit", "abuse detection")


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as an argument: seconds that only grow, seconds since 1970, and waiting."""

    monotonic: Callable[[], float]
    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Lost:
    """No whole answer came; whether the request was received is not known."""

    reason: str


def limited(answer: Answer) -> bool:
    """Whether this is a rate limit, primary or secondary; such a request was not carried out."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    if answer.status != HTTPStatus.FORBIDDEN:
        return False
    if "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0":
        return True
    said = errors.message(answer.body).lower()
    return any(words in said for words in _LIMIT_WORDS)


def turned_away(outcome: Answer | Lost) -> bool:
    """Whether the request was surely not carried out, so that even a new comment may be sent again."""
    return isinstance(outcome, Answer) and (limited(outcome) or outcome.status == HTTPStatus.CONFLICT)


def transient(outcome: Answer | Lost) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(outcome, Lost) or turned_away(outcome):
        return True
    return outcome.status >= _FIRST_SERVER_ERROR or outcome.status == HTTPStatus.REQUEST_TIMEOUT


def wait(outcome: Answer | Lost, *, tries: int, now: float) -> float:
    """Seconds to wait after the try number `tries` (from 1), as the answer asks or by doubling.

    Source: GitHub's best practices for its REST API: `retry-after`, else `x-ratelimit-reset` where nothing
    remains, else a minute, doubled each time.
    """
    if isinstance(outcome, Answer):
        asked = _number(outcome.headers.get("retry-after"))
        if asked is not None:
            return max(asked, 1.0)
        if limited(outcome):
            reset = _number(outcome.headers.get("x-ratelimit-reset"))
            if reset is not None and outcome.headers.get("x-ratelimit-remaining") == "0":
                return max(reset - now, 1.0)
            return SECONDARY_WAIT * 2.0 ** (tries - 1)
    return min(2.0 ** (tries - 1), _LONGEST_BACKOFF)


def failure(outcome: Answer | Lost) -> errors.PublishError:
    """Return the error for an outcome that will not be tried again."""
    if isinstance(outcome, Lost):
        return errors.Unavailable(outcome.reason)
    if limited(outcome):
        return errors.Limited(
            f"GitHub answered {outcome.status}, a rate limit that outlasts the wait allowed"
        )
    return errors.refusal(outcome.status, outcome.body)


def _number(text: str | None) -> float | None:
    """Read a header that is a count of seconds; anything else is as good as absent."""
    return float(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 12 else None

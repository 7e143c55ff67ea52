"""Sending one request until it is answered: repeats, redirects and the distance between writes."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from mlval.github import retry
from mlval.github.errors import Delayed, Unreadable, Unsure
from mlval.github.retry import Answer, Clock, Lost

_MAX_REDIRECTS = 3
_BETWEEN_WRITES = 1.0
_REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a write keeps its distance to the last one.

    One that is not `repeatable` is never sent twice: its caller looks again and decides anew. The answer to
    one that is not `followed` may be a redirect. One that is `bare` carries no token. `most` caps the answer.
    """

    method: str
    url: str
    body: Mapping[str, object] | None = None
    write: bool = False
    repeatable: bool = True
    followed: bool = True
    bare: bool = False
    most: int | None = None


@dataclass(slots=True)
class Sender:
    """Sends calls one after the other; `patience` is what is left of the seconds to wait for repeats."""

    exchange: Callable[[Call, str], Answer | Lost]
    clock: Clock
    patience: float
    last_write: float | None = field(default=None, init=False)
    failed: Counter[tuple[str, str]] = field(default_factory=Counter, init=False)

    def send(self, call: Call) -> Answer:
        """Return an answer of success, or raise for a failure that waiting does not mend."""
        while True:
            outcome = self._followed(call)
            if isinstance(outcome, Answer) and _is_answer(call, outcome.status):
                del self.failed[call.method, call.url]
                return outcome
            self._wait(call, outcome)
            if not call.repeatable:
                raise Delayed(str(retry.failure(outcome)))

    def _wait(self, call: Call, outcome: Answer | Lost) -> None:
        """Wait for the next try; raise where none makes sense, or where there is no patience for it."""
        self.failed[call.method, call.url] += 1
        tries = self.failed[call.method, call.url]
        if not retry.transient(outcome):
            raise retry.failure(outcome)
        if not call.repeatable and not retry.turned_away(outcome):
            raise Unsure(str(retry.failure(outcome)))
        seconds = retry.wait(outcome, tries=tries, now=self.clock.now())
        if tries >= retry.MAX_TRIES or seconds > self.patience:
            raise retry.failure(outcome)
        self.patience -= seconds
        self.clock.sleep(seconds)

    def _followed(self, call: Call) -> Answer | Lost:
        """Send once; follow redirects verbatim, and only on the same host, where the token may go."""
        url = call.url
        for _ in range(_MAX_REDIRECTS + 1):
            if call.write:
                self._keep_distance()
            outcome = self.exchange(call, url)
            if isinstance(outcome, Lost) or outcome.status not in _REDIRECTS or not call.followed:
                return outcome
            url = _redirected(url, outcome.headers.get("location", ""))
        raise Unreadable("GitHub redirected in circles")

    def _keep_distance(self) -> None:
        """Wait until the last write is at least a second ago, as GitHub asks."""
        if self.last_write is not None:
            since = self.clock.monotonic() - self.last_write
            if since < _BETWEEN_WRITES:
                self.clock.sleep(_BETWEEN_WRITES - since)
        self.last_write = self.clock.monotonic()


def _is_answer(call: Call, status: int) -> bool:
    return status in range(200, 300) or (not call.followed and status in _REDIRECTS)


def elsewhere(url: str, location: str) -> str:
    """Return the target of a redirect that is to leave the host without a token, if it is safe to ask there.

    It is whole, and read over TLS wherever the address that led to it is.
    """
    try:
        new = urlsplit(location)
        is_whole = bool(new.hostname) and new.port != 0
    except ValueError:
        new, is_whole = urlsplit(""), False
    allowed = {"https", urlsplit(url).scheme}
    if not is_whole or new.scheme not in allowed or "@" in new.netloc:
        raise Unreadable("GitHub did not redirect to an address that may be asked")
    return new.geturl()


def _redirected(url: str, location: str) -> str:
    """Return the absolute target of a redirect, if it stays where the token may go; the query goes along."""
    old = urlsplit(url)
    try:
        new = urlsplit(urljoin(url, location))
        port = new.port
    except ValueError:
        new, port = urlsplit(""), None
    if (new.scheme, new.hostname, port) != (old.scheme, old.hostname, old.port):
        raise Unreadable("GitHub redirected to another host, which was not followed")
    return (new if new.query else new._replace(query=old.query)).geturl()

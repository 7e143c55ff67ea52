"""A thin client of GitHub's REST API: one method an endpoint; the only door to `requests` in this room.

Import it where the client is built; the rest of the room knows it as a type only.
"""

import json
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import requests
from requests.auth import AuthBase
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from mlval.github import values
from mlval.github.errors import BadCredentials, NotFound, PublishError, Unavailable, Unreadable
from mlval.github.event import Event
from mlval.github.retry import Answer, Clock, Lost
from mlval.github.sending import Call, Sender, elsewhere

_VERSION = "2022-11-28"
_PAGE = 100
_MOST_ENTRIES = 5_000
_MAX_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_MAX_SECONDS = 120.0


class _Bearer(AuthBase):
    """Sends the token; given as `auth`, so that a `.netrc` cannot replace it."""

    def __init__(self, token: str) -> None:
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise BadCredentials("the token is empty or has characters that no token has")
        self.__token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.__token}"
        return request

    def __repr__(self) -> str:
        return "Bearer ***"


class _Nobody(AuthBase):
    """Sends no token, and keeps a `.netrc` from sending one."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def session() -> requests.Session:
    """Return a session of its own, without cookies or credentials."""
    return requests.Session()


def public_authorities() -> Path:
    """Return the file of the authorities that are trusted where nobody names others."""
    return Path(DEFAULT_CA_BUNDLE_PATH)


class Client:
    """Calls GitHub one request at a time; all methods raise `PublishError` and nothing else.

    Parameters
    ----------
    session
        Verifies TLS and finds proxies and the CA bundle by the environment, as `requests` does.
    patience
        Seconds spent waiting for repeats, over the life of the client.
    timeout
        Seconds to connect, and between two bytes of an answer.
    """

    def __init__(
        self,
        session: requests.Session,
        event: Event,
        *,
        token: str,
        clock: Clock,
        agent: str = "mlval",
        patience: float = 300.0,
        timeout: tuple[float, float] = (10.0, 30.0),
    ) -> None:
        self._session = session
        self._event = event
        self._auth = _Bearer(token)
        self._clock = clock
        self._agent = agent
        self._timeout = timeout
        self._sender = Sender(self._exchanged, clock, patience)

    def comments(self, number: int) -> tuple[values.Comment, ...]:
        """All comments of a pull request, every page, oldest first."""
        found = self.listed(f"issues/{number}/comments", most=_MOST_ENTRIES)
        if found is None:
            raise Unreadable(f"the pull request has more than {_MOST_ENTRIES} comments")
        return values.comments(found)

    def create_comment(self, number: int, body: str) -> values.Comment:
        """Write a new comment; `Unsure` or `Delayed` where it is to be looked again before it is repeated."""
        url = self._url(f"issues/{number}/comments")
        answer = self._sender.send(Call("POST", url, body={"body": body}, write=True, repeatable=False))
        return values.comment(values.parsed(answer.body))

    def update_comment(self, comment_id: int, body: str) -> values.Comment:
        """Replace the text of a comment; `Unsure` or `Delayed` as above."""
        url = self._url(f"issues/comments/{comment_id}")
        answer = self._sender.send(Call("PATCH", url, body={"body": body}, write=True, repeatable=False))
        return values.comment(values.parsed(answer.body))

    def delete_comment(self, comment_id: int) -> None:
        """Delete a comment; one that is gone already is no error."""
        try:
            self._sender.send(Call("DELETE", self._url(f"issues/comments/{comment_id}"), write=True))
        except NotFound:
            return

    def issues(self, label: str) -> tuple[values.Issue, ...]:
        """All issues and pull requests with a label, open and closed, every page, oldest first."""
        query = f"labels={quote(label, safe='')}&state=all&sort=created&direction=asc"
        found = self.listed(f"issues?{query}", most=_MOST_ENTRIES)
        if found is None:
            raise Unreadable(f"more than {_MOST_ENTRIES} issues have the label")
        return values.issues(found)

    def create_issue(self, title: str, body: str, label: str) -> values.Issue:
        """Open an issue; `Unsure` or `Delayed` where it is to be looked again before it is repeated."""
        content = {"title": title, "body": body, "labels": [label]}
        call = Call("POST", self._url("issues"), body=content, write=True, repeatable=False)
        return values.issue(values.parsed(self._sender.send(call).body))

    def update_issue(self, number: int, fields: dict[str, str]) -> values.Issue:
        """Replace some fields of an issue, such as `body` and `state`; `Unsure` or `Delayed` as above."""
        url = self._url(f"issues/{number}")
        answer = self._sender.send(Call("PATCH", url, body=fields, write=True, repeatable=False))
        return values.issue(values.parsed(answer.body))

    def head_sha(self, number: int) -> str:
        """Return the newest commit of a pull request."""
        answer = self._sender.send(Call("GET", self._url(f"pulls/{number}")))
        return values.text(values.at(values.parsed(answer.body), "head", "sha"))

    def create_status(self, sha: str, *, context: str, state: str, description: str, target_url: str) -> None:
        """Set a commit status; the newest of a context counts, so that twice does no harm."""
        body = {"context": context, "state": state, "description": description, "target_url": target_url}
        self._sender.send(Call("POST", self._url(f"statuses/{quote(sha, safe='')}"), body=body, write=True))

    def viewer(self) -> str:
        """Return the login behind the token, `github-actions[bot]` for a job's own.

        Asked by GraphQL, since REST refuses `GET /user` to the tokens of apps, a job's own included.
        """
        call = Call("POST", self._event.graphql_url, body={"query": "query { viewer { login } }"})
        return values.text(values.at(values.parsed(self._sender.send(call).body), "data", "viewer", "login"))

    def read(self, tail: str) -> object:
        """Return what stands at an address of the repository, parsed; nothing is written."""
        return values.parsed(self._sender.send(Call("GET", self._url(tail))).body)

    def listed(self, tail: str, *keys: str, most: int) -> list[object] | None:
        """Return all entries of a listing of the repository, every page; None where there are `most` or more.

        Parameters
        ----------
        tail : the address, which may have a query
        keys : where the list stands in an answer; none where the answer is the list
        most : a multiple of 100, the entries of a page
        """
        found: list[object] = []
        address = f"{self._url(tail)}{'&' if '?' in tail else '?'}per_page={_PAGE}"
        for page in range(1, most // _PAGE + 1):
            answer = self._sender.send(Call("GET", f"{address}&page={page}"))
            items = values.items(values.at(values.parsed(answer.body), *keys))
            found += items
            if len(items) < _PAGE and 'rel="next"' not in answer.headers.get("link", ""):
                return found
        return None

    def read_anywhere(self, tail: str) -> object:
        """Return what stands at an address of the API outside the repository, parsed."""
        return values.parsed(self._sender.send(Call("GET", f"{self._event.api_url}/{tail}")).body)

    def download(self, tail: str, *, most: int) -> bytes:
        """Return the bytes that an address of the repository leads to by one redirect, at most so many.

        GitHub answers with a signed address on another host, which gets no token and no second redirect.
        """
        answer = self._sender.send(Call("GET", self._url(tail), followed=False))
        target = elsewhere(self._event.api_url, answer.headers.get("location", ""))
        found = self._sender.send(Call("GET", target, bare=True, followed=False, most=most))
        if found.status != HTTPStatus.OK:
            raise Unreadable("GitHub redirected a download twice")
        return found.body

    def rest(self, seconds: float) -> None:
        """Wait, so that GitHub can catch up with what was written."""
        self._clock.sleep(seconds)

    def time(self) -> float:
        """Seconds on a clock that only goes forward."""
        return self._clock.monotonic()

    def _url(self, tail: str) -> str:
        return f"{self._event.api_url}/repos/{quote(self._event.repository, safe='/')}/{tail}"

    def _exchanged(self, call: Call, url: str) -> Answer | Lost:
        """One request and its answer; no text of a foreign exception is kept, since it may hold the token."""
        body = bytearray()

        def read(response: requests.Response, **_: object) -> None:
            # A hook, since requests reads the body of a redirect itself, without any cap, before it returns.
            self._read(response, body, call.most or _MAX_BYTES)

        try:
            with self._session.request(
                call.method,
                url,
                data=None if call.body is None else json.dumps(call.body).encode("ascii"),
                headers={"User-Agent": self._agent} if call.bare else self._headers(),
                auth=_Nobody() if call.bare else self._auth,
                timeout=self._timeout,
                allow_redirects=False,
                hooks={"response": read},
                stream=True,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, bytes(body))
        except requests.exceptions.SSLError:
            error: PublishError = Unavailable("the TLS certificate could not be verified")
        except requests.exceptions.ProxyError:
            return Lost("the proxy did not let the request through")
        except requests.exceptions.Timeout:
            return Lost("GitHub did not answer in time")
        except (
            requests.exceptions.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ):
            return Lost("the connection to GitHub was dropped")
        except (requests.exceptions.RequestException, OSError, ValueError) as cause:
            error = Unavailable(f"the request could not be sent ({type(cause).__name__})")
        raise error

    def _read(self, response: requests.Response, body: bytearray, most: int) -> None:
        """Read the answer into `body`, up to a cap of bytes and of seconds."""
        started = self._clock.monotonic()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > most:
                response.close()
                raise Unreadable(f"the answer was longer than {most} bytes")
            if self._clock.monotonic() - started > _MAX_SECONDS:
                response.close()
                raise requests.exceptions.Timeout

    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "User-Agent": self._agent,
            "X-GitHub-Api-Version": _VERSION,
        }

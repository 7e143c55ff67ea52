"""A small GitHub on a loopback socket: checks every request, keeps state, fails on order."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.github import description
from tests.github.description import Operation
from tests.github.faults import Fault, Then
from tests.github.forge import Forge, Holder, Reply, refused

VIEWER = Operation("graphql", "", {})
_LONGEST_WAIT = 10.0


@dataclass(frozen=True)
class Request:
    """What was asked, apart from the operation."""

    token: str
    query: dict[str, str]
    body: Any


@dataclass
class StandIn:
    """The server's side of a test: state, faults to come, and what was asked."""

    forge: Forge = field(default_factory=Forge)
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    meeting: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    tls: ssl.SSLContext | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def fault(self, operation: Operation) -> Fault | None:
        """Take the next fault that is ordered for this operation."""
        with self._lock:
            self.asked.append(operation.id)
            for fault in self.faults:
                if fault.on in {operation.id, "*"} and fault.left > 0:
                    fault.left -= 1
                    return fault
        return None

    def process(self, operation: Operation, request: Request, *, stale: bool = False) -> Reply:
        """Answer as GitHub does when nothing fails."""
        holder = self.forge.holders.get(request.token)
        if holder is None:
            return refused(HTTPStatus.UNAUTHORIZED, "Bad credentials")
        if operation is VIEWER:
            return self._viewer(holder, request.body)
        problems = description.complaints(operation, query=request.query, body=request.body)
        if problems:
            return self._violated(f"{operation.id}: {'; '.join(problems)}")
        with self._lock:
            reply = self.forge.act(operation, holder, query=request.query, body=request.body, stale=stale)
        if reply.status in range(200, 300):
            own = description.answer_complaints(operation, status=reply.status, body=reply.body)
            self.violations += [f"the stand-in itself: {operation.id}: {problem}" for problem in own]
        return reply

    def unknown(self, method: str, path: str) -> Reply:
        return self._violated(f"no such operation in the reduced description: {method} {path}")

    def _violated(self, what: str) -> Reply:
        self.violations.append(what)
        return refused(HTTPStatus.BAD_REQUEST, what)

    def _viewer(self, holder: Holder, body: object) -> Reply:
        """Answer the one GraphQL query that is known; the description covers REST alone."""
        if body != {"query": "query { viewer { login } }"}:
            return self._violated(f"graphql: {body}")
        return Reply(HTTPStatus.OK, {"data": {"viewer": {"login": holder.login}}})


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    """Run a stand-in until the block ends."""

    class Handler(_Handler):
        github = stand_in

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if stand_in.tls is not None:
        server.socket = stand_in.tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    stand_in.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    github: StandIn
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
        """Say nothing: tests look at `asked`."""

    def _serve(self) -> None:
        target = urlsplit(self.path)
        path = target.path.removeprefix("/api/v3")
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request = Request(
            token=self.headers.get("Authorization", "").removeprefix("Bearer "),
            query=dict(parse_qsl(target.query)),
            body=json.loads(raw) if raw else None,
        )
        operation = VIEWER if path in {"/graphql", "/api/graphql"} else description.find(self.command, path)
        if operation is None:
            self._answer(self.github.unknown(self.command, path))
            return
        fault = self.github.fault(operation)
        if fault is None or fault.then in {Then.PASS, Then.STALE}:
            stale = fault is not None and fault.then is Then.STALE
            self._answer(self.github.process(operation, request, stale=stale))
            return
        reply = self.github.process(operation, request) if fault.received or fault.then is Then.MEET else None
        if reply is not None and fault.then is Then.MEET:
            self.github.meeting.wait(_LONGEST_WAIT)
            self._answer(reply)
        else:
            self._fail(fault)

    def _fail(self, fault: Fault) -> None:
        match fault.then:
            case Then.SLOW:
                self.github.over.wait(_LONGEST_WAIT)
                self.close_connection = True
            case Then.DROP:
                self.close_connection = True
            case Then.CUT:
                self.close_connection = True
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"id": 1')
            case _:
                location = (
                    {"Location": fault.location.replace("HERE", self.github.url)} if fault.location else {}
                )
                self._answer(Reply(fault.status, fault.body, {**fault.headers, **location}))

    def _answer(self, reply: Reply) -> None:
        text = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        content = b"" if reply.status == HTTPStatus.NO_CONTENT else text
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - names of the base

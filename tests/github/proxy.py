"""A proxy on a loopback socket: lets through what asks by CONNECT, and remembers to where."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_WR, create_connection, socket


@dataclass
class Proxy:
    """Where it listens, whether it refuses, and the targets it was asked for."""

    url: str = ""
    refuses: bool = False
    asked: list[str] = field(default_factory=list)


@contextmanager
def proxying(proxy: Proxy) -> Iterator[Proxy]:
    """Run a proxy until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
            """Say nothing: tests look at `asked`."""

        def do_CONNECT(self) -> None:
            proxy.asked.append(self.path)
            if proxy.refuses:
                self.send_error(HTTPStatus.FORBIDDEN)
                return
            host, _, port = self.path.rpartition(":")
            with create_connection((host, int(port))) as target:
                self.send_response(HTTPStatus.OK)
                self.end_headers()
                back = threading.Thread(target=_copied, args=(target, self.connection), daemon=True)
                back.start()
                _copied(self.connection, target)
                back.join(10)
            self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _copied(source: socket, target: socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
        target.shutdown(SHUT_WR)

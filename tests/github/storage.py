"""The second host, where artifacts are kept: who knows an address gets the bytes, and needs no token."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Storage:
    """What is kept by path, where a path leads to another host, and the tokens that were sent along."""

    kept: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    port: int = 0

    def keep(self, path: str, content: bytes) -> str:
        """Keep bytes and return the address that is told to readers."""
        self.kept[path] = content
        return f"http://localhost:{self.port}{path}?sig=secret"


@contextmanager
def storing() -> Iterator[Storage]:
    """Run the second host until the block ends."""
    storage = Storage()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
            """Say nothing."""

        def do_GET(self) -> None:
            storage.tokens += [value for name, value in self.headers.items() if name == "Authorization"]
            path = self.path.partition("?")[0]
            content = storage.kept.get(path, b"")
            status = HTTPStatus.OK if path in storage.kept else HTTPStatus.NOT_FOUND
            self.send_response(HTTPStatus.FOUND if path in storage.moved else status)
            if path in storage.moved:
                self.send_header("Location", storage.moved[path])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    storage.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield storage
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

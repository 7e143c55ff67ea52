"""URLs of databases: the form and nothing else, and never a part of one in a message."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceRefused
from mlval.sources.connection_url import Server, parse


def read(url: str) -> Server:
    return parse(url, variable="MLVAL_W")


def test_all_parts_are_read() -> None:
    url = "postgresql://g%40te:p%40ss%2Fw%25@db.example:6432/ware%20house?sslmode=verify-full&sslrootcert=/ca.pem"
    assert read(url) == Server("db.example", 6432, "g@te", "p@ss/w%", "ware house", "verify-full", "/ca.pem")


def test_what_is_not_said_has_a_default() -> None:
    assert read("postgres://gate@db") == Server("db", 5432, "gate", None, "gate", "require")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_this_machine_need_not_encrypt(host: str) -> None:
    assert read(f"postgresql://gate:x@{host}/w").tls == "prefer"


def test_the_password_is_not_printed() -> None:
    assert "hunter2" not in repr(read("postgresql://gate:hunter2@db/w"))


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "mysql://gate:hunter2@db/w",
        "postgresql+psycopg://gate:hunter2@db/w",
        "postgresql:///hunter2",
        "postgresql://db/hunter2",
        "postgresql://gate:hunter2@/w",
        "postgresql://gate:hunter2@db:port/w",
        "postgresql://gate:hunter2@db:99999/w",
        "postgresql://gate:hunter2@[db/w",
        "postgresql://gate:hunter2@db/w?host=hunter2",
        "postgresql://gate@db/w?password=hunter2",
        "postgresql://gate:hunter2@db/w?options=-c%20x",
        "postgresql://gate:hunter2@db/w?sslmode=allow",
        "postgresql://gate:hunter2@db/w?sslmode",
        "postgresql://gate:hunter2@db/w#x",
        "postgresql://gate:hunter2@db/w x",
        "postgresql://gate:hunter2%00@db/w",
    ],
)
def test_everything_else_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SourceRefused) as refused:
        read(url)
    said = f"{refused.value.message}{refused.value.remedy}"
    assert "MLVAL_W" in said
    assert "hunter2" not in said


@given(st.text(max_size=30))
def test_no_text_crashes_it(text: str) -> None:
    for url in (text, f"postgresql://gate:{text}@db/w", f"postgresql://gate@db/{text}"):
        with contextlib.suppress(SourceRefused):
            assert read(url).host

"""What goes wrong with a database: who is to blame, and nothing that may be a secret or a value."""

import ssl

import pytest

from mlval.domain.errors import SourceBroken, SourceUnavailable
from mlval.sources.postgres_errors import translated

SECRET = 'hunter2 of "hunter2" 4711'


class DatabaseError(Exception):
    """Carries what the driver's own does."""


@pytest.mark.parametrize(
    "code, kind",
    [
        ("28P01", SourceUnavailable),
        ("28000", SourceUnavailable),
        ("3D000", SourceUnavailable),
        ("08006", SourceUnavailable),
        ("53300", SourceUnavailable),
        ("57P03", SourceUnavailable),
        ("57014", SourceUnavailable),
        ("40001", SourceUnavailable),
        ("25006", SourceBroken),
        ("42501", SourceBroken),
        ("22P02", SourceBroken),
        ("XX000", SourceBroken),
    ],
)
def test_who_is_to_blame(code: str, kind: type[Exception]) -> None:
    assert type(translated(DatabaseError({"C": code, "M": ""}), seconds=5, timed_out=False)) is kind


@pytest.mark.parametrize("code", ["28P01", "3D000", "P0001", "57P03", "25006"])
def test_some_messages_are_not_told(code: str) -> None:
    error = translated(DatabaseError({"C": code, "M": SECRET, "D": SECRET}), seconds=5, timed_out=False)
    assert "hunter2" not in f"{error.message}{error.remedy}"


def test_what_may_be_a_value_is_not_told() -> None:
    message = 'invalid input syntax for type integer: "hunter2" 4711'
    error = translated(DatabaseError({"C": "22P02", "M": message, "D": SECRET}), seconds=5, timed_out=False)
    assert "SQLSTATE 22P02, invalid input syntax for type integer: … …." in error.message


def test_what_is_wrong_with_a_query_is_told_safely() -> None:
    error = translated(
        DatabaseError({"C": "42601", "M": "a\n\u202eb" + "x" * 500}), seconds=5, timed_out=False
    )
    assert r"SQLSTATE 42601, a\n\u202eb" in error.message
    assert len(error.message) < 300


@pytest.mark.parametrize("code", ["", "4260", "42601; DROP", "\n::error::"])
def test_a_code_that_is_none_is_not_told(code: str) -> None:
    error = translated(DatabaseError({"C": code, "M": SECRET}), seconds=5, timed_out=False)
    assert isinstance(error, SourceUnavailable)
    assert "hunter2" not in error.message


@pytest.mark.parametrize(
    "raised, said",
    [
        (ssl.SSLCertVerificationError("hunter2"), "certificate"),
        (RuntimeError("Server refuses SSL"), "does not encrypt"),
        (ConnectionRefusedError("hunter2"), "ConnectionRefusedError"),
        (KeyError(b"hunter2"), "KeyError"),
    ],
)
def test_what_the_driver_says_is_not_told(raised: Exception, said: str) -> None:
    error = translated(raised, seconds=5, timed_out=False)
    assert isinstance(error, SourceUnavailable)
    assert said in error.message
    assert "hunter2" not in error.message


def test_a_cut_connection_is_the_time() -> None:
    assert "longer than 5 seconds" in translated(OSError(), seconds=5, timed_out=True).message

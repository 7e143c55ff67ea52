"""What was typed: read alike for both doors, or refused in a sentence that names the option."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import UsageError
from mlval.flows import arguments

PART = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="="), min_size=1)


@given(st.dictionaries(PART, PART.map(lambda path: f"{path}=x")))
def test_pairs_come_back_as_they_were_typed(pairs: dict[str, str]) -> None:
    assert arguments.pairs([f"{name}={path}" for name, path in pairs.items()], "--data") == pairs


def test_places_are_folders_or_buckets() -> None:
    listed = ["s3://lake/gold", "../exports", "gs://b", "/data"]
    assert arguments.places(listed) == (("../exports", "/data"), ("s3://lake/gold", "gs://b"))


@pytest.mark.parametrize("text", ["s3a://lake", "S3://lake", "https://u:hunter2@host/x", "file:///data"])
def test_no_other_place_can_be_allowed(text: str) -> None:
    with pytest.raises(UsageError, match="neither a folder nor a bucket") as refused:
        arguments.places([text])
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize("text", ["", "name", "name=", "=path", " = "])
def test_half_a_pair_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--data .*expected NAME=PATH"):
        arguments.pairs([text], "--data")


def test_a_name_is_bound_once() -> None:
    with pytest.raises(UsageError, match="--data a is given twice"):
        arguments.pairs(["a=1", "a=1"], "--data")


@pytest.mark.parametrize(
    "text, read",
    [
        ("2026-01-31", "2026-01-31T00:00:00+00:00"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T12:00:00+02:00"),
    ],
)
def test_a_moment_has_a_zone(text: str, read: str) -> None:
    assert arguments.moment(text, "--now") == read


@pytest.mark.parametrize("text", ["", "now", "31.01.2026", "2026-02-30"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--now .*not a time in ISO 8601"):
        arguments.moment(text, "--now")


def test_the_clock_is_recorded_by_the_second() -> None:
    assert arguments.clock_time(datetime(2026, 1, 31, 12, 0, 0, 999, UTC)) == "2026-01-31T12:00:00+00:00"


@given(st.integers(1, 256))
def test_threads_are_a_whole_number(threads: int) -> None:
    assert arguments.threads(str(threads), "--threads") == threads


@pytest.mark.parametrize("text", ["", "0", "257", "-1", "1.5", "two", "²", "1e2"])
def test_other_threads_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--threads .*from 1 to 256"):
        arguments.threads(text, "--threads")


@pytest.mark.parametrize("text", ["4GB", "512 MiB", "1.5GB", "300kb"])
def test_an_amount_of_memory_has_its_unit(text: str) -> None:
    assert arguments.memory(text, "--memory") == text


@pytest.mark.parametrize("text", ["", "4", "0GB", "0.0 MB", "80%", "-1GB", "GB", "4 gigs", "4GB'; x"])
def test_other_amounts_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"--memory .*expected an amount of memory"):
        arguments.memory(text, "--memory")

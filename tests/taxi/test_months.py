"""Real months against each other: what happened in the city is what the gate says, and nothing else."""

import csv

import pytest

from tests.taxi.conftest import Judge, Judged, month

MONTHS = ("2019-01", "2019-02", "2019-06", "2020-01", "2020-04")


@pytest.fixture(scope="module")
def january(judge: Judge) -> Judged:
    """Return April 2020 against January 2020."""
    return judge("2020-01", "2020-04")


@pytest.fixture(scope="module")
def year_before(judge: Judge) -> Judged:
    """Return April 2020 against January 2019, when no payment was unknown."""
    return judge("2019-01", "2020-04")


def test_april_is_blocked_for_what_happened(january: Judged) -> None:
    assert january.code == 1
    assert january.result["verdict"]["state"] == "blocked"
    assert january.failed() >= {
        ("payment_type", "drift"),
        ("passenger_count", "nulls"),
        ("payment_type", "nulls"),
        ("fare_amount", "range"),
    }


def test_the_length_of_trips_did_not_change(january: Judged) -> None:
    assert january.about("trip_distance", "drift")["outcome"] == "passed"
    assert all(subject != "trip_distance" for subject, _ in january.failed())


def test_nothing_in_april_could_not_be_measured(january: Judged) -> None:
    assert {one["outcome"] for one in january.result["results"]} == {"passed", "failed"}


def test_refunds_are_counted(january: Judged) -> None:
    with month("2020-04").open(newline="") as stream:
        refunds = sum(not 0 <= float(row["fare_amount"]) <= 500 for row in csv.DictReader(stream))
    found = january.about("fare_amount", "range")
    assert (found["n"], found["of"]) == (refunds, 10_000)
    assert f"{refunds} of 10,000 rows" in january.report


def test_how_many_payments_moved_is_in_the_result(year_before: Judged) -> None:
    drift = year_before.about("payment_type", "drift")
    assert drift["outcome"] == "failed"
    assert drift["effect"] == pytest.approx(0.157, abs=0.005)
    assert drift["details"]["reference_nulls"] == 0
    assert drift["details"]["current_nulls"] == pytest.approx(0.080, abs=0.0005)
    assert year_before.about("payment_type", "nulls")["value"] == pytest.approx(0.080, abs=0.0005)


def test_how_many_payments_moved_is_in_the_words(year_before: Judged) -> None:
    assert "15.7% of 10,000 rows moved from 1 (null 0% to 8.03%" in year_before.report
    assert "803 of 10,000 rows (8.03%)" in year_before.report


def test_size_is_what_would_have_to_move(year_before: Judged) -> None:
    """The size is at most the total variation, computed here from the file by hand."""
    shares = []
    for key in ("2019-01", "2020-04"):
        with month(key).open(newline="") as stream:
            types = [row["payment_type"].removesuffix(".0") for row in csv.DictReader(stream)]
        shares.append({kind: types.count(kind) / len(types) for kind in set(types)})
    before, after = shares
    moved = sum(abs(before.get(kind, 0) - after.get(kind, 0)) for kind in {*before, *after}) / 2
    drift = year_before.about("payment_type", "drift")
    assert drift["value"] == pytest.approx(moved, abs=1e-9)
    assert moved - 0.01 < drift["effect"] <= moved


@pytest.mark.parametrize("key", MONTHS[:-1])
def test_a_month_against_itself_passes(judge: Judge, key: str) -> None:
    judged = judge(key, key)
    assert (judged.code, judged.failed()) == (0, set())
    assert all(one["effect"] == 0 for one in judged.result["results"] if one["metric"] == "drift")

"""The leakage check on planted leaks and on clean data, and what it says where nothing can be told."""

import math
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from mlval.checks.leakage import Leakage
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.verdict import Result
from tests.checks.world import results, told
from tests.measure.world import World, lines

HEADER = "id,at,plan,amount,noise,y"
ROLES: dict[str, Any] = {"key": "id", "time": "at", "target": "y"}
P, F, S, E = "passed", "failed", "skipped", "errored"


def clean(start: int, count: int) -> list[list[str]]:
    """Return rows of one day each hundred, whose target hangs loosely on plan and amount."""
    rows = []
    for number in range(start, start + count):
        random = Random(number)
        plan, amount, noise = random.choice("abc"), random.gauss(10, 3), random.random()
        chance = 1 / (1 + math.exp(10 - amount)) * (0.5 + (plan == "a") / 3)
        y = int(random.random() < chance)
        at = f"2026-{1 + number // 2800:02}-{1 + number // 100 % 28:02}"
        rows.append([str(number), at, plan, f"{amount:.6f}", f"{noise:.6f}", str(y)])
    return rows


TRAIN, TEST = clean(0, 2_000), clean(2_100, 500)


def run(
    folder: Path,
    train: list[list[str]],
    test: list[list[str]],
    *,
    header: str = HEADER,
    **settings: Any,  # noqa: ANN401 - keys of a contract
) -> tuple[Result, ...]:
    roles = settings.pop("roles", ROLES)
    inputs = Inputs({name: Dataset(path="t.csv", **roles) for name in ("train", "test")})
    world = World(folder, inputs)
    world.csv(lines(header, [",".join(row) for row in train]), name="train")
    world.csv(lines(header, [",".join(row) for row in test]), name="test")
    return results(Leakage.model_validate({"type": "leakage", **settings}), inputs, world.engine.answer)


def outcomes(found: tuple[Result, ...]) -> dict[tuple[str, str], str]:
    return {(subject, metric): outcome for subject, metric, outcome in told(found)}


def test_clean_data_passes(tmp_path: Path) -> None:
    found = run(tmp_path, TRAIN, TEST)
    assert outcomes(found) == {
        ("test", "shared_keys"): P,
        ("test", "shared_rows"): P,
        ("test", "overlap"): P,
        **{(name, "predictive_power"): P for name in ("plan", "amount", "noise")},
    }
    powers = [one.measurement.value or 0 for one in found if one.measurement.metric == "predictive_power"]
    assert powers == sorted(powers, reverse=True)
    assert powers[0] < 0.6


def test_rows_that_return_are_found_by_key_and_by_features(tmp_path: Path) -> None:
    same_key = [[row[0], *other[1:]] for row, other in zip(TRAIN[:3], TEST[:3], strict=True)]
    same_row = [[other[0], other[1], *row[2:5], ""] for row, other in zip(TRAIN[:5], TEST[3:8], strict=True)]
    found = run(tmp_path, TRAIN, [*same_key, *same_row, *TEST[8:]])
    counts = {one.measurement.metric: one.measurement for one in found}
    assert (counts["shared_keys"].n, counts["shared_keys"].of) == (3, 500)
    assert (counts["shared_rows"].n, counts["shared_rows"].of) == (5, 500)
    assert counts["shared_rows"].details == {"features": 3, "not_in_both": ()}
    assert outcomes(found)["test", "shared_keys"] == outcomes(found)["test", "shared_rows"] == F
    (tmp_path / "again").mkdir()
    again = run(tmp_path / "again", TRAIN, [*same_key, *same_row, *TEST[8:]], shared="1%")
    assert outcomes(again)["test", "shared_keys"] == outcomes(again)["test", "shared_rows"] == P


def test_nulls_are_equal_in_rows_and_never_in_keys(tmp_path: Path) -> None:
    empty = [["", "2026-03-01", "", "", "0.5", "1"], ["", "2026-03-02", "", "", "0.6", "0"]]
    found = run(tmp_path, [*TRAIN, ["", "2026-01-01", "", "", "0.5", "0"]], [*TEST, *empty])
    counts = {one.measurement.metric: (one.measurement.n, one.measurement.of) for one in found}
    assert counts["shared_keys"] == (0, 500)
    assert counts["shared_rows"] == (1, 502)


def test_test_data_begins_after_the_training_data_ends(tmp_path: Path) -> None:
    last = TRAIN[-1][1]
    early = [[row[0], last, *row[2:]] for row in TEST[:7]] + [[row[0], "", *row[2:]] for row in TEST[7:9]]
    found = run(tmp_path, TRAIN, [*early, *TEST[9:]], shared_times="1%")
    (overlap,) = (one.measurement for one in found if one.measurement.metric == "overlap")
    assert (overlap.n, overlap.of) == (7, 498)
    assert outcomes(found)["test", "overlap"] == F
    assert outcomes(found)["test", "shared_times"] == F
    (tmp_path / "random").mkdir()
    mixed = run(tmp_path / "random", TEST, TRAIN, overlap="100%", shared_times=0)
    assert outcomes(mixed)["test", "overlap"] == P
    assert outcomes(mixed)["test", "shared_times"] == P


LEAKS: dict[str, Any] = {
    "a copy of the target": lambda row: row[5],
    "a code that only one class has": lambda row: f"{'x' if row[5] == '1' else 'z'}{int(row[0]) % 4}",
    "a time after the fact": lambda row: f"2026-02-{int(row[0]) % 9 + 1:02}" if row[5] == "1" else "",
    "a number that is large for one class": lambda row: f"{int(row[5]) * 50 + float(row[4])}",
    "mostly the target": lambda row: row[5] if int(row[0]) % 20 else "1",
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_feature_that_tells_the_target_alone_is_found(tmp_path: Path, name: str) -> None:
    train, test = ([[*row, LEAKS[name](row)] for row in rows] for rows in (TRAIN, TEST))
    found = run(tmp_path, train, test, header=f"{HEADER},leak")
    powers = [one for one in found if one.measurement.metric == "predictive_power"]
    assert [(powers[0].measurement.subject, powers[0].outcome.value)] == [("leak", F)]
    assert {one.outcome.value for one in powers[1:]} == {P}


def test_a_number_is_told_by_its_root(tmp_path: Path) -> None:
    rows = [[*row[:5], f"{float(row[3]) ** 2:.4f}"] for row in TRAIN]
    after = [[*row[:5], f"{float(row[3]) ** 2:.4f}"] for row in TEST]
    found = run(tmp_path, rows, after)
    powers = {
        one.measurement.subject: one.measurement.value or 0
        for one in found
        if one.measurement.metric == "predictive_power"
    }
    assert powers["amount"] > 0.9
    assert powers["noise"] < 0.1
    assert powers["plan"] < 0.1


def test_an_identifier_tells_nothing(tmp_path: Path) -> None:
    train, test = ([[*row, f"user {row[0]}"] for row in rows] for rows in (TRAIN, TEST))
    found = run(tmp_path, train, test, header=f"{HEADER},user", roles={**ROLES, "key": "noise"})
    powers = {one.measurement.subject: one.measurement.value for one in found}
    assert powers["user"] == 0
    assert (powers["id"] or 0) < 0.1


def test_what_cannot_be_measured_is_named(tmp_path: Path) -> None:
    train, test = ([[*row, ""] for row in rows] for rows in (TRAIN, TEST))
    found = run(
        tmp_path,
        train,
        test,
        header=f"{HEADER},empty",
        features=("plan", "empty", "nowhere"),
    )
    assert outcomes(found) == {
        ("test", "shared_keys"): P,
        ("test", "shared_rows"): E,
        ("test", "overlap"): P,
        ("plan", "predictive_power"): P,
        ("empty", "predictive_power"): E,
        ("nowhere", "predictive_power"): E,
    }


def test_what_has_no_role_is_skipped_in_sight(tmp_path: Path) -> None:
    found = run(tmp_path, TRAIN, TEST, roles={})
    assert outcomes(found) == {
        ("test", "shared_keys"): S,
        ("test", "shared_rows"): P,
        ("test", "overlap"): S,
        ("train", "predictive_power"): S,
    }
    assert all(one.reason for one in found if one.outcome.value == S)
    assert not any(one.blocks for one in found)


@pytest.mark.parametrize(
    "change",
    [
        {"y": ""},
        {"y": "1"},
        {"at": ""},
    ],
    ids=str,
)
def test_a_role_without_values_never_passes(tmp_path: Path, change: dict[str, str]) -> None:
    names = HEADER.split(",")
    train = [[change.get(name, cell) for name, cell in zip(names, row, strict=True)] for row in TRAIN]
    found = run(tmp_path, train, TEST)
    metric = "overlap" if "at" in change else "predictive_power"
    assert {outcome for (_, name), outcome in outcomes(found).items() if name == metric} == {E}


@pytest.mark.parametrize("empty", ["train", "test"])
def test_no_rows_are_no_pass(tmp_path: Path, empty: str) -> None:
    found = run(tmp_path, TRAIN[: 0 if empty == "train" else None], TEST[: 0 if empty == "test" else None])
    assert told(found) == [(empty, "rows", E)]


def test_only_the_wanted_rows_are_matched(tmp_path: Path) -> None:
    returned = [[row[0], *row[1:]] for row in TRAIN if row[2] == "a"][:4]
    found = run(tmp_path, TRAIN, [*TEST, *returned], where="plan <> 'a'", overlap="100%")
    assert {outcome for (_, metric), outcome in outcomes(found).items() if "shared" in metric} == {P}


ANY = Dataset(path="t.csv")


@pytest.mark.parametrize(
    "names, settings, roles",
    [
        (("train", "test"), {}, ("train", "test")),
        (("test", "reference", "x"), {}, ("reference", "test")),
        (("holdout", "train", "x"), {}, ("train", "holdout")),
        (("train", "later"), {}, ("train", "later")),
        (("a", "b"), {"train": "b"}, ("b", "a")),
        (("a", "b", "c"), {"train": "b", "test": "c"}, ("b", "c")),
    ],
)
def test_roles(names: tuple[str, ...], settings: dict[str, str], roles: tuple[str, str]) -> None:
    check = Leakage.model_validate({"type": "leakage", **settings})
    inputs = Inputs(dict.fromkeys(names, ANY))
    assert check.uses(inputs).datasets == roles
    assert not check.problems(inputs)


@pytest.mark.parametrize(
    "names, settings",
    [
        (("a", "b"), {}),
        (("train",), {}),
        (("train", "a", "b"), {}),
        (("train", "test"), {"train": "test", "test": "test"}),
        (("train", "test"), {"test": "nowhere"}),
        (("train", "test"), {"overlap": 0}),
        (("train", "test"), {"shared_times": 0}),
        (("train", "test"), {"max_power": 0.5}),
    ],
)
def test_problems_are_told_before_anything_is_measured(
    names: tuple[str, ...], settings: dict[str, Any]
) -> None:
    check = Leakage.model_validate({"type": "leakage", **settings})
    assert check.problems(Inputs(dict.fromkeys(names, ANY)))


@pytest.mark.parametrize(
    "settings",
    [{"max_power": 1.5}, {"max_power": "high"}, {"shared": 0.5}, {"features": ()}, {"powers": 1}],
    ids=str,
)
def test_what_is_no_setting_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Leakage.model_validate({"type": "leakage", **settings})

"""What a model is shown: every value, in the order of the rows, in whatever blocks."""

import datetime as dt

import pytest

from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature
from tests.measure.world import World

ROWS = """
    SELECT i AS whole, i / 4 AS part, i % 3 = 0 AS flag,
    CASE WHEN i % 5 > 0 THEN chr(97 + (i % 4)::INTEGER) END AS word,
    TIMESTAMP '2026-01-01' + to_days(i::INTEGER) AS at, CASE WHEN i % 7 = 0 THEN NULL ELSE i END AS gaps,
    i::DECIMAL(9, 2) AS money, DATE '2026-01-01' + i::INTEGER AS day, [i] AS list
    FROM range(50) t(i)
"""
NAMES = ("whole", "part", "flag", "word", "at", "gaps", "money", "day")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("features"))


def plain(feature: Feature) -> list[object]:
    values = feature.values.tolist()
    if feature.levels is not None:
        values = [None if code < 0 else feature.levels[code] for code in values]
    nulls = [False] * len(values) if feature.nulls is None else feature.nulls.tolist()
    return [None if null else value for value, null in zip(values, nulls, strict=True)]


@pytest.mark.parametrize("size", [8, 100, 10**6])
def test_features_are_the_values_of_the_rows(world: World, size: int) -> None:
    table = world.parquet(ROWS)
    found: dict[str, list[object]] = {name: [] for name in NAMES}
    places: list[int] = []
    for block, features in world.engine.features(table, NAMES, values=size):
        places += block.tolist()
        for feature in features:
            found[feature.name] += plain(feature)
    start = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - without a zone, as in the file
    assert places == list(range(50))
    assert found == {
        "whole": list(range(50)),
        "part": [i / 4 for i in range(50)],
        "flag": [i % 3 == 0 for i in range(50)],
        "word": ["abcd"[i % 4] if i % 5 else None for i in range(50)],
        "at": [start + dt.timedelta(days=i) for i in range(50)],
        "gaps": [i if i % 7 else None for i in range(50)],
        "money": [float(i) for i in range(50)],
        "day": [start + dt.timedelta(days=i) for i in range(50)],
    }


def test_rows_of_many_files_are_in_the_order_of_the_files(world: World) -> None:
    table = world.parquet("SELECT 10 + range AS n FROM range(3)", "SELECT range AS n FROM range(3)")
    blocks = list(world.engine.features(table, ("n",), values=2))
    assert [feature.values.tolist() for _, (feature,) in blocks] == [[10, 11], [12, 0], [1, 2]]
    assert len({place for block, _ in blocks for place in block.tolist()}) == 6


@pytest.mark.parametrize(
    "names, message", [(("list",), r"holds BIGINT\[\]"), (("nobody",), "no column 'nobody'")]
)
def test_what_no_model_is_shown(world: World, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(Unmeasurable, match=message):
        list(world.engine.features(world.parquet(ROWS), names))


def test_a_dataset_without_rows_has_no_blocks(world: World) -> None:
    assert list(world.engine.features(world.parquet("SELECT 1 AS n WHERE false"), ("n",))) == []

"""A signature's types are given where every value is kept, and refused where one would change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature, FeatureKind
from mlval.domain.model_description import ColumnType, SignatureColumn
from mlval.scoring.coercion import coerced

NAN = float("nan")


@pytest.mark.parametrize(
    "kind, values, wanted, expected",
    [
        ("int", [1, -2, 3], "double", [1.0, -2.0, 3.0]),
        ("int", [1, None, 3], "double", [1.0, NAN, 3.0]),
        ("int", [2**53 + 1], "double", None),
        ("int", [None, None], "double", [NAN, NAN]),
        ("int", [2**24], "float", [2.0**24]),
        ("int", [2**24 + 1], "float", None),
        ("int", [2**31 - 1, -(2**31)], "integer", [2**31 - 1, -(2**31)]),
        ("int", [2**31], "integer", None),
        ("int", [1, None], "integer", None),
        ("float", [0.5, NAN], "float", [0.5, NAN]),
        ("float", [0.1], "float", None),
        ("float", [1e300], "float", None),
        ("float", [1.0, -7.0], "long", [1, -7]),
        ("float", [1.5], "long", None),
        ("float", [NAN], "long", None),
        ("float", [1e300], "long", None),
        ("float", [float("inf")], "long", None),
        ("float", [3e9], "integer", None),
        ("bool", [True, False], "double", [1.0, 0.0]),
        ("bool", [True, False], "long", [1, 0]),
        ("bool", [True, None], "long", None),
        ("float", [1.0], "string", None),
        ("int", [1], "boolean", None),
        ("int", [1], "unsupported", None),
    ],
)
def test_values_are_kept_or_refused(
    kind: FeatureKind, values: list[float | None], wanted: ColumnType, expected: list[float] | None
) -> None:
    feature = made(kind, values)
    signature = [SignatureColumn("x", wanted)]
    if expected is None:
        with pytest.raises(Unmeasurable, match=r"'x' holds .* not all of them keep their value"):
            coerced([feature], signature)
        return
    found = coerced([feature], signature)
    assert np.array_equal(found.features[0].values, np.array(expected), equal_nan=True)
    assert len(found.notes) == (wanted != {"int": "long", "float": "double", "bool": "boolean"}[kind])


def test_what_fits_and_what_the_signature_does_not_know_stays_as_it_is() -> None:
    features = [made("float", [1.0]), Feature("other", "int", np.array([1]))]
    found = coerced(features, [SignatureColumn("x", "double")])
    assert found.features == tuple(features)
    assert found.notes == ()


def test_the_note_names_both_types() -> None:
    assert coerced([made("int", [1])], [SignatureColumn("x", "double")]).notes == ("x: long to double",)


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5), st.sampled_from(["double", "float", "integer"])
)
def test_no_integer_changes_its_value(values: list[int], wanted: ColumnType) -> None:
    try:
        found = coerced([made("int", list(values))], [SignatureColumn("x", wanted)])
    except Unmeasurable:
        return
    assert [int(value) for value in found.features[0].values.tolist()] == values


def made(kind: FeatureKind, values: list[float | None]) -> Feature:
    types = {"int": np.int64, "float": np.float64, "bool": np.bool_}
    nulls = np.array([value is None for value in values])
    array: NDArray[np.generic] = np.array(
        [0 if value is None else value for value in values], dtype=types[kind]
    )
    return Feature("x", kind, array, nulls=nulls if nulls.any() else None)

import contextlib
import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.features import Feature
from mlval.scoring.protocol import (
    ANSWER_LIMIT,
    Declined,
    Disagreement,
    Loaded,
    checked,
    read_description,
    read_end,
    read_outputs,
    read_predictions,
    rows_frame,
)
from mlval.scoring.worker.conversation import _frame, _header

YES_NO = Loaded("classification", ("no", "yes"), ("label", "no", "yes"), None)
NUMBER = Loaded("regression", (), ("prediction",), None)


def answer(value: object) -> io.BytesIO:
    return framed(json.dumps(value).encode())


def framed(text: bytes) -> io.BytesIO:
    return io.BytesIO(len(text).to_bytes(4, "little") + text)


def described(**changes: object) -> dict[str, object]:
    whole = {
        "task": "classification",
        "classes": ["a", "b"],
        "outputs": ["label", "a", "b"],
        "features": None,
    }
    return whole | changes


class TestDescription:
    def test_a_classifier(self) -> None:
        assert read_description(answer(described())) == Loaded(
            "classification", ("a", "b"), ("label", "a", "b"), None
        )

    def test_a_regression_whose_outputs_only_predictions_tell(self) -> None:
        found = read_description(
            answer(described(task="regression", classes=[], outputs=None, features=["x"]))
        )
        assert found == Loaded("regression", (), (), ("x",))

    def test_a_model_that_does_not_load(self) -> None:
        found = read_description(answer({"error": "missing-class", "detail": "no Scaler"}))
        assert found == Declined("missing-class", "no Scaler")

    @pytest.mark.parametrize(
        "value",
        [
            pytest.param(described(task="ranking"), id="another task"),
            pytest.param(described(more=1), id="another key"),
            pytest.param(described(classes=["a", "a"], outputs=["label"]), id="a class twice"),
            pytest.param(described(outputs=["label", "b", "a"]), id="classes in another order"),
            pytest.param(described(classes=[], outputs=["label"]), id="no classes"),
            pytest.param(
                described(classes=[f"{i}" for i in range(1001)], outputs=["label"]), id="many classes"
            ),
            pytest.param(described(classes=["x" * 201], outputs=["label"]), id="a long class"),
            pytest.param(described(classes=[1, 2], outputs=["label"]), id="classes that are numbers"),
            pytest.param(described(outputs=None), id="a classifier without outputs"),
            pytest.param(described(task="regression", outputs=["y"]), id="a regression with classes"),
            pytest.param(described(features=["x", "x"]), id="a feature twice"),
            pytest.param({"error": "nice try", "detail": ""}, id="another cause"),
            pytest.param([], id="a list"),
        ],
    )
    def test_anything_else_is_refused(self, value: object) -> None:
        with pytest.raises(Disagreement, match="not as agreed"):
            read_description(answer(value))

    def test_deep_nesting_is_refused(self) -> None:
        with pytest.raises(Disagreement):
            read_description(framed(b"[" * 60_000))

    def test_a_long_answer_is_refused_unread(self) -> None:
        stream = io.BytesIO((ANSWER_LIMIT + 1).to_bytes(4, "little") + b"{" * 10)
        with pytest.raises(Disagreement, match="65,537"):
            read_description(stream)
        assert stream.tell() == 4

    @given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda text: framed(text).getvalue()))
    def test_whatever_comes_is_a_value_or_an_error(self, sent: bytes) -> None:
        for read in (read_description, read_outputs):
            with contextlib.suppress(EOFError, Disagreement):
                read(io.BytesIO(sent))

    @given(
        st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=9)
    )
    def test_any_json_in_any_place(self, value: object) -> None:
        for key in ("task", "classes", "outputs", "features"):
            try:
                found = read_description(answer(described(**{key: value})))
            except Disagreement:
                continue
            assert isinstance(found, Loaded)


class TestPredictions:
    @given(st.binary(max_size=64), st.integers(1, 4), st.integers(1, 3))
    def test_exactly_the_agreed_bytes_are_read(self, sent: bytes, rows: int, outputs: int) -> None:
        stream, size = io.BytesIO(sent), rows * outputs * 8
        if len(sent) < size:
            with pytest.raises(EOFError, match=f"{len(sent)} bytes of predictions instead of {size}"):
                read_predictions(stream, rows, outputs)
        else:
            found = read_predictions(stream, rows, outputs)
            assert found.tobytes() == sent[:size]
            assert stream.tell() == size

    def test_one_byte_more_shows_at_the_end(self) -> None:
        with pytest.raises(Disagreement, match="more bytes"):
            read_end(io.BytesIO(b"x" + b"mark"), b"mark")

    @pytest.mark.parametrize(
        "row,complaint",
        [
            ([0, 0.4, 0.6], None),
            ([1, 0.0, 1.0], None),
            ([2, 0.4, 0.6], "no class"),
            ([-1, 0.4, 0.6], "no class"),
            ([0.5, 0.4, 0.6], "no class"),
            ([np.nan, 0.4, 0.6], "not finite"),
            ([0, np.nan, 0.6], "not finite"),
            ([0, -np.inf, 0.6], "not finite"),
            ([0, -0.1, 1.1], "outside 0 to 1"),
            ([0, 0.4, 0.5], "sum to 1"),
        ],
    )
    def test_of_a_classifier(self, row: list[float], complaint: str | None) -> None:
        values = np.array([[0, 0.5, 0.5], row])
        if complaint is None:
            found = checked(values, YES_NO)
            assert found.labels.tolist() == [0, row[0]]
            assert found.scores is not None
        else:
            with pytest.raises(Disagreement, match=f"1 of 2 rows have .*{complaint}"):
                checked(values, YES_NO)

    @given(st.lists(st.floats(width=64), min_size=1, max_size=5))
    def test_numbers_are_finite_or_refused(self, values: list[float]) -> None:
        try:
            found = checked(np.array(values)[:, None], NUMBER)
        except Disagreement:
            assert not np.isfinite(values).all()
        else:
            assert found.labels.tolist() == values


TEXTS = st.lists(
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5), min_size=1, max_size=6
)
NUMBERS = st.sampled_from(["<f8", "<f4", "<i8", "<i4", "<i2", "|i1", "|u1", "<u8", "|b1", "<M8[us]"])


class TestRows:
    @given(TEXTS, NUMBERS, st.data())
    def test_the_worker_reads_what_the_parent_sent(
        self, texts: list[str | None], kind: str, data: st.DataObject
    ) -> None:
        levels = tuple(sorted({text for text in texts if text is not None}))
        codes = np.array([-1 if text is None else levels.index(text) for text in texts], dtype=np.int32)
        size = len(texts) * np.dtype(kind).itemsize
        raw = data.draw(st.binary(min_size=size, max_size=size))
        values = np.frombuffer(raw, dtype=kind) if kind != "|b1" else np.frombuffer(raw, dtype="|u1") % 2 == 1
        nulls = np.array([text is None for text in texts])
        sent = [Feature("t", "text", codes, levels=levels), Feature("v", "float", values, nulls=nulls)]
        stream = io.BytesIO(b"".join(bytes(part) for part in rows_frame("predict", sent)))
        header = _header(stream)
        assert header is not None
        text, other = _frame(stream, header).columns
        assert stream.read() == b""
        assert text.filled().tolist() == texts
        assert other.values.tobytes() == values.tobytes()
        assert other.nulls is not None
        assert other.nulls.tolist() == nulls.tolist()

    def test_columns_of_different_lengths_are_refused(self) -> None:
        short, long = (Feature("x", "float", np.zeros(n)) for n in (2, 3))
        with pytest.raises(ValueError, match="differ in length"):
            rows_frame("predict", [short, long])

    def test_names_that_fill_the_header_are_refused(self) -> None:
        with pytest.raises(ValueError, match="names of the features take"):
            rows_frame("predict", [Feature("x" * (1 << 20), "float", np.zeros(1))])

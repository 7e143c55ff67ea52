"""The parent's side of the conversation with a worker: what is sent, and what may come back.

A frame is a length (4 bytes, little-endian), a JSON header of that length and at most 1 MiB, then buffers
whose sizes the header states. `load` and `probe` are answered by one header of at most 64 KiB, `predict` by
exactly rows × outputs × 8 bytes of little-endian float64, `end` by the 16 bytes that it brought: a byte more
or less anywhere before shows there. No length that a worker states is believed, and nothing is unpickled.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mlval.domain.features import Feature

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEADER_LIMIT: Final = 1 << 20
ANSWER_LIMIT: Final = 1 << 16
VALUES_LIMIT: Final = 1 << 25
"""Predictions of one batch: 256 MiB of them."""
LABEL: Final = "label"
SUM_TOLERANCE: Final = 1e-3
"""How far the probabilities of a row may be from 1 in sum: single precision over a thousand classes."""

Task = Literal["classification", "regression"]
Cause = Literal[
    "unsupported",
    "untrusted",
    "environment",
    "missing-module",
    "missing-class",
    "features",
    "broken",
    "crashed",
]
_Buffer = bytes | memoryview
_Name = Annotated[str, Field(max_length=200)]


class Disagreement(Exception):
    """What a worker sent is not what was agreed; the text holds nothing that it sent."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a model says of itself.

    `outputs` is empty where only predictions tell how many there are. A classifier's are `label`, then one
    probability a class or none. `features` are those it was trained on by name, in order, or None.
    """

    task: Task
    classes: tuple[str, ...]
    outputs: tuple[str, ...]
    features: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Predicted:
    """Predictions of one batch, checked.

    `labels` are codes into the classes, or the predicted numbers: one a row, rows × outputs where the model
    has several. `scores` are probabilities, rows × classes.
    """

    labels: "NDArray[np.float64]"
    scores: "NDArray[np.float64] | None" = None


@dataclass(frozen=True, slots=True)
class Declined:
    """A worker's own account of why a model does not load; the detail is untrusted text."""

    cause: Cause
    detail: str


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Description(_Strict):
    task: Task
    classes: Annotated[list[_Name], Field(max_length=1_000)]
    outputs: Annotated[list[_Name], Field(min_length=1, max_length=1_001)] | None
    features: Annotated[list[_Name], Field(min_length=1, max_length=10_000)] | None

    @model_validator(mode="after")
    def _coherent(self) -> "_Description":
        unique = all(len(set(names or ())) == len(names or ()) for names in (self.classes, self.features))
        fitting = not self.classes
        if self.task == "classification":
            fitting = bool(self.classes) and self.outputs in ([LABEL], [LABEL, *self.classes])
        if not (unique and fitting):
            message = "classes, outputs and features do not fit together"
            raise ValueError(message)
        return self


class _Declined(_Strict):
    error: Cause
    detail: Annotated[str, Field(max_length=2_000)]


class _Outputs(_Strict):
    outputs: Annotated[list[_Name], Field(min_length=1, max_length=1_000)]


def header_frame(header: Mapping[str, Any]) -> bytes:
    """Return a frame of one header.

    Raises
    ------
    ValueError
        If the header is larger than a frame may have.
    """
    text = json.dumps(header).encode()
    if len(text) > HEADER_LIMIT:
        message = f"the names of the features take {len(text):,} bytes, more than {HEADER_LIMIT:,}"
        raise ValueError(message)
    return len(text).to_bytes(4, "little") + text


def rows_frame(kind: Literal["probe", "predict"], batch: Sequence[Feature]) -> list[_Buffer]:
    """Return a frame of rows, as buffers to be written one after the other; arrays are not copied.

    Raises
    ------
    ValueError
        If the header is larger than a frame may have, or a column's length differs.
    """
    rows = row_count(batch)
    header: list[dict[str, object]] = []
    buffers: list[_Buffer] = []
    for column in batch:
        values = _plain(column.values)
        levels = column.levels
        header.append({
            "name": column.name,
            "type": column.values.dtype.newbyteorder("<").str,
            "nulls": column.nulls is not None,
            "levels": None if levels is None else len(levels),
        })  # fmt: skip
        buffers.append(values)
        if column.nulls is not None:
            buffers.append(_plain(column.nulls))
        if levels is not None:
            buffers.extend(_texts(levels))
    return [header_frame({"kind": kind, "rows": rows, "columns": header}), *buffers]


def row_count(batch: Sequence[Feature]) -> int:
    """Return the number of rows of a batch.

    Raises
    ------
    ValueError
        If its columns differ in length, or a mask does not fit its column.
    """
    rows = len(batch[0].values) if batch else 0
    if any(
        column.values.shape != (rows,) or (column.nulls is not None and column.nulls.shape != (rows,))
        for column in batch
    ):
        message = "the columns of a batch differ in length"
        raise ValueError(message)
    return rows


def _plain(values: "NDArray[np.generic]") -> memoryview:
    import numpy as np

    flat = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"), copy=False))
    return flat.view(np.uint8).data if flat.size else memoryview(b"")


def _texts(levels: Iterable[str]) -> tuple[bytes, bytes]:
    import numpy as np

    encoded = [level.encode("utf-8", "replace") for level in levels]
    ends = np.cumsum([len(text) for text in encoded], dtype="<i8")
    return ends.tobytes(), b"".join(encoded)


def read_description(stream: BinaryIO) -> Loaded | Declined:
    """Read the answer to `load`.

    Raises
    ------
    EOFError
        If the worker ended before it had answered.
    Disagreement
        If the answer is too long or not as agreed.
    """
    text = _read_header(stream)
    for form in (_Description, _Declined):
        try:
            found = form.model_validate_json(text)
        except (ValidationError, RecursionError):
            continue
        if isinstance(found, _Declined):
            return Declined(found.error, found.detail)
        assert isinstance(found, _Description)  # noqa: S101 - for the type checker
        features = None if found.features is None else tuple(found.features)
        return Loaded(found.task, tuple(found.classes), tuple(found.outputs or ()), features)
    message = "the answer to loading is not as agreed"
    raise Disagreement(message)


def read_outputs(stream: BinaryIO) -> tuple[str, ...]:
    """Read the answer to `probe`: the names of the outputs; errors as `read_description`."""
    try:
        return tuple(_Outputs.model_validate_json(_read_header(stream)).outputs)
    except (ValidationError, RecursionError):
        message = "the names of the outputs are not as agreed"
        raise Disagreement(message) from None


def read_predictions(stream: BinaryIO, rows: int, outputs: int) -> "NDArray[np.float64]":
    """Read exactly rows × outputs values.

    Raises
    ------
    EOFError
        If the worker ended before; the message counts bytes.
    """
    import numpy as np

    found = np.empty((rows, outputs), dtype="<f8")
    got = _fill(stream, found.reshape(-1).view(np.uint8).data)
    if got < found.nbytes:
        message = f"{got:,} bytes of predictions instead of {found.nbytes:,}"
        raise EOFError(message)
    return found


def read_end(stream: BinaryIO, expected: bytes) -> None:
    """Read the answer to `end`; anything else means that more was sent than agreed.

    Raises
    ------
    EOFError
        If the worker ended before.
    Disagreement
        If other bytes come.
    """
    found = bytearray(len(expected))
    if _fill(stream, memoryview(found)) < len(expected):
        message = "the model ended before it had acknowledged the last row"
        raise EOFError(message)
    if found != expected:
        message = "there are more bytes of predictions than rows"
        raise Disagreement(message)


def checked(values: "NDArray[np.float64]", loaded: Loaded) -> Predicted:
    """Return the predictions of a batch, if they can be such.

    Raises
    ------
    Disagreement
        If one is not finite, a label no code of a class, a probability outside [0, 1], or the probabilities
        of a row do not sum to 1; with the number of rows.
    """
    import numpy as np

    # Whole batches are looked at first: rows are counted only where one of them is wrong.
    finite = np.isfinite(values)
    is_number = loaded.task == "regression"
    if not finite.all():
        what = "predictions" if is_number else "labels or probabilities"
        _refuse(~finite.all(axis=1), f"{what} that are not finite numbers")
    if is_number:
        return Predicted(values[:, 0] if values.shape[1] == 1 else values)
    labels, scores = values[:, 0], values[:, 1:]
    _refuse(
        (labels != np.floor(labels)) | (labels < 0) | (labels >= len(loaded.classes)),
        "labels that are no class",
    )
    if scores.shape[1] == 0:
        return Predicted(labels)
    if scores.size and (scores.min() < 0 or scores.max() > 1):
        _refuse(((scores < 0) | (scores > 1)).any(axis=1), "probabilities outside 0 to 1")
    # A product with ones adds up rows of a few numbers many times quicker than a sum along them.
    sums = scores @ np.ones(scores.shape[1])
    _refuse(np.abs(sums - 1) > SUM_TOLERANCE, "probabilities that do not sum to 1")
    return Predicted(labels, scores)


def _refuse(wrong: "NDArray[np.bool_] | np.bool_", what: str) -> None:
    count = int(wrong.sum())
    if count:
        message = f"{count:,} of {wrong.size:,} rows have {what}"
        raise Disagreement(message)


def _read_header(stream: BinaryIO) -> bytes:
    size = bytearray(4)
    if _fill(stream, memoryview(size)) < 4:
        raise EOFError
    length = int.from_bytes(size, "little")
    if length > ANSWER_LIMIT:
        message = f"an answer of {length:,} bytes, more than {ANSWER_LIMIT:,}"
        raise Disagreement(message)
    text = bytearray(length)
    if _fill(stream, memoryview(text)) < length:
        raise EOFError
    return bytes(text)


def _fill(stream: Any, view: memoryview) -> int:  # noqa: ANN401 - BinaryIO does not tell of readinto
    """Read until the view is full or the stream ends; return how many bytes came."""
    place = 0
    while place < len(view):
        count = stream.readinto(view[place:])
        if not count:
            break
        place += count
    return place

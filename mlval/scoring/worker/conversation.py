"""The worker's side of the conversation: frames in, one answer each; what goes wrong is told in one word.

A frame is a length (4 bytes, little-endian), a JSON header of that length, then buffers whose sizes the
header states. `load` and `probe` are answered by such a header, `predict` by rows × outputs × 8 bytes and
no more, `end` by the 16 bytes that it brought.
"""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from mlval.scoring.worker import formats
from mlval.scoring.worker.frame import Column, Frame
from mlval.scoring.worker.libraries import keep_out_of_proc
from mlval.scoring.worker.model import Model, numbered
from mlval.scoring.worker.refusal import Refused

FAILED_TO_LOAD, FAILED_TO_PREDICT, WRONG_FEATURES, WRONG_ENVIRONMENT = 10, 11, 12, 13
_DETAIL = 1_000


def serve(readable: int, writable: int) -> int:
    """Answer frames until there are none; return the status to exit with."""
    with open(readable, "rb", buffering=0) as raw, open(writable, "wb", buffering=0) as answers:
        header = _header(raw)
        if header is None:
            return 0
        keep_out_of_proc()
        # As MLflow does it: the code that a model brings is found before anything else.
        sys.path[:0] = header.get("code", [])
        try:
            model = formats.load(Path(header["path"]), header.get("format"))
        except BaseException as error:  # noqa: BLE001 - a model may raise anything, SystemExit too
            _send(answers, _failure(error))
            return FAILED_TO_LOAD
        _send(answers, _description(model))
        try:
            _predict_all(raw, answers, model)
        except Refused as error:
            _flush()
            print(error.detail, file=sys.stderr)  # noqa: T201 - the parent shows these lines
            return {"features": WRONG_FEATURES, "environment": WRONG_ENVIRONMENT}.get(
                error.cause, FAILED_TO_PREDICT
            )
        except BaseException:  # noqa: BLE001 - as above
            _flush()
            traceback.print_exc()
            return FAILED_TO_PREDICT
    return 0


def _predict_all(raw: BinaryIO, answers: BinaryIO, model: Model) -> None:
    while (header := _header(raw)) is not None:
        if header["kind"] == "end":
            _write(answers, _exactly(raw, 16))
            continue
        frame = _frame(raw, header)
        if model.width is not None and len(frame.columns) != model.width:
            detail = f"the model was trained on {model.width} features, and {len(frame.columns)} came"
            raise Refused("features", detail)
        found = np.ascontiguousarray(model.predict(frame), dtype="<f8")
        if header["kind"] == "probe":
            _send(answers, {"outputs": list(numbered(found.shape[1]))})
            continue
        if model.outputs is not None and found.shape != (frame.rows, len(model.outputs)):
            outputs = len(model.outputs)
            detail = f"the model predicts {found.shape} values for {frame.rows} rows and {outputs} outputs"
            raise Refused("broken", detail)
        _write(answers, found.reshape(-1).view(np.uint8).data)


def _description(model: Model) -> dict[str, Any]:
    return {
        "task": model.task,
        "classes": list(model.classes),
        "outputs": None if model.outputs is None else list(model.outputs),
        "features": None if model.features is None else list(model.features),
    }


def _flush() -> None:
    """Let what the model printed come before what is said of it: only the last lines are shown."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()


def _failure(error: BaseException) -> dict[str, str]:
    if isinstance(error, Refused):
        return {"error": error.cause, "detail": error.detail[:_DETAIL]}
    _flush()
    traceback.print_exception(type(error), error, error.__traceback__)
    absent = isinstance(error, ModuleNotFoundError)
    lost = isinstance(error, AttributeError) and "Can't get attribute" in str(error)
    cause = "missing-module" if absent else "missing-class" if lost else "crashed"
    return {"error": cause, "detail": f"{type(error).__name__}: {error}"[:_DETAIL]}


def _frame(raw: BinaryIO, header: dict[str, Any]) -> Frame:
    rows = int(header["rows"])
    return Frame(rows, tuple(_column(raw, rows, described) for described in header["columns"]))


def _column(raw: BinaryIO, rows: int, described: dict[str, Any]) -> Column:
    values = np.empty(rows, dtype=np.dtype(described["type"]))
    _fill(raw, values.view(np.uint8).data)
    nulls = None
    if described["nulls"]:
        nulls = np.empty(rows, dtype=np.bool_)
        _fill(raw, nulls.view(np.uint8).data)
    levels = None
    if described["levels"] is not None:
        ends = np.empty(int(described["levels"]), dtype="<i8")
        _fill(raw, ends.view(np.uint8).data)
        text = _exactly(raw, int(ends[-1]) if len(ends) else 0)
        starts = [0, *ends.tolist()]
        # One more level, None, is what the code −1 of a null reaches.
        levels = np.empty(len(ends) + 1, dtype=object)
        for place, (start, end) in enumerate(pairwise(starts)):
            levels[place] = text[start:end].decode("utf-8")
    return Column(str(described["name"]), values, nulls, levels)


def _header(raw: BinaryIO) -> dict[str, Any] | None:
    first = raw.read(4)
    if not first:
        return None
    length = int.from_bytes(first + _exactly(raw, 4 - len(first)), "little")
    header: dict[str, Any] = json.loads(_exactly(raw, length))
    return header


def _exactly(raw: BinaryIO, count: int) -> bytes:
    found = bytearray(count)
    _fill(raw, memoryview(found))
    return bytes(found)


def _fill(raw: Any, view: memoryview) -> None:  # noqa: ANN401 - BinaryIO does not tell of readinto
    place = 0
    while place < len(view):
        count = raw.readinto(view[place:])
        if not count:
            raise EOFError
        place += count


def _send(answers: BinaryIO, header: dict[str, Any]) -> None:
    text = json.dumps(header).encode()
    _write(answers, len(text).to_bytes(4, "little") + text)


def _write(answers: BinaryIO, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[answers.write(view) :]

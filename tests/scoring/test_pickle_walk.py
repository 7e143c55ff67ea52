"""The walk over a pickle against Python's own machine, and against what hides from scanners."""

import contextlib
import io
import pickle
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.scoring.joblib_array import WRAPPER
from mlval.scoring.pickle_machine import Walked
from mlval.scoring.pickle_names import is_known
from mlval.scoring.pickle_values import Global
from mlval.scoring.pickle_walk import walk
from tests.scoring.pickles import EMPTY, MODELS, SYSTEM, Names, call, frame, joblibbed, text

OS = Global("os", "system")


def walked(data: bytes, *, joblib: bool = False) -> Walked:
    return walk(io.BytesIO(data), joblib=joblib)


def is_clean(found: Walked, *, joblib: bool = False) -> bool:
    known = all(is_known(one.module, one.name) or (joblib and one == WRAPPER) for one in found.globals)
    quiet = not (found.computed or found.extensions or found.states or found.broken or found.trailing)
    return known and quiet


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("name", MODELS)
def test_an_honest_model_is_clean_and_names_what_the_machine_imports(name: str, protocol: int) -> None:
    data = pickle.dumps(MODELS[name](), protocol)
    found = walked(data)
    assert is_clean(found)
    machine = Names(io.BytesIO(data))
    machine.load()
    if protocol > 2:  # older ones name modules as Python 2 did
        assert {(one.module, one.name) for one in found.globals} == machine.names


@pytest.mark.parametrize(
    "value",
    [
        np.arange(7),
        np.arange(6).reshape(2, 3).T,
        np.array(3.5),
        np.array(["a", "bcd"]),
        np.array([b"x"]),
        np.array([1, "x", None], dtype=object),
        np.array(["2026-01-01"], dtype="M8[ns]"),
        np.zeros(3, dtype=[("a", "f8"), ("b", "i4", (2,))])[["a"]],
        np.zeros(0),
        {"x": np.arange(3), "y": [np.arange(4), "text"], "again": np.ones(2, dtype=bool)},
    ],
)
def test_arrays_of_joblib_are_passed_over(value: object) -> None:
    found = walked(joblibbed([value, MODELS["forest"]()]), joblib=True)
    assert is_clean(found, joblib=True)
    assert WRAPPER in found.globals


class Reduced:
    """An object that pickles as any call."""

    def __init__(self, *parts: Any) -> None:  # noqa: ANN401 - what pickle takes
        self._parts = parts

    def __reduce__(self) -> Any:  # noqa: ANN401
        return self._parts


def exploit() -> Reduced:
    import os

    return Reduced(os.system, ("true",))


def test_a_payload_behind_an_array_of_joblib_is_found() -> None:
    found = walked(joblibbed([np.arange(100), exploit(), np.arange(3)]), joblib=True)
    assert {one.name for one in found.globals} >= {"system"}
    assert not found.broken


def test_a_payload_within_an_array_of_objects_is_found() -> None:
    found = walked(joblibbed(np.array([exploit()], dtype=object)), joblib=True)
    assert {one.name for one in found.globals} >= {"system"}


TRICKS: dict[str, bytes] = {
    "GLOBAL": EMPTY + SYSTEM + b".",
    "STACK_GLOBAL": EMPTY + text("os") + text("system") + b"\x93" + text("true") + b"\x85R.",
    "no protocol": SYSTEM + b".",
    "INST": b"(S'true'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'true'\no.",
    "NEWOBJ": EMPTY + b"cos\nsystem\n" + text("x") + b"\x85\x81.",
    "NEWOBJ_EX": EMPTY + b"cos\nsystem\n" + text("x") + b"\x85}\x92.",
    "a name through the memo": EMPTY
    + text("system")
    + b"\x94"
    + text("os")
    + b"\x94"
    + b"0" * 2
    + b"h\x01h\x00\x93"
    + text("true")
    + b"\x85R.",
    "a name from a memo that was overwritten": EMPTY
    + text("math")
    + b"q\x000"
    + text("os")
    + b"q\x000"
    + b"h\x00"
    + text("system")
    + b"\x93)R.",
    "a name that is duplicated": EMPTY + text("os") + text("system") + b"20\x93)R.",
    "a discarded call": EMPTY + SYSTEM + b"0N.",
    "within a frame": EMPTY + frame(SYSTEM + b"."),
    "old texts": b"S'os'\nS'system'\n\x93)R.",
    "escaped texts": b"S'\\x6fs'\nS'\\x73ystem'\n\x93)R.",
    "broken behind the payload": EMPTY + SYSTEM + b"0\xff\xff",
    "cut behind the payload": EMPTY + SYSTEM,
    "a second pickle": pickle.dumps(1) + EMPTY + SYSTEM + b".",
}


@pytest.mark.parametrize("name", TRICKS)
def test_a_payload_is_found_however_it_is_written(name: str) -> None:
    found = walked(TRICKS[name])
    assert OS in found.globals
    assert not is_clean(found)


ODD: dict[str, tuple[bytes, str]] = {
    "a name joined while it is read": (
        EMPTY + text("os") + call("builtins", "str", text("x")) + b"\x93.",
        "computed",
    ),
    "a name from a list": (EMPTY + b"]" + text("x") + b"\x93.", "computed"),
    "a call of what a call gave": (EMPTY + call("builtins", "dict", text("x")) + b")R.", "computed"),
    "the registry of extensions": (EMPTY + b"\x82\x01.", "extensions"),
    "a persistent object": (b"Pxyz\n.", "extensions"),
    "another persistent object": (EMPTY + text("x") + b"Q.", "extensions"),
    "the class of an object": (
        EMPTY + b"ccollections\nOrderedDict\n)R" + b"N}" + text("__class__") + b"Ns\x86b.",
        "states",
    ),
    "an attribute of a class": (EMPTY + b"ccollections\nOrderedDict\n}b.", "states"),
    "an entry of a mapping of everybody": (EMPTY + b"csklearn.svm\nX\nNNs.", "states"),
    "an entry of a list of everybody": (EMPTY + b"csklearn.svm\nX\nNa.", "states"),
    "bytes behind the end": (pickle.dumps(1) + b"x", "trailing"),
    "a buffer from elsewhere": (b"\x80\x05\x97.", "broken"),
    "an unknown opcode": (EMPTY + b"\xff.", "broken"),
    "a newer protocol": (b"\x80\x06N.", "broken"),
    "a value taken from nothing": (EMPTY + b"0.", "broken"),
    "a mark taken from nothing": (EMPTY + b"t.", "broken"),
    "an empty memo": (EMPTY + b"h\x05.", "broken"),
    "a length beyond the end": (EMPTY + b"\x8e" + struct.pack("<Q", 2**62) + b".", "broken"),
    "a frame that cuts an opcode": (b"\x80\x04\x95" + struct.pack("<Q", 4) + text("abcdef") + b".", "broken"),
    "a frame within a frame": (b"\x80\x04" + frame(frame(b"N.")), "broken"),
    "nothing": (b"", "broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_told_is_told_as_such(name: str) -> None:
    data, kind = ODD[name]
    assert getattr(walked(data), kind)


def wrapper(state: bytes) -> bytes:
    return EMPTY + b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81" + state


def entries(shape: bytes, dtype: bytes) -> bytes:
    return b"}(" + text("shape") + shape + text("dtype") + dtype + b"ub"


F8 = b"cnumpy\ndtype\n" + text("f8") + b"\x89\x88\x87R"
HIDDEN: dict[str, bytes] = {
    "a shape that is computed": entries(call("builtins", "tuple", b"]"), F8),
    "a shape below nothing": entries(b"J\xff\xff\xff\xff\x85", F8),
    "a type that is computed": entries(b"K\x01\x85", call("numpy", "dtype", text("f8"))),
    "a type of objects in disguise": entries(
        b"K\x01\x85", b"cnumpy\ndtype\n" + text("V8") + b"\x89\x88\x87R"
        b"(K\x03" + text("|") + b"NNNK\x08K\x01K?tb",
    ),
    "a state that is no mapping": b"K\x01b",
    "attributes set twice": b"}b" + entries(b"K\x01\x85", F8),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_an_array_of_unknown_size_ends_the_walk(name: str) -> None:
    found = walked(wrapper(HIDDEN[name]) + bytes(8) + SYSTEM + b".", joblib=True)
    assert found.broken


def test_opcodes_that_joblib_takes_from_a_frame_are_not_taken_for_an_array() -> None:
    body = wrapper(entries(b"K\x04\x85", F8))[2:] + SYSTEM + b"."
    found = walked(b"\x80\x04" + frame(body) + bytes(32), joblib=True)
    assert found.broken == "a frame around an array"


def test_what_joblib_takes_for_an_array_runs_in_plain_pickle() -> None:
    shape = struct.pack("<BB", ord("K"), (len(SYSTEM) + 1) // 8 + 1) + b"\x85"
    data = wrapper(entries(shape, F8)) + SYSTEM + b"." + bytes(64)
    assert OS in walked(data).globals
    assert OS not in walked(data, joblib=True).globals


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=20),
    lambda inner: st.lists(inner)
    | st.dictionaries(st.text(), inner)
    | st.tuples(inner, inner)
    | st.frozensets(st.text()),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, st.integers(0, 5))
def test_data_alone_is_clean(value: object, protocol: int) -> None:
    assert is_clean(walked(pickle.dumps(value, protocol)))


@settings(max_examples=300)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_walked_without_a_crash(data: bytes, joblib: bool) -> None:
    assert isinstance(walked(data, joblib=joblib), Walked)


@settings(max_examples=300)
@given(st.data())
def test_what_the_machine_imports_is_found_in_damaged_pickles_too(draw: st.DataObject) -> None:
    whole = bytearray(
        pickle.dumps([set(), {"a": frozenset({1})}, complex(1, 2), b"x"], draw.draw(st.integers(0, 5)))
    )
    for _ in range(draw.draw(st.integers(0, 4))):
        whole[draw.draw(st.integers(0, len(whole) - 1))] = draw.draw(st.integers(0, 255))
    machine = Recording(io.BytesIO(bytes(whole)))
    with contextlib.suppress(Exception):
        machine.load()
    found = walked(bytes(whole))
    named = {(one.module, one.name) for one in found.globals}
    assert machine.names <= named or found.broken


class Recording(Names):
    """The real machine, which imports nothing but what is harmless."""

    def find_class(self, module: str, name: str) -> object:
        self.names.add((module, name))
        return set

"""Where joblib keeps the numbers of an array: between the opcodes of a pickle, after their description."""

import re
from dataclasses import dataclass

from mlval.scoring.pickle_stream import BrokenPickle
from mlval.scoring.pickle_values import Dictionary, Global, Instance, Many, Number, Text, Value

WRAPPER = Global("joblib.numpy_pickle", "NumpyArrayWrapper")
DTYPE = Global("numpy", "dtype")
_DTYPE = re.compile(r"[<>|=]?([biufcmMSUVO?])([0-9]{1,9})")
_FLEXIBLE = "SUV"
_HAS_OBJECTS = 1


@dataclass(frozen=True, slots=True)
class ArrayBytes:
    """What follows the wrapper: a pickle of its own, or `size` bytes, after padding where it says so."""

    size: int
    is_pickle: bool
    is_padded: bool


def array_bytes(wrapper: Instance) -> ArrayBytes:
    """Tell what follows a wrapper whose attributes have just been set.

    Raises
    ------
    BrokenPickle
        If that cannot be told for certain: then nobody knows where the next opcode is.
    """
    attributes = wrapper.attributes
    if attributes is None or wrapper.arguments != ():
        raise BrokenPickle("an array whose description is computed")
    itemsize, is_pickle = _dtype(attributes.get("dtype"))
    padding = attributes.get("numpy_array_alignment_bytes")
    if not (padding is None or isinstance(padding, Number)):
        raise BrokenPickle("an array whose description is computed")
    return ArrayBytes(_count(attributes.get("shape")) * itemsize, is_pickle, padding is not None)


def _count(shape: Value) -> int:
    if not isinstance(shape, Many):
        raise BrokenPickle("an array whose shape is computed")
    count = 1
    for one in shape.items:
        if not isinstance(one, Number) or one.value < 0:
            raise BrokenPickle("an array whose shape is computed")
        count *= one.value
    return count


def _dtype(value: Value) -> tuple[int, bool]:
    """Return the bytes of one item, and whether the items are objects."""
    if not isinstance(value, Instance) or value.called != DTYPE or value.arguments is None:
        raise BrokenPickle("an array whose type is computed")
    first, *flags = value.arguments
    match = _DTYPE.fullmatch(first.text) if isinstance(first, Text) else None
    if match is None or flags != [Number(0), Number(1)]:
        raise BrokenPickle("an array whose type is computed")
    kind, size = match[1], int(match[2])
    is_object = kind == "O"
    if value.state is not None:
        own = _stated_size(value.state, is_object=is_object)
        if kind in _FLEXIBLE:
            return own, False
    return size * (4 if kind == "U" else 1), is_object


def _stated_size(state: Value, *, is_object: bool) -> int:
    """Return the size of an item that the state of a dtype says, and check that it hides no objects."""
    items = state.items if isinstance(state, Many) else ()
    if len(items) not in {8, 9}:
        raise BrokenPickle("an array whose type is computed")
    subtype, fields, size, flags = items[2], items[4], items[5], items[7]
    if subtype is not None or not isinstance(size, Number) or not isinstance(flags, Number):
        raise BrokenPickle("an array whose type is computed")
    if bool(flags.value & _HAS_OBJECTS) != is_object or (fields is not None and _hides_objects(fields)):
        raise BrokenPickle("an array with objects among its fields")
    return size.value


def _hides_objects(fields: Value) -> bool:
    if not isinstance(fields, Dictionary) or fields.other:
        return True
    for one in fields.entries.values():
        if not isinstance(one, Many) or not one.items:
            return True
        if _dtype(one.items[0])[1]:
            return True
    return False

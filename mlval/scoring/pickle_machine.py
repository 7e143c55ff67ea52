"""The machine that reads pickles, with values as far as they are known and nothing that is built.

Stack, memo and marks are kept as the real machine keeps them. A name that is not plainly in the file, and a
call of something that is not a name, are told as such.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from mlval.scoring.joblib_array import WRAPPER, array_bytes
from mlval.scoring.pickle_stream import Argument, BrokenPickle, Stream
from mlval.scoring.pickle_values import (
    OPAQUE,
    Dictionary,
    Global,
    Instance,
    Many,
    Number,
    Text,
    Value,
)

DEEPEST = 8
_HIGHEST_PROTOCOL = 5
_LONGEST_NAME = 4_096
_UNORDINARY = frozenset({"OrderedDict", "defaultdict", "Counter", "dict", "Bunch"})


@dataclass(slots=True)
class Walked:
    """What was found on the way.

    Attributes
    ----------
    globals : names that are imported
    computed : what is imported or called without a name in the file, in words
    extensions : whether names come from a registry of numbers, or of persistent things
    states : attributes set that change what an object is
    broken : why the walk ended before the end of the pickle, "" if it did not
    trailing : whether bytes follow the end
    """

    globals: set[Global] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)
    extensions: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    broken: str = ""
    trailing: bool = False


class Machine:
    """One pickle on its way: from PROTO to STOP."""

    def __init__(
        self, stream: Stream, walked: Walked, *, joblib: bool, budget: list[int], depth: int = 0
    ) -> None:
        """Begin with nothing on the stack; `budget` holds how many opcodes are left for all together."""
        self._stream = stream
        self._walked = walked
        self._joblib = joblib
        self._budget = budget
        self._depth = depth
        self._stack: list[Value] = []
        self._marks: list[int] = []
        self._memo: dict[int, Value] = {}

    def run(self) -> None:
        """Follow the opcodes to STOP.

        Raises
        ------
        BrokenPickle
            If there is no way to it.
        """
        while True:
            self._budget[0] -= 1
            if self._budget[0] < 0:
                raise BrokenPickle("more opcodes than are followed")
            name, argument = self._stream.opcode()
            if name == "STOP":
                self._pop()
                return
            step = self._STEPS.get(name)
            if step is None:
                raise BrokenPickle(f"the opcode {name}")
            step(self, argument)

    def _pop(self) -> Value:
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise BrokenPickle("a value taken where there is none")
        return self._stack.pop()

    def _top(self) -> Value:
        value = self._pop()
        self._stack.append(value)
        return value

    def _pop_mark(self) -> list[Value]:
        if not self._marks:
            raise BrokenPickle("a mark taken where there is none")
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values

    def _push(self, value: Value) -> None:
        self._stack.append(value)

    def _mark(self, argument: Argument) -> None:
        del argument
        self._marks.append(len(self._stack))

    def _opaque(self, argument: Argument) -> None:
        del argument
        self._push(OPAQUE)

    def _none(self, argument: Argument) -> None:
        del argument
        self._push(None)

    def _text(self, argument: Argument) -> None:
        is_name = isinstance(argument, str) and len(argument) <= _LONGEST_NAME
        self._push(Text(str(argument)) if is_name else OPAQUE)

    def _old_text(self, argument: Argument) -> None:
        # What other bytes mean is up to whoever reads the pickle.
        self._text(argument if isinstance(argument, str) and argument.isascii() else None)

    def _number(self, argument: Argument) -> None:
        self._push(Number(int(argument)) if isinstance(argument, int) else OPAQUE)

    def _truth(self, argument: Argument) -> None:
        del argument
        self._push(Number(1))

    def _falsehood(self, argument: Argument) -> None:
        del argument
        self._push(Number(0))

    def _protocol(self, argument: Argument) -> None:
        if not isinstance(argument, int) or argument > _HIGHEST_PROTOCOL:
            raise BrokenPickle("a protocol that nobody knows")

    def _frame(self, argument: Argument) -> None:
        """Do nothing: the stream has begun the frame."""

    def _discard(self, argument: Argument) -> None:
        del argument
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._pop()

    def _discard_mark(self, argument: Argument) -> None:
        del argument
        self._pop_mark()

    def _duplicate(self, argument: Argument) -> None:
        del argument
        self._push(self._top())

    def _tuple_of(self, size: int) -> None:
        values = [self._pop() for _ in range(size)]
        self._push(Many(tuple(reversed(values))))

    def _tuple(self, argument: Argument) -> None:
        del argument
        self._push(Many(tuple(self._pop_mark())))

    def _collection(self, argument: Argument) -> None:
        del argument
        self._pop_mark()
        self._push(OPAQUE)

    def _append(self, argument: Argument) -> None:
        del argument
        self._pop()
        self._check_target(self._top())

    def _extend(self, argument: Argument) -> None:
        del argument
        self._pop_mark()
        self._check_target(self._top())

    def _dictionary(self, argument: Argument) -> None:
        del argument
        self._push(Dictionary())

    def _filled_dictionary(self, argument: Argument) -> None:
        del argument
        values = self._pop_mark()
        self._push(Dictionary())
        self._set_items(values)

    def _set_item(self, argument: Argument) -> None:
        del argument
        value, key = self._pop(), self._pop()
        self._set_items([key, value])

    def _set_marked(self, argument: Argument) -> None:
        del argument
        self._set_items(self._pop_mark())

    def _set_items(self, values: list[Value]) -> None:
        target = self._top()
        self._check_target(target)
        if not isinstance(target, Dictionary):
            return
        if len(values) % 2:
            raise BrokenPickle("a key without a value")
        for key, value in zip(values[::2], values[1::2], strict=True):
            if isinstance(key, Text):
                target.entries[key.text] = value
            else:
                target.other = True

    def _put(self, argument: Argument) -> None:
        index = len(self._memo) if argument is None else argument
        if not isinstance(index, int) or index < 0:
            raise BrokenPickle("a place in the memo that is none")
        self._memo[int(index)] = self._top()

    def _get(self, argument: Argument) -> None:
        if not isinstance(argument, int) or int(argument) not in self._memo:
            raise BrokenPickle("a place in the memo where nothing is")
        self._push(self._memo[int(argument)])

    def _import(self, argument: Argument) -> None:
        self._push(self._named(argument))

    def _named(self, argument: Argument) -> Global:
        module, _, name = str(argument).partition("\n")
        found = Global(module, name)
        self._walked.globals.add(found)
        return found

    def _import_from_stack(self, argument: Argument) -> None:
        del argument
        name, module = self._pop(), self._pop()
        if isinstance(name, Text) and isinstance(module, Text):
            found = Global(module.text, name.text)
            self._walked.globals.add(found)
            self._push(found)
        else:
            self._walked.computed.add("a name that is put together while it is read")
            self._push(Instance(None))

    def _registered(self, argument: Argument) -> None:
        del argument
        self._walked.extensions.add("a number of the registry of extensions")
        self._push(Instance(None))

    def _persistent(self, argument: Argument) -> None:
        if argument is None:
            self._pop()
        self._walked.extensions.add("a persistent object, which lies elsewhere")
        self._push(Instance(None))

    def _reduce(self, argument: Argument) -> None:
        del argument
        arguments, called = self._pop(), self._pop()
        self._push(self._called(called, arguments.items if isinstance(arguments, Many) else None))

    def _new(self, argument: Argument) -> None:
        self._reduce(argument)

    def _new_with_keywords(self, argument: Argument) -> None:
        del argument
        self._pop()
        self._pop()
        self._push(self._called(self._pop(), None))

    def _new_named(self, argument: Argument) -> None:
        arguments = self._pop_mark()
        self._push(self._called(self._named(argument), tuple(arguments)))

    def _new_marked(self, argument: Argument) -> None:
        del argument
        values = self._pop_mark()
        if not values:
            raise BrokenPickle("a call of nothing")
        self._push(self._called(values[0], tuple(values[1:])))

    def _called(self, called: Value, arguments: tuple[Value, ...] | None) -> Instance:
        if not isinstance(called, Global):
            self._walked.computed.add("a call of something that is not named")
            return Instance(None)
        if called.name == "_reconstructor":
            first = arguments[0] if arguments else None
            if isinstance(first, Global):
                return Instance(first)
            self._walked.computed.add("an object of a class that is not named")
            return Instance(None)
        return Instance(called, arguments)

    def _build(self, argument: Argument) -> None:
        del argument
        state, target = self._pop(), self._top()
        self._check_target(target)
        if not isinstance(target, Instance):
            return
        target.state = state
        if isinstance(state, Many) and len(state.items) == 2:
            self._set_attributes(target, state.items[0])
            self._check_slots(state.items[1])
            self._set_attributes(target, state.items[1])
        else:
            self._set_attributes(target, state)
        if self._joblib and target.called == WRAPPER:
            self._pass_over_array(target)

    def _check_target(self, target: Value) -> None:
        """Tell of what is not built but imported, and would be changed for everybody."""
        if isinstance(target, Global):
            self._walked.states.add(f"of {target.module}.{target.name} itself")

    def _set_attributes(self, target: Instance, state: Value) -> None:
        if isinstance(state, Dictionary) and not state.other and target.attributes is not None:
            target.attributes.update(state.entries)
        elif state is not None:
            target.attributes = None

    def _check_slots(self, slots: Value) -> None:
        """Tell of attributes that are set one by one, among them perhaps the class of the object."""
        if isinstance(slots, Dictionary) and (
            slots.other or any(name.startswith("__") for name in slots.entries)
        ):
            self._walked.states.add("that begin with `__`")
        if isinstance(slots, Instance) and (slots.called is None or slots.called.name in _UNORDINARY):
            self._walked.states.add("from a computed mapping")

    def _pass_over_array(self, wrapper: Instance) -> None:
        array = array_bytes(wrapper)
        if array.is_pickle:
            self._stream.skip(0)
            if self._depth == DEEPEST:
                raise BrokenPickle("pickles within pickles")
            Machine(
                self._stream, self._walked, joblib=False, budget=self._budget, depth=self._depth + 1
            ).run()
        else:
            if array.is_padded:
                self._stream.skip(self._stream.byte())
            self._stream.skip(array.size)
        self._stack[-1] = OPAQUE

    _STEPS: ClassVar[dict[str, Callable[["Machine", Argument], None]]] = {
        **dict.fromkeys(("FLOAT", "BINFLOAT", "EMPTY_LIST", "EMPTY_SET"), _opaque),
        **dict.fromkeys(("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"), _opaque),
        **dict.fromkeys(("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"), _number),
        **dict.fromkeys(("STRING", "BINSTRING", "SHORT_BINSTRING"), _old_text),
        **dict.fromkeys(("UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"), _text),
        **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), _put),
        **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _get),
        **dict.fromkeys(("APPENDS", "ADDITEMS"), _extend),
        **dict.fromkeys(("LIST", "FROZENSET"), _collection),
        **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _registered),
        **dict.fromkeys(("PERSID", "BINPERSID"), _persistent),
        "APPEND": _append,
        "BUILD": _build,
        "DICT": _filled_dictionary,
        "DUP": _duplicate,
        "EMPTY_DICT": _dictionary,
        "EMPTY_TUPLE": lambda self, _: self._tuple_of(0),
        "FRAME": _frame,
        "GLOBAL": _import,
        "INST": _new_named,
        "MARK": _mark,
        "NEWFALSE": _falsehood,
        "NEWOBJ": _new,
        "NEWOBJ_EX": _new_with_keywords,
        "NEWTRUE": _truth,
        "NONE": _none,
        "OBJ": _new_marked,
        "POP": _discard,
        "POP_MARK": _discard_mark,
        "PROTO": _protocol,
        "REDUCE": _reduce,
        "SETITEM": _set_item,
        "SETITEMS": _set_marked,
        "STACK_GLOBAL": _import_from_stack,
        "TUPLE": _tuple,
        "TUPLE1": lambda self, _: self._tuple_of(1),
        "TUPLE2": lambda self, _: self._tuple_of(2),
        "TUPLE3": lambda self, _: self._tuple_of(3),
    }

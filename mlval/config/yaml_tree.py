"""Events of the YAML parser to values with places, and what a contract leaves of YAML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from yaml import events

from mlval.config.findings import MOST, Unreadable
from mlval.config.scalars import Value, plain
from mlval.config.wording import dotted, named
from mlval.config.yaml_errors import ALIASES, Mark, Refusal, comparison, place_of, refused, rest_of_line
from mlval.domain.errors import Place, Problem
from mlval.domain.measurement import Path

DEPTH = 32
NODES = 50_000

_BLOCK_WITH_DIGIT = re.compile(r">[-+]?[0-9]")
_DIRECTIVES = Refusal("YAML directives are not read: a contract is YAML 1.2", "remove the lines with `%`")
_MERGE = Refusal("merge keys (`<<`) are not read", "write the merged keys out")
_NO_KEY = Refusal("a key is missing before the `:`")
_NUL = Refusal("text with a NUL character")
_KEY_NOT_TEXT = Refusal("a key must be text, not a list or a mapping")
_TWO_DOCUMENTS = Refusal("a second document begins here", "a contract is one document: remove the `---`")


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun; `key` is that of the mapping's entry under way."""

    path: Path
    items: "dict[str, Value] | list[Value]"
    key: str | None = None
    is_kept: bool = True
    keys: dict[str, Place] = field(default_factory=dict)


class Tree:
    """What the events so far have built. The stack is a list: depth is data, not recursion."""

    def __init__(self, lines: Sequence[str], comparisons: frozenset[Place] = frozenset()) -> None:
        """Begin with nothing.

        `lines` are the source, for what the parser does not tell. At `comparisons` it was changed, since
        there an unquoted `>` would have ended the parsing.
        """
        self.root: Value = None
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.refused: set[Path] = set()
        self._lines = lines
        self._comparisons = comparisons
        self._open: list[_Open] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: events.Event) -> None:
        """Add what an event says.

        Raises
        ------
        Unreadable
            If the events after this one would only mislead.
        """
        match event:
            case events.DocumentStartEvent():
                self._begin(event)
            case events.ScalarEvent() if self._awaits_key():
                self._take_key(event)
            case events.ScalarEvent():
                self._store(self._scalar(event, self._begin_value(event.start_mark)))
            case events.AliasEvent():
                self._take_alias(event)
            case events.SequenceStartEvent() | events.MappingStartEvent():
                self._descend(event)
            case events.SequenceEndEvent() | events.MappingEndEvent():
                items = self._open.pop().items
                self._store(tuple(items) if isinstance(items, list) else items)
            case _:
                pass

    def _begin(self, event: events.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(_TWO_DOCUMENTS, event.start_mark)
        if event.tags or event.version not in {None, (1, 2)}:
            self._add(_DIRECTIVES, event.start_mark, path=())

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].items, dict) and self._open[-1].key is None

    def _take_key(self, event: events.ScalarEvent) -> None:
        mapping = self._open[-1]
        key = mapping.key = event.value
        path = (*mapping.path, key)
        why = self._why_no_key(event, mapping)
        mapping.is_kept = why is None
        if why:
            self._add(why, event.start_mark, path=path)
        self._check_node(event, path)
        mapping.keys.setdefault(key, place_of(event.start_mark))
        self.places.setdefault(path, place_of(event.start_mark))

    def _why_no_key(self, event: events.ScalarEvent, mapping: _Open) -> Refusal | None:
        key = event.value
        if key in mapping.keys:
            message = f"duplicate key {named(key)}: it stands on line {mapping.keys[key].line} already"
            return Refusal(message, "keep one of the two")
        if "\0" in key:
            return _NUL
        if event.implicit[0] and not key:
            return _NO_KEY
        return _MERGE if event.implicit[0] and key == "<<" else None

    def _begin_value(self, mark: Mark | None) -> Path:
        """Return the path of the value that begins; an entry of a list gets its place here."""
        self._nodes += 1
        if self._nodes > NODES:
            self._stop(Refusal(f"more than {NODES:,} values", "split the contract"), mark)
        if not self._open:
            path: Path = ()
        else:
            parent = self._open[-1]
            path = (*parent.path, len(parent.items) if parent.key is None else parent.key)
        self.places.setdefault(path, place_of(mark))
        return path

    def _descend(self, event: events.CollectionStartEvent) -> None:
        if self._awaits_key():
            self._stop(_KEY_NOT_TEXT, event.start_mark)
        if len(self._open) == DEPTH:
            self._stop(Refusal(f"nested more than {DEPTH} levels deep"), event.start_mark)
        path = self._begin_value(event.start_mark)
        self._check_node(event, path)
        self._open.append(_Open(path, [] if isinstance(event, events.SequenceStartEvent) else {}))

    def _store(self, value: Value) -> None:
        if not self._open:
            self.root = value
            return
        parent = self._open[-1]
        if isinstance(parent.items, list):
            parent.items.append(value)
        elif parent.key is not None:
            if parent.is_kept:
                parent.items[parent.key] = value
            parent.key = None

    def _take_alias(self, event: events.AliasEvent) -> None:
        if self._awaits_key():
            self._stop(ALIASES, event.start_mark)
        self._refuse(ALIASES, event.start_mark, path=self._begin_value(event.start_mark))
        self._store(None)

    def _scalar(self, event: events.ScalarEvent, path: Path) -> Value:
        self._check_node(event, path)
        value: str = event.value
        if self._is_comparison(event):
            self._refuse(comparison(rest_of_line(self._lines, event.start_mark)), event.start_mark, path=path)
        if "\0" in value:
            self._refuse(_NUL, event.start_mark, path=path)
        try:
            return plain(value) if event.implicit[0] else value
        except ValueError as error:
            self._refuse(Refusal(str(error), "quote it if it is text"), event.start_mark, path=path)
            return None

    def _is_comparison(self, event: events.ScalarEvent) -> bool:
        if event.style == ">":
            return _BLOCK_WITH_DIGIT.match(rest_of_line(self._lines, event.start_mark)) is not None
        return bool(self._comparisons) and place_of(event.start_mark) in self._comparisons

    def _check_node(self, event: events.ScalarEvent | events.CollectionStartEvent, path: Path) -> None:
        if event.anchor is not None:
            self._refuse(ALIASES, event.start_mark, path=path)
        if event.tag is not None:
            tag = rest_of_line(self._lines, event.start_mark).split(maxsplit=1)[0]
            why = Refusal(f"YAML tags such as {named(tag)} are not read", "remove it, or quote text with `!`")
            self._refuse(why, event.start_mark, path=path)

    def _refuse(self, why: Refusal, mark: Mark | None, *, path: Path) -> None:
        self.refused.add(path)
        self._add(why, mark, path=path)

    def _add(self, why: Refusal, mark: Mark | None, *, path: Path) -> None:
        if len(self.problems) > 10 * MOST:
            self._stop(Refusal("too many mistakes to go on"), mark)
        self.problems.append(refused(why, mark, path=dotted(path)))

    def _stop(self, why: Refusal, mark: Mark | None) -> NoReturn:
        path = self._open[-1].path if self._open else ()
        raise Unreadable(refused(why, mark, path=dotted(path)))

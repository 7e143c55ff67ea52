"""A predicate written anew from the tree that the engine's parser made of it.

Nothing of the user's text is copied: names and values go through `literals`, everything else is a word
of the vocabulary. What the vocabulary does not name is refused.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mlval.domain.asks import Kind
from mlval.domain.text import shown
from mlval.measure.literals import identifier
from mlval.measure.predicate_node import Node, as_list, as_object, as_text
from mlval.measure.predicate_part import Part, common, joined, listed
from mlval.measure.predicate_text import PredicateError
from mlval.measure.predicate_value import constant, text_constant, type_name
from mlval.measure.predicate_vocabulary import (
    ARITHMETIC,
    CLOCK_WORDS,
    COMPARISONS,
    ESCAPED_LIKES,
    FUNCTIONS,
    HINTS,
    LIKES,
    SIGNS,
    Gives,
)

MOST_PARTS = 1_000
MOST_COPIED = 200
OWN_NAMES = "mlval:"
_MOST_COMPARED = 20  # a longer list of constants is looked up, a shorter one compared one by one


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Writes nodes as SQL. `columns` are those of the table; None accepts every name.

    `words` stand for columns that are called otherwise.
    """

    columns: Mapping[str, Kind] | None
    words: Mapping[str, str] = field(default_factory=dict)

    def predicate(self, node: Node) -> Part:
        """Return a whole predicate as SQL that is true, false or null of a row.

        Raises
        ------
        PredicateError
            If it gives something else, or holds what is not allowed.
        """
        part = self._truth(node)
        if part.gives == "null":
            raise node.refused("null is neither true nor false")
        return _bounded(part)

    def value(self, node: Node) -> Part:
        """Return a whole expression as SQL that is a value of each row; errors as `predicate`."""
        part = self._part(node)
        if part.gives == "null":
            raise node.refused("null is no number")
        return _bounded(part)

    def _truth(self, node: Node) -> Part:
        part = self._part(node)
        if part.gives == "value":
            raise node.refused("this is a value, neither true nor false", "compare it, as in amount > 0")
        return part

    def _parts(self, nodes: list[Node]) -> list[Part]:
        return [self._part(node) for node in nodes]

    def _part(self, node: Node) -> Part:  # noqa: PLR0911 - one line a class
        match node.kind:
            case "COLUMN_REF":
                return self._column(node)
            case "CONSTANT":
                return constant(node)
            case "COMPARISON":
                return self._comparison(node)
            case "CONJUNCTION":
                return self._conjunction(node)
            case "OPERATOR":
                return self._operator(node)
            case "BETWEEN":
                return self._between(node)
            case "CASE":
                return self._case(node)
            case "CAST":
                return self._cast(node)
            case "FUNCTION":
                return self._function(node)
        raise node.refused(f"{node.kind} is not allowed in a predicate")

    def _column(self, node: Node) -> Part:
        names = node.listed("column_names")
        if len(names) != 1:
            raise node.refused("a column is named alone, with nothing in front of it")
        name = as_text(names[0])
        lowered = _lowered(name)
        if (meant := self.words.get(lowered)) is not None and not node.is_quoted:
            return self._word(node, lowered, meant)
        if lowered.startswith(OWN_NAMES):
            raise node.refused(f"names that begin with {OWN_NAMES} are not the contract's")
        if lowered in CLOCK_WORDS and not node.is_quoted:
            raise node.refused(f"{lowered} is not allowed in a predicate", HINTS[lowered])
        if self.columns is None:
            return Part(identifier(name), "unknown", frozenset({name}))
        if name not in self.columns:
            name = next((column for column in self.columns if _lowered(column) == lowered), name)
        if name not in self.columns:
            hint = _meant(name, self.columns) or f"the columns are {shown(', '.join(self.columns))}"
            raise node.refused(f"there is no column {shown(name)}", hint)
        return Part(identifier(name), "truth" if self.columns[name] == "bool" else "value", frozenset({name}))

    def _word(self, node: Node, word: str, meant: str) -> Part:
        """Return the column that a word stands for, unless another has the word for a name."""
        columns = self.columns or {}
        if any(_lowered(column) == word and column != meant for column in columns):
            raise node.refused(
                f"{word} could be the word or the column of this name", f'write "{word}" for it'
            )
        gives: Gives = "truth" if columns.get(meant) == "bool" else "value"
        return Part(identifier(meant), gives, frozenset({meant}))

    def _comparison(self, node: Node) -> Part:
        operator = COMPARISONS.get(node.type)
        if operator is None:
            raise node.refused(f"{shown(node.type)} is not allowed in a predicate")
        left, right = self._parts([node.child("left"), node.child("right")])
        return joined(f"({left.sql} {operator} {right.sql})", "truth", left, right)

    def _conjunction(self, node: Node) -> Part:
        words = {"CONJUNCTION_AND": " AND ", "CONJUNCTION_OR": " OR "}
        if node.type not in words:
            raise node.refused(f"{shown(node.type)} is not allowed in a predicate")
        parts = [self._truth(child) for child in node.children()]
        return joined(f"({words[node.type].join(part.sql for part in parts)})", "truth", *parts)

    def _operator(self, node: Node) -> Part:
        children = node.children()
        match node.type, children:
            case "OPERATOR_NOT", [child]:
                part = self._truth(child)
                return joined(f"(NOT {part.sql})", "truth", part)
            case "OPERATOR_IS_NULL", [child]:
                part = self._part(child)
                return joined(f"({part.sql} IS NULL)", "truth", part)
            case "OPERATOR_IS_NOT_NULL", [child]:
                part = self._part(child)
                return joined(f"({part.sql} IS NOT NULL)", "truth", part)
            case "OPERATOR_COALESCE", [_, *_]:
                parts = self._parts(children)
                return joined(f"coalesce({listed(parts)})", common(parts), *parts)
            case (("COMPARE_IN" | "COMPARE_NOT_IN"), [_, _, *_]):
                return self._among(node, children)
        raise node.refused(f"{shown(node.type)} is not allowed in a predicate")

    def _among(self, node: Node, children: list[Node]) -> Part:
        subject, *items = self._parts(children)
        word = "IN" if node.type == "COMPARE_IN" else "NOT IN"
        looked_up = len(items) > _MOST_COMPARED and all(child.kind == "CONSTANT" for child in children[1:])
        copied = subject.copies(_MOST_COMPARED if looked_up else len(items))
        return joined(f"({subject.sql} {word} ({listed(items)}))", "truth", subject, *items, copied=copied)

    def _between(self, node: Node) -> Part:
        words = {"COMPARE_BETWEEN": "BETWEEN", "COMPARE_NOT_BETWEEN": "NOT BETWEEN"}
        if node.type not in words:
            raise node.refused(f"{shown(node.type)} is not allowed in a predicate")
        subject, lower, upper = self._parts([node.child("input"), node.child("lower"), node.child("upper")])
        sql = f"({subject.sql} {words[node.type]} {lower.sql} AND {upper.sql})"
        return joined(sql, "truth", subject, lower, upper, copied=subject.copies(1))

    def _case(self, node: Node) -> Part:
        sql, whens, thens = "CASE", [], []
        for check in node.listed("case_checks"):
            when = self._truth(node.below(as_object(check).get("when_expr")))
            then = self._part(node.below(as_object(check).get("then_expr")))
            sql += f" WHEN {when.sql} THEN {then.sql}"
            whens.append(when)
            thens.append(then)
        thens.append(self._part(node.child("else_expr")))
        return joined(f"{sql} ELSE {thens[-1].sql} END", common(thens), *whens, *thens)

    def _cast(self, node: Node) -> Part:
        part, wanted = self._part(node.child("child")), type_name(node.child("type_expr"))
        word = "TRY_CAST" if node.content.get("try_cast") else "CAST"
        gives: Gives = "truth" if wanted == "BOOLEAN" else "value"
        return joined(f"{word}({part.sql} AS {wanted})", gives, part)

    def _function(self, node: Node) -> Part:
        name = node.text("function_name").lower()
        if as_list(as_object(node.content.get("order_bys")).get("orders")):
            raise node.refused("ORDER BY is not allowed in a predicate")
        arguments = [as_object(argument) for argument in node.listed("arguments")]
        if any(argument.get("name") for argument in arguments):
            raise node.refused("a name for an argument is not allowed in a predicate")
        children = [node.below(argument.get("expression")) for argument in arguments]
        if node.content.get("is_operator"):
            return self._symbol(node, name, self._parts(children))
        return self._call(node, name, children)

    def _symbol(self, node: Node, name: str, parts: list[Part]) -> Part:
        match [part.sql for part in parts]:
            case [only] if name in SIGNS:
                return joined(f"({name} {only})", "value", *parts)
            case [left, right] if name in ARITHMETIC:
                return joined(f"({left} {name} {right})", "value", *parts)
            case [left, right] if name in LIKES:
                return joined(f"({left} {LIKES[name]} {right})", "truth", *parts)
            case [left, right, escape] if name in ESCAPED_LIKES:
                sql = f"({left} {ESCAPED_LIKES[name]} {right} ESCAPE {escape})"
                return joined(sql, "truth", *parts)
        raise node.refused(f"the operator {shown(name)} is not allowed in a predicate")

    def _call(self, node: Node, name: str, children: list[Node]) -> Part:
        function = FUNCTIONS.get(name)
        if function is None:
            hint = HINTS.get(name) or _meant(name, FUNCTIONS)
            raise node.refused(f"function {shown(name)} is not allowed in a predicate", hint)
        if not function.fewest <= len(children) <= function.most:
            raise node.refused(f"function {name} takes {function.takes}, not {len(children)}")
        parts = self._parts(children)
        copied = 0
        if name == "nullif":
            copied = parts[0].copies(1)
        if name == "replace":
            copied = (parts[0].size + parts[0].copied) * _growth(children)
        return joined(f"{name}({listed(parts)})", function.gives or common(parts), *parts, copied=copied)


def _bounded(part: Part) -> Part:
    """Return a part that is not too large for the engine."""
    if part.size > MOST_PARTS:
        raise PredicateError(f"a predicate has at most {MOST_PARTS:,} parts, this one has {part.size:,}")
    if part.copied > MOST_COPIED:
        raise PredicateError("BETWEEN, IN, nullif or replace stand too deep inside each other")
    return part


def _growth(children: list[Node]) -> int:
    """Return how many times longer `replace` can make its text, rounded down."""
    replaced, by = (text_constant(child) for child in children[1:])
    if replaced is None or by is None:
        raise children[0].refused("function replace takes fixed text for what it replaces, and by what")
    return len(by) // max(1, len(replaced))


def _meant(name: str, known: Iterable[str]) -> str:
    """Return the known name that comes closest, as a hint."""
    by_lowered = {_lowered(candidate): candidate for candidate in known}
    close = difflib.get_close_matches(_lowered(name)[:80], by_lowered, n=1, cutoff=0.7)
    return f"did you mean {shown(by_lowered[close[0]])}?" if close else ""


def _lowered(name: str) -> str:
    """Return a name as the engine compares it: only the letters A to Z have no case."""
    return name.encode().lower().decode()

"""Row conditions of Great Expectations as SQL predicates: comparisons, null tests, lists, and, or, not.

Three spellings are read: the text of `pandas.DataFrame.query`, the tool's own `col("x") > 1`, and
the SQL of Spark; and the tree that newer suites hold. In pandas a comparison with a missing value
is false, and its negation true, where SQL knows neither; the predicate says what the suite meant.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlval.domain.text import shown
from mlval.interchange import sql_text
from mlval.interchange.demand import Unmappable
from mlval.interchange.json_text import Value

_DEEPEST = 16
_PARSERS = {
    "pandas": "pandas",
    "python": "pandas",
    "great_expectations__experimental__": "own",
    "great_expectations": "own",
    "spark": "sql",
    "spark_sql": "sql",
    "sql": "sql",
}
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
      (?P<column>col\(\s*(?:"(?P<double>[^"\\]*)"|'(?P<single>[^'\\]*)')\s*\))
    | (?P<date>date\(\s*(?:"(?P<day>[^"\\]*)"|'(?P<day_too>[^'\\]*)')\s*\))
    | (?P<tick>`[^`\\]+`)
    | (?P<text>"[^"\\]*"|'[^'\\]*')
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?(?!\w))
    | (?P<method>\.(?:notnull|notna|isnull|isna|is_not_null|is_null|isin|is_in)\b)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>==|!=|<>|<=|>=|&&|\|\||[=<>()\[\],&|~!+-])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPARISONS = {"==": "=", "=": "=", "!=": "<>", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TESTS = {
    **dict.fromkeys((".notnull", ".notna", ".is_not_null"), "IS NOT NULL"),
    **dict.fromkeys((".isnull", ".isna", ".is_null"), "IS NULL"),
}
_OR, _AND, _NOT = {"or", "|", "||"}, {"and", "&", "&&"}, {"not", "~", "!"}
_KEYWORDS = {"or", "and", "not", "in", "is", "none", "null", "between"}


def where_of(condition: Value, parser: Value) -> str | None:
    """Return a row condition as an SQL predicate, None where there is none.

    Raises
    ------
    Unmappable
        If it is more than the simple subset.
    """
    if condition is None or condition == "":
        return None
    if isinstance(condition, Mapping):
        return _tree(condition, 0)
    if not isinstance(condition, str):
        raise Unmappable("the row condition is neither text nor a condition")
    if len(condition) > sql_text.LONGEST:
        raise Unmappable("the row condition is too long")
    spelling = _PARSERS.get(parser if isinstance(parser, str) else "pandas")
    if spelling is None:
        raise Unmappable(f"row conditions of the parser {shown(parser, 60)!r} are not read")
    return _Condition(_tokens(condition), is_pandas=spelling == "pandas").whole()


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    start, end = 0, len(text.rstrip())
    while start < end:
        match = _TOKEN.match(text, start)
        if match is None:
            raise Unmappable(f"the row condition has more than simple comparisons: {shown(text, 80)!r}")
        tokens.append(_token(match))
        start = match.end()
    return tokens


def _token(match: re.Match[str]) -> tuple[str, str]:
    if match["column"] is not None:
        return "name", match["double"] if match["double"] is not None else match["single"]
    if match["date"] is not None:
        return "day", match["day"] if match["day"] is not None else match["day_too"]
    if match["tick"] is not None:
        return "name", match["tick"][1:-1]
    if match["text"] is not None:
        return "text", match["text"][1:-1]
    kind = next(kind for kind in ("number", "method", "word", "mark") if match[kind] is not None)
    return kind, match[kind]


@dataclass(slots=True)
class _Condition:
    """A recursive descent over tokens, as deep as brackets and negations nest."""

    tokens: list[tuple[str, str]]
    is_pandas: bool
    at: int = 0
    depth: int = 0

    def whole(self) -> str:
        sql = self.either()
        if self.at < len(self.tokens):
            raise self.refused()
        return sql

    def either(self) -> str:
        parts = [self.both()]
        while self.takes(_OR):
            parts.append(self.both())
        return sql_text.joined(parts, "OR")

    def both(self) -> str:
        parts = [self.single()]
        while self.takes(_AND):
            parts.append(self.single())
        return sql_text.joined(parts, "AND")

    def single(self) -> str:
        if self.takes(_NOT):
            inner = self.deeper(self.single)
            return f"NOT coalesce({inner}, false)" if self.is_pandas else f"NOT ({inner})"
        if self.takes({"("}):
            inner = self.deeper(self.either)
            if not self.takes({")"}):
                raise self.refused()
            return f"({inner})"
        return self.comparison()

    def deeper(self, part: Callable[[], str]) -> str:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unmappable("the row condition is nested too deep")
        sql = part()
        self.depth -= 1
        return sql

    def comparison(self) -> str:
        left = self.operand()
        kind, word = self.next()
        if kind == "method" and word.lower() in _TESTS:
            self.needs("(")
            self.needs(")")
            return f"{left} {_TESTS[word.lower()]}"
        if kind == "method":
            self.needs("(")
            among = self.listed()
            self.needs(")")
            return f"{left} IN {among}"
        if kind == "mark" and word in _COMPARISONS:
            return self.compared(left, _COMPARISONS[word], self.operand())
        return self.worded(left, word.lower())

    def compared(self, left: str, sign: str, right: str) -> str:
        if self.next(peek=True)[1] in _COMPARISONS:
            raise Unmappable("the row condition is a chain of comparisons")
        return f"{left} {'IS DISTINCT FROM' if sign == '<>' and self.is_pandas else sign} {right}"

    def worded(self, left: str, word: str) -> str:
        if word == "is":
            negated = self.takes({"not"})
            self.needs("null")
            return f"{left} IS {'NOT ' if negated else ''}NULL"
        if word == "in":
            return f"{left} IN {self.listed()}"
        if word == "not":
            self.needs("in")
            among = self.listed()
            outside = f"{left} NOT IN {among}"
            return f"({outside} OR {left} IS NULL)" if self.is_pandas else outside
        if word == "between" and not self.is_pandas:
            low = self.operand()
            self.needs("and")
            return f"{left} BETWEEN {low} AND {self.operand()}"
        raise self.refused()

    def listed(self) -> str:
        opened = self.next()[1]
        if opened not in {"(", "["}:
            raise self.refused()
        values = [self.operand(only_values=True)]
        while self.takes({","}):
            values.append(self.operand(only_values=True))
        self.needs(")" if opened == "(" else "]")
        return f"({', '.join(values)})"

    def operand(self, *, only_values: bool = False) -> str:
        kind, word = self.next()
        if kind == "mark" and word in {"-", "+"}:
            kind, number = self.next()
            if kind != "number":
                raise self.refused()
            return f"-{number}" if word == "-" else number
        if kind == "number":
            return word
        if kind == "text":
            return sql_text.text(word)
        if kind == "day":
            return f"CAST({sql_text.text(word)} AS date)"
        if kind == "word" and word.lower() in {"true", "false"}:
            return word.lower()
        is_name = kind == "name" or (kind == "word" and word.lower() not in _KEYWORDS)
        if only_values or not is_name:
            raise self.refused()
        return sql_text.name(word)

    def next(self, *, peek: bool = False) -> tuple[str, str]:
        if self.at == len(self.tokens):
            if peek:
                return "", ""
            raise Unmappable("the row condition ends too early")
        token = self.tokens[self.at]
        self.at += not peek
        return token

    def takes(self, words: set[str]) -> bool:
        kind, word = self.next(peek=True)
        if kind in {"word", "mark"} and word.lower() in words:
            self.at += 1
            return True
        return False

    def needs(self, word: str) -> None:
        if not self.takes({word}):
            raise self.refused()

    def refused(self) -> Unmappable:
        near = " ".join(word for _, word in self.tokens[max(0, self.at - 2) : self.at + 2])
        return Unmappable(f"the row condition has more than simple comparisons, near {shown(near, 60)!r}")


def _tree(condition: Mapping[str, Value], depth: int) -> str:
    """Return a condition that is written as a tree; it follows SQL."""
    if depth > _DEEPEST:
        raise Unmappable("the row condition is nested too deep")
    column = condition.get("column")
    name = column.get("name") if isinstance(column, Mapping) else column
    match condition.get("type"), condition.get("conditions"):
        case ("and" | "or") as word, tuple(parts) if parts:
            inner = [_tree(part, depth + 1) for part in parts if isinstance(part, Mapping)]
            if len(inner) == len(parts):
                return sql_text.joined(inner, word.upper())
        case "nullity", _ if isinstance(name, str) and isinstance(condition.get("is_null"), bool):
            return f"{sql_text.name(name)} IS {'' if condition['is_null'] else 'NOT '}NULL"
        case "comparison", _ if isinstance(name, str):
            return _compared(name, condition.get("operator"), condition.get("parameter"))
    raise Unmappable("the row condition is of a kind that is not read")


def _compared(name: str, operator: Value, parameter: Value) -> str:
    word = str(operator).upper().replace("_", " ")
    if word in {"IN", "NOT IN"} and isinstance(parameter, tuple) and parameter:
        return f"{sql_text.name(name)} {word} ({', '.join(map(sql_text.literal, parameter))})"
    if word not in _COMPARISONS:
        raise Unmappable(f"the operator {shown(operator, 40)!r} of a row condition is not read")
    if isinstance(parameter, Mapping):
        other = parameter.get("name")
        if set(parameter) != {"name"} or not isinstance(other, str):
            raise Unmappable("the row condition compares with a parameter of the suite")
        return f"{sql_text.name(name)} {_COMPARISONS[word]} {sql_text.name(other)}"
    return f"{sql_text.name(name)} {_COMPARISONS[word]} {sql_text.literal(parameter)}"

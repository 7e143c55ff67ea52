"""One error of pydantic in plain words: either the kinds of value that would do, or a sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import ErrorDetails

from mlval.config.findings import Finding
from mlval.config.scalars import Value
from mlval.config.wording import either, found, is_text_unquoted, named
from mlval.domain.classes import as_level
from mlval.domain.grammar import percent
from mlval.domain.measurement import Path
from mlval.domain.text import shown

_LONG = 400
_WORDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of at most 64 bits",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "none_required": "",
}
_SENTENCES = {
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected at least {ge}",
    "less_than": "expected less than {lt}",
    "less_than_equal": "expected at most {le}",
    "multiple_of": "expected a multiple of {multiple_of}",
    "finite_number": "expected a finite number",
    "string_too_short": "expected at least {min_length} characters",
    "string_too_long": "expected at most {max_length} characters",
    "string_pattern_mismatch": "expected text of the form {pattern}",
    "too_short": "too few entries: expected at least {min_length}",
    "too_long": "too many entries: expected at most {max_length}",
}
_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_NAME = re.compile(r"'((?:[^'\\]|\\.)*)'")
_EXPECTED = re.compile(r"expected (.+), found (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kinds:
    """What would do in a place: in words, and as names where only some names do."""

    words: tuple[str, ...]
    names: tuple[str, ...] = ()


def kinds(details: ErrorDetails, raw: Value) -> Kinds | None:
    """Return what would do in place of `raw`, if its kind is what is wrong; None if something else is."""
    error = details["type"]
    if error in _WORDS:
        return Kinds(tuple(word for word in [_WORDS[error]] if word))
    if error in {"literal_error", "enum"}:
        listed = str(details.get("ctx", {}).get("expected", ""))
        names = tuple(_NAME.findall(listed))
        return Kinds(tuple(named(name) for name in names) or (listed,), names)
    match = _EXPECTED.fullmatch(_of_validator(details))
    if match and isinstance(raw, tuple | dict) and not repr(raw).startswith(match[2]):
        return None  # it speaks of something inside
    return Kinds((match[1],)) if match else None


def united(several: Iterable[Kinds]) -> Kinds:
    """Return all that would do in a place where there are alternatives."""
    listed = list(several)
    words = dict.fromkeys(word for one in listed for word in one.words)
    if "a number" in words:
        words.pop("a whole number", None)
    return Kinds(tuple(words), tuple(name for one in listed for name in one.names))


def wrong_kind(path: Path, raw: Value, *, would_do: Kinds) -> Finding:
    """Say what would do in place of `raw`."""
    message = f"expected {either(would_do.words or ('nothing',))}, found {found(raw)}"
    name = raw if isinstance(raw, str) else ""
    return Finding(path, shown(message, _LONG), _hint(raw, would_do.words), name=name, valid=would_do.names)


def sentence(details: ErrorDetails, raw: Value) -> str:
    """Say what is wrong with `raw`, where its kind is right."""
    form = _SENTENCES.get(details["type"])
    if form is None:
        return shown(_of_validator(details) or details["msg"], _LONG)
    limits = form.format(**{name: as_level(limit) for name, limit in details.get("ctx", {}).items()})
    held = str(len(raw)) if isinstance(raw, tuple | dict) else found(raw)
    return shown(f"{limits}, found {held}", _LONG)


def _of_validator(details: ErrorDetails) -> str:
    """Return the words of a validator of ours, which raised ValueError."""
    cause = details.get("ctx", {}).get("error")
    return str(cause) if isinstance(cause, Exception) else ""


def _hint(raw: Value, words: tuple[str, ...]) -> str:
    if raw is None:
        return "write a value after the key, or remove the key"
    if isinstance(raw, tuple | dict):
        return ""
    if words == ("a list",):
        return f"write it as a list: [{shown(raw, 40)}]"
    if isinstance(raw, str):
        return _hint_for_text(raw, " ".join(words))
    return "put quotes around it" if "text" in words else ""


def _hint_for_text(raw: str, words: str) -> str:
    if "true or false" in words and raw.lower() in _BOOLEANS:
        return f"write {_BOOLEANS[raw.lower()]}"
    if "number" not in words:
        return ""
    share = percent(raw)
    if share is not None:
        return f"write {share:.12g}"
    return "" if is_text_unquoted(raw) else "write it without quotes"

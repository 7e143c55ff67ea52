"""The arguments of one expectation: read by name and kind, and none of them passed over."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.text import shown
from mlval.interchange import amounts
from mlval.interchange.demand import Severity, Terms, Unmappable
from mlval.interchange.json_text import Value
from mlval.interchange.row_condition import where_of

_WITHOUT_MEANING = frozenset(
    {
        "allow_cross_type_comparisons",
        "auto",
        "batch_id",
        "catch_exceptions",
        "description",
        "include_config",
        "meta",
        "notes",
        "output_strftime_format",
        "parse_strings_as_datetimes",
        "profiler_config",
        "result_format",
        "table",
    }
)
"""Arguments that change how an expectation is computed, shown or kept, and not what it demands."""

_SEVERITIES: Mapping[str, Severity | None] = {"critical": None, "warning": "warn", "info": "warn"}


@dataclass(slots=True)
class Arguments:
    """The arguments of an expectation, and which of them were read."""

    given: Mapping[str, Value]
    read: set[str] = field(default_factory=set)

    def get(self, name: str) -> Value:
        """Return an argument, None where it is absent.

        Raises
        ------
        Unmappable
            If it is a parameter of the suite, known only when that tool runs.
        """
        self.read.add(name)
        value = self.given.get(name)
        if isinstance(value, Mapping) and "$PARAMETER" in value:
            raise Unmappable(f"`{name}` is a parameter of the suite, which only a run of that tool knows")
        return value

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.get(name)
        if not isinstance(value, str) or not value:
            raise Unmappable(f"`{name}` is no text")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, at least one."""
        value = self.get(name)
        texts = tuple(one for one in value if isinstance(one, str)) if isinstance(value, tuple) else ()
        if not isinstance(value, tuple) or not texts or len(texts) != len(value):
            raise Unmappable(f"`{name}` is no list of texts")
        return texts

    def values(self, name: str) -> tuple[tuple[Value, ...], bool]:
        """Return a list of numbers, texts and truth values, and whether there was a null among them."""
        value = self.get(name)
        if not isinstance(value, tuple):
            raise Unmappable(f"`{name}` is no list of values")
        if any(isinstance(one, tuple | dict) for one in value):
            raise Unmappable(f"`{name}` has a value that is no number, text or truth value")
        present = tuple(one for one in value if one is not None)
        return present, len(present) < len(value)

    def number(self, name: str) -> int | float | None:
        """Return a number, None where it is absent."""
        value = self.get(name)
        return None if value is None else amounts.number(value, f"`{name}`")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a truth value."""
        value = self.get(name)
        if value is not None and not isinstance(value, bool):
            raise Unmappable(f"`{name}` is neither true nor false")
        return default if value is None else value

    def choice(self, name: str, valid: tuple[str, ...]) -> str:
        """Return one of several words, the first by default."""
        value = self.get(name)
        if value is not None and value not in valid:
            raise Unmappable(f"`{name}` is {shown(value, 40)!r}, which is not known")
        return valid[0] if value is None else str(value)

    def share(self, name: str) -> int | float | None:
        """Return a number in [0, 1], None where it is absent."""
        value = self.number(name)
        if value is not None and not 0 <= value <= 1:
            raise Unmappable(f"`{name}` is no share between 0 and 1")
        return value

    def mostly(self) -> int | float:
        """Return the share of rows that must comply; 0 stays 0."""
        value = self.share("mostly")
        return 1 if value is None else value

    def terms(self, severity: Value = None) -> Terms:
        """Return tolerance, condition and severity. The tolerance is a share of the values that are there."""
        where = where_of(self.get("row_condition"), self.get("condition_parser"))
        mostly = self.mostly()
        own = self.get("severity")
        word = severity if own is None else own
        if word is not None and str(word) not in _SEVERITIES:
            raise Unmappable(f"the severity {shown(word, 40)!r} is not known")
        told = None if word is None else _SEVERITIES[str(word)]
        return Terms(None if mostly == 1 else amounts.rest(mostly), where, told)

    def unread(self) -> tuple[str, ...]:
        """Return the arguments that say something and were not read."""
        return tuple(
            name
            for name, value in self.given.items()
            if name not in self.read and name not in _WITHOUT_MEANING and value is not None
        )


@dataclass(frozen=True, slots=True)
class Ends:
    """A lower and an upper end, either of which may be open or strict."""

    low: int | float | str | None
    high: int | float | str | None
    low_is_strict: bool = False
    high_is_strict: bool = False

    def bound(self, *, whole: bool = False, share: bool = False) -> dict[str, Value]:
        """Return `{min:, max:}`; what is strict becomes the next number that is included.

        Raises
        ------
        Unmappable
            If there is no end, or one is text.
        """
        keys: dict[str, Value] = {}
        for key, given, strict in self._both():
            if isinstance(given, str):
                raise Unmappable("a time as the limit of a statistic")
            if given is not None:
                end = _included(given, key, whole=whole, share=share) if strict else given
                keys[key] = amounts.percent(end) if share else end
        if not keys:
            raise Unmappable("no limit is given")
        return keys

    def _both(self) -> tuple[tuple[str, int | float | str | None, bool], ...]:
        return ("min", self.low, self.low_is_strict), ("max", self.high, self.high_is_strict)


def _included(end: float, key: str, *, whole: bool, share: bool) -> int | float:
    """Return the first number on the inner side of a strict end; no share of rows is below 1e-12 but 0."""
    is_low = key == "min"
    if whole:
        return math.floor(end) + 1 if is_low else math.ceil(end) - 1
    return 1e-12 if share and is_low and end == 0 else amounts.beyond(end, up=is_low)


def ends(given: Arguments, *, times: bool = False) -> Ends:
    """Return `min_value` and `max_value`; with `times` they may be texts."""

    def end(name: str) -> int | float | str | None:
        value = given.get(name)
        return value if times and isinstance(value, str) else given.number(name)

    low, high = end("min_value"), end("max_value")
    return Ends(
        low,
        high,
        low_is_strict=given.flag("strict_min"),
        high_is_strict=given.flag("strict_max"),
    )

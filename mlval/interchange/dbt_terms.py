"""What stands beside a dbt test: its severity, its filter, and how many failures it takes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mlval.domain.text import shown
from mlval.interchange.demand import Terms, Unmappable
from mlval.interchange.json_text import Value
from mlval.interchange.names import dataset_name

_THRESHOLD = re.compile(r"\s*(!=|<>|>=|>)\s*([0-9]{1,9})\s*")
_REFERENCE = re.compile(
    r"\s*(?:\{\{)?\s*(ref|source)\(\s*(['\"])([^'\"]+)\2\s*(?:,\s*(['\"])([^'\"]+)\4\s*)?\)\s*(?:\}\})?\s*"
)
CONFIG = frozenset({"severity", "where", "warn_if", "error_if", "enabled"})
_WITHOUT_MEANING = frozenset(
    {
        *("limit", "store_failures", "store_failures_as", "schema", "database", "alias", "tags", "meta"),
        *("description", "name", "docs", "group"),
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """The terms of a test: what blocks, and what only warns; `is_off` where it is switched off."""

    terms: tuple[Terms, ...]
    is_off: bool = False


def setting_of(config: Mapping[str, Value]) -> Setting:
    """Return the terms that a configuration gives.

    Raises
    ------
    Unmappable
        If it is a template, or a threshold is no plain comparison.
    """
    for key, value in config.items():
        if key not in CONFIG | _WITHOUT_MEANING:
            raise Unmappable(f"the setting {shown(key, 40)!r} is not known")
        check_plain(value, f"`{key}`")
    if config.get("enabled") is False:
        return Setting((), is_off=True)
    where = config.get("where")
    if where is not None and not isinstance(where, str):
        raise Unmappable("`where` is no text")
    severity = str(config.get("severity", "error")).lower()
    if severity not in {"error", "warn"}:
        raise Unmappable(f"the severity {shown(severity, 40)!r} is not known")
    warns = Terms(_allowed(config, "warn_if"), where, "warn")
    if severity == "warn":
        return Setting((warns,))
    blocks = Terms(_allowed(config, "error_if"), where, None)
    is_wider = blocks.allow is not None and (warns.allow is None or int(warns.allow) < int(blocks.allow))
    return Setting((blocks, warns) if is_wider else (blocks,))


def _allowed(config: Mapping[str, Value], key: str) -> int | None:
    """Return how many failures a threshold takes, None for none."""
    text = config.get(key, "!= 0")
    match = _THRESHOLD.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Unmappable(f"`{key}: {shown(text, 40)}` is no plain threshold such as `> 10`")
    sign, number = match[1], int(match[2])
    if sign in {"!=", "<>"} and number != 0:
        raise Unmappable(f"`{key}: {shown(text, 40)}` demands failures")
    most = number - 1 if sign == ">=" else number
    if most < 0:
        raise Unmappable(f"`{key}: {shown(text, 40)}` always holds")
    return most or None


def check_plain(value: Value, what: str) -> None:
    """Refuse templates, whose meaning only dbt knows."""
    if isinstance(value, str) and ("{{" in value or "{%" in value):
        raise Unmappable(f"{what} is a template")
    for inner in value if isinstance(value, tuple) else ():
        check_plain(inner, what)


def referred(value: Value) -> str:
    """Return the dataset that `ref('…')` or `source('…', '…')` stands for.

    >>> referred("ref('trips')"), referred("source('raw', 'trips')")
    ('trips', 'raw_trips')
    """
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) and len(value) < 1_000 else None
    if match is None:
        raise Unmappable(f"{shown(value, 60)!r} is neither ref('…') nor source('…', '…')")
    kind, first, second = match[1], match[3], match[5]
    if kind == "source":
        if second is None:
            raise Unmappable("a source has two names")
        return dataset_name(f"{first}_{second}")
    return dataset_name(second or first)

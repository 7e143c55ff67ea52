"""A profile as text and back: the same profile gives the same bytes, and an edit by hand is noticed.

One JSON object with a few lines a column, so that differences can be reviewed. The last key is
the digest of all the others.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Final, NoReturn, cast

from pydantic import ValidationError

from mlval.domain.errors import SourceBroken
from mlval.domain.profile import Profile
from mlval.domain.text import shown

FORMAT: Final = "mlval-profile"
VERSION: Final = 1
_REMEDY: Final = "write it again with `mlval profile`"
_DIGEST: Final = "digest"

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def render(profile: Profile) -> str:
    """Return the text of a profile: keys sorted, the columns in their order, the digest at the end."""
    whole = cast("dict[str, Json]", profile.model_dump(mode="json", exclude_defaults=True))
    columns = cast("list[dict[str, Json]]", whole.pop("columns"))
    whole |= {"format": FORMAT, "version": VERSION}
    lines = [f" {_compact(key)}: {_line(whole[key])},\n" for key in sorted(whole)]
    told = ",\n".join(_column(column) for column in columns)
    lines.append(f' "columns": [{f"{chr(10)}{told}{chr(10)} " if told else ""}],\n')
    digest = _digest({**whole, "columns": cast("list[Json]", columns)})
    return f"{{\n{''.join(lines)} {_compact(_DIGEST)}: {_compact(digest)}\n}}\n"


def parse(text: bytes, *, name: str) -> Profile:
    """Read a profile.

    Parameters
    ----------
    text : the bytes of the file, whose size was limited by whoever read it
    name : the file as shown

    Raises
    ------
    SourceBroken
        It is not a profile, is one of another version, was edited, or contradicts itself.
    """
    try:
        whole = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_unrepeated,
            parse_constant=_refused,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise _broken(name, "it is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise _broken(name, "it is not text in UTF-8") from error
    except ValueError as error:
        raise _broken(name, f"it is not valid JSON: {shown(error)}") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        message = f"`{name}` is not a profile."
        raise SourceBroken(message, remedy="name a file that `mlval profile` wrote")
    _check_version(whole.pop("version", None), name)
    digest = whole.pop(_DIGEST, None)
    del whole["format"]
    if digest != _digest({**whole, "format": FORMAT, "version": VERSION}):
        raise _broken(name, "it was changed after it was written: its digest does not fit")
    try:
        return Profile.model_validate(_as_tuples(whole))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        told = f"{shown(place)}: {shown(first['msg'])}" if place else shown(first["msg"])
        raise _broken(name, told) from error
    except RecursionError as error:
        raise _broken(name, "it is nested too deeply") from error


def _check_version(version: object, name: str) -> None:
    if type(version) is int and version == VERSION:
        return
    if type(version) is int and version > VERSION:
        message = f"`{name}` was written by a newer mlval (version {shown(version, 20)} of the format)."
        raise SourceBroken(message, remedy="upgrade mlval, or write the profile again with this one")
    raise _broken(name, "the version of its format is unknown")


def _broken(name: str, reason: str) -> SourceBroken:
    return SourceBroken(f"`{name}` is broken: {reason}.", remedy=_REMEDY)


def _column(column: Mapping[str, Json]) -> str:
    """Write a column with a line for each of its keys, and each key of what is in them."""
    lines = []
    for key in sorted(column):
        value = column[key]
        if isinstance(value, dict):
            inner = (f"    {_compact(part)}: {_line(value[part])}" for part in sorted(value))
            told = "{\n" + ",\n".join(inner) + "\n   }"
        else:
            told = _line(value)
        lines.append(f"   {_compact(key)}: {told}")
    return "  {\n" + ",\n".join(lines) + "\n  }"


def _line(value: Json) -> str:
    return json.dumps(value, allow_nan=False, sort_keys=True)


def _compact(value: Json) -> str:
    return json.dumps(value, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _digest(whole: dict[str, Json]) -> str:
    """Return the sha256 of the canonical text, in which white space and the order of keys are fixed."""
    return hashlib.sha256(_compact(whole).encode("ascii")).hexdigest()


def _unrepeated(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _as_tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_as_tuples(part) for part in value)
    if isinstance(value, dict):
        return {key: _as_tuples(part) for key, part in value.items()}
    return value

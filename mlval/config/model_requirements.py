"""What a model says it needs: lines of requirements, and a version of Python."""

import re
from collections.abc import Iterable, Mapping

from mlval.config.scalars import Value
from mlval.domain.errors import SourceBroken

BYTES = 1 << 20
MOST_LINES = 1_000
_COMMENT = re.compile(r"(^|\s)#.*$")
_CONTINUED = re.compile(r"\\\r?\n")
_VERSION = re.compile(r"3\.[0-9]{1,3}(\.[0-9]{1,3})?")


def requirement_lines(data: bytes | None) -> tuple[str, ...] | None:
    """Return the lines of a requirements file as pip reads them: continued ones joined, no comments.

    None where there is no file.

    Raises
    ------
    SourceBroken
        If it is too large, or no text in UTF-8.
    """
    if data is None:
        return None
    try:
        text = data.decode() if len(data) <= BYTES else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise SourceBroken(
            "the model's `requirements.txt` is too large or no text in UTF-8.", remedy="Save the model again."
        )
    return _limited(_COMMENT.sub("", line).strip() for line in _CONTINUED.sub("", text).splitlines())


def conda_lines(environment: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the lines for pip of a conda environment."""
    dependencies = environment.get("dependencies")
    lines: list[str] = []
    for one in dependencies if isinstance(dependencies, tuple) else ():
        pip = one.get("pip") if isinstance(one, dict) else None
        lines += [line.strip() for line in pip if isinstance(line, str)] if isinstance(pip, tuple) else []
    return _limited(lines)


def python_version(environment: Mapping[str, Value]) -> str | None:
    """Return the version of Python of a `python_env.yaml`, None where it names no plain one."""
    version = environment.get("python")
    return version if isinstance(version, str) and _VERSION.fullmatch(version) else None


def _limited(lines: Iterable[str]) -> tuple[str, ...]:
    kept = tuple(line for line in lines if line)
    if len(kept) > MOST_LINES:
        message = f"the model names more than {MOST_LINES:,} requirements."
        raise SourceBroken(message, remedy="Save the model with the packages that it needs.")
    return kept

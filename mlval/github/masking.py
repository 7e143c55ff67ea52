"""Which values of the environment are secret, so that the log hides them before anything else is written."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

_SECRET_NAME: Final = re.compile(
    r"""MLVAL_.+
      | .*_(?:PASSWORD|PASSWD|SECRET|TOKEN|CONNECTION_STRING)
      | .*_(?:API|ACCESS|ACCOUNT|SECRET|SHARED|PRIVATE)_KEY
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CREDENTIALS: Final = re.compile(r"[a-z][a-z0-9+.-]*://([^/\s:@]*):([^/\s@]+)@", re.IGNORECASE)
_SHORTEST: Final = 4
_PLAIN_WORDS: Final = frozenset({"true", "false", "none", "null"})


def secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values that must not be seen, each once, in the order of their variables' names.

    Those are the values of variables with the name of a secret (`MLVAL_…`, `…_PASSWORD`, `…_TOKEN`, …), and
    the passwords in addresses, as they are written and as they are meant. A value of fewer than four
    characters, or a word such as `true`, hides nothing and would make the log unreadable: it is left out.
    """
    found = (value for name in sorted(environ) for value in _secrets(name, environ[name]))
    return tuple(dict.fromkeys(value for value in found if _hides_something(value)))


def _secrets(name: str, value: str) -> Iterator[str]:
    if _SECRET_NAME.fullmatch(name):
        yield value.strip()
    for _, password in _CREDENTIALS.findall(value):
        yield from (password, unquote(password))


def _hides_something(value: str) -> bool:
    return len(value) >= _SHORTEST and value.lower() not in _PLAIN_WORDS

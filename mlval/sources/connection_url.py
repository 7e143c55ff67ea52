"""The URL of a database, as an environment variable holds it: never shown, in whole or in part."""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final, Literal, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from mlval.domain.errors import SourceRefused

TlsMode = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]

_SCHEMES: Final = ("postgresql", "postgres")
_PORT: Final = 5432
_FORM: Final = "Set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full."
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f]")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a database is, and who asks.

    Attributes
    ----------
    tls : how far the connection must be secured; `require` encrypts, `verify-full` also checks who answers
    roots : a file with the certificates that are trusted; empty for the machine's own
    """

    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    database: str
    tls: TlsMode
    roots: str = ""


def parse(url: str, *, variable: str) -> Server:
    """Read the URL that an environment variable holds.

    Without `sslmode` a server elsewhere must encrypt, and one on this machine may.

    Raises
    ------
    SourceRefused
        If it is not of the form; the variable is named, its value is not.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=True) if parts.query else ())
    except ValueError as error:
        raise _refused(variable, "is not a URL that can be read") from error
    if parts.scheme not in _SCHEMES:
        raise _refused(variable, "does not begin with postgresql://, the one kind that is read")
    if not host or not parts.username or parts.fragment or _CONTROL.search(url):
        raise _refused(variable, "does not hold a host and a user")
    if set(options) - {"sslmode", "sslrootcert"}:
        raise _refused(variable, "has parameters other than `sslmode` and `sslrootcert`")
    asked = options.get("sslmode", "prefer" if _is_here(host) else "require")
    tls = next((mode for mode in get_args(TlsMode) if mode == asked), None)
    if tls is None:
        raise _refused(variable, "has an `sslmode` that is not known")
    user = unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    database = unquote(parts.path.removeprefix("/")) or user
    if "\0" in user + (password or "") + database:
        raise _refused(variable, "holds a NUL")
    return Server(host, port or _PORT, user, password, database, tls, options.get("sslrootcert", ""))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(variable: str, what: str) -> SourceRefused:
    return SourceRefused(f"The value of {variable} {what}.", remedy=_FORM)

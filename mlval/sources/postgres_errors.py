"""What goes wrong with PostgreSQL, in our words: no host, no credential, no value of the data."""

import re
import ssl
from collections.abc import Mapping
from typing import Final

from mlval.domain.errors import MlvalError, SourceBroken, SourceUnavailable
from mlval.domain.text import shown

_CODE: Final = re.compile(r"[0-9A-Z]{5}")
_VALUES: Final = re.compile(r"\"[^\"]*\"?|'[^']*'?|[0-9]+")
_CANCELLED: Final = "57014"
_WRITES: Final = "25006"
_NO_DATABASE: Final = "3D000"
_NOT_READY: Final = ("08", "53", "57", "58", "40")
# Their messages speak of the query; those of other classes may repeat a value of a row.
_ABOUT_THE_QUERY: Final = ("42", "0A", "34", "54")
_LOUD: Final = "P0"


def translated(error: Exception, *, seconds: int, timed_out: bool) -> MlvalError:
    """Return our error for one of the driver's.

    Parameters
    ----------
    error : what was raised while connecting or asking
    seconds : how long the answer might have taken
    timed_out : whether the connection was cut for that
    """
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    code = str(fields.get("C", ""))
    if timed_out or code == _CANCELLED:
        return SourceUnavailable(
            f"The query took longer than {seconds} seconds.",
            remedy="Ask for fewer rows, or raise `timeout` of the connection.",
        )
    if _CODE.fullmatch(code):
        return _of_server(code, fields)
    return _of_connection(error)


def _of_server(code: str, fields: Mapping[str, str]) -> MlvalError:
    if code.startswith("28"):
        return SourceUnavailable(
            "The database does not accept the credentials.",
            remedy="Check the user and the password in the URL of the connection.",
        )
    if code == _NO_DATABASE:
        return SourceUnavailable(
            "The server has no such database.", remedy="Check the URL of the connection."
        )
    if code.startswith(_NOT_READY):
        return SourceUnavailable(
            f"The database does not answer now (SQLSTATE {code}).", remedy="Run again later."
        )
    if code == _WRITES:
        return SourceBroken(
            f"The query writes, which is refused (SQLSTATE {code}).", remedy="Write a SELECT that only reads."
        )
    return SourceBroken(
        f"The database refuses the query: SQLSTATE {code}{_said(code, fields.get('M', ''))}.",
        remedy="Try it with a client of the database, as the same user.",
    )


def _said(code: str, message: str) -> str:
    """Return the server's sentence, without what may be a value of the data."""
    if not message or code.startswith(_LOUD):
        return ""
    told = message if code.startswith(_ABOUT_THE_QUERY) else _VALUES.sub("…", message)
    return f", {shown(told)}"


def _of_connection(error: Exception) -> SourceUnavailable:
    if isinstance(error, ssl.SSLCertVerificationError):
        return SourceUnavailable(
            "The certificate of the database is not trusted.",
            remedy="Name the file that vouches for it with `sslrootcert` in the URL of the connection.",
        )
    if str(error) == "Server refuses SSL":
        return SourceUnavailable(
            "The database does not encrypt connections.",
            remedy="Let it; or, on a network that is your own, add `?sslmode=disable` to the URL.",
        )
    return SourceUnavailable(
        f"The database does not answer ({type(error).__name__}).",
        remedy="Check the URL of the connection, and that the server is up.",
    )

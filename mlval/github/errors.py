"""What can go wrong with GitHub, one class a situation; none of them changes a verdict."""

import json
from http import HTTPStatus

from mlval.domain.text import shown

_FIRST_SERVER_ERROR = 500


class EventError(Exception):
    """The event cannot be read: a variable is missing or malformed."""


class PublishError(Exception):
    """GitHub did not do what was asked; the text is a clause that ends a sentence."""


class BadCredentials(PublishError):
    """The token is wrong or has expired (401)."""


class Forbidden(PublishError):
    """The token may not do this (403 without any sign of a rate limit)."""


class Limited(PublishError):
    """A rate limit holds for longer than there is patience."""


class NotFound(PublishError):
    """The thing is not there, or the token may not know that it is (404, 410)."""


class Refused(PublishError):
    """GitHub understood and said no (400, 409, 422 and other answers below 500)."""


class Unavailable(PublishError):
    """No usable answer came: server errors, timeouts, dropped connections."""


class Unsure(Unavailable):
    """A write that must not be repeated blindly got no answer: it may have been received."""


class Delayed(Limited):
    """A write that must not be repeated blindly had to wait: what was read before it may have changed."""


class Unreadable(PublishError):
    """Something answered, but not as GitHub does."""


def refusal(status: int, body: bytes) -> PublishError:
    """Return the error for an answer outside 200-299."""
    said = message(body)
    text = f"GitHub answered {status}" + (f": {said}" if said else "")
    if status == HTTPStatus.FORBIDDEN and "locked" in said.lower():
        return Refused(text)
    return _kind(status)(text)


def _kind(status: int) -> type[PublishError]:
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return BadCredentials
        case HTTPStatus.FORBIDDEN:
            return Forbidden
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
            return NotFound
        case _:
            return Refused if status < _FIRST_SERVER_ERROR else Unavailable


def message(body: bytes) -> str:
    """Return GitHub's own words from the body of an error, safe to show; empty where there are none."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    parts = [content.get("message")]
    details = content.get("errors")
    if isinstance(details, list) and details and isinstance(details[0], dict):
        parts.append(details[0].get("message"))
    return shown(": ".join(part for part in parts if isinstance(part, str)).rstrip("."))

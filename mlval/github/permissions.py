"""What the job's token may do, found out by requests that GitHub refuses in any case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlval.github.errors import Forbidden, NotFound, Refused

if TYPE_CHECKING:
    from mlval.github.client import Client

_NO_COMMIT: Final = "0" * 40


def may_set_status(client: Client) -> bool:
    """Say whether the token may set a commit status; the commit that is asked for does not exist.

    Raises
    ------
    PublishError
        If GitHub could not be asked.
    """
    try:
        client.create_status(_NO_COMMIT, context="mlval/doctor", state="error", description="", target_url="")
    except Forbidden:
        return False
    except (Refused, NotFound):
        return True
    return True


def may_comment(client: Client, pull_request: int) -> bool:
    """Say whether the token may comment; the comment that is asked for is blank.

    Raises
    ------
    PublishError
        If GitHub could not be asked.
    """
    try:
        client.create_comment(pull_request, " ")
    except Forbidden:
        return False
    except Refused:
        return True
    return True

"""Where a redirect may lead: anywhere on the same origin, with the query that was asked."""

import pytest

from mlval.github.errors import Unreadable
from mlval.github.sending import _redirected

ASKED = "https://api.github.com/repos/octo/churn/issues/7/comments?page=2"


@pytest.mark.parametrize(
    "location, target",
    [
        (
            "/repositories/1/issues/7/comments",
            "https://api.github.com/repositories/1/issues/7/comments?page=2",
        ),
        ("https://api.github.com/x?page=3", "https://api.github.com/x?page=3"),
        ("https://API.github.com/x", "https://API.github.com/x?page=2"),
    ],
)
def test_the_same_origin_is_followed(location: str, target: str) -> None:
    assert _redirected(ASKED, location) == target


@pytest.mark.parametrize(
    "location",
    [
        "http://api.github.com/x",
        "https://api.github.com:8443/x",
        "https://api.github.com.evil.example/x",
        "https://api.github.com@evil.example/x",
        "//evil.example/x",
        "file:///etc/passwd",
        "https://[",
        "https://api.github.com:port/x",
    ],
)
def test_nothing_else_is(location: str) -> None:
    with pytest.raises(Unreadable, match="another host"):
        _redirected(ASKED, location)

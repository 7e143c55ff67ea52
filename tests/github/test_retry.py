"""Waiting follows GitHub's rules: what it says, else the reset, else a minute, doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import retry
from mlval.github.retry import Answer, Lost

NOW = 1_000.0
SECONDARY = b'{"message": "You have exceeded a secondary rate limit"}'


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    "outcome, limited, transient",
    [
        pytest.param(answer(429), True, True, id="429"),
        pytest.param(answer(403), False, False, id="403 without a sign"),
        pytest.param(answer(403, b"<html>"), False, False, id="403 of a proxy"),
        pytest.param(answer(403, b'{"message": "Resource not accessible"}'), False, False, id="no scope"),
        pytest.param(answer(403, x_ratelimit_remaining="4"), False, False, id="403 with requests left"),
        pytest.param(answer(403, x_ratelimit_remaining="0"), True, True, id="none left"),
        pytest.param(answer(403, retry_after="3"), True, True, id="403 with a time"),
        pytest.param(answer(403, SECONDARY), True, True, id="secondary"),
        pytest.param(answer(404), False, False, id="404"),
        pytest.param(answer(422), False, False, id="422"),
        pytest.param(answer(409), False, True, id="409"),
        pytest.param(answer(408), False, True, id="408"),
        pytest.param(answer(500), False, True, id="500"),
        pytest.param(answer(503, retry_after="3"), False, True, id="503 with a time"),
    ],
)
def test_what_may_pass(outcome: Answer, limited: bool, transient: bool) -> None:
    assert (retry.limited(outcome), retry.transient(outcome)) == (limited, transient)


@pytest.mark.parametrize(
    "outcome, waits",
    [
        pytest.param(answer(429, retry_after="7"), [7, 7, 7], id="a time"),
        pytest.param(answer(429, retry_after="0"), [1, 1, 1], id="no time at all"),
        pytest.param(
            answer(403, x_ratelimit_remaining="0", x_ratelimit_reset="1090"), [90] * 3, id="a reset"
        ),
        pytest.param(
            answer(403, x_ratelimit_remaining="0", x_ratelimit_reset="900"), [1] * 3, id="a reset gone by"
        ),
        pytest.param(answer(403, x_ratelimit_remaining="0"), [60, 120, 240], id="none left, no reset"),
        pytest.param(answer(403, SECONDARY, x_ratelimit_reset="1090"), [60, 120, 240], id="secondary"),
        pytest.param(answer(429, retry_after="Sun, 22 Nov 2026 02:42:00 GMT"), [60, 120, 240], id="a date"),
        pytest.param(answer(429, retry_after="9" * 400), [60, 120, 240], id="an absurd time"),
        pytest.param(answer(503, retry_after="20"), [20, 20, 20], id="503 with a time"),
        pytest.param(answer(502), [1, 2, 4], id="502"),
        pytest.param(Lost("dropped"), [1, 2, 4], id="no answer"),
    ],
)
def test_how_long_to_wait(outcome: Answer | Lost, waits: list[float]) -> None:
    assert [retry.wait(outcome, tries=tries, now=NOW) for tries in (1, 2, 3)] == waits


@given(
    st.integers(400, 599),
    st.dictionaries(
        st.sampled_from(["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"]),
        st.text() | st.integers().map(str) | st.floats().map(str),
    ),
    st.integers(1, retry.MAX_TRIES),
)
def test_no_header_makes_it_wait_less_than_a_second(status: int, headers: dict[str, str], tries: int) -> None:
    assert retry.wait(Answer(status, headers, b""), tries=tries, now=NOW) >= 1.0

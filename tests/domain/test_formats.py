"""Patterns of dates and times in parts, and what is refused as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.formats import DIRECTIVES, NAMES, Plain, is_pattern, pattern


def test_a_pattern_is_what_has_a_percent_sign() -> None:
    assert not any(map(is_pattern, NAMES))
    assert pattern("%Y-%m-%dT%%") == ("Y", Plain("-"), "m", Plain("-"), "d", Plain("T"), Plain("%"))


@pytest.mark.parametrize(
    "text, words",
    [
        ("%q", "%q is no directive"),
        ("%d.%", "% is no directive"),
        ("%%", "no date and no time"),
        ("%d %d", "%d and %d say the same"),
        ("%Y%y", "%Y and %y say the same"),
        ("%B %m", "%B and %m say the same"),
        ("%I", "%I needs %p"),
    ],
)
def test_what_is_no_pattern_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pattern(text)


@given(st.text(st.sampled_from(["%", *DIRECTIVES, " ", "\n", "é", "(", "\\"]), max_size=12))
def test_a_pattern_says_all_of_its_text_or_is_refused(text: str) -> None:
    try:
        parts = pattern(text)
    except ValueError:
        return
    said = (one.text.replace("%", "%%") if isinstance(one, Plain) else f"%{one}" for one in parts)
    assert "".join(said) == text

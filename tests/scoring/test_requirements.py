import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement

from mlval.domain.errors import Unmeasurable
from mlval.scoring.requirements import LINES_LIMIT, parse, refusal

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
CLAUSES = st.builds(
    lambda sign, version: f"{sign}{version}",
    st.sampled_from(["==", ">=", "<", "<=", "!=", "~=", ">"]),
    st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}(rc1|\.post1)?", fullmatch=True),
)
MARKERS = st.sampled_from([
    "",
    '; python_version < "3.12"',
    "; (sys_platform == 'linux' and extra == 'cpu') or os_name == 'posix'",
    '; "win" not in sys_platform',
    "; platform_machine in 'x86_64 AMD64'",
])  # fmt: skip


@given(NAMES, st.lists(NAMES, max_size=2), st.lists(CLAUSES, max_size=3), MARKERS)
def test_requirements_by_name_are_kept_and_mean_the_same(
    name: str, extras: list[str], clauses: list[str], marker: str
) -> None:
    line = f"{name}{'[' + ','.join(extras) + ']' if extras else ''}{', '.join(clauses)} {marker}"
    (kept,) = parse([line])
    assert Requirement(kept) == Requirement(line)


@given(st.text(max_size=60) | st.text(alphabet="ab-=<>;[]()@:/.$\\ #'\"+&!", max_size=30))
def test_whatever_is_accepted_is_a_requirement_without_an_address(line: str) -> None:
    if refusal(line) is None:
        try:
            found = Requirement(line)
        except InvalidRequirement as error:
            # Our grammar does not know what a version may look like: uv refuses these, and they name nothing.
            assert "version" in str(error).lower() or "end" in str(error).lower()  # noqa: PT017
            return
        assert found.url is None


@pytest.mark.parametrize(
    "line,what",
    [
        ("-e .", "an option"),
        ("--index-url https://evil.example/simple", "an option"),
        ("--extra-index-url=https://evil.example", "an option"),
        ("-r other.txt", "an option"),
        ("-c https://evil.example/c.txt", "an option"),
        ("https://evil.example/a-1-py3-none-any.whl", "an address"),
        ("git+https://evil.example/a.git", "an address"),
        ("git+ssh://git@evil.example/a", "an address"),
        ("numpy @ https://evil.example/numpy.whl", "an address"),
        ("numpy@https://evil.example/numpy.whl", "an address"),
        ("numpy @ file:///tmp/numpy.whl", "an address"),
        ("numpy @ ./numpy.whl", "a direct reference"),
        ("./here", "a path"),
        ("../there/setup.py", "a path"),
        ("/abs/a.whl", "a path"),
        ("a-1-py3-none-any.whl", "a path"),
        ("C:\\a.whl", "a path"),
        ("${HOME}", "a variable of the environment"),
        ("numpy==${VERSION}", "a variable of the environment"),
        ("numpy==1 --hash=sha256:00", "no requirement"),
        ("numpy==1 --config-settings=a=b", "no requirement"),
        ("numpy==1 \\", "a path"),
        ("numpy===anything", "no requirement"),
        ("numpy; import os", "no requirement"),
        ("numpy; python_version < '3' or", "no requirement"),
        ("numpy; (python_version < '3'", "no requirement"),
        ("nümpy", "no requirement"),
        ("numpy (>=1", "no requirement"),
        ("a" * 501, "no requirement"),
    ],
)
def test_what_says_where_from_or_how_is_refused(line: str, what: str) -> None:
    with pytest.raises(Unmeasurable, match=f"is {what}"):
        parse([line])


def test_comments_blank_lines_and_repeats_are_left_out() -> None:
    assert parse(["# made by hand", "", "b==1  # pinned", "a", "b==1"]) == ("a", "b==1")


def test_a_line_break_inside_a_line_adds_nothing() -> None:
    with pytest.raises(Unmeasurable):
        parse(["numpy\n--index-url https://evil.example"])


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(Unmeasurable, match="more than 500"):
        parse(["numpy"] * (LINES_LIMIT + 1))


def test_hidden_characters_are_shown() -> None:
    with pytest.raises(Unmeasurable, match=r"\\\\x1b"):
        parse(["numpy\x1b[31m"])

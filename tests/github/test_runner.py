"""The runner reads back exactly what was meant, and nothing that data says is a command."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import runner
from mlval.github.runner import Annotation, Level

TOKEN = "0123456789abcdef" * 2


def token() -> str:
    return TOKEN


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """Read a command as the runner's own parser does, from its documented format."""
    head, _, data = line.removeprefix("::").partition("::")
    name, _, pairs = head.partition(" ")
    properties = dict(pair.split("=", 1) for pair in pairs.split(",") if pair)
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        properties = {key: value.replace(escape, character) for key, value in properties.items()}
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        data = data.replace(escape, character)
    return name, properties, data


@given(st.text(), st.text(min_size=1))
def test_a_command_is_read_back_as_it_was_meant(data: str, title: str) -> None:
    line = runner.command("error", data, properties={"title": title, "line": "3"})
    assert parsed(line) == ("error", {"title": title, "line": "3"}, data)
    assert "\n" not in line
    assert "\r" not in line


def test_an_annotation_points_at_its_place() -> None:
    item = Annotation(Level.ERROR, "too many nulls", "amount", "mlval.yml", line=12, column=7)
    assert runner.annotation(item) == "::error file=mlval.yml,line=12,col=7,title=amount::too many nulls"
    assert runner.annotation(Annotation(Level.WARNING, "thin")) == "::warning::thin"


def test_a_message_of_megabytes_is_cut() -> None:
    assert len(runner.annotation(Annotation(Level.ERROR, "x" * 5_000_000))) < 5_000


def test_ten_of_a_level_are_shown_and_the_rest_counted() -> None:
    errors = [Annotation(Level.ERROR, f"e{number}") for number in range(12)]
    warnings = [Annotation(Level.WARNING, f"w{number}") for number in range(10)]
    lines = runner.annotations([*warnings, *errors])
    assert len([line for line in lines if line.startswith("::error")]) == 10
    assert lines[9] == "::error::3 more: see the step summary."
    assert lines[-1] == "::warning::w9"


def test_secrets_are_masked_line_by_line_and_as_addresses_spell_them() -> None:
    assert runner.masks(["p@ss", "", "one\n \ntwo", "one"]) == (
        "::add-mask::p@ss",
        "::add-mask::p%2540ss",
        "::add-mask::one",
        "::add-mask::two",
    )


def commands_read(log: str) -> Iterator[str]:
    """Every command that the runner would obey: none between a stop and its own token."""
    stopped = ""
    for line in log.splitlines():
        name, _, data = parsed(line.lstrip()) if line.lstrip().startswith("::") else ("", {}, "")
        if stopped:
            stopped = "" if name == stopped else stopped
        elif name == "stop-commands":
            stopped = data
        elif name or "##[" in line:
            yield line


@given(
    st.lists(
        st.sampled_from(["::error::x", f"::{TOKEN[:-1]}::", "##[add-mask]x", "::stop-commands::a", "x", "\r"])
    )
)
def test_no_command_in_untrusted_text_is_obeyed(lines: list[str]) -> None:
    log = runner.untrusted("\n".join(lines), token) + runner.command("notice", "after") + "\n"
    assert list(commands_read(log)) == ["::notice::after"]


def test_a_word_that_the_text_knows_is_not_used() -> None:
    numbers = count(1)
    words = [f"{number:032x}" for number in (1, 2)]
    guarded = runner.untrusted(f"::{words[0].upper()}::", lambda: f"{next(numbers):032x}")
    assert guarded == f"::stop-commands::{words[1]}\n::{words[0]}::\n::{words[1]}::\n"


@pytest.mark.parametrize("word", ["", "pause-logging", "abc"])
def test_a_weak_word_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="32 hexadecimal"):
        runner.untrusted("text", lambda: word)


@given(st.text())
def test_an_output_is_read_back_as_it_was_meant(value: str) -> None:
    head, _, rest = runner.output("verdict", value, token=token).partition("\n")
    name, _, delimiter = head.partition("<<")
    assert (name, delimiter) == ("verdict", TOKEN)
    assert rest.partition(f"\n{delimiter}\n") == (value, f"\n{delimiter}\n", "")


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a\nb", "a<<b"])
def test_an_output_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        runner.output(name, "x", token=token)


def test_a_summary_stays_below_the_limit_in_bytes() -> None:
    text = runner.summary(["█" * 400_000, "█\n" * 300_000], link="https://example.com")
    assert len(text.encode()) <= 1_000_000
    assert text.endswith("<https://example.com>._\n")


def test_sending_writes_what_was_built() -> None:
    sent: list[str] = []
    runner.send(runner.masks(["secret"]), sent.append)
    assert sent == ["::add-mask::secret\n"]

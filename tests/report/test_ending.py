"""How a run ends that raised: the code of the error, its sentence and remedy, nothing that commands."""

import pytest

from mlval.domain.errors import ContractError, ExitCode, Place, Problem, SourceUnavailable, UsageError
from mlval.report.ending import Ending, ending, markdown

CONTRACT = ContractError(
    "gates/mlval.yml",
    (
        Problem("unknown key 'nuls'", "validations.0.nuls", Place(8, 16), "did you mean 'nulls'?"),
        Problem("the file is larger than 1 MiB"),
    ),
)


def ended(error: Exception) -> Ending:
    return ending(error, version="1.2.3")


def test_an_expected_error_is_a_sentence_and_a_remedy() -> None:
    end = ended(UsageError("there is no contract", remedy="name the file"))
    assert end.lines == ("error: there is no contract", "  try: name the file")
    assert (end.sentence, end.exit_code) == ("there is no contract", ExitCode.USAGE)


def test_without_a_remedy_there_is_one_line() -> None:
    assert ended(SourceUnavailable("gone")).lines == ("error: gone",)


def test_every_mistake_of_a_contract_has_its_line() -> None:
    assert ended(CONTRACT).lines == (
        "error: gates/mlval.yml: 2 problems",
        "  gates/mlval.yml:8:16: validations.0.nuls: unknown key 'nuls' (did you mean 'nulls'?)",
        "  gates/mlval.yml: the file is larger than 1 MiB",
    )


def test_what_nobody_expected_is_our_bug() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        divmod(1, 0)
    end = ended(raised.value)
    assert end.exit_code == ExitCode.BUG
    assert end.lines[0] == "Traceback (most recent call last):"
    assert end.lines[-2:] == (f"ZeroDivisionError: {raised.value}", end.sentence)
    assert "mlval 1.2.3" in end.sentence


@pytest.mark.parametrize("error", [UsageError("a\n::error::b\x1b[2J"), ValueError("a\n::error::b\x1b[2J")])
def test_no_line_commands_the_runner_or_the_terminal(error: Exception) -> None:
    end = ended(error)
    assert not any(line.startswith("::") or "\x1b" in line or "\n" in line for line in end.lines)


def test_markdown_says_that_nothing_was_judged() -> None:
    text = markdown(ended(UsageError("no <b>contract</b>", remedy="name `one`")))
    assert text.startswith("## ❌ mlval judged nothing\n\nerror: no &lt;b&gt;")
    assert "<b>" not in text
    assert "`" not in text

"""How a run ends that raised: lines for a person, an exit code, and the same as Markdown."""

import traceback
from dataclasses import dataclass
from typing import Final

from mlval.domain.errors import ContractError, ExitCode, MlvalError, Problem
from mlval.report import escape

_LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class Ending:
    """What to say, and with which code to leave.

    Attributes
    ----------
    sentence : what is wrong, in one line that is safe on a terminal
    lines : all that there is to say, safe on a terminal
    exit_code : never 0
    """

    sentence: str
    lines: tuple[str, ...]
    exit_code: ExitCode


def ending(error: Exception, *, version: str) -> Ending:
    """Return how an exception ends a run; one that is not expected is a bug of ours, never a verdict."""
    if not isinstance(error, MlvalError):
        sentence = f"This is a bug of mlval {version}; please report it with the lines above."
        trace = "".join(traceback.format_exception(error)).splitlines()
        return Ending(sentence, (*map(_inert, trace), sentence), ExitCode.BUG)
    sentence = _inert(error.message)
    if isinstance(error, ContractError):
        rest = tuple(_problem(error.file, problem) for problem in error.problems)
    else:
        rest = (f"  try: {_inert(error.remedy)}",) if error.remedy else ()
    return Ending(sentence, (f"error: {sentence}", *rest), error.exit_code)


def markdown(end: Ending) -> str:
    """Return an ending as Markdown for a step summary: nothing was judged, and why."""
    lines = "<br>\n".join(escape.markdown(line.strip(), _LONGEST) for line in end.lines)
    return f"## ❌ mlval judged nothing\n\n{lines}\n"


def _problem(file: str, problem: Problem) -> str:
    place = f":{problem.place.line}:{problem.place.column}" if problem.place else ""
    path = f" {problem.path}:" if problem.path else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"  {_inert(f'{file}{place}:{path} {problem.message}{hint}')}"


def _inert(text: str) -> str:
    return escape.terminal(text, _LONGEST)

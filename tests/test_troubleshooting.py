"""The page on messages: each stands in the code, and no class of error is left out."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from mlval.domain import errors

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
MESSAGES: Final = [message.strip() for message in re.findall(r"^\| ``(.+?)`` \|", PAGE, re.MULTILINE)]
GAP: Final = "\0"


def written(node: ast.AST) -> str | None:
    """Return a text of the code, with a gap for each part that is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) or GAP for part in node.values)
    return None


@cache
def texts() -> tuple[str, ...]:
    """Return every text of the package that is no docstring."""

    def found() -> Iterator[str]:
        for path in sorted((ROOT / "mlval").rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            nodes = list(ast.walk(tree))
            docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
            yield from (text for node in nodes if node not in docstrings and (text := written(node)))

    return tuple(found())


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_stands_in_the_code(message: str) -> None:
    parts = message.split("…")
    wanted = re.compile(f"[^{GAP}]*?{GAP}[^{GAP}]*?".join(map(re.escape, parts)))
    alike = (text for text in texts() if max(parts, key=len) in text)
    assert any(wanted.search(text) for text in alike), "no text of the code reads like this"


def test_the_page_has_messages() -> None:
    assert len(MESSAGES) > 50


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, cls in vars(errors).items()
        if isinstance(cls, type) and issubclass(cls, errors.MlvalError) and cls is not errors.MlvalError
    ],
)
def test_every_class_of_errors_has_its_part(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("code", [code for code in errors.ExitCode if code not in {0, 3, 5}])
def test_every_code_of_an_error_is_told(code: errors.ExitCode) -> None:
    assert f"Exit code {int(code)}" in PAGE

"""Writes docs/publishing.md from the table that the tests of publishing run; `--check` only compares."""

import argparse
import sys
from pathlib import Path

from tests.github.failures import CASES, REMEDIES, SET, WRITTEN, Case, Seen

PAGE = Path(__file__).parents[1] / "docs" / "publishing.md"

HEAD = """\
# Publishing: what GitHub answers and what you see

<!-- GENERATED from tests/github/failures.py: change that, then run `python tools/publishing_table.py`. -->

Publishing never changes a verdict: the exit code of the job is the verdict's in every row below. What could
not be published is said in the log, with the remedy. (`mlval publish`, which judges nothing, exits 5 where
something was not possible.)

Every row is a test: a real client, over a real socket, against a stand-in for GitHub that checks each request
against GitHub's own description of its API. *Done* means that the comment is up to date and the status is
set; *waited* is what the run waited in all, the pauses included that GitHub asks for between writes.

| GitHub | comment | status | waited | exit code |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    rows = "".join(_row(case) for case in CASES)
    remedies = "".join(f"### {_title(key)}\n\n{_block(text)}\n" for key, text in REMEDIES.items())
    return f"{HEAD}{rows}\n## What helps\n\n{remedies.rstrip()}\n"


def _row(case: Case) -> str:
    waited = "some seconds" if case.waited is None else f"{case.waited:g} s"
    cells = (case.answered, _seen(case.comment), _seen(case.status), waited, "the verdict's")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _seen(seen: Seen) -> str:
    if seen in {WRITTEN, SET}:
        return str(seen.ended)
    link = f" [What helps](#remedy-{seen.helps.lower().replace(' ', '-')})" if seen.helps else ""
    return f"**{seen.ended}**: {seen.sentence}{link}"


def _title(key: str) -> str:
    return f"Remedy: {key}"


def _block(text: str) -> str:
    """Lay out a remedy; its YAML becomes a code block."""
    sentence, _, yaml = text.partition("\n\n")
    return f"{sentence}\n\n```yaml\n{yaml}```\n" if yaml else f"{sentence}\n"


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the page is not current")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    print(f"{PAGE.name} is not current: run `python tools/publishing_table.py`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())

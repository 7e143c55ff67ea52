"""The docstring of a check, rule or metric as a docs page: a summary, then fixed headings."""

from dataclasses import dataclass

HEADINGS = ("What it measures", "Why it matters", "When it misleads", "Example", "References")
ELSEWHERE = "Elsewhere"
"""The heading of the counterparts in other tools, `Tool: spelling` a line; it may be left out."""
TOOLS = ("Great Expectations", "Soda", "pandera", "pointblank", "Deequ", "dbt", "ODCS")


@dataclass(frozen=True, slots=True)
class Page:
    """A docstring in parts: what stands before the first heading, and the text below each."""

    summary: str
    sections: dict[str, str]

    @property
    def example(self) -> str:
        """The text of a contract, or of a part of one."""
        return self.sections["Example"]

    @property
    def elsewhere(self) -> dict[str, str]:
        """The counterparts by tool.

        Raises
        ------
        ValueError
            If a line is none, or a tool is unknown, out of order or there twice.
        """
        text = self.sections.get(ELSEWHERE, "")
        pairs = [line.partition(": ") for line in text.splitlines()]
        tools = [tool for tool, _, spelling in pairs if spelling]
        if len(tools) != len(pairs) or tools != [tool for tool in TOOLS if tool in tools]:
            raise ValueError(
                f"below {ELSEWHERE}: one line `Tool: spelling` each, in the order {', '.join(TOOLS)}"
            )
        return {tool: spelling for tool, _, spelling in pairs}


def parsed(docstring: str) -> Page:
    """Split a docstring at its headings.

    Raises
    ------
    ValueError
        If one is missing, empty, misspelt or out of order.
    """
    summary: list[str] = []
    sections: dict[str, list[str]] = {}
    current = summary
    for line in docstring.splitlines():
        if line in {*HEADINGS, ELSEWHERE}:
            current = sections.setdefault(line, [])
        else:
            current.append(line.removeprefix("    ") if sections else line)
    texts = {heading: "\n".join(lines).strip("\n") for heading, lines in sections.items()}
    known = tuple(heading for heading in texts if heading != ELSEWHERE)
    if known != HEADINGS or not all(texts.values()):
        raise ValueError(f"a docstring has the headings {', '.join(HEADINGS)}, each with text below it")
    return Page("\n".join(summary).strip(), texts)


def markdown(page: Page) -> str:
    """Return the page as Markdown, from the summary on; headings are of the second level."""
    return "\n\n".join([page.summary, *(_section(heading, text) for heading, text in page.sections.items())])


def _section(heading: str, text: str) -> str:
    if heading == "Example":
        text = f"```yaml\n{text}\n```"
    elif heading == ELSEWHERE:
        text = "\n".join(f"- {tool}: `{spelt}`" for tool, _, spelt in map(_pair, text.splitlines()))
    elif heading == "References" and "\n" in text:
        text = "\n".join(f"- {line}" if not line.startswith(" ") else line for line in text.splitlines())
    return f"## {heading}\n\n{text}"


def _pair(line: str) -> tuple[str, str, str]:
    return line.partition(": ")

"""The docstring of a check, rule or metric as a docs page: a summary, then fixed headings."""

from dataclasses import dataclass

HEADINGS = ("What it measures", "Why it matters", "When it misleads", "Example", "References")


@dataclass(frozen=True, slots=True)
class Page:
    """A docstring in parts: what stands before the first heading, and the text below each."""

    summary: str
    sections: dict[str, str]

    @property
    def example(self) -> str:
        """The text of a contract, or of a part of one."""
        return self.sections["Example"]


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
        if line in HEADINGS:
            current = sections.setdefault(line, [])
        else:
            current.append(line.removeprefix("    ") if sections else line)
    texts = {heading: "\n".join(lines).strip("\n") for heading, lines in sections.items()}
    if tuple(texts) != HEADINGS or not all(texts.values()):
        raise ValueError(f"a docstring has the headings {', '.join(HEADINGS)}, each with text below it")
    return Page("\n".join(summary).strip(), texts)


def markdown(page: Page) -> str:
    """Return the page as Markdown, from the summary on; headings are of the second level."""
    return "\n\n".join([page.summary, *(_section(heading, text) for heading, text in page.sections.items())])


def _section(heading: str, text: str) -> str:
    if heading == "Example":
        text = f"```yaml\n{text}\n```"
    elif heading == "References" and "\n" in text:
        text = "\n".join(f"- {line}" if not line.startswith(" ") else line for line in text.splitlines())
    return f"## {heading}\n\n{text}"

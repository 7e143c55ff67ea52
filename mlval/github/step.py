"""The step that the runner has started: its log, its summary, its outputs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlval.github import runner
from mlval.github.runner import Annotation, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step can say to the runner. That a file of the runner's cannot be written changes no verdict.

    Attributes
    ----------
    environ : the runner's environment
    write : to the log
    word : makes a random word that nobody can guess
    """

    environ: Mapping[str, str]
    write: runner.Writer
    word: runner.Token

    def mask(self, secrets: Iterable[str]) -> None:
        """Hide secrets in all that is written from here on."""
        runner.send(runner.masks(secrets), self.write)

    def quote(self, text: str) -> None:
        """Write text from outside, in which the runner looks for no commands."""
        self.write(runner.untrusted(text, self.word))

    def annotate(self, items: Sequence[Annotation]) -> None:
        """Mark lines of files, as many as GitHub shows."""
        runner.send(runner.annotations(items), self.write)

    def warn(self, message: str) -> None:
        """Say that something did not work which changes no verdict."""
        runner.send((runner.annotation(Annotation(Level.WARNING, message, title="mlval")),), self.write)

    def summarise(self, *variants: str) -> None:
        """Show Markdown on the page of the run: the first variant that fits there."""
        self._append("GITHUB_STEP_SUMMARY", runner.summary(variants, link=self._run_url))

    def put_out(self, values: Mapping[str, str]) -> None:
        """Set outputs, for later steps to read."""
        lines = (runner.output(name, value, token=self.word) for name, value in values.items())
        self._append("GITHUB_OUTPUT", "".join(lines))

    @property
    def _run_url(self) -> str:
        server = self.environ.get("GITHUB_SERVER_URL", "https://github.com")
        repository, run = self.environ.get("GITHUB_REPOSITORY", ""), self.environ.get("GITHUB_RUN_ID", "")
        return f"{server}/{repository}/actions/runs/{run}"

    def _append(self, variable: str, text: str) -> None:
        path = self.environ.get(variable)
        if not path:
            return
        try:
            with Path(path).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except OSError as error:
            self.warn(f"{variable} could not be written: {error.strerror}")

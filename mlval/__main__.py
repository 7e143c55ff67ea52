"""The command line: `mlval COMMAND`; each command is a file of `mlval.commands`."""

import importlib
import os
import sys

import click

from mlval import __version__

COMMANDS = {
    "init": "Suggest a contract from data.",
    "run": "Judge a contract: measure, print the verdict, exit 0 or 1.",
    "merge": "Join the results of parallel jobs to one report and one verdict.",
    "publish": "Publish what a run of a fork has left, in a workflow of its own.",
    "watch": "Keep one issue a contract in step with what a scheduled gate finds.",
    "profile": "Write a small description of a dataset that can stand in its place.",
    "calibrate": "Find the thresholds of a drift validation that keep a budget of false alarms.",
    "lint": "Check that a contract is valid, without reading any data.",
    "diff": "Say what an edit of a contract loosens.",
    "plan": "Say how many rows the margins of a comparison need.",
    "import": "Make a contract of a suite or contract of another tool.",
    "export": "Write a contract as an Open Data Contract.",
    "schema": "Print the JSON Schema of contracts, for editors.",
    "checks": "List checks, rules and metrics, or explain one.",
    "doctor": "Say what is missing: in the workflow, around the contract, in the cage of models.",
}

FILES = {"import": "import_"}
"""Commands whose name is a word of Python."""


class Commands(click.Group):
    """Loads a command only when it is called, so that `--help` is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which they are met."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(
            f"mlval.commands.{FILES.get(cmd_name, cmd_name)}"
        ).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


EPILOG = """\b
Exit codes of `run`:
  0 passed   1 blocked   2 contract or usage error
  3 blocked only by too little data   4 blocked only by unavailable sources
  70 a bug of mlval
`publish` and `watch` exit with 5 where they could not write."""


@click.command(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mlval")
def cli() -> None:
    """Decide whether a change to data or to a model may be merged."""


def main() -> None:
    """Run a command; every expected error becomes a message, a remedy and an exit code."""
    # Nobody's plugins take part in reading a contract; looking for them takes time as well.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    from mlval.commands._errors import guarded

    sys.exit(guarded(lambda: cli(standalone_mode=False)))


if __name__ == "__main__":
    main()

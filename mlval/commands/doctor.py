"""`mlval doctor`: what this machine gives to the cage around models."""

import click

from mlval.commands._output import say
from mlval.domain.errors import ExitCode
from mlval.domain.text import shown

EPILOG = """\b
Exits with 0 when every layer holds, and with 4 when one is missing: no model would be started then."""


@click.command(epilog=EPILOG)
def command() -> int:
    """Try every layer of the cage in which models run, and say what each missing one needs."""
    from mlval.scoring.cage.layers import REMEDIES, layers

    found = layers()
    for layer in found:
        say(f"{'holds' if layer.holds else 'missing':<8}{layer.name:<20}{shown(layer.detail)}\n")
        if not layer.holds:
            say(f"{'':<8}{REMEDIES[layer.name]}\n")
    return ExitCode.PASSED if all(layer.holds for layer in found) else ExitCode.UNAVAILABLE

"""Why a text from elsewhere is no predicate: asked of the engine's own parser, before there is any data."""

from collections.abc import Callable


def refusal() -> Callable[[str], str | None]:
    """Return a function that says why a contract cannot hold a predicate, None where it can."""
    from mlval.measure.connection import bare
    from mlval.measure.predicate import PredicateError, compile_predicate, parser

    parse = parser(bare())

    def why(text: str) -> str | None:
        try:
            compile_predicate(text, parse=parse, columns=None)
        except PredicateError as error:
            return str(error)
        return None

    return why

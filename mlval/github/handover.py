"""Why a finished run is not published: what does not fit is refused, what is too late is left alone."""

from mlval.domain.errors import ExitCode, MlvalError


class HandoverRefused(MlvalError):
    """What another run left, or the run itself, is not what it has to be; the text is a whole sentence."""

    exit_code = ExitCode.UNPUBLISHED


class Overtaken(Exception):
    """The pull request has moved on, is closed or goes elsewhere: there is nothing to publish."""

"""The metrics that a run of MLflow logged: numbers by name, taken as they are."""

import re
from collections.abc import Mapping

from mlval.domain.errors import SourceRefused
from mlval.domain.text import shown
from mlval.sources.mlflow import Artifacts, translated
from mlval.sources.mlflow_uri import ArtifactReference

_RUN = re.compile(r"runs:/([0-9a-f]{32})")


def logged_metrics(artifacts: Artifacts, reference: str) -> Mapping[str, float]:
    """Return the newest value of every metric of the run that `runs:/ID` names.

    Raises
    ------
    SourceRefused
        If the reference has another form.
    SourceUnavailable
        If there is no tracking server, it does not answer, or it has no such run.
    """
    match = _RUN.fullmatch(reference)
    if match is None:
        message = f"{shown(reference)!r} does not name a run of MLflow"
        raise SourceRefused(message, remedy="write runs:/ID")
    wanted = ArtifactReference("", run=match[1])
    connection = artifacts.connect()
    with translated(wanted):
        logged = connection.client.get_run(wanted.run).data.metrics
        return {str(name): float(value) for name, value in logged.items()}

"""What the files of a model show before it is loaded: findings, the ask for them, and its answer."""

from dataclasses import dataclass
from typing import Literal

from mlval.domain.asks import Ask
from mlval.domain.model_description import Format

Code = Literal[
    "archive",
    "code-paths",
    "executable",
    "link",
    "loader-code",
    "onnx-external-data",
    "path-escapes",
    "pickle-computed",
    "pickle-extension",
    "pickle-global",
    "pickle-state",
    "pickle-trailing",
    "requirement-option",
    "requirement-url",
    "skops-type",
    "unreadable",
]
"""Kinds of findings, each of which a contract may allow."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that should be known of a model: its kind, the file it is in, one sentence; safe to show."""

    code: Code
    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """A model as its files show it: format, bytes of all files, digest, and findings in order."""

    format: Format
    size: int
    digest: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ModelFindings(Ask[Inspected]):
    """What the files of a model show, without loading it."""

    model: str

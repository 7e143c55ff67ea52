"""What the files of a model would do when it is loaded, found out without loading it.

What it measures
    `findings`: things in the model's files that a trained model does not need, each with its kind:
    `pickle-global`: a pickle names a function or class that no scikit-learn model needs.
    `pickle-computed`: it puts a name together, or calls what is not named.
    `pickle-extension`: it takes objects from a registry or from elsewhere.
    `pickle-state`: it sets attributes that change what an object is.
    `pickle-trailing`: it goes on behind its end.
    `unreadable`: a file cannot be followed to its end.
    `skops-type`: a file of skops names such a type, or the model asks to trust one.
    `loader-code`: the model is loaded by code that is not MLflow's.
    `code-paths`: it brings source code.
    `path-escapes`: its description names a path that leads out of it.
    `onnx-external-data`: its ONNX file takes tensors from such a path.
    `link`: a file was a link to another one. `executable`: a file is a program.
    `archive`: a file is compressed or an archive, by its content, where the model does not need one.
    `requirement-url`, `requirement-option`: a requirement names an address, a file or an option.
    `size`: the bytes of all files together, where `max_size` asks for it.
    `format`: 1 where the format is none of `formats`, where these are given.

Why it matters
    A pickle is a program. So are some kinds of models that MLflow saves. Whoever loads the model next may
    have no cage around it.

When it misleads
    A clean result is no proof: what a known class does with prepared values is not followed. The cage
    protects this run, not this list. A model with classes of your own has findings that are no attack:
    allow their kind, or save the model in a format that is data (skops, ONNX, the own formats of XGBoost and
    LightGBM).

Example
    - type: model_files
      model: candidate
      allow: [code-paths]
      max_size: 200MB
      formats: [skops, onnx]

References
    Python's documentation of pickletools.
    Zhao et al. (2024), Models are codes: towards measuring malicious code poisoning attacks on pre-trained
    model hubs.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from mlval.domain import roles
from mlval.domain.bound import Bound
from mlval.domain.byte_size import ByteSizeSpec, size_text
from mlval.domain.check import Check
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail, Measurement, Path
from mlval.domain.model_description import Format
from mlval.domain.model_findings import Code, Finding, Inspected, ModelFindings
from mlval.domain.steps import Steps, ask
from mlval.domain.tighter import DOWN, SUBSET

_LISTED = 100
_TOLD = 3


class ModelFiles(Check):
    """The files of a model hold a model, and nothing that would run when it is loaded."""

    name = "model_files"

    type: Literal["model_files"] = Field(description="The kind of validation.")
    model: str | None = Field(
        default=None, description="Which model; default: `candidate`, or the only one that there is."
    )
    allow: Annotated[tuple[Code, ...], SUBSET] = Field(
        default=(), description="Kinds of findings that do not count."
    )
    max_size: Annotated[ByteSizeSpec | None, DOWN] = Field(
        default=None, description="The most bytes of all files together, such as 200MB."
    )
    formats: Annotated[Annotated[tuple[Format, ...], Field(min_length=1)] | None, SUBSET] = Field(
        default=None, description="The formats that the model may have; default: all that are known."
    )

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name a model that there is not, or that has no files."""
        try:
            model = inputs.models[self._model(inputs)]
        except Unmeasurable as error:
            return ((("model",), error.message),)
        if model.predictions is None and model.metrics is None:
            return ()
        return (
            (("model",), "the model has no files, only what it predicted; name one with `path:` or `uri:`"),
        )

    def uses(self, inputs: Inputs) -> Uses:
        """Return the model."""
        return Uses((), (self._model(inputs),))

    def steps(self, inputs: Inputs) -> Steps:
        """Ask what the files show, and count what is not allowed."""
        model = self._model(inputs)
        inspected = yield from ask(ModelFindings(model))
        measured = [self._findings(model, inspected)]
        if self.max_size is not None:
            measured.append(
                Measurement(
                    subject=model,
                    metric="size",
                    limit=Bound(max=self.max_size),
                    value=inspected.size,
                    details={"remark": size_text(inspected.size)},
                    path=("max_size",),
                )
            )
        if self.formats is not None:
            measured.append(
                Measurement(
                    subject=model,
                    metric="format",
                    limit=Bound(max=0),
                    value=int(inspected.format not in self.formats),
                    details={"format": inspected.format, "remark": f"the format is {inspected.format}"},
                    path=("formats",),
                )
            )
        return tuple(measured)

    def _findings(self, model: str, inspected: Inspected) -> Measurement:
        counted = [one for one in inspected.findings if one.code not in self.allow]
        details: dict[str, Detail] = {
            "format": inspected.format,
            "sha256": inspected.digest,
            "findings": tuple(_detail(one) for one in counted[:_LISTED]),
            "allowed": len(inspected.findings) - len(counted),
        }
        if counted:
            details["codes"] = dict(sorted(Counter(one.code for one in counted).items()))
            details["remark"] = _remark(counted)
        return Measurement(
            subject=model, metric="findings", limit=Bound(max=0), value=len(counted), details=details
        )

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)


def _detail(finding: Finding) -> Mapping[str, Detail]:
    return {"code": finding.code, "file": finding.file, "message": finding.message}


def _remark(findings: list[Finding]) -> str:
    """Return the first few findings as text."""
    told = [f"`{one.file}` {one.message} ({one.code})" for one in findings[:_TOLD]]
    more = len(findings) - len(told)
    return "; ".join([*told, *([f"and {more:,} more"] if more else [])])

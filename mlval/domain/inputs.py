"""What validations are asked of: datasets and models as a contract describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from mlval.domain.frozen import Frozen
from mlval.domain.reported import ReportedBy
from mlval.domain.tighter import SUPERSET, ladder

_MLFLOW = (
    "A file in MLflow: runs:/ID/path, models:/NAME@ALIAS/path, models:/NAME/VERSION/path, models:/m-ID/path."
)


class CsvFormat(Frozen):
    """How a delimited text file is written, where it differs from the rule for its name."""

    delimiter: Literal[",", ";", "\t", "|"] = Field(
        default=",", description="What stands between two fields."
    )


class Connection(Frozen):
    """Where a database is: named, never written into the contract."""

    env: str = Field(
        pattern=r"^MLVAL_[A-Z0-9_]{1,60}$",
        description="The environment variable that holds the URL, host and credential together.",
    )
    timeout: int = Field(default=300, ge=1, le=3600, description="Seconds that the query may take.")


class Dataset(Frozen):
    """One table, and what its columns mean."""

    path: str | tuple[str, ...] | None = Field(
        default=None,
        description="A file or a glob, relative to the contract, or in a bucket (`s3://…`): "
        "Parquet, CSV, TSV or JSON lines.",
    )
    profile: str | None = Field(
        default=None, description="A committed profile (`mlval profile`) that stands for the rows."
    )
    sql: str | None = Field(default=None, description="One SELECT, answered by the database of `connection`.")
    table: str | None = Field(
        default=None, description="A table or view of the database of `connection`: `name` or `schema.name`."
    )
    connection: Connection | None = Field(default=None, description="The database of `sql:` or `table:`.")
    mlflow: str | None = Field(default=None, description=_MLFLOW)
    source: Literal["input"] | None = Field(
        default=None,
        alias="from",
        description="`input`: the file is named when the gate runs (`--data NAME=PATH`).",
    )
    format: CsvFormat | None = Field(default=None, description="How a delimited text file is written.")
    key: str | tuple[str, ...] | None = Field(
        default=None, description="The column or columns that identify a row."
    )
    target: str | None = Field(default=None, description="The column that holds the truth.")
    positive: str | int | bool | None = Field(
        default=None,
        description="The value of `target` that counts as positive; needed where it cannot be told.",
    )
    time: str | None = Field(default=None, description="The column that says when a row happened.")
    group: str | None = Field(
        default=None,
        description="The column whose equal values mark rows that belong together: a query, a user.",
    )
    features: tuple[str, ...] | None = Field(
        default=None, description="The columns that a model sees; default: all but key, target and time."
    )
    sensitive: Annotated[tuple[str, ...], SUPERSET] = Field(
        default=(), description="Columns whose values are never shown, in no output: examples mask them."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Dataset":
        places = (self.path, self.profile, self.sql, self.table, self.mlflow, self.source)
        if sum(place is not None for place in places) != 1:
            message = "say where the rows are, by one of: path, profile, sql, table, mlflow, from: input"
            raise ValueError(message)
        if (self.connection is None) != (self.sql is None and self.table is None):
            message = "`sql:` and `table:` go with a `connection:`, and nothing else does"
            raise ValueError(message)
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns, none where the contract names none."""
        return (self.key,) if isinstance(self.key, str) else self.key or ()


class Predictions(Frozen):
    """Predictions that somebody else made: columns of a dataset, or a file joined by key."""

    dataset: str | None = Field(
        default=None, description="The dataset whose own columns hold the predictions."
    )
    path: str | None = Field(default=None, description="A file with one row a prediction, joined by `key`.")
    mlflow: str | None = Field(default=None, description=_MLFLOW)
    source: Literal["input"] | None = Field(
        default=None,
        alias="from",
        description="`input`: the file is named when the gate runs (`--model NAME=PATH`).",
    )
    key: str | tuple[str, ...] | None = Field(
        default=None,
        description="The key columns of the file, in the order of the dataset's key; default: its names.",
    )
    label: str | None = Field(default=None, description="The column with the predicted class or value.")
    score: str | None = Field(
        default=None, description="The column with the score or probability of the positive class."
    )
    scores: dict[str, str] | None = Field(
        default=None,
        min_length=2,
        max_length=1000,
        description="The column with the probability of each class, by class; gives `score` where there "
        "are two classes, and labels where there is no `label`.",
    )
    threshold: float | None = Field(
        default=None, description="Scores from here on are positive; gives labels where there is no `label`."
    )

    @model_validator(mode="after")
    def _complete(self) -> "Predictions":
        if sum(place is not None for place in (self.dataset, self.path, self.mlflow, self.source)) != 1:
            message = "say where the predictions are: one of `dataset:`, `path:`, `mlflow:` or `from: input`"
            raise ValueError(message)
        if self.label is None and self.score is None and self.scores is None:
            message = "name the column with the predictions: `label:`, `score:` or both"
            raise ValueError(message)
        if self.score is not None and self.scores is not None:
            message = "give `score:` of the positive class or `scores:` of every class, not both"
            raise ValueError(message)
        if self.threshold is not None and self.score is None and len(self.scores or ()) != 2:
            message = "`threshold:` needs a `score:` column, or `scores:` of two classes"
            raise ValueError(message)
        return self

    @property
    def columns(self) -> frozenset[str]:
        """The columns that hold labels and scores."""
        named = (self.label, self.score, *(self.scores or {}).values())
        return frozenset(name for name in named if name is not None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of the file, none where they are those of the dataset."""
        return (self.key,) if isinstance(self.key, str) else self.key or ()


class Model(Frozen):
    """One model: where its bytes are, or the predictions that it made."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [key]} for key in ("uri", "path", "predictions", "from")]}
    )

    uri: str | None = Field(
        default=None,
        description="In MLflow: models:/NAME@ALIAS, models:/NAME/VERSION, models:/m-ID, runs:/ID/path.",
    )
    path: str | None = Field(
        default=None,
        description="A file (scikit-learn, skops, ONNX, XGBoost, LightGBM) or a folder that MLflow wrote.",
    )
    predictions: Predictions | None = Field(
        default=None, description="Predictions that somebody else made; nothing is loaded."
    )
    source: Literal["input"] | None = Field(
        default=None,
        alias="from",
        description="`input`: the model is named when the gate runs (`--model NAME=PATH`, or in MLflow).",
    )
    metrics: dict[str, float] | ReportedBy | None = Field(
        default=None,
        description="Its metrics, measured elsewhere and taken as reported, so that nothing can be paired: "
        "numbers by name, `runs:/ID` of MLflow, an earlier result.json, or `base` for the result of the "
        "base branch.",
    )
    if_missing: Annotated[Literal["pass", "block"], ladder("pass", "block")] = Field(
        default="block",
        description="What a comparison with it says where there is none of this name, as before the first "
        "release.",
    )
    environment: Literal["image", "uv"] = Field(
        default="image",
        description="Where it runs: `image`, beside the gate (scikit-learn and skops), or `uv`, an "
        "environment built from its requirements, wheels only.",
    )
    requirements: str | None = Field(
        default=None, description="A file of requirements for `environment: uv`; default: the model's own."
    )
    sha256: Annotated[str | None, SUPERSET] = Field(
        default=None,
        pattern="^[0-9a-f]{64}$",
        description="The digest that the model must have: of the file, or of the folder's manifest.",
    )
    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Probabilities of the positive class from here on are positive; default: "
        "the model's own labels.",
    )
    output: str | None = Field(
        default=None, description="Which of several predicted numbers is compared with the target."
    )

    @model_validator(mode="after")
    def _one_place(self) -> "Model":
        places = (self.uri, self.path, self.predictions, self.metrics, self.source)
        if sum(place is not None for place in places) != 1:
            message = "say where the model is, by one of: uri, path, predictions, metrics, from: input"
            raise ValueError(message)
        given = self.model_fields_set - {"uri", "path", "predictions", "metrics", "source", "if_missing"}
        for named in ("predictions", "metrics"):
            if getattr(self, named) is not None and given:
                message = f"`{min(given)}:` is of a model that is loaded; here are `{named}:`"
                raise ValueError(message)
        if self.requirements is not None and self.environment != "uv":
            message = "`requirements:` goes with `environment: uv`"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Inputs:
    """What validations are asked of: the datasets and models by name.

    `vocabulary` holds the values that the contract itself spells out. Only these may be shown
    where values of the data would otherwise leave it. `now` is the time of the run, in ISO 8601.
    """

    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()
    now: str | None = None

    def predicted(self, dataset: str) -> frozenset[str]:
        """Return the columns of a dataset that hold predictions of any model."""
        found = (model.predictions for model in self.models.values())
        return frozenset(
            name for one in found if one is not None and one.dataset == dataset for name in one.columns
        )


@dataclass(frozen=True, slots=True)
class Uses:
    """The datasets and models that a validation asks about."""

    datasets: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

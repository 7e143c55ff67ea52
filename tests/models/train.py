"""Started by path in the environment of a library: trains a small model, saves it, predicts without a cage.

    python train.py KIND FOLDER

Leaves `model` and `expected.npy` (rows × outputs, as the worker is to give them) in the folder.
"""

# The libraries are in environments of their own, where no checker looks.
# mypy: disable-error-code="import-untyped,import-not-found"
# ruff: noqa: ANN401

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

NAMES = ["a", "b", "c", "d", "e"]
BATCH = 300


def features() -> Any:
    return np.random.default_rng(11).normal(size=(1_000, len(NAMES)))


def numbers() -> Any:
    rows = features()
    return rows[:, 0] * 3 + np.sin(rows[:, 1])


def two() -> Any:
    return (features()[:, 0] > 0.2).astype(int)


def three() -> Any:
    return np.digitize(features()[:, 0], [-0.5, 0.5])


def words() -> Any:
    return np.array(["low", "mid", "top"])[three()]


def named() -> Any:
    import pandas as pd

    return pd.DataFrame(features(), columns=NAMES)


def plans() -> Any:
    return np.array(["free", "pro", "team"])[np.digitize(features()[:, 2], [-0.4, 0.4])]


def mixed() -> Any:
    return named().assign(plan=plans())


def in_batches(rows: Any, predict: Callable[[Any], Any]) -> Any:
    return np.concatenate([predict(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH)])


def classified(model: Any, rows: Any) -> Any:
    known = list(model.classes_)
    labels = in_batches(
        rows, lambda part: [known.index(each) for each in np.asarray(model.predict(part)).tolist()]
    )
    return np.column_stack([labels, in_batches(rows, model.predict_proba)])


def mixed_pipeline() -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    parts = ColumnTransformer([("n", StandardScaler(), NAMES), ("p", OneHotEncoder(), ["plan"])])
    return make_pipeline(parts, LogisticRegression()).fit(mixed(), words())


def sklearn_joblib(path: Path) -> Any:
    import joblib

    model = mixed_pipeline()
    joblib.dump(model, path, compress=3)
    return classified(model, mixed())


def sklearn_outputs(path: Path) -> Any:
    import joblib
    from sklearn.ensemble import RandomForestRegressor

    model = RandomForestRegressor(5, random_state=0).fit(features(), np.column_stack([numbers(), two()]))
    joblib.dump(model, path)
    return in_batches(features(), model.predict)


def skops(path: Path) -> Any:
    from skops import io

    model = mixed_pipeline()
    io.dump(model, path)
    return classified(model, mixed())


def skops_trees(path: Path) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from skops import io

    model = HistGradientBoostingClassifier(max_iter=5).fit(named(), words())
    io.dump(model, path)
    return classified(model, named())


def skops_stranger(path: Path) -> Any:
    from shutil import rmtree

    from sklearn.preprocessing import FunctionTransformer
    from skops import io

    io.dump(FunctionTransformer(rmtree), path)
    return np.zeros(1)


def xgboost_two(path: Path) -> Any:
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=20, early_stopping_rounds=2, eval_metric="logloss")
    model.fit(named()[:700], two()[:700], eval_set=[(named()[700:], two()[700:])], verbose=False)
    model.save_model(path.with_suffix(".json"))
    path.with_suffix(".json").rename(path)
    return classified(model, named())


def xgboost_three(path: Path) -> Any:
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=5).fit(features(), three())
    model.save_model(path.with_suffix(".ubj"))
    path.with_suffix(".ubj").rename(path)
    return classified(model, features())


def xgboost_number(path: Path) -> Any:
    import xgboost

    targets = np.column_stack([numbers(), two()])
    model = xgboost.XGBRegressor(n_estimators=5).fit(features(), targets)
    model.save_model(path.with_suffix(".json"))
    path.with_suffix(".json").rename(path)
    return in_batches(features(), model.predict)


def xgboost_texts(path: Path) -> Any:
    import xgboost

    table = mixed().astype({"plan": "category"})
    model = xgboost.XGBClassifier(n_estimators=5, enable_categorical=True).fit(table, two())
    model.save_model(path.with_suffix(".json"))
    path.with_suffix(".json").rename(path)
    return classified(model, table)


def xgboost_pickled(path: Path) -> Any:
    import joblib
    import xgboost

    model = xgboost.XGBClassifier(n_estimators=5).fit(named(), three())
    joblib.dump(model, path)
    return classified(model, named())


def lightgbm_two(path: Path) -> Any:
    import lightgbm

    model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(named(), two())
    model.booster_.save_model(path)
    return classified(model, named())


def lightgbm_three(path: Path) -> Any:
    import lightgbm

    model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(features(), three())
    model.booster_.save_model(path)
    return classified(model, features())


def lightgbm_number(path: Path) -> Any:
    import lightgbm

    model = lightgbm.LGBMRegressor(n_estimators=5, verbose=-1).fit(features(), numbers())
    model.booster_.save_model(path)
    return in_batches(features(), model.predict)


def lightgbm_texts(path: Path) -> Any:
    import lightgbm

    table = mixed().astype({"plan": "category"})
    model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1).fit(table, two())
    model.booster_.save_model(path)
    return classified(model, table)


def onnx_saved(path: Path, model: Any, **options: Any) -> Any:
    import onnxruntime
    from skl2onnx import to_onnx

    path.write_bytes(to_onnx(model, features()[:1].astype(np.float32), **options).SerializeToString())
    session = onnxruntime.InferenceSession(path)

    def run(part: Any) -> Any:
        found = session.run(None, {session.get_inputs()[0].name: part.astype(np.float32)})
        if len(found) == 1:
            return found[0]
        known = list(model.classes_)
        labels = [known.index(each) for each in found[0].tolist()]
        scores = found[1]
        if isinstance(scores, list):
            scores = [[row[name] for name in known] for row in scores]
        return np.column_stack([labels, scores])

    return in_batches(features(), run)


def onnx_words(path: Path) -> Any:
    from sklearn.linear_model import LogisticRegression

    return onnx_saved(path, LogisticRegression().fit(features(), words()))


def onnx_forest(path: Path) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(5, random_state=0).fit(features(), three() + 1)
    return onnx_saved(path, model, options={"zipmap": False})


def onnx_number(path: Path) -> Any:
    from sklearn.linear_model import LinearRegression

    return onnx_saved(path, LinearRegression().fit(features(), numbers()))


def mlflow_sklearn(path: Path) -> Any:
    import mlflow.sklearn

    model = mixed_pipeline()
    mlflow.sklearn.save_model(model, path, serialization_format="cloudpickle")
    return classified(model, mixed())


def mlflow_skops(path: Path) -> Any:
    import mlflow.sklearn

    model = mixed_pipeline()
    mlflow.sklearn.save_model(model, path, serialization_format="skops")
    return classified(model, mixed())


def mlflow_function(path: Path) -> Any:
    import mlflow.pyfunc

    class Twice(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
        def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
            del context, params
            return model_input["a"] * 2

    mlflow.pyfunc.save_model(path, python_model=Twice())
    return features()[:, 0] * 2


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[2])
    expected = np.asarray(globals()[sys.argv[1]](folder / "model"), dtype=np.float64)
    np.save(folder / "expected.npy", expected.reshape(len(expected), -1))

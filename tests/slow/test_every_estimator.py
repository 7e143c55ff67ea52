"""Every estimator of scikit-learn, fitted and pickled in every way, has no findings."""

import contextlib
import io
import pickle
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.utils import all_estimators
from sklearn.utils._test_common.instance_generator import _construct_instances

from mlval.scoring.joblib_array import WRAPPER
from mlval.scoring.pickle_machine import Walked
from mlval.scoring.pickle_names import is_known
from mlval.scoring.pickle_walk import walk
from tests.scoring.pickles import data, joblibbed


def fitted() -> Iterator[BaseEstimator]:
    rows, truth = data()
    rows = np.abs(rows)
    for _, kind in all_estimators():
        with contextlib.suppress(Exception):
            for estimator in list(_construct_instances(kind))[:2]:
                with contextlib.suppress(Exception):
                    estimator.fit(rows, truth)
                yield estimator


def odd(found: Walked, *, joblib: bool) -> set[object]:
    unknown = {one for one in found.globals if not is_known(one.module, one.name)}
    known_to_joblib = {WRAPPER} if joblib else set()
    ends = {found.broken, found.trailing} - {"", False}
    return (unknown - known_to_joblib) | found.computed | found.extensions | found.states | ends


@pytest.mark.filterwarnings("default")
def test_no_estimator_has_findings() -> None:
    found: dict[str, set[object]] = {}
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for estimator in fitted():
            count += 1
            name = type(estimator).__name__
            for protocol in (0, 2, 4, 5):
                walked = walk(io.BytesIO(pickle.dumps(estimator, protocol)))
                found.setdefault(name, set()).update(odd(walked, joblib=False))
            walked = walk(io.BytesIO(joblibbed(estimator)), joblib=True)
            found[name] |= odd(walked, joblib=True)
    assert count > 150
    assert {name: one for name, one in found.items() if one} == {}

"""The list of names: what models need is on it, what runs code or reads files is not."""

import importlib
import pkgutil
import warnings

import pytest
import sklearn

from mlval.scoring.pickle_names import is_known

REFUSED = [
    *(("builtins", name) for name in ("eval", "exec", "getattr", "setattr", "open", "type", "map", "apply")),
    *(("builtins", name) for name in ("__import__", "compile", "print", "input", "breakpoint", "globals")),
    ("os", "system"),
    ("posix", "system"),
    ("nt", "system"),
    ("subprocess", "Popen"),
    ("functools", "partial"),
    ("functools", "reduce"),
    ("operator", "attrgetter"),
    ("operator", "methodcaller"),
    ("_operator", "itemgetter"),
    ("importlib", "import_module"),
    ("pickle", "loads"),
    ("_pickle", "loads"),
    ("cloudpickle.cloudpickle", "_make_function"),
    ("joblib", "load"),
    ("joblib.numpy_pickle", "load"),
    ("numpy", "load"),
    ("numpy", "vectorize"),
    ("numpy", "fromfile"),
    ("numpy", "frompyfunc"),
    ("numpy.core", "_ufunc_reconstruct"),
    ("numpy._core", "_ufunc_reconstruct"),
    ("numpy.f2py", "compile"),
    ("numpy.f2py.crackfortran", "getlincoef"),
    ("numpy.distutils.exec_command", "exec_command"),
    ("numpy.testing._private.utils", "runstring"),
    ("numpy.core.multiarray", "fromfile"),
    ("numpy.lib.npyio", "DataSource"),
    ("scipy.sparse", "os"),
    ("scipy.io", "loadmat"),
    ("sklearn.datasets", "fetch_openml"),
    ("sklearn.datasets._base", "load_files"),
    ("sklearn.utils._testing", "raises"),
    ("sklearn.utils._mocking", "CheckingClassifier"),
    ("sklearn.utils.parallel", "Parallel"),
    ("sklearn.tests.test_base", "MyEstimator"),
    ("sklearn.tree.tests.test_tree", "Anything"),
    ("sklearn.externals._packaging.version", "Version"),
    ("sklearn.linear_model._base", "ABCMeta"),
    ("sklearn.linear_model._base", "np"),
    ("sklearn.linear_model._base.os", "system"),
    ("sklearn.linear_model._base", "LinearRegression.fit"),
    ("sklearn.linear_modelx", "LinearRegression"),
    ("sklearn", "LinearRegression"),
    ("Sklearn.tree", "Tree"),
    ("sklearn.tree\n", "Tree"),
    ("sklearn.tree", "Tree\n"),
    ("xgboost.sklearn", "os"),
    ("torch", "load"),
    ("", ""),
    ("builtins", "object\x00"),
]


@pytest.mark.parametrize("module, name", REFUSED)
def test_what_does_more_than_build_a_value_is_not_known(module: str, name: str) -> None:
    assert not is_known(module, name)


# Types of which calling makes nothing happen, as they stand in modules of scikit-learn.
HARMLESS = {"abc", "builtins", "collections", "collections.abc", "numbers", "typing"}


def test_no_known_name_of_a_module_is_something_from_elsewhere() -> None:
    odd = set()
    for module in pkgutil.walk_packages(sklearn.__path__, "sklearn."):
        if ".tests" in module.name or "conftest" in module.name:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                loaded = importlib.import_module(module.name)
            except ImportError:
                continue
        for name, value in vars(loaded).items():
            home = getattr(value, "__module__", None) or type(value).__module__
            ours = str(home).startswith(("sklearn.", "numpy", "scipy.")) or home in HARMLESS
            if is_known(module.name, name) and not ours:
                odd.add((module.name, name, home))
    assert odd == set()

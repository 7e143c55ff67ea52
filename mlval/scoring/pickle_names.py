"""Which functions and classes a pickled scikit-learn model may name; everything else is a finding.

A name is on the list when calling it with any arguments builds a value and does nothing else. What
imports by name (`_ufunc_reconstruct`), looks attributes up (`getattr`, `operator.attrgetter`), reads files or
runs code is not, wherever it stands. Modules are matched whole, never by prefix: a library's tests, builders
and data loaders are not part of it.
"""

import re

_BUILTINS = frozenset(
    {
        *("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object"),
        *("range", "set", "slice", "str", "tuple", "Ellipsis", "NotImplemented"),
    }
)
_SCALARS = frozenset(
    {
        *("bool_", "bytes_", "complex128", "complex64", "datetime64", "float16", "float32", "float64"),
        *("int16", "int32", "int64", "int8", "intc", "intp", "longdouble", "object_", "str_", "timedelta64"),
        *("uint16", "uint32", "uint64", "uint8", "void", "longlong", "ulonglong", "bool"),
    }
)
_UFUNCS = frozenset(
    {
        *(
            "abs",
            "absolute",
            "arcsinh",
            "cbrt",
            "ceil",
            "cos",
            "exp",
            "exp2",
            "expm1",
            "fabs",
            "floor",
            "log",
        ),
        *(
            "log10",
            "log1p",
            "log2",
            "negative",
            "reciprocal",
            "rint",
            "sign",
            "sin",
            "sinh",
            "sqrt",
            "square",
        ),
        *("tan", "tanh", "trunc"),
    }
)
_REBUILT = frozenset({"_reconstruct", "scalar"})

_EXACT: dict[str, frozenset[str]] = {
    "builtins": _BUILTINS,
    "__builtin__": _BUILTINS,
    "copyreg": frozenset({"_reconstructor"}),
    "copy_reg": frozenset({"_reconstructor"}),
    "collections": frozenset({"OrderedDict", "defaultdict", "deque", "Counter"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "fractions": frozenset({"Fraction"}),
    "_codecs": frozenset({"encode"}),
    "numpy": frozenset({"dtype", "ndarray", "max", "mean", "median", "min", *_SCALARS, *_UFUNCS}),
    "numpy.core.multiarray": _REBUILT,
    "numpy._core.multiarray": _REBUILT,
    "numpy.core.numeric": frozenset({"_frombuffer"}),
    "numpy._core.numeric": frozenset({"_frombuffer"}),
    "numpy.ma": frozenset({"MaskedArray"}),
    "numpy.ma.core": frozenset({"MaskedArray", "_mareconstruct"}),
    "numpy.random": frozenset({"RandomState", "Generator"}),
    "numpy.random._pickle": frozenset({"__bit_generator_ctor", "__generator_ctor", "__randomstate_ctor"}),
    "numpy.random.mtrand": frozenset({"RandomState"}),
    "numpy.random._generator": frozenset({"Generator"}),
    "numpy.random._mt19937": frozenset({"MT19937"}),
    "numpy.random._pcg64": frozenset({"PCG64", "PCG64DXSM"}),
    "numpy.random._philox": frozenset({"Philox"}),
    "numpy.random._sfc64": frozenset({"SFC64"}),
    "numpy.random.bit_generator": frozenset({"SeedSequence", "__pyx_unpickle_SeedSequence"}),
    "scipy.interpolate._bsplines": frozenset({"BSpline"}),
    "scipy.interpolate._interpolate": frozenset({"interp1d", "PPoly"}),
    "xgboost.core": frozenset({"Booster"}),
    "lightgbm.basic": frozenset({"Booster"}),
    "scipy._lib.array_api_compat.numpy._aliases": frozenset({"asarray"}),
    "sklearn.cluster._kmeans": frozenset({"_kmeans_single_elkan", "_kmeans_single_lloyd"}),
    "sklearn.feature_selection._mutual_info": frozenset({"mutual_info_classif", "mutual_info_regression"}),
    "sklearn.feature_selection._univariate_selection": frozenset(
        {"chi2", "f_classif", "f_oneway", "f_regression", "r_regression"}
    ),
    "sklearn.metrics._dist_metrics": frozenset({"newObj"}),
    "sklearn.neighbors._ball_tree": frozenset({"newObj"}),
    "sklearn.neighbors._kd_tree": frozenset({"newObj"}),
}

_SPARSE = re.compile(r"scipy\.sparse(?:\._?(bsr|coo|csc|csr|dia|dok|lil))?")
_SPARSE_NAME = re.compile(r"(bsr|coo|csc|csr|dia|dok|lil)_(array|matrix)")
_PUBLIC = "|".join(
    (
        *("_isotonic", "_loss", "base", "calibration", "cluster", "compose", "covariance"),
        *("cross_decomposition", "decomposition", "discriminant_analysis", "dummy", "ensemble"),
        *("feature_extraction", "feature_selection", "gaussian_process", "impute", "isotonic"),
        *("kernel_approximation", "kernel_ridge", "linear_model", "manifold", "mixture", "model_selection"),
        *("multiclass", "multioutput", "naive_bayes", "neighbors", "neural_network", "pipeline"),
        *("preprocessing", "random_projection", "semi_supervised", "svm", "tree"),
    )
)
_SKLEARN = re.compile(rf"sklearn\.(?:{_PUBLIC})(?:\.(?!tests\b|conftest\b|setup\b)[a-z_][a-z0-9_]*)*")
_SKLEARN_MORE = frozenset(
    {
        "sklearn.utils._bunch",
        "sklearn.utils._tags",
        "sklearn.utils._metadata_requests",
        "sklearn.utils._random",
    }
)
_METRICS = re.compile(r"sklearn\.metrics\._(classification|dist_metrics|ranking|regression|scorer)")
_METRIC = re.compile(r"[A-Z][A-Za-z]+Distance(32|64)?|_[A-Za-z]*Scorer|[a-z0-9_]+_(error|loss|score)")
_CLASS = re.compile(r"_?[A-Z][A-Za-z0-9]*")
_LOSS = re.compile(r"__pyx_unpickle_Cy[A-Za-z]+")
# Classes that these modules import from elsewhere: they make classes, or start or read something.
_FOREIGN = frozenset(
    {
        *(
            "ABCMeta",
            "Path",
            "PurePath",
            "Parallel",
            "Popen",
            "BytesIO",
            "StringIO",
            "FunctionType",
            "MethodType",
        ),
        *("ThreadPoolExecutor", "ProcessPoolExecutor", "Thread", "Pool", "Memory"),
    }
)
_BOOSTED = re.compile(r"XGB[A-Z][A-Za-z]{1,40}|LGBM[A-Z][A-Za-z]{1,40}")


def is_known(module: str, name: str) -> bool:
    """Say whether a pickle of a model may name this; dotted names walk through attributes and may not.

    >>> is_known("sklearn.tree._classes", "DecisionTreeClassifier"), is_known("sklearn.tree._classes", "os")
    (True, False)
    >>> is_known("numpy.testing._private.utils", "runstring"), is_known("builtins", "eval")
    (False, False)
    """
    if name in _EXACT.get(module, ()):
        return True
    if _SKLEARN.fullmatch(module) or module in _SKLEARN_MORE:
        return (bool(_CLASS.fullmatch(name)) and name not in _FOREIGN) or _is_loss(module, name)
    if _METRICS.fullmatch(module):
        return bool(_METRIC.fullmatch(name))
    if _SPARSE.fullmatch(module):
        return bool(_SPARSE_NAME.fullmatch(name))
    return module in {"xgboost.sklearn", "lightgbm.sklearn"} and bool(_BOOSTED.fullmatch(name))


def _is_loss(module: str, name: str) -> bool:
    return module == "sklearn._loss._loss" and bool(_LOSS.fullmatch(name))

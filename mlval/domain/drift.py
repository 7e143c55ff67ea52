"""What drift is measured by, and what two samples of one column show before anything is demanded of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from mlval.domain.errors import Failure
from mlval.domain.measurement import Detail, Path

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Method = Literal[
    "auto",
    "ks",
    "ks_test",
    "psi",
    "js",
    "kl",
    "hellinger",
    "total_variation",
    "l_infinity",
    "wasserstein",
    "chi2",
    "g_test",
    "cramers_v",
    "cvm",
    "anderson_darling",
    "mean_shift",
]

ALIASES: Mapping[str, Method] = {
    "kstest": "ks_test",
    "ks_2samp": "ks_test",
    "kolmogorov_smirnov": "ks",
    "population_stability_index": "psi",
    "jensenshannon": "js",
    "jensen_shannon": "js",
    "jensen_shannon_distance": "js",
    "js_distance": "js",
    "kl_div": "kl",
    "kl_divergence": "kl",
    "hellinger_distance": "hellinger",
    "tvd": "total_variation",
    "total_variation_distance": "total_variation",
    "linf": "l_infinity",
    "l_infinity_distance": "l_infinity",
    "wasserstein_distance": "wasserstein",
    "earth_movers_distance": "wasserstein",
    "emd": "wasserstein",
    "chi2_test": "chi2",
    "chi2_contingency": "chi2",
    "chi_square": "chi2",
    "chi_squared": "chi2",
    "chisquare": "chi2",
    "gtest": "g_test",
    "cramer_v": "cramers_v",
    "cramer_von_mises": "cvm",
    "cvm_test": "cvm",
    "anderson": "anderson_darling",
    "anderson_ksamp": "anderson_darling",
    "anderson_darling_test": "anderson_darling",
    "t_test": "mean_shift",
    "welch_test": "mean_shift",
}
"""How the field spells the methods."""

TESTS: frozenset[Method] = frozenset(
    {"auto", "ks_test", "chi2", "g_test", "cvm", "anderson_darling", "mean_shift"}
)
"""Methods whose `threshold:` is the level of significance; that of the others is a distance."""

ORDERED: frozenset[Method] = frozenset({"ks", "ks_test", "wasserstein", "cvm", "anderson_darling"})
"""Methods that look at every value in its place, and so want whole columns."""

NUMBERS: frozenset[Method] = ORDERED | {"mean_shift"}
"""Methods that compare numbers only."""

UP_TO_ONE: frozenset[Method] = frozenset(
    {"ks", "js", "hellinger", "total_variation", "l_infinity", "cramers_v"}
)
"""Distances that no change takes above 1."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and standard deviation (n - 1 in the denominator) of the finite values of a sample."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class LevelPair:
    """Two samples of one column of levels, the most frequent level of the reference first.

    Attributes
    ----------
    labels : what reports call the levels
    before, after : rows
    nulls : whether the last of them is the null level
    other : the place of the level that holds what a profile does not tell, None where there is none
    """

    labels: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    nulls: bool = False
    other: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NumberPair:
    """Two samples of the finite values of one column, and how many rows have none.

    Attributes
    ----------
    before, after : shape (cells,), counts on the same cells in rising order
    missing, totals : rows without a finite value, and all rows, of both samples
    values : shape (cells,), where each cell is one value; None where cells are bins
    edges : shape (cells - 1,), of bins (low, high], the first and the last of which are open
    whole : whether the values are whole numbers
    bounded : whether what happens inside of a bin can matter
    moments : of both samples, where they were asked for
    ends : the smallest and the largest finite value of both samples, where they were asked for
    """

    before: "NDArray[np.int64]"
    after: "NDArray[np.int64]"
    missing: tuple[int, int]
    totals: tuple[int, int]
    values: "NDArray[np.float64] | None" = None
    edges: "NDArray[np.float64] | None" = None
    whole: bool = False
    bounded: bool = False
    moments: tuple[Moments, Moments] | None = None
    ends: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What two samples of one column show, before it is known how many comparisons there are.

    Attributes
    ----------
    value : the statistic of the method
    low, high : between which it lies where it is only bounded; the value itself where it is exact
    p_value, size : the two keys
    n, m : rows of the reference and of the current sample
    detectable : the smallest size that these samples could have shown, by level of significance
    false_alarms : how often the value reaches a threshold where nothing changed; None for tests
    """

    metric: str
    value: float
    low: float
    high: float
    p_value: float
    size: float
    n: int
    m: int
    detectable: Callable[[float], float]
    false_alarms: Callable[[float], float] | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one column of one family, or why nothing was.

    Attributes
    ----------
    subject : what reports call it
    family : columns, target, predictions or slice
    path : where the demand stands
    """

    column: str
    subject: str
    family: str
    path: Path
    compared: list[Shift] | Failure

"""What the peers compare: fifteen columns of numbers and four of levels, of two files."""

from typing import Final

import pandas as pd

NUMBERS: Final = [
    *("normal", "shifted", "widened", "skewed", "skewed_shifted", "mostly_zero", "mostly_zero_shifted"),
    *("gaps", "gaps_grown", "uniform", "two_peaks", "heavy_tails", "age", "items", "identifier"),
]
LEVELS: Final = ["country", "plan", "merchant", "product"]


def read(path: str) -> pd.DataFrame:
    """Return the compared columns of a file."""
    return pd.read_parquet(path, columns=[*NUMBERS, *LEVELS])

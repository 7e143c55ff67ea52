"""The forty rules of `rules.yml` as plain data, for whoever has to put them in other words."""

from datetime import datetime

NOT_NULL = (
    *("normal", "shifted", "widened", "skewed", "skewed_shifted", "uniform"),
    *("age", "items", "identifier", "country", "plan", "product", "ordered_at"),
)
RANGES: dict[str, tuple[float, float] | tuple[datetime, datetime]] = {
    "normal": (-8, 8),
    "shifted": (-8, 8),
    "widened": (-12, 12),
    "skewed": (0, 2000),
    "skewed_shifted": (0, 2000),
    "mostly_zero": (0, 500),
    "mostly_zero_shifted": (0, 500),
    "gaps": (-20, 40),
    "uniform": (0, 100),
    "two_peaks": (-12, 12),
    "age": (18, 100),
    "items": (0, 120),
    "ordered_at": (datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2024-12-31")),
}
SETS = {
    "country": ("DE", "FR", "GB", "IN", "US"),
    "plan": tuple(f"{name}_{size}" for name in ("free", "basic", "pro", "team") for size in (1, 2, 3)),
}
PATTERNS = {"plan": "^[a-z]+_[0-9]+$", "merchant": "^M[0-9]{4}$", "product": "^SKU-[0-9]{5}$"}
NULL_SHARES = {"gaps": 0.06, "gaps_grown": 0.05}
UNIQUE = ("identifier",)
TYPES = {
    "normal": "float",
    "uniform": "float",
    "age": "int",
    "identifier": "int",
    "country": "string",
    "ordered_at": "timestamp",
}

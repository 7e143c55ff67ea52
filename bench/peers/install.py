"""Make one virtual environment a peer: `python install.py FOLDER [NAME...]`.

What a peer needs stands in PEERS. A peer that cannot be installed is named with the reason, and left out.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

PEERS: Final = {
    "pandera": ("pandera[polars]==0.35.0", "polars==2.1.0"),
    "pointblank": ("pointblank[pl]==1.1.1", "polars==2.1.0"),
    "soda": ("soda-core-duckdb==3.5.6", "setuptools<81"),
    "great_expectations": ("great_expectations==1.24.1", "pyarrow==26.0.1"),
    "evidently": ("evidently==0.7.23", "pyarrow", "pandas<3"),
    "nannyml": ("nannyml==0.13.1", "pyarrow", "statsmodels", "pandas<3"),
    "deepchecks": (
        "deepchecks==0.19.1",
        "pyarrow<21",
        "setuptools<81",
        "scikit-learn<1.6",
        "pandas<3",
        "numpy<2",
    ),
    "sklearn": ("scikit-learn==1.9.1", "duckdb>=2"),
    "fairlearn": ("fairlearn==0.15.0", "duckdb>=2"),
    "alibi_detect": ("alibi-detect==0.13.0", "pyarrow<21"),
}
"""The versions that were measured; what stands after a peer it imports without asking for it, or asks for in
versions that it does not work with."""


def main(folder: Path, names: list[str]) -> int:
    """Install the peers that are not there yet; return 1 if one could not be."""
    failed = 0
    for name in names or PEERS:
        done = folder / name / ".installed"
        if done.exists() and done.read_text("utf-8") == "\n".join(PEERS[name]):
            continue
        uv = [sys.executable, "-m", "uv"]
        steps = (
            [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder / name)],
            [*uv, "pip", "install", "--quiet", "--python", str(folder / name), *PEERS[name]],
        )
        for step in steps:
            ran = subprocess.run(step, capture_output=True, text=True, check=False)
            if ran.returncode:
                print(f"{name} cannot be installed: {ran.stderr.strip()}", file=sys.stderr)
                failed = 1
                break
        else:
            done.write_text("\n".join(PEERS[name]), encoding="utf-8")
            print(f"installed {name}")
    return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

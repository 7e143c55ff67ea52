"""How long the cage takes to start, beside a bare start of the same interpreter.

`python bench/cage.py [PYTHON]`: PYTHON must be readable to other users; the default is the one running.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from mlval.scoring.cage.room import Room
from mlval.scoring.cage.start import start

RUNS = 40
PROGRAM = "import os; os.write(4, b'.')"


def main() -> None:
    """Print medians and the quickest of some runs, in milliseconds."""
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    command = [python, "-I", "-S", "-c", PROGRAM]
    asked = [python, "-I", "-S", "-c", "import sys; print(sys.prefix, sys.base_prefix, sep='\\n')"]
    homes = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
    room = Room((Path(python), *(Path(home) for home in homes if home != "/usr")))
    times: dict[str, list[float]] = {"bare": [], "caged": [], "caged, until all is reaped": []}
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run(
            [*command[:4], "import os; os.write(1, b'.')"], stdout=subprocess.DEVNULL, env={}, check=True
        )
        times["bare"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with start(command, room, allow_degraded=True) as caged:
            caged.from_child.read(1)
            times["caged"].append(time.perf_counter() - begun)
        times["caged, until all is reaped"].append(time.perf_counter() - begun)
    for name, found in times.items():
        print(f"{name:<28}{statistics.median(found) * 1000:6.0f} ms, at best {min(found) * 1000:.0f}")


if __name__ == "__main__":
    main()

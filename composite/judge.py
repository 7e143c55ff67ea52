"""Where the composite action begins: as the container does, its inputs named as the runner names them there.

A composite action is given no inputs as variables, and a shell may drop variables with hyphens in their
names: composite/action.yml hands `allow-sources` over as INPUT_ALLOW_SOURCES.
"""

import os

from mlval.action.door import from_runner

PREFIX = "INPUT_"

for name in [one for one in os.environ if one.startswith(PREFIX)]:
    os.environ[PREFIX + name.removeprefix(PREFIX).replace("_", "-")] = os.environ.pop(name)

raise SystemExit(from_runner())

"""Where the container begins: by its path with `python -I`, so that no workspace file is imported."""

from mlval.action.door import from_runner

raise SystemExit(from_runner())

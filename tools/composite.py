"""The text of composite/action.yml, the twin of action.yml: the same inputs and outputs, other steps."""

import re
from typing import Final

_OUTPUT: Final = re.compile(r"^  ([\w-]+):\n(?:    .*\n)+", re.MULTILINE)
_INPUT: Final = re.compile(r"^  ([\w-]+):\n", re.MULTILINE)

_HEAD: Final = """\
# Written from action.yml by tools/composite.py: `make generate`.
# For macOS, Windows and runners without Docker: uses: mlval/mlval/composite@…
name: mlval without Docker
description: Decide whether a change to data or to a model may be merged, on a runner without Docker.
author: mlval

"""
_STEPS: Final = """\
runs:
  using: composite
  steps:
    - name: Find Python
      id: python
      uses: actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0
      with:
        python-version: "3.13"
        update-environment: false
    - name: Install
      id: install
      shell: bash
      run: '"$PYTHON" -I "$INSTALL"'
      env:
        PYTHON: ${{ steps.python.outputs.python-path }}
        INSTALL: ${{ github.action_path }}/install.py
    - name: Judge
      id: mlval
      shell: bash
      run: '"$PYTHON" -I -X utf8 "$JUDGE"'
      env:
        PYTHON: ${{ steps.install.outputs.python }}
        JUDGE: ${{ github.action_path }}/judge.py
        MLFLOW_DISABLE_TELEMETRY: "true"
        GIT_PYTHON_REFRESH: quiet
        # The bash of Windows would rewrite what looks like a path to it: models:/churn.
        MSYS2_ENV_CONV_EXCL: INPUT_;MLFLOW_;MLVAL_
"""


def render(metadata: str) -> str:
    """Return the text of the twin, given the text of action.yml.

    Raises
    ------
    ValueError
        If that has no inputs or no outputs where they are expected.
    """
    inputs, outputs = _section(metadata, "inputs"), _section(metadata, "outputs")
    valued = _OUTPUT.sub(
        lambda found: f"{found[0].rstrip()}\n    value: ${{{{ steps.mlval.outputs.{found[1]} }}}}\n", outputs
    )
    given = "".join(
        f"        {_variable(name)}: ${{{{ inputs.{name} }}}}\n" for name in _INPUT.findall(inputs)
    )
    return f"{_HEAD}inputs:\n{inputs}\noutputs:\n{valued}\n{_STEPS}{given}"


def _section(metadata: str, name: str) -> str:
    found = re.search(rf"^{name}:\n((?:(?: .*)?\n)+)", metadata, re.MULTILINE)
    if found is None or not _INPUT.match(found[1]):
        raise ValueError(f"action.yml has no {name}")
    return found[1].strip("\n") + "\n"


def _variable(name: str) -> str:
    return f"INPUT_{name.replace('-', '_').upper()}"

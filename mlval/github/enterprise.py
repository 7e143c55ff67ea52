"""GitHub Enterprise Server: whether a run is on one, and what in a workflow is not there.

Sources: actions/upload-artifact and actions/download-artifact refuse to run there from version 4 on;
attestations and `uses: $/…` are documented for github.com alone. Merge queues are there from version 3.12.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

_USES: Final = re.compile(
    r"^\s*(?:-\s+)?uses:\s*[\"']?(?P<action>[^\s\"'#]+)[\"']?(?:\s+#\s*(?P<said>\S+))?", re.MULTILINE
)
_ARTIFACTS: Final = ("actions/upload-artifact", "actions/download-artifact")
_OLD: Final = re.compile(r"v?[123](?:\..*)?")


def is_server(server_url: str) -> bool:
    """Tell whether an address, as GITHUB_SERVER_URL has it, is of a server that a company runs itself.

    >>> is_server("https://github.example.org"), is_server("https://acme.ghe.com")
    (True, False)
    """
    host = (urlsplit(server_url).hostname or "").lower()
    return host != "github.com" and not host.endswith((".github.com", ".ghe.com"))


def absences(workflow: str) -> Iterator[tuple[str, str]]:
    """Yield what a workflow uses that such a server does not have: what, and what to do; each once.

    A version is known by the reference, or by the comment beside a commit.
    """
    found: dict[str, str] = {}
    for use in _USES.finditer(workflow):
        action, _, reference = use["action"].partition("@")
        if action in _ARTIFACTS and not _OLD.fullmatch(use["said"] or reference):
            found[action] = f"use version 3 of {action}, which such a server keeps"
        elif action.startswith("actions/attest"):
            found[action] = "leave attestations out"
        elif action.startswith("$/"):
            found["uses: $/"] = "name repository and version instead"
    yield from found.items()

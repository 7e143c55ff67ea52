"""The bill of materials: what cyclonedx-py makes of a lock, completed, and compared with the lock."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

_LOCKED: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE
)


def locked(lock: str) -> set[tuple[str, str]]:
    """Return names and versions of the packages of a lock, the names as an index compares them."""
    return {(_normal(found["name"]), found["version"]) for found in _LOCKED.finditer(lock)}


def completed(text: str, *, version: str) -> str:
    """Return a bill that says which release it is of, without the lines of the lock that it quotes.

    Raises
    ------
    ValueError
        If it is not JSON.
    """
    bill = json.loads(text)
    bill.setdefault("metadata", {}).setdefault("component", {})["version"] = version
    for component in bill.get("components", ()):
        component.pop("description", None)
    return json.dumps(bill, indent=1, sort_keys=True) + "\n"


def complaints(text: str, lock: str, *, version: str) -> Iterator[str]:
    """Yield what a bill lacks, or has too much, beside the lock that the image is made of."""
    bill: dict[str, Any] = json.loads(text)
    if bill.get("bomFormat") != "CycloneDX":
        yield "it is no bill of CycloneDX"
    main = bill.get("metadata", {}).get("component", {})
    if (main.get("name"), main.get("version")) != ("mlval", version):
        yield f"it is of {main.get('name')} {main.get('version')}, and not of mlval {version}"
    listed = Counter((_normal(one["name"]), one.get("version", "")) for one in bill.get("components", ()))
    known = locked(lock)
    if not known:
        yield "the lock names no package"
    yield from (f"{name} {number} of the lock is missing" for name, number in sorted(known - set(listed)))
    yield from (f"{name} {number} is not in the lock" for name, number in sorted(set(listed) - known))
    yield from (f"{name} {number} stands there {n} times" for (name, number), n in listed.items() if n > 1)
    for component in bill.get("components", ()):
        if not any(one.get("hashes") for one in component.get("externalReferences", ())):
            yield f"{component['name']} has no hash"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

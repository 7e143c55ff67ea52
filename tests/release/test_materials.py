"""The bill of materials: it lists what the lock does, no more and no less."""

import json
from typing import Any

import pytest

from tests.workflow_files import ROOT
from tools.release.materials import complaints, completed, locked

LOCK = """\
# a comment
annotated-types==0.8.0 \\
    --hash=sha256:aa
zope.interface[test]==7.1 ; python_version < '4' \\
    --hash=sha256:bb
"""


def bill(**changes: object) -> dict[str, Any]:
    def component(name: str, version: str) -> dict[str, Any]:
        hashes = [{"alg": "SHA-256", "content": "aa"}]
        references = [{"type": "distribution", "url": "https://example.org", "hashes": hashes}]
        return {"name": name, "version": version, "description": "line 1", "externalReferences": references}

    components = [component("annotated-types", "0.8.0"), component("Zope_Interface", "7.1")]
    return {
        "bomFormat": "CycloneDX",
        "metadata": {"component": {"name": "mlval"}},
        "components": components,
    } | changes


def told(bill: dict[str, Any], version: str = "1.2.3") -> list[str]:
    return list(complaints(completed(json.dumps(bill), version="1.2.3"), LOCK, version=version))


def test_a_lock_lists_names_and_versions() -> None:
    assert locked(LOCK) == {("annotated-types", "0.8.0"), ("zope-interface", "7.1")}


def test_the_lock_of_the_image_is_read_whole() -> None:
    text = (ROOT / "locks" / "image.txt").read_text(encoding="utf-8")
    assert len(locked(text)) == sum(line[:1].isalnum() for line in text.splitlines()) > 40


def test_a_bill_that_fits_is_accepted_and_quotes_nothing() -> None:
    assert told(bill()) == []
    assert "line 1" not in completed(json.dumps(bill()), version="1.2.3")


@pytest.mark.parametrize(
    "changed, said",
    [
        (bill(bomFormat="SPDX"), "no bill of CycloneDX"),
        (bill(metadata={}), "it is of None 1.2.3"),
        (bill(components=[]), "annotated-types 0.8.0 of the lock is missing"),
        (bill(components=bill()["components"] * 2), "stands there 2 times"),
        (bill(components=[*bill()["components"], {"name": "x", "version": "1"}]), "x 1 is not in the lock"),
        (bill(components=[*bill()["components"], {"name": "x", "version": "1"}]), "x has no hash"),
    ],
)
def test_one_that_does_not_fit_is_refused(changed: dict[str, Any], said: str) -> None:
    assert any(said in one for one in told(changed))


def test_it_is_of_this_release() -> None:
    assert told(bill(), version="1.2.4") == ["it is of mlval 1.2.3, and not of mlval 1.2.4"]

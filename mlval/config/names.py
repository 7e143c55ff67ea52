"""The forms of names in a contract, and its other fixed numbers."""

import re
import unicodedata

VERSION = 1
CONTRACT_NAME = "[a-z0-9][a-z0-9-]{0,39}"
NAME = "[A-Za-z_][A-Za-z0-9_-]{0,63}"
MOST_VALIDATIONS = 1000
MOST_INPUTS = 100

_NOT_ALLOWED = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Make a contract's name of any text, such as the name of a folder.

    >>> slug("Crédit Risk (2024)")
    'credit-risk-2024'
    """
    plain = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode().lower()
    return _NOT_ALLOWED.sub("-", plain).strip("-")[:40].strip("-") or "contract"

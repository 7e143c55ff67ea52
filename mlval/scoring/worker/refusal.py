"""Why a model cannot be used, in one word for the parent and one sentence for a person."""

from __future__ import annotations


class Refused(Exception):
    """The model cannot be used; `cause` is one word of `mlval.scoring.protocol.Cause`."""

    def __init__(self, cause: str, detail: str) -> None:
        """Keep the word for the parent and the sentence for a person."""
        super().__init__(detail)
        self.cause = cause
        self.detail = detail

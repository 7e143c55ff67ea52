"""The members of one object of a JSON text from outside, read by type: a wrong one is refused by its path."""

from collections.abc import ItemsView, Iterator, Sequence
from dataclasses import dataclass

from mlval.domain.text import shown
from mlval.report.result_json import Json
from mlval.report.strict_json import ReportRefused


@dataclass(frozen=True, slots=True)
class Members:
    """One object and where it stands. What is missing or of another type raises `ReportRefused`."""

    values: dict[str, Json]
    where: str

    @classmethod
    def of(cls, value: Json, where: str) -> "Members":
        """Take a value that has to be an object."""
        if not isinstance(value, dict):
            raise ReportRefused(f"{shown(where) or 'the whole'} is not an object")
        return cls(value, where)

    def __contains__(self, key: str) -> bool:
        """Whether there is a member of this name."""
        return key in self.values

    def only(self, required: Sequence[str], optional: Sequence[str] = ()) -> "Members":
        """Return the object itself, if these and no others are its members."""
        for key in required:
            if key not in self.values:
                raise ReportRefused(f"{shown(self._path(key))} is missing")
        for key in self.values:
            if key not in required and key not in optional:
                raise ReportRefused(f"{shown(self._path(key))} is not part of the format")
        return self

    def wrong(self, key: str) -> ReportRefused:
        """Return the refusal of a member."""
        return ReportRefused(f"{shown(self._path(key))} is not as the format describes it")

    def get(self, key: str) -> Json:
        """Return a member of any type; None where there is none."""
        return self.values.get(key)

    def items(self) -> ItemsView[str, Json]:
        """Return all members."""
        return self.values.items()

    def members(self, key: str) -> "Members":
        """Return a member that is an object."""
        return Members.of(self.get(key), self._path(key))

    def each(self, key: str) -> Iterator["Members"]:
        """Yield the objects of a list; none where there is no list."""
        for index, item in enumerate(self._list(key)):
            yield Members.of(item, f"{self._path(key)}[{index}]")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list; none where there is no list."""
        found = self._list(key)
        texts = tuple(item for item in found if isinstance(item, str))
        if len(texts) < len(found):
            raise self.wrong(key)
        return texts

    def text(self, key: str) -> str:
        """Return a text."""
        found = self.get(key)
        if not isinstance(found, str):
            raise self.wrong(key)
        return found

    def optional_text(self, key: str) -> str | None:
        """Return a text; None where there is none."""
        return self.text(key) if key in self.values else None

    def word(self, key: str, words: Sequence[str]) -> str:
        """Return a text that is one of these words."""
        found = self.text(key)
        if found not in words:
            raise self.wrong(key)
        return found

    def flag(self, key: str) -> bool:
        """Return a boolean."""
        found = self.get(key)
        if not isinstance(found, bool):
            raise self.wrong(key)
        return found

    def whole(self, key: str) -> int:
        """Return an integer; a boolean is none."""
        found = self.get(key)
        if not isinstance(found, int) or isinstance(found, bool):
            raise self.wrong(key)
        return found

    def count(self, key: str) -> int | None:
        """Return an integer that is not negative; None where there is no such member."""
        found = self.whole(key) if key in self.values else None
        if found is not None and found < 0:
            raise self.wrong(key)
        return found

    def number(self, key: str) -> int | float | None:
        """Return a finite number; None where there is no such member."""
        return self.known(key) if key in self.values else None

    def known(self, key: str) -> int | float:
        """Return a finite number that must be there."""
        found = self.get(key)
        if isinstance(found, float):
            return found
        return self.whole(key)

    def _list(self, key: str) -> list[Json]:
        found = self.values.get(key, [])
        if not isinstance(found, list):
            raise self.wrong(key)
        return found

    def _path(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

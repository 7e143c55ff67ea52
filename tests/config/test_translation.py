"""Pydantic's errors in plain words: each mistake once, at its path, with a way out."""

from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError, model_validator

from mlval.config.scalars import Value
from mlval.config.translation import findings
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import BoundSpec, Share, ToleranceSpec
from mlval.domain.slices import SliceSpec

Name = Annotated[str, Field(pattern="^[a-z]+$")]


class Rules(Frozen):
    type: Literal["int", "text"] | None = None
    min: float | None = None
    allow: ToleranceSpec | None = None


class Part(Frozen):
    """Everything that a part of a contract may hold."""

    text: str = "x"
    word: Literal["block", "warn"] = "block"
    flag: bool = False
    count: int = Field(default=1, ge=1, le=9)
    level: float = Field(default=0.5, gt=0, lt=1)
    key: str | tuple[str, ...] | None = None
    bound: BoundSpec | None = None
    effect: Literal["small", "medium"] | Share = "small"
    columns: dict[str, Rules | tuple[Rules, ...]] = Field(default={})
    by: tuple[SliceSpec, ...] = ()
    few: Annotated[tuple[int, ...], Field(min_length=1, max_length=2)] = (1,)
    named: dict[Name, int] = Field(default={})
    source: Literal["input"] | None = Field(default=None, alias="from")
    short: Name = "abc"

    @model_validator(mode="before")
    @classmethod
    def _one_key(cls, raw: object) -> object:
        if isinstance(raw, dict) and "keys" in raw:
            return {"key": raw["keys"], **{key: value for key, value in raw.items() if key != "keys"}}
        return raw

    @model_validator(mode="after")
    def _not_both(self) -> "Part":
        if self.flag and self.key:
            message = "`flag` and `key` exclude each other"
            raise ValueError(message)
        return self


def said(raw: Value) -> list[str]:
    """Return what is said of an entry, one line a mistake."""
    with pytest.raises(ValidationError) as caught:
        Part.model_validate(raw)
    found = [one.problem({}) for one in findings(caught.value, raw, model=Part, path=())]
    return [f"{one.path}: {one.message}" + (f" ({one.hint})" if one.hint else "") for one in found]


@pytest.mark.parametrize(
    "raw, expected",
    [
        ({"text": 5}, "text: expected text, found 5 (put quotes around it)"),
        (
            {"text": None},
            "text: expected text, found nothing (write a value after the key, or remove the key)",
        ),
        ({"text": ()}, "text: expected text, found a list"),
        ({"word": "blok"}, 'word: expected `block` or `warn`, found "blok" (did you mean `block`?)'),
        ({"word": 1}, "word: expected `block` or `warn`, found 1"),
        ({"flag": "yes"}, 'flag: expected true or false, found "yes" (write true)'),
        ({"flag": "off"}, 'flag: expected true or false, found "off" (write false)'),
        ({"flag": 1}, "flag: expected true or false, found 1"),
        ({"count": "5"}, 'count: expected a whole number, found the text "5" (write it without quotes)'),
        ({"count": 1.5}, "count: expected a whole number, found 1.5"),
        ({"count": True}, "count: expected a whole number, found true"),
        ({"count": 0}, "count: expected at least 1, found 0"),
        ({"count": 10}, "count: expected at most 9, found 10"),
        ({"level": 0}, "level: expected more than 0, found 0"),
        ({"level": 1}, "level: expected less than 1, found 1"),
        ({"key": 3}, "key: expected text or a list, found 3 (put quotes around it)"),
        ({"key": ("a", 3)}, "key[1]: expected text, found 3 (put quotes around it)"),
        ({"bound": 0.5}, "bound: say on which side: {min: 0.5} or {max: 0.5}"),
        ({"bound": {"min": "x"}}, "bound: expected a number, found 'x'"),
        ({"bound": "x"}, 'bound: expected a number, found "x"'),
        (
            {"effect": "smal"},
            'effect: expected `small`, `medium` or a number, found "smal" (did you mean `small`?)',
        ),
        ({"effect": 5}, "effect: expected `small`, `medium` or a share between 0% and 100%, found 5"),
        ({"effect": ("a",)}, "effect: expected `small`, `medium` or a number, found a list"),
        ({"columns": 5}, "columns: expected a mapping, found 5"),
        ({"columns": {"a": {"mni": 1}}}, "columns.a.mni: unknown key `mni` (did you mean `min`?)"),
        ({"columns": {"a": ({}, {"mni": 1})}}, "columns.a[1].mni: unknown key `mni` (did you mean `min`?)"),
        (
            {"columns": {"a": {"zzz": 1}}},
            "columns.a.zzz: unknown key `zzz` (valid here: `type`, `min`, `allow`)",
        ),
        ({"columns": {"a": 5}}, "columns.a: expected a mapping or a list, found 5"),
        ({"columns": {"a": (5,)}}, "columns.a[0]: expected a mapping, found 5"),
        ({"columns": {"Rules": {"min": "x"}}}, 'columns.Rules.min: expected a number, found "x"'),
        (
            {"columns": {"a": {"allow": 0.01}}},
            "columns.a.allow: 0.01 could be a share or a count: write 1% or a whole number of rows",
        ),
        ({"by": (5,)}, "by[0]: expected text, a mapping or a list, found 5 (put quotes around it)"),
        (
            {"by": ("a", {"by": "x", "every": "fortnight"})},
            'by[1].every: expected `day`, `week`, `month`, `quarter` or `year`, found "fortnight"',
        ),
        ({"by": ({"by": "x", "bins": 5},)}, "by[0].bins: expected a list, found 5 (write it as a list: [5])"),
        ({"few": ()}, "few: too few entries: expected at least 1, found 0"),
        ({"few": (1, 2, 3)}, "few: too many entries: expected at most 2, found 3"),
        ({"few": ("a",)}, 'few[0]: expected a whole number, found "a"'),
        ({"named": {"A B": 1}}, 'named."A B": expected text of the form ^[a-z]+$, found "A B"'),
        ({"from": "inptu"}, 'from: expected `input`, found "inptu" (did you mean `input`?)'),
        ({"short": "A"}, 'short: expected text of the form ^[a-z]+$, found "A"'),
        ({"texd": "x"}, "texd: unknown key `texd` (did you mean `text`?)"),
        ({"text:5": None}, '"text:5": unknown key `text:5` (write a space after the colon)'),
        ({"keys": 5}, "key: expected text, found 5 (put quotes around it)"),
        ({"flag": True, "key": "a"}, ": `flag` and `key` exclude each other"),
        (5, ": expected a mapping, found 5"),
    ],
)
def test_each_mistake_is_said_once(raw: Value, expected: str) -> None:
    assert said(raw) == [expected]


def test_all_mistakes_of_an_entry_are_said() -> None:
    raw: Value = {
        "text": 1,
        "word": "x",
        "columns": {"a": {"min": "x", "max": 1}, "b": {"type": "float"}},
        "y": 1,
    }
    assert sorted(line.split(":")[0] for line in said(raw)) == [
        "columns.a.max",
        "columns.a.min",
        "columns.b.type",
        "text",
        "word",
        "y",
    ]


def test_of_alternatives_the_closest_is_meant() -> None:
    assert said({"by": ({"by": "age", "bin": (1, 2)},)}) == [
        "by[0].bins: missing key `bins` (Where one slice ends and the next begins, rising.)",
        "by[0].bin: unknown key `bin` (did you mean `bins`?)",
    ]


def test_hostile_text_is_made_safe() -> None:
    (line,) = said({"word": "a\u202eb\n" + "x" * 10_000})
    assert line.isprintable()
    assert len(line) < 300

"""How values of a contract are said in the sentence of a change, short and safe to show."""

import json
from collections.abc import Mapping

from pydantic import BaseModel

from mlval.domain.bound import Bound
from mlval.domain.change import Change
from mlval.domain.extent import Extent
from mlval.domain.grammar import as_percent
from mlval.domain.rule import Rule
from mlval.domain.shift import Shift
from mlval.domain.text import shown

_LIMIT = 80


def said(value: object) -> str:
    """Return a value as one reads it in a contract.

    >>> said(Bound(max=0.01, unit="share")), said(("a", 1)), said(None)
    ('at most 1%', '["a", 1]', 'nothing')
    """
    match value:
        case None:
            return "nothing"
        case Bound():
            return _bound(value)
        case Extent() | Change() | Shift():
            return _span(value)
        case str():
            return shown(value, _LIMIT)
        case _:
            return shown(json.dumps(_plain(value), ensure_ascii=False, default=str), _LIMIT)


def _span(value: Extent | Change | Shift) -> str:
    match value:
        case Extent():
            return value.told()
        case Change():
            return _bound(value.bound)
        case Shift(amount=amount, scale=scale):
            return {"factor": f"{amount:g}x", "share": as_percent(amount)}.get(scale, f"{amount:g}")


def _plain(value: object) -> object:
    """Return models, bounds and tuples as JSON has them; what a model leaves to its defaults is left out."""
    match value:
        case Rule():
            return _plain(value.root)
        case BaseModel():
            return value.model_dump(mode="json", exclude_unset=True, by_alias=True)
        case Bound() | Extent() | Change() | Shift():
            return said(value)
        case tuple():
            return [_plain(one) for one in value]
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case _:
            return value


def _bound(bound: Bound) -> str:
    say = as_percent if bound.unit == "share" else _number
    ends = (("at least", bound.min), ("at most", bound.max))
    text = " and ".join(f"{word} {say(end)}" for word, end in ends if end is not None)
    sure = "" if bound.confidence is None else f" with {as_percent(bound.confidence)} confidence"
    return shown(text + sure, _LIMIT)


def _number(value: float) -> str:
    return repr(value)

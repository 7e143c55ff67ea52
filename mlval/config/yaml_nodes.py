"""YAML as data only: mappings, lists and core scalars with their places; YAML itself constructs nothing.

The parser is libyaml, driven event by event, so that depth and size are limited before anything is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from mlval.config.characters import text_of
from mlval.config.findings import Unreadable
from mlval.config.scalars import Value
from mlval.config.yaml_errors import explained, place_of, unquoted, without_comparison
from mlval.config.yaml_tree import Tree
from mlval.domain.errors import Place, Problem
from mlval.domain.measurement import Path
from mlval.domain.text import shown

_SMALL = 1 << 16
_REPAIRS = 20


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file.

    Attributes
    ----------
    value : the whole; lists are tuples
    places : where each path stands, the root as (); the entry of a mapping stands at its key
    problems : what was refused
    refused : the paths whose values were refused, of which nothing further need be said
    """

    value: Value
    places: Mapping[Path, Place]
    problems: tuple[Problem, ...]
    refused: frozenset[Path]


def document(data: bytes) -> Document:
    """Parse the bytes of a contract.

    Raises
    ------
    Unreadable
        If the file cannot be read to its end; every problem up to there is in it.
    """
    text = text_of(data)
    lines = text.split("\n")
    changed = lines.copy()
    comparisons: set[Place] = set()
    while True:
        tree = Tree(lines, frozenset(comparisons))
        try:
            _fill(tree, "\n".join(changed))
        except yaml.MarkedYAMLError as error:
            mark = unquoted(error, lines)
            if mark is None or len(text) > _SMALL or len(comparisons) == _REPAIRS:
                raise Unreadable(*tree.problems, explained(error, lines)) from error
            # The commonest slip must not hide the others: go on without it, and refuse it in its place.
            comparisons.add(place_of(mark))
            changed[mark.line] = without_comparison(changed[mark.line], mark.column)
        else:
            return Document(tree.root, tree.places, tuple(tree.problems), frozenset(tree.refused))


def _fill(tree: Tree, text: str) -> None:
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            tree.take(event)
    except Unreadable as stop:
        raise Unreadable(*tree.problems, *stop.problems) from stop
    except yaml.reader.ReaderError as error:
        raise Unreadable(*tree.problems, Problem(f"not YAML: {shown(error.reason)}")) from error

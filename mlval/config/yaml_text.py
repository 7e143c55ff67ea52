"""Plain data to YAML text that every reader takes alike, whether it follows YAML 1.1 or 1.2.

Text is quoted wherever one of them would read something else: `no`, `on`, `12:30`, `1e-3`, `010`, dates.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from mlval.config.scalars import Value, plain
from mlval.domain.text import shown

_WIDTH = 1_000
_COMMENT = 400
# What a contract refuses as it stands, and may hold as an escape.
_ESCAPED = re.compile(
    "[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028-\u202e\u2066-\u2069\ufeff]"
)
# Words that some reader takes for a truth value, a number or a merge key.
_READ_OTHERWISE = re.compile(r"[yYnN]|[-+.0-9][-+.,:_0-9a-zA-Z]*|=|<<|~")


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, and the characters that a contract refuses as escapes."""

    def ignore_aliases(self, data: object) -> bool:
        """Write equal parts out each time."""
        del data
        return True

    def write_double_quoted(self, text: str, split: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's
        """Write text in double quotes; where it hides something, in ASCII."""
        before = self.allow_unicode
        self.allow_unicode = before and not _ESCAPED.search(text)
        super().write_double_quoted(text, split)
        self.allow_unicode = before


def yaml_text(value: Mapping[str, Value], *, comments: Iterable[str] = ()) -> str:
    """Return plain data as YAML, keys in their order, with comments on top.

    Lists and mappings of scalars stand on one line each.
    """
    body: str = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=None,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )
    return "".join(f"# {shown(line, _COMMENT)}".rstrip() + "\n" for line in comments) + body


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if _ESCAPED.search(value) else "'" if _is_read_otherwise(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _is_read_otherwise(text: str) -> bool:
    try:
        is_text = isinstance(plain(text), str)
    except ValueError:
        return True
    return not is_text or _READ_OTHERWISE.fullmatch(text) is not None


def _represent_list(dumper: yaml.SafeDumper, value: tuple[Any, ...]) -> yaml.SequenceNode:
    return dumper.represent_list(list(value))


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(tuple, _represent_list)

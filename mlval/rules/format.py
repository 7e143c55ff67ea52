"""The format that all text of a column is written in.

What it measures
    Values that are not written in the format, against all values that are there. The whole value counts:
    spaces around it break every format but `json`.

    - `date`: `YYYY-MM-DD`, a day of the Gregorian calendar in the years 0001 to 9999.
    - `time`: `hh:mm`, `hh:mm:ss`, or with a fraction of 1 to 9 digits, below 24:00; then nothing, `Z`, or
      an offset `+hh` or `+hh:mm` of either sign. No leap seconds.
    - `datetime`: a date, `T` or one space, and a time as above.
    - `uuid`: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with hyphens between; any version.
    - `email`: `local@domain` in ASCII, at most 254 characters. The local part has 1 to 64 letters, digits,
      points and signs of ``!#$%&'*+/=?^_`{|}~-``, no point at an end and no two together. The domain has two
      or more labels of 1 to 63 letters, digits and hyphens, no hyphen at an end of a label; the last label
      begins with a letter.
    - `url`: `http` or `https` and a host (a name of such labels, an IPv4 address, an IPv6 address in
      brackets), with user, port (at most 65535), path, query and fragment where wanted; ASCII, other
      characters as `%hh`.
    - `json`: one JSON value as in RFC 8259: no NaN, no comma before an end, no comments, no half of a
      surrogate pair.
    - `ipv4`: four numbers of 0 to 255 with points between, without leading zeros.
    - `ipv6`: as in RFC 4291, with `::` and with an IPv4 address at the end; no zone and no prefix.
    - Anything with a `%` is a pattern of `strptime` with `%Y %y %m %b %B %d %H %I %M %S %f %p %a %A %z %%`.
      A number may lack its leading zero, unless it stands in a run of numbers such as `%Y%m%d`. Names are
      English, in any case; `%z` is `Z`, `+hhmm` or `+hh:mm`. The day must exist; whether the weekday is its
      own is not asked.

Why it matters
    What cannot be parsed becomes null in the next step, and a day in another order becomes another day.

When it misleads
    A typed column has the format of its type: DATE is `date`, TIMESTAMP is `datetime`, UUID is `uuid`. A
    pattern holds for a date or a time that it can say whole. In CSV, where every value of a column reads as
    a date or a time, the column has that type: `-` and `/`, `T` and a space are not told apart there, and a
    pattern has to begin with `%Y-%m-%d` or `%Y/%m/%d`. A well-formed address need not exist.

Example
    signup_day: {format: date}
    born: {format: '%d.%m.%Y', allow: 0.1%}
    contact: {format: email}

Elsewhere
    Great Expectations: expect_column_values_to_match_strftime_format, ..._to_be_json_parseable
    Soda: valid format
    pointblank: col_vals_within_spec
    Deequ: containsEmail, containsURL
    ODCS: logicalTypeOptions.format

References
    Times: ISO 8601-1:2019
    UUID: RFC 9562, https://www.rfc-editor.org/rfc/rfc9562
    E-mail: RFC 5321, https://www.rfc-editor.org/rfc/rfc5321
    URL: RFC 3986, https://www.rfc-editor.org/rfc/rfc3986
    JSON: RFC 8259, https://www.rfc-editor.org/rfc/rfc8259
    IPv6: RFC 4291, https://www.rfc-editor.org/rfc/rfc4291
"""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from mlval.domain.asks import Column
from mlval.domain.formats import NAMES, is_pattern, pattern
from mlval.domain.predicate import NotFormatted, Predicate
from mlval.domain.rule import RowRule
from mlval.domain.text import shown


def _known(written: str) -> str:
    if is_pattern(written):
        pattern(written)
    elif written not in NAMES:
        message = (
            f"there is no format {shown(written, 40)!r}; known are {', '.join(NAMES)}, and patterns with %"
        )
        raise ValueError(message)
    return written


_JSON_SCHEMA: dict[str, object] = {
    "anyOf": [{"enum": list(NAMES)}, {"type": "string", "pattern": "%", "maxLength": 100}]
}
_Format = Annotated[str, Field(max_length=100), AfterValidator(_known), WithJsonSchema(_JSON_SCHEMA)]


class Format(RowRule[_Format]):
    """Every value is written in this format: a name such as `date` or `email`, or a pattern as `%d.%m.%Y`."""

    name = "format"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value that is written otherwise."""
        return NotFormatted(column.name, self.root)

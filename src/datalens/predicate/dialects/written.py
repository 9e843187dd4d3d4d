"""Values and last statements of printed Python, as Polars' and pyarrow's code have them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from datalens.predicate.dialects.layout import INDENT, WIDTH, Listing, Piece, flat, lines, quote

if TYPE_CHECKING:
    from datalens.predicate.dialects.parts import Parts


def raw(pattern: str) -> str:
    r"""Return a regular expression as a raw literal, where it can be one.

    Examples
    --------
    >>> print(raw(r"\d+"), raw('"'))
    r"\d+" '"'
    """
    plain = pattern.isprintable() and '"' not in pattern and not pattern.endswith("\\")
    return f'r"{pattern}"' if plain and "\\" in pattern else quote(pattern)


#: The units of durations, from the longest.
_UNITS = {
    unit: dt.timedelta(**{unit: 1})
    for unit in ("days", "hours", "minutes", "seconds", "milliseconds", "microseconds")
}
#: What is counted in one unit alone.
_COUNT = 1000


def duration(value: dt.timedelta) -> str:
    """Return a duration as the arguments that make one: in one unit, where its count is short.

    Examples
    --------
    >>> duration(dt.timedelta(minutes=90)), duration(dt.timedelta(hours=-36)), duration(dt.timedelta(0))
    ('minutes=90', 'hours=-36', 'seconds=0')
    >>> duration(dt.timedelta(days=1, hours=2, microseconds=5))
    'days=1, hours=2, microseconds=5'
    """
    if not value:
        return "seconds=0"
    unit, size = next((unit, size) for unit, size in _UNITS.items() if not value % size)
    if unit == "days" or abs(value // size) < _COUNT:
        return f"{unit}={value // size}"
    counts = {}
    for unit, size in _UNITS.items():
        # Of what is negative the days alone are, as in Python's own.
        counts[unit], value = divmod(value, size)
    return ", ".join(f"{unit}={count}" for unit, count in counts.items() if count)


def ending(before: str, condition: Piece, after: str) -> str:
    """Return the last statement, broken where it is too long.

    Examples
    --------
    >>> from datalens.predicate.dialects.layout import Leaf
    >>> ending("selected = df.filter(", Leaf('pl.col("n") == 1', loose=True), ")")
    'selected = df.filter(pl.col("n") == 1)'
    """
    line = f"{before}{flat(condition)}{after}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    if isinstance(condition, Listing):
        return "\n".join(lines(condition, "", before, after))
    return "\n".join([before, *lines(condition, INDENT), after])


def python_time(code: Parts, value: dt.date | dt.timedelta) -> str:
    """Print a date, time or duration with the standard library's names.

    Examples
    --------
    >>> from datalens.predicate.dialects.parts import Parts
    >>> python_time(Parts([]), dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC))
    'datetime(2024, 2, 29, 12, tzinfo=UTC)'
    """
    if isinstance(value, dt.timedelta):
        name = code.module("timedelta", "from datetime import timedelta")
        return f"{name}({duration(value)})"
    day = f"{value.year}, {value.month}, {value.day}"
    if not isinstance(value, dt.datetime):
        return f"{code.module('date', 'from datetime import date')}({day})"
    clock = [value.hour, value.minute, value.second, value.microsecond]
    while clock and not clock[-1]:
        clock.pop()
    shown = ", ".join([day, *map(str, clock)])
    if value.tzinfo is not None:
        shown += f", tzinfo={code.module('UTC', 'from datetime import UTC')}"
    return f"{code.module('datetime', 'from datetime import datetime')}({shown})"

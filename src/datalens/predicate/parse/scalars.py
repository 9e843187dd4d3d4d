"""Values with a type in front: ``date '2024-02-29'``, ``duration '90s'``, ``decimal '1.10'``."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datalens.predicate.scalars import Scalar

#: The longest that numbers, dates and durations are written.
MAX_LENGTH = 200

#: Microseconds in units of durations.
UNITS = {
    "us": 1, "microsecond": 1, "microseconds": 1,
    "ms": 1000, "millisecond": 1000, "milliseconds": 1000,
    "s": 10**6, "sec": 10**6, "second": 10**6, "seconds": 10**6,
    "m": 60 * 10**6, "min": 60 * 10**6, "minute": 60 * 10**6, "minutes": 60 * 10**6,
    "h": 3600 * 10**6, "hour": 3600 * 10**6, "hours": 3600 * 10**6,
    "d": 86400 * 10**6, "day": 86400 * 10**6, "days": 86400 * 10**6,
    "w": 7 * 86400 * 10**6, "week": 7 * 86400 * 10**6, "weeks": 7 * 86400 * 10**6,
}  # fmt: skip
_PART = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.ASCII)
_ISO = re.compile(
    r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_CLOCK = re.compile(r"([+-]?)(\d+):(\d\d):(\d\d(?:\.\d+)?)", re.ASCII)

#: Of a number that Python would read as infinite.
TOO_LARGE = "This number is larger than 64-bit floats are: infinity is written float 'inf'."

#: The words that stand before a text to say its type, and what they make of it.
TYPES: dict[str, str] = {
    "date": "date",
    "timestamp": "timestamp",
    "datetime": "timestamp",
    "timestamp_ntz": "timestamp",
    "timestamptz": "instant",
    "timestamptz_ns": "instant",
    "duration": "duration",
    "interval": "duration",
    "decimal": "decimal",
    "numeric": "decimal",
    "float": "float",
    "double": "float",
}
_EXAMPLES = {
    "date": "date '2024-02-29'",
    "timestamp": "timestamp '2024-02-29 12:30:00' or timestamp '2024-02-29T12:30:00Z'",
    "instant": "timestamptz '2024-02-29 12:30:00+00:00', with its zone",
    "duration": "duration '90s', '1d 2h' or 'PT90S' (no months or years: they differ in length)",
    "decimal": "decimal '1.10'",
    "float": "float '1.5' or float '-inf'",
}


def typed(kind: str, text: str) -> Scalar:
    """Return the value that a text of a type says.

    Parameters
    ----------
    kind : str
        One of the values of `TYPES`.
    text : str

    Raises
    ------
    ValueError
        Where the text is none of the type; with an example.

    Examples
    --------
    >>> typed("duration", "1h 30m")
    datetime.timedelta(seconds=5400)
    """
    if len(text) <= MAX_LENGTH:
        try:
            return _READ[kind](text)
        except (ValueError, OverflowError, InvalidOperation):
            pass
    msg = f"{kind} is written {_EXAMPLES[kind]}."
    if kind in ("date", "timestamp", "instant") and (day := no_day(text)):
        msg = f"There is no day {day}."
    raise ValueError(msg)


def no_day(text: str) -> str:
    """Return the day that a text begins with, where the calendar has none such; else nothing.

    Examples
    --------
    >>> no_day("2024-02-30 12:00:00"), no_day("2024-02-29"), no_day("2024")
    ('2024-02-30', '', '')
    """
    if (match := _DAY.match(text)) is None:
        return ""
    try:
        dt.date.fromisoformat(match[0])
    except ValueError:
        return match[0]
    return ""


def moment(text: str) -> Scalar:
    """Return the date or time that is written without quotes.

    Examples
    --------
    >>> moment("2024-02-29")
    datetime.date(2024, 2, 29)
    """
    return typed("timestamp" if ":" in text or "T" in text else "date", text)


def _instant(text: str) -> Scalar:
    value = dt.datetime.fromisoformat(text)
    if value.tzinfo is None:
        msg = "no zone"
        raise ValueError(msg)
    return value


def _float(text: str) -> Scalar:
    value = float(text)
    if value != value:  # noqa: PLR0124 - NaN
        msg = "nan"
        raise ValueError(msg)
    return value


def _decimal(text: str) -> Scalar:
    value = Decimal(text)
    if not value.is_finite():
        msg = "not finite"
        raise ValueError(msg)
    return value


def _duration(text: str) -> Scalar:
    if match := _ISO.fullmatch(text):
        sign, *numbers = match.groups()
        if not any(numbers):
            msg = "nothing"
            raise ValueError(msg)
        units = ("w", "d", "h", "m", "s")
        count = sum(
            _times(number, UNITS[unit]) for number, unit in zip(numbers, units, strict=True) if number
        )
        return _from_microseconds(-count if sign == "-" else count)
    if match := _CLOCK.fullmatch(text):
        sign, hours, minutes, seconds = match.groups()
        count = _times(hours, UNITS["h"]) + _times(minutes, UNITS["m"]) + _times(seconds, UNITS["s"])
        return _from_microseconds(-count if sign == "-" else count)
    count, at = 0, 0
    while at < len(text) or not at:
        part = _PART.match(text, at)
        if part is None or part[2] not in UNITS:
            msg = "no unit"
            raise ValueError(msg)
        count += _times(part[1], UNITS[part[2]])
        at = part.end()
    return _from_microseconds(count)


def _from_microseconds(count: int) -> dt.timedelta:
    # In parts: timedelta(microseconds=...) goes through a float where the count is large.
    seconds, microseconds = divmod(count, 10**6)
    days, seconds = divmod(seconds, 86400)
    return dt.timedelta(days, seconds, microseconds)


def _times(number: str, unit: int) -> int:
    exact = Fraction(number) * unit
    if exact.denominator != 1:
        msg = "finer than a microsecond"
        raise ValueError(msg)
    return exact.numerator


_READ = {
    "date": dt.date.fromisoformat,
    "timestamp": dt.datetime.fromisoformat,
    "instant": _instant,
    "duration": _duration,
    "decimal": _decimal,
    "float": _float,
}


def written(value: Scalar) -> str:
    """Return a value as it is typed in the bar.

    Examples
    --------
    >>> import datetime as dt
    >>> written(dt.timedelta(days=2, microseconds=-1)), written("it's"), written(1.5)
    ("duration '172799.999999s'", "'it''s'", '1.5')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value.replace(chr(39), chr(39) * 2)}'"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f"float '{value}'"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Decimal):
        return f"decimal '{value}'"
    if isinstance(value, dt.timedelta):
        count = value // dt.timedelta(microseconds=1)
        seconds, rest = divmod(abs(count), 10**6)
        sign, fraction = "-" if count < 0 else "", f".{rest:06d}" if rest else ""
        return f"duration '{sign}{seconds}{fraction}s'"
    if isinstance(value, dt.datetime):
        return f"timestamp '{value.isoformat()}'"
    return f"date '{value.isoformat()}'"

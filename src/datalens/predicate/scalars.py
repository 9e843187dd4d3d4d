"""The values a predicate compares with: Python's own, checked once, with one wire form."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable

Scalar = str | int | float | bool | dt.date | dt.datetime | dt.timedelta | Decimal

#: JavaScript counts exactly up to here; larger integers travel as text.
SAFE_INTEGER = 2**53
#: No dataframe has wider integers, and a bound keeps hostile input from printing megabytes of digits.
INTEGER_BITS = 128
#: Longer literals are not searches; a bound keeps hostile input small.
MAX_TEXT = 1_000_000

_MICROSECOND = dt.timedelta(microseconds=1)


def normalize(value: Any, where: str) -> Scalar:
    """Return a value as the plain Python scalar it is, or say what to use instead.

    Parameters
    ----------
    value : object
        What a caller compares with: a Python, numpy or pandas scalar.
    where : str
        The column or place it is compared with, for the message.

    Returns
    -------
    str, int, float, bool, datetime.date, datetime.datetime, datetime.timedelta or decimal.Decimal
        Aware datetimes are in UTC.

    Raises
    ------
    ValueError
        For null and NaN, which match no comparison, and for what a predicate can't keep exactly.
    TypeError
        For anything else.

    Examples
    --------
    >>> import numpy as np
    >>> normalize(np.float32(0.5), "loss")
    0.5
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        raise _null(where)
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = _from_numpy(value, where)
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            msg = f"The text compared with {where} has {len(value):,} characters; at most {MAX_TEXT:,} can be kept."
            raise ValueError(msg)
        return str(value)
    if isinstance(value, int):
        if value.bit_length() >= INTEGER_BITS:
            msg = f"The integer compared with {where} has {value.bit_length()} bits; at most {INTEGER_BITS - 1} fit."
            raise ValueError(msg)
        return int(value)
    if isinstance(value, float):
        if math.isnan(value):
            raise _null(where)
        return float(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            msg = f"{value} compared with {where} is not a finite decimal number; is_null() finds missing values."
            raise ValueError(msg)
        return value
    if isinstance(value, (dt.date, dt.timedelta)):
        return _from_time(value, where)
    msg = (
        f"{where[:1].upper()}{where[1:]} can't be compared with {type(value).__name__} {str(value)[:60]!r}: a predicate "
        "takes text, numbers, booleans, dates, datetimes, timedeltas and decimals."
    )
    raise UnfitError(msg)


def _null(where: str) -> ValueError:
    return ValueError(
        f"Nothing equals null or NaN, so {where} can't be compared with it: use dl.col(...).is_null(), "
        "or ~dl.col(...).is_null()."
    )


def _from_numpy(value: Any, where: str) -> Any:
    if value.dtype.kind not in "mM":
        return value.item()
    if str(value) == "NaT":
        raise _null(where)
    coarse = value.astype(f"{value.dtype.kind}8[us]")
    if coarse != value:
        raise _nanoseconds(value, where)
    return coarse.item() if value.dtype.name != "datetime64[D]" else value.item()


def _from_time(value: dt.date | dt.timedelta, where: str) -> Scalar:
    # pandas' Timestamp and Timedelta are subclasses that count nanoseconds beside the microseconds.
    nanoseconds = getattr(value, "nanosecond", 0) or getattr(value, "nanoseconds", 0)
    if nanoseconds:
        raise _nanoseconds(value, where)
    if isinstance(value, dt.timedelta):
        return dt.timedelta(days=value.days, seconds=value.seconds, microseconds=value.microseconds)
    if not isinstance(value, dt.datetime):
        return value
    try:
        value = value if value.tzinfo is None else value.astimezone(dt.UTC)
    except OverflowError:
        msg = f"{value} compared with {where} lies outside the years 1 to 9999 in UTC."
        raise ValueError(msg) from None
    # Made anew, so that a Timestamp becomes a plain datetime.
    clock = dt.time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo)
    return dt.datetime.combine(dt.date(value.year, value.month, value.day), clock)


def _nanoseconds(value: Any, where: str) -> ValueError:
    return ValueError(
        f"{value} compared with {where} has nanoseconds, which a predicate doesn't keep: round it to microseconds."
    )


def kind(value: Scalar) -> str:
    """Return what a scalar is: text, number, boolean, date, datetime, instant, timedelta or decimal.

    An ``instant`` is a datetime with a time zone.

    Examples
    --------
    >>> kind("web"), kind(3), kind(True)
    ('text', 'number', 'boolean')
    """
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, Decimal):
        return "decimal"
    if isinstance(value, dt.datetime):
        return "datetime" if value.tzinfo is None else "instant"
    return "timedelta" if isinstance(value, dt.timedelta) else "date"


def normalize_many(values: Iterable[Any], where: str) -> tuple[Scalar, ...]:
    """Return distinct scalars of one kind, in their order.

    Whole floats become integers, so that large integers are compared exactly on every engine.

    Examples
    --------
    >>> normalize_many([2, 1.0, 1], "cluster")
    (2, 1)
    """
    if isinstance(values, (str, bytes)):
        msg = f"The values for {where} are one text, {values!r}: give a list of values."
        raise UnfitError(msg)
    if getattr(getattr(values, "dtype", None), "kind", "") in tuple("iufbU") and hasattr(values, "tolist"):
        values = values.tolist()  # an array's plain numbers and texts, ten times as fast as one by one
    kept = [_whole(normalize(value, where)) for value in values]
    kinds = sorted({kind(value) for value in kept})
    if len(kinds) > 1:
        msg = f"The values for {where} are of several kinds ({', '.join(kinds)}): give values of one kind."
        raise UnfitError(msg)
    return tuple(dict.fromkeys(kept))


def _whole(value: Scalar) -> Scalar:
    # A float beyond 2**53 is a whole number too: as a float, engines find it in integers that only round to it.
    if isinstance(value, float) and value.is_integer() and abs(value) < 2 ** (INTEGER_BITS - 1):
        return int(value)
    return value


def to_json_value(value: Scalar) -> Any:
    """Return a scalar as the wire form `ScalarJson`.

    Examples
    --------
    >>> to_json_value(2**60)
    {'type': 'int', 'value': '1152921504606846976'}
    """
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= SAFE_INTEGER else {"type": "int", "value": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"type": "float", "value": repr(value)}
    if isinstance(value, Decimal):
        return {"type": "decimal", "value": str(value)}
    if isinstance(value, dt.timedelta):
        # Microseconds as a whole number: the only form without a rounding.
        return {"type": "timedelta", "value": str(value // _MICROSECOND)}
    name = "datetime" if isinstance(value, dt.datetime) else "date"
    return {"type": name, "value": value.isoformat()}


def from_json_value(data: Any, where: str) -> Scalar:
    """Return the scalar that `to_json_value` wrote; the input is untrusted.

    Examples
    --------
    >>> from_json_value({"type": "date", "value": "2024-02-29"}, "day")
    datetime.date(2024, 2, 29)
    """
    if isinstance(data, dict):
        text = data.get("value")
        if set(data) != {"type", "value"} or not isinstance(text, str) or len(text) > MAX_SCALAR_TEXT:
            msg = f"A typed value for {where} needs a short text as its 'value', not {str(data)[:80]}."
            raise ValueError(msg)
        return _typed(data["type"], text, where)
    if isinstance(data, (str, int, float)):
        return normalize(data, where)
    msg = f"The value for {where} is not text, a number or a boolean: {str(data)[:80]}."
    raise ValueError(msg)


#: Numbers and dates in their longest form.
MAX_SCALAR_TEXT = 100


def _typed(name: Any, text: str, where: str) -> Scalar:
    try:
        match name:
            case "int":
                return normalize(int(text), where)
            case "float":
                return normalize(float(text), where)
            case "decimal":
                return normalize(Decimal(text), where)
            case "datetime":
                return normalize(dt.datetime.fromisoformat(text), where)
            case "date":
                return dt.date.fromisoformat(text)
            case "timedelta":
                return normalize(int(text) * _MICROSECOND, where)
    except (ValueError, OverflowError, InvalidOperation) as error:
        msg = f"The value for {where} is not a valid {name}: {text!r}."
        raise ValueError(msg) from error
    msg = f"The value for {where} has the unknown type {str(name)[:40]!r}."
    raise ValueError(msg)

"""Values as the text that a person reads. Nothing here is markup: views set it as text."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

# A page of 100 rows stays far below the 5 MB that one reply to the browser may have.
PAGE_CHARACTERS = 400
# The reader takes a long sample whole; what is longer says so.
ROW_CHARACTERS = 1_000_000
# Significant digits of a float in the table; the reader shows all of them.
TABLE_DIGITS = 4

Cell = str | dict[str, Any] | None


def cells(
    column: pa.ChunkedArray, *, characters: int = PAGE_CHARACTERS, digits: int | None = None
) -> list[Cell]:
    """Return each value as a cell of the protocol.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        The values to show (a page, not a dataset).
    characters : int, default 400
        Longer texts are clipped, with their whole length said.
    digits : int, optional
        Significant digits of floats; all of them where left out.

    Returns
    -------
    list of (str, dict or None)
        None for null; a dict ``{"text", "of"}`` for what was clipped.

    Examples
    --------
    >>> import pyarrow as pa
    >>> cells(pa.chunked_array([[0.123456, None, float("nan")]]), digits=4)
    ['0.1235', None, 'NaN']
    """
    return [_cell(value, characters, digits) for value in values_of(column)]


def values_of(column: pa.ChunkedArray) -> list[Any]:
    """Return values as Python's own; those beyond Python's types, such as the year 30,000, as text."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Python's datetime ends at microseconds; Arrow's own text keeps the nanoseconds.
        return list(column.cast(pa.string()).to_pylist())
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, ArithmeticError):
        return [_python(value) for value in column]


def _python(value: pa.Scalar) -> Any:
    """Return one value, or its text where Python has no such value."""
    import pyarrow as pa

    try:
        return value.as_py()
    except (ValueError, OverflowError, ArithmeticError) as error:
        if pa.types.is_duration(value.type):
            return f"{value.cast(pa.int64()).as_py():,} {value.type.unit}"
        try:
            return value.cast(pa.string()).as_py()
        except pa.ArrowException:
            return f"{value.type} that Python can't show: {error}"


def _cell(value: Any, characters: int, digits: int | None) -> Cell:
    if value is None:
        return None
    text = as_text(value, digits)
    if len(text) <= characters:
        return text
    return {"text": text[:characters], "of": len(text)}


def as_text(value: Any, digits: int | None = None) -> str:
    """Return one Python value as text.

    Parameters
    ----------
    value : object
        What Arrow's `to_pylist` gives.
    digits : int, optional
        Significant digits of floats; all of them where left out.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> as_text(0.000012345678, 4), as_text(True), as_text([1, "a"])
    ('1.235e-05', 'true', '[1, "a"]')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value, digits)
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"{len(value):,} bytes"
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    return str(value)


def _float_text(value: float, digits: int | None) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if digits is None:
        return repr(value)
    if value == int(value) and abs(value) < 10**15:
        return f"{value:.0f}"
    return f"{value:.{digits}g}"

"""What a column is to a person: a number, a category, a text to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["number", "integer", "category", "text", "boolean", "datetime", "nested", "bytes", "vector"]

# Integers with few values are labels, not measures: they get a legend of values and `==`.
FEW_INTEGERS = 20
# Strings are told apart from a sample of this many rows, evenly spread; more would not change the answer.
SAMPLE_ROWS = 10_000
# A string column whose values mostly repeat and are short holds categories; else it is to be read.
CATEGORY_SHARE = 0.5
CATEGORY_CHARACTERS = 60


@dataclass(frozen=True)
class Description:
    """What is known of a column.

    Attributes
    ----------
    name : str
        Its name.
    kind : str
        "number", "integer", "category", "text", "boolean", "datetime", "nested", "bytes" or "vector".
    numeric : bool
        Whether its values are numbers (also those shown as categories), to be aligned right.
    nulls : int
        Rows whose value is null or NaN.
    """

    name: str
    kind: Kind
    numeric: bool
    nulls: int


def describe(name: str, column: pa.ChunkedArray, nulls: int | None = None) -> Description:
    """Say what a column is.

    Parameters
    ----------
    name : str
        Its name.
    column : pyarrow.ChunkedArray
        All its values, or a sample of them where `nulls` is given.
    nulls : int, optional
        How many of all values are null; counted where left out.

    Returns
    -------
    Description
        Kind and counts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> describe("loss", pa.chunked_array([[0.5, None, float("nan")]]))
    Description(name='loss', kind='number', numeric=True, nulls=2)
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = kind_of(column)
    if nulls is None:
        nulls = column.null_count
        if pa.types.is_floating(column.type):
            nulls += pc.sum(pc.is_nan(widened(column))).as_py() or 0
    numeric = kind in ("number", "integer") or pa.types.is_integer(column.type)
    return Description(name, kind, numeric, nulls)


def is_wide(kind: pa.DataType) -> bool:
    """Say whether values of a type may take any number of bytes, so that a sample has to tell what they are.

    Parameters
    ----------
    kind : pyarrow.DataType
        A column's type.

    Returns
    -------
    bool
        False for numbers, booleans, dates and times, which are counted one and all.
    """
    import pyarrow as pa

    return not (pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind))


def widened(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return half floats as floats, exactly: few of Arrow's functions know half ones. Others stay as they are."""
    import pyarrow as pa

    return column.cast(pa.float32()) if pa.types.is_float16(column.type) else column


def kind_of(column: pa.ChunkedArray) -> Kind:
    """Return the kind of a column, from its type and, for text and integers, its values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_null(kind):
        return "category"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _kind_of_text(column)
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "category" if pc.count_distinct(column).as_py() <= FEW_INTEGERS else "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "datetime"
    if pa.types.is_fixed_size_list(kind) and pa.types.is_floating(kind.value_type):
        return "vector"
    if pa.types.is_nested(kind):
        return "nested"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "bytes"
    return "category"  # times of day and durations: nothing to read


def _kind_of_text(column: pa.ChunkedArray) -> Kind:
    import numpy as np
    import pyarrow.compute as pc

    if len(column) > SAMPLE_ROWS:
        column = column.take(np.linspace(0, len(column) - 1, SAMPLE_ROWS).astype(np.int64))
    column = column.drop_null()
    if not len(column):
        return "category"
    characters = pc.mean(pc.utf8_length(column)).as_py()
    distinct = pc.count_distinct(column).as_py()
    few = distinct <= max(FEW_INTEGERS, CATEGORY_SHARE * len(column))
    return "category" if few and characters <= CATEGORY_CHARACTERS else "text"

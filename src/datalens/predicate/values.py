"""Columns of any dataframe as a few kinds of arrays, so that every frame is compared by the same few lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError, missing_column

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

#: Nanoseconds in a unit of time.
STEPS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "D": 86_400 * 10**9}

#: Polars' integers of 128 bits, which neither Arrow nor numpy has.
WIDEST = ("Int128", "UInt128")


@dataclass(frozen=True, slots=True)
class Values:
    """A column's values, read once.

    Parameters
    ----------
    name, dtype : str
        The column and its type, for messages.
    kind : str
        ``text``, ``number``, ``boolean``, ``date``, ``datetime``, ``instant`` (with a time zone), ``timedelta``,
        ``decimal``, ``null`` (nothing but nulls), ``nested``, ``mixed`` or ``other``.
    data : array
        Text: an Arrow array, or a numpy array of str where a text is no valid Unicode. Decimals: a list. Times:
        int64 counts of `step` nanoseconds. Lists and structs: an Arrow array. Else a numpy array.
    valid : numpy.ndarray of bool, optional
        False where the value is null; None where nothing is. NaN counts as valid here.
    codes : numpy.ndarray of int, optional
        For a category: which of the values each row has, -1 for null.
    """

    name: str
    dtype: str
    kind: str
    data: Any
    valid: Array | None = None
    step: int = 1
    codes: Array | None = None

    def spread(self, mask: Array) -> Array:
        """Bring a mask over the values to the rows: nulls are False, categories are looked up."""
        import numpy as np

        if self.valid is not None:
            mask = mask & self.valid
        if self.codes is None:
            return mask
        if not len(mask):  # a category without categories
            return np.zeros(len(self.codes), dtype=bool)
        return np.append(mask, False)[self.codes]

    def decoded(self) -> Values:
        """Return a category's values row by row."""
        import numpy as np

        if self.codes is None:
            return self
        if self.kind == "null" or not len(self.data):
            nothing = np.zeros(len(self.codes), bool)
            return replace(self, kind="null", data=nothing.astype(float), valid=nothing, codes=None)
        codes = np.where(self.codes < 0, 0, self.codes)
        if isinstance(self.data, list):
            data: Any = [self.data[c] for c in codes]
        else:
            data = self.data.take(codes)
        valid = self.codes >= 0
        return replace(
            self, data=data, codes=None, valid=valid if self.valid is None else valid & self.valid[codes]
        )


def read(native: Any, narwhal: Any, name: str) -> Values:
    """Return a column of a frame.

    Parameters
    ----------
    native : dataframe
        The frame itself.
    narwhal : narwhals.DataFrame
        The same, as narwhals sees it.
    name : str
        The column.

    Raises
    ------
    ColumnError
        When there is no such column.
    """
    if name not in narwhal.columns:
        raise missing_column(name, narwhal.columns)
    if narwhal.implementation.is_pandas():
        return from_pandas(native[name], name)
    if narwhal.implementation.is_pyarrow():
        return from_arrow(native[name], name)
    check_bits(name, narwhal.schema[name])
    # Polars can't hand a series over whose name holds a NUL.
    return from_arrow(narwhal[name].alias("").to_arrow(), name, str(narwhal.schema[name]))


def check_bits(name: str, dtype: Any) -> None:
    """Raise an error for integers that no other engine has.

    Examples
    --------
    >>> import narwhals as nw
    >>> check_bits("n", nw.Int128())
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 'n' holds integers of 128 bits (Int128), ...: cast it to Int64 or to a decimal.
    """
    if str(dtype) in WIDEST:
        msg = (
            f"Column {name!r} holds integers of 128 bits ({dtype}), which aren't read: "
            "cast it to Int64 or to a decimal."
        )
        raise UnfitError(msg)


def from_pandas(series: pd.Series[Any], name: str) -> Values:
    """Return a pandas column, without a copy for plain numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> from_pandas(pd.Series(["a", None]), "source").kind
    'text'
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    dtype = series.dtype
    if isinstance(dtype, pd.SparseDtype):
        series = pd.Series(np.asarray(series))
        dtype = series.dtype
    if isinstance(dtype, np.dtype):
        if dtype.kind in "iuf":
            return Values(name, str(dtype), "number", series.to_numpy())
        if dtype.kind == "b":
            return Values(name, str(dtype), "boolean", series.to_numpy())
    if isinstance(dtype, pd.CategoricalDtype):
        if not len(series.cat.categories):  # of no type, then
            return Values(name, "category", "null", None, _all(len(series), value=False))
        categories = from_pandas(series.cat.categories.to_series(), name)
        return replace(categories, dtype="category", codes=series.cat.codes.to_numpy())
    try:
        return from_arrow(pa.array(series, from_pandas=True), name, str(dtype))
    except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
        valid = series.notna().to_numpy()
        inferred = pd.api.types.infer_dtype(series, skipna=True)
        if inferred == "integer":  # beyond 64 bits
            numbers = [value if there else None for value, there in zip(series, valid, strict=True)]
            return Values(name, str(dtype), "decimal", numbers, valid)
        if inferred == "string":
            # Arrow holds no lone surrogates; Python's own text does.
            return Values(name, str(dtype), "text", series.to_numpy(dtype=object), valid)
        return Values(name, str(dtype), "mixed", None, valid)


def from_arrow(column: Any, name: str, dtype: str = "") -> Values:
    """Return an Arrow column.

    Examples
    --------
    >>> import pyarrow as pa
    >>> values = from_arrow(pa.array([1, None]), "n")
    >>> values.kind, values.valid.tolist()
    ('number', [True, False])
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, pa.ChunkedArray):
        if pa.types.is_dictionary(column.type):
            column = column.unify_dictionaries()
        # Text stays in its chunks: joined, it may be too long for 32-bit offsets.
        column = column if is_text(column.type) else column.combine_chunks()
        if isinstance(column, pa.ChunkedArray) and not is_text(column.type):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    kind = column.type
    dtype = dtype or str(kind)
    if pa.types.is_dictionary(kind):
        categories = from_arrow(column.dictionary, name)
        codes = column.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        return replace(categories, dtype=dtype, codes=codes)
    valid = column.is_valid().to_numpy(zero_copy_only=False) if column.null_count else None
    if pa.types.is_null(kind):
        return Values(name, dtype, "null", None, _all(len(column), value=False))
    if is_text(kind):
        return Values(name, dtype, "text", column.cast(pa.large_string()), valid)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return Values(name, dtype, "number", _filled(column, 0), valid)
    if pa.types.is_boolean(kind):
        return Values(name, dtype, "boolean", _filled(column, False), valid)
    if pa.types.is_decimal(kind):
        return Values(name, dtype, "decimal", column.to_pylist(), valid)
    if pa.types.is_timestamp(kind):
        word = "datetime" if kind.tz is None else "instant"
        return Values(name, dtype, word, _filled(column.cast(pa.int64()), 0), valid, STEPS[kind.unit])
    if pa.types.is_duration(kind):
        return Values(name, dtype, "timedelta", _filled(column.cast(pa.int64()), 0), valid, STEPS[kind.unit])
    if pa.types.is_date(kind):
        days = pc.cast(column, pa.date32()).cast(pa.int32()).cast(pa.int64())
        return Values(name, dtype, "date", _filled(days, 0), valid, STEPS["D"])
    other = "nested" if pa.types.is_nested(kind) else "other"
    # Lists and structs are looked into as Arrow has them.
    return Values(name, dtype, other, column, _all(len(column), value=True) if valid is None else valid)


def is_text(kind: Any) -> bool:
    """Say whether a type of Arrow's is one of its texts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> is_text(pa.large_string()), is_text(pa.int64())
    (True, False)
    """
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _filled(column: Any, value: Any) -> Array:
    filled = column.fill_null(value) if column.null_count else column
    array: Array = filled.to_numpy(zero_copy_only=False)
    return array


def _all(length: int, *, value: bool) -> Array:
    import numpy as np

    return np.full(length, value)

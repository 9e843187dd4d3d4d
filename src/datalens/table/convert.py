"""Columns as Arrow columns whose values compare as the caller's own do; what Arrow can't hold so becomes text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.keys import SURROGATES, plain
from datalens.table.plain import plain_column, plain_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    import pyarrow as pa

REPLACEMENT = "\ufffd"
# The text of an object that has none of its own: it names a place in memory, which means nothing tomorrow.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# Arrow converts nested lists by recursion in C: one that holds itself would end the process.
MAX_NESTING = 32
# Arrow's extension types whose values have a text but no comparison; of others, what they are stored as counts.
EXTENSIONS = {"arrow.uuid": "UUIDs", "pandas.period": "periods", "pandas.interval": "intervals"}
# As many kinds of values as fit a sentence.
SHOWN_KINDS = 4


@dataclass(frozen=True)
class AsText:
    """A column that is shown and compared as text in place of its own values.

    Attributes
    ----------
    holds : str
        What its values are: ``"values of several types (int, str)"``.
    broken : int
        Rows whose text had lone surrogates, which are shown as U+FFFD.
    """

    holds: str
    broken: int = 0

    @property
    def said(self) -> str:
        """What the summary card says of the column."""
        broken = f"lone surrogates in {self.broken:,}" if self.broken else ""
        holds = f"{self.holds} as text" if self.holds else ""
        return ", ".join(part for part in (holds, broken) if part)

    def sentence(self, name: str) -> str:
        """Return what a person is told of the column."""
        own = "to_frame() gives your own values back."
        if not self.holds:
            rows = "row" if self.broken == 1 else "rows"
            return (
                f"Column {name!r} has lone surrogates in {self.broken:,} {rows}, which are no valid Unicode and are "
                f"shown as {REPLACEMENT} (U+FFFD); {own}"
            )
        broken = f" ({self.broken:,} with lone surrogates, as U+FFFD)" if self.broken else ""
        return f"Column {name!r} holds {self.holds}: it is shown and compared as text{broken}; {own}"


def from_pandas(column: pd.Series[Any], name: str) -> tuple[pa.ChunkedArray, AsText | None]:
    """Return a pandas column as Arrow.

    Parameters
    ----------
    column : pandas.Series
        Any column.
    name : str
        What the messages call it.

    Returns
    -------
    data : pyarrow.ChunkedArray
        Its values; what Arrow can't hold so that it compares as the caller's own does, as text.
    note : AsText or None
        Whether that was so.

    Raises
    ------
    ValueError
        When a value has no text of its own either; the sentence names the column, the row and the remedy.

    Examples
    --------
    >>> import pandas as pd
    >>> data, note = from_pandas(pd.Series([1, "a", None]), "m")
    >>> data.to_pylist(), note.holds
    (['1', 'a', None], 'values of several types (int, str)')
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    dtype = column.dtype
    if isinstance(dtype, pd.SparseDtype):
        column = pd.Series(np.asarray(column), index=column.index)
        dtype = column.dtype
    if isinstance(dtype, pd.PeriodDtype | pd.IntervalDtype) or dtype.kind == "c":
        return _texts(column, name, _word(dtype))
    if isinstance(dtype, pd.CategoricalDtype):
        return _categories(column, name)
    if dtype.kind == "O" and isinstance(dtype, np.dtype):
        return _objects(column, name)
    # Of these two pandas' own code can't search the text.
    if isinstance(dtype, pd.ArrowDtype) and pa.types.is_null(dtype.pyarrow_dtype):
        return _texts(column, name, "nothing but nulls")
    if isinstance(dtype, pd.ArrowDtype) and _is_dictionary_of_text(dtype.pyarrow_dtype):
        return _texts(column, name, "a dictionary of Arrow's")
    try:
        return plain_arrow(_chunked(pa.array(column, from_pandas=True)), name)
    except (pa.ArrowException, TypeError, OverflowError, UnicodeError):
        return _texts(column, name, f"values of type {dtype}")


def plain_arrow(column: pa.ChunkedArray, name: str) -> tuple[pa.ChunkedArray, AsText | None]:
    """Return an Arrow column in a type that Arrow's own functions know: no views, no runs, no extensions.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Any column.
    name : str
        What the messages call it.

    Returns
    -------
    data : pyarrow.ChunkedArray
        Its values.
    note : AsText or None
        Whether they have become text: times of day and UUIDs have no comparison of their own.

    Raises
    ------
    ValueError
        When it can't be cast; the sentence names the column.

    Examples
    --------
    >>> import pyarrow as pa
    >>> plain_arrow(pa.chunked_array([pa.array(["a"], pa.string_view())]), "a")[0].type
    DataType(large_string)
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_run_end_encoded(kind):
        column = plain_column(column)
    known = EXTENSIONS.get(getattr(kind, "extension_name", ""))
    if known is not None or pa.types.is_time(column.type):
        try:
            values = column.to_pandas()
        except pa.ArrowInvalid as error:
            msg = f"Column {name!r} holds times of day with nanoseconds, which Python can't hold. Round them to microseconds first."
            raise ValueError(msg) from error
        return _texts(values, name, known or "times of day")
    try:
        return plain_column(column), None
    except (pa.ArrowException, TypeError) as error:
        wanted = plain_type(kind)
        msg = f"Column {name!r} is of type {kind}, which DataLens can't read. Cast it to {wanted} first, or drop it."
        raise ValueError(msg) from error


def _is_dictionary_of_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if not pa.types.is_dictionary(kind):
        return False
    return bool(pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type))


def _chunked(array: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    chunks = list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]
    # An empty chunked array has no chunks, and so no type.
    return pa.chunked_array(chunks or [pa.array([], array.type)])


def _categories(column: pd.Series[Any], name: str) -> tuple[pa.ChunkedArray, AsText | None]:
    """Convert a category: by its values where Arrow holds those, else as text."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    values, note = from_pandas(pd.Series(column.cat.categories), name)
    if note is not None:
        return _texts(column, name, note.holds and f"categories of {note.holds}")
    codes = column.cat.codes.to_numpy().astype(np.int32)
    indices = pa.array(codes, mask=codes < 0)
    data = pa.DictionaryArray.from_arrays(indices, values.combine_chunks(), ordered=bool(column.cat.ordered))
    return pa.chunked_array([data]), None


def _objects(column: pd.Series[Any], name: str) -> tuple[pa.ChunkedArray, AsText | None]:
    """Convert Python objects: as the one type that they are of, else as text."""
    import pandas as pd
    import pyarrow as pa

    if (
        pd.api.types.infer_dtype(column, skipna=True) == "string"
    ):  # what nearly all are: no look at each value
        try:
            return _chunked(pa.array(column, from_pandas=True)), None
        except UnicodeEncodeError:
            return _texts(column, name, "")
    values = [value for value, null in zip(column, column.isna(), strict=True) if not null]
    kinds = set(map(type, values))
    several = _never_one(values, kinds)
    if several:
        return _texts(column, name, several)
    if any(_too_deep(value) for value in values):
        return _texts(column, name, f"values nested more than {MAX_NESTING} deep")
    try:
        data = _chunked(pa.array(column, from_pandas=True))
        if pa.types.is_null(data.type) and any(isinstance(value, Decimal) for value in column):
            data = data.cast(pa.decimal128(1, 0))  # Decimal("NaN") and nothing else: still decimals
        if not pa.types.is_interval(data.type):
            return plain_arrow(data, name)
    except UnicodeEncodeError:
        return _texts(column, name, _several(kinds))
    except OverflowError:
        integers = _integers(column, kinds)
        if integers is not None:
            return integers, None
    except (pa.ArrowException, TypeError, ValueError):
        nested = _nested(column, kinds)
        if nested is not None:
            return nested, None
    return _texts(column, name, _several(kinds))


def _never_one(values: Sequence[Any], kinds: set[type]) -> str:
    """Name what Arrow would take for one type though it is not, such as days among times of day; else ""."""
    texts = any(issubclass(kind, str) for kind in kinds)
    binary = any(issubclass(kind, (bytes, bytearray, memoryview)) for kind in kinds)
    days = any(issubclass(kind, dt.date) and not issubclass(kind, dt.datetime) for kind in kinds)
    times = [value for value in values if isinstance(value, dt.datetime)]
    zoned = sum(value.tzinfo is not None for value in times)
    if 0 < zoned < len(times):
        return "times with and without a time zone"
    return _several(kinds) if (texts and binary) or (days and times) else ""


def _several(kinds: Iterable[type]) -> str:
    # A class may be called anything, and this is printed in comments of code.
    names = sorted({kind.__name__ if kind.__name__.isidentifier() else repr(kind.__name__) for kind in kinds})
    shown = ", ".join(names[:SHOWN_KINDS]) + (", ..." if len(names) > SHOWN_KINDS else "")
    return f"values of several types ({shown})" if len(names) > 1 else f"values of type {shown}"


def _word(dtype: Any) -> str:
    return "complex numbers" if dtype.kind == "c" else f"values of type {dtype}"


def _integers(column: pd.Series[Any], kinds: set[type]) -> pa.ChunkedArray | None:
    """Return integers beyond 64 bits as the narrowest exact numbers that hold them all; None where none do."""
    import pyarrow as pa

    if not all(issubclass(kind, int) and kind is not bool for kind in kinds):
        return None
    values = [None if null else int(value) for value, null in zip(column, column.isna(), strict=True)]
    try:
        return pa.chunked_array([pa.array(values, pa.uint64())])
    except (pa.ArrowException, OverflowError):
        decimals = [None if value is None else Decimal(value) for value in values]
    for kind in (pa.decimal128(38, 0), pa.decimal256(76, 0)):
        try:
            return pa.chunked_array([pa.array(decimals, kind)])
        except (pa.ArrowException, OverflowError):
            continue
    return None


def _nested(column: pd.Series[Any], kinds: set[type]) -> pa.ChunkedArray | None:
    """Return matrices, sets and the like as lists of lists; None where they are of several types within."""
    import numpy as np
    import pyarrow as pa

    if not kinds or not all(
        issubclass(kind, (list, tuple, dict, set, frozenset, np.ndarray)) for kind in kinds
    ):
        return None
    try:
        return _chunked(pa.array([None if null else plain(v) for v, null in _pairs(column)]))
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None


def _pairs(column: pd.Series[Any]) -> Iterable[tuple[Any, bool]]:
    return zip(column, column.isna(), strict=True)


def _too_deep(value: Any, depth: int = 0) -> bool:
    """Say whether lists and dicts stand in one another more than `MAX_NESTING` deep, or in themselves."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple, set, frozenset)) and not _of_objects(value):
        return False
    if depth == MAX_NESTING:
        return True
    # The types of all items at once: most lists hold numbers, and need no look at each.
    kinds = set(map(type, value))
    if kinds <= {float, int, str, bool, type(None)}:
        return False
    return any(_too_deep(item, depth + 1) for item in value)


def _of_objects(value: Any) -> bool:
    import numpy as np

    return isinstance(value, np.ndarray) and value.dtype.kind == "O" and value.ndim > 0


def _texts(column: pd.Series[Any], name: str, holds: str) -> tuple[pa.ChunkedArray, AsText]:
    """Return values as their `str`; nulls stay null, lone surrogates become U+FFFD."""
    import pyarrow as pa

    texts, broken = [], 0
    for row, (value, null) in enumerate(_pairs(column.astype(object))):
        text = None if null else _text(value, name, row)
        if text is not None and SURROGATES.search(text):
            text = SURROGATES.sub(REPLACEMENT, text)
            broken += 1
        texts.append(text)
    return pa.chunked_array([pa.array(texts, pa.large_string())]), AsText(holds, broken)


def _text(value: Any, name: str, row: int) -> str:
    """Return a value's text, or raise the sentence that says why it has none."""
    if isinstance(value, str):
        return str(value)
    why = "which have no text of their own"
    try:
        text, exact = str(value), repr(plain(value))
    except Exception as error:  # noqa: BLE001 - the user's own __str__ or __repr__ may raise anything
        why = f"whose text can't be made ({type(error).__name__})"
    else:
        if not _ADDRESS.search(text) and not _ADDRESS.search(exact):
            return text
    msg = (
        f"Column {name!r} holds {_several({type(value)})} in row {row:,}, {why}, so they can't be shown. "
        f"Make it text, df[{name!r}] = df[{name!r}].map(...), or drop the column."
    )
    raise ValueError(msg)

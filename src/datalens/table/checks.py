"""What a dataset must be before it is opened: names that differ, keys that name one row each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from datalens.core.errors import missing_column
from datalens.core.keys import SURROGATES
from datalens.core.words import plural
from datalens.table.columns import widened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from datalens.table.convert import AsText

SHOWN = 3  # as many examples as fit a sentence


def check_names(names: Sequence[Any]) -> None:
    """Raise where column names are not text, or repeat.

    Raises
    ------
    ValueError
        Naming the column and the remedy.
    """
    for name in names:
        if not isinstance(name, str):
            remedy = "df.columns.map(str)"
            if isinstance(name, tuple):
                remedy = '["_".join(map(str, name)) for name in df.columns]'
            msg = f"Column name {name!r} is {type(name).__name__}, not text. Rename: df.columns = {remedy}."
            raise ValueError(msg)  # noqa: TRY004 - input errors are kinds of ValueError or KeyError
        if SURROGATES.search(name):
            msg = f"Column name {name!r} has a lone surrogate, which is no valid Unicode. Rename it: df.rename(columns=...)."
            raise ValueError(msg)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        msg = f"Column {repeated[0]!r} is there {Counter(names)[repeated[0]]} times. Rename all but one."
        raise ValueError(msg)


def check_rows(rows: int, columns: int) -> None:
    """Raise where there are rows and no columns: nothing of them could be shown.

    Raises
    ------
    ValueError
        With the remedy.
    """
    if rows and not columns:
        msg = f"The frame has {rows:,} rows and no columns, so there is nothing to look at. Give it a column: df.reset_index()."
        raise ValueError(msg)


def check_python_objects(data: Any) -> None:
    """Raise where a polars frame holds Python objects, of which it would export the places in memory.

    Raises
    ------
    ValueError
        Naming the column and the remedy.
    """
    for name, dtype in (getattr(data, "schema", None) or {}).items() if is_polars(data) else ():
        if str(dtype) == "Object":
            msg = (
                f"Column {name!r} holds Python objects, which polars can't hand over. "
                f"Make it text first: pl.col({name!r}).map_elements(str, return_dtype=pl.String)."
            )
            raise ValueError(msg)


def is_polars(data: Any) -> bool:
    """Say whether data is a polars frame."""
    return type(data).__module__.partition(".")[0] == "polars" and type(data).__name__ == "DataFrame"


def check_own_type(key: str, as_text: Mapping[str, AsText]) -> None:
    """Raise where a key column is shown as text: its values then are not what a selection would name.

    Raises
    ------
    ValueError
        Naming the column and the remedy.
    """
    if key in as_text:
        holds = as_text[key].holds or "lone surrogates"
        msg = f"Column {key!r} can't name rows: it holds {holds}. Make it text first: df[{key!r}] = df[{key!r}].astype(str)."
        raise ValueError(msg)


def check_key(table: pa.Table, key: str) -> None:
    """Raise unless each row has a key of its own.

    Parameters
    ----------
    table : pyarrow.Table
        A table that has the key column.
    key : str
        Its name.

    Raises
    ------
    ColumnError
        When there is no such column.
    ValueError
        When keys are null or repeat; it shows three of them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if key not in table.column_names:
        raise missing_column(key, table.column_names, "It was given as key=.")
    column = table.column(key)
    if pa.types.is_nested(column.type) or _is_binary(column.type):
        msg = f"Column {key!r} holds {column.type}, which can't name rows. Give a column of text or numbers as key=."
        raise ValueError(msg)
    if pa.types.is_temporal(column.type):
        _check_moments(column, key)
    if pa.types.is_floating(column.type) and pc.any(pc.is_nan(widened(column))).as_py():
        column = pc.if_else(pc.is_nan(widened(column)), pa.scalar(None, column.type), column)
    if column.null_count:
        nulls = pc.indices_nonzero(pc.is_null(column))
        rows = ", ".join(f"{i:,}" for i in nulls[:SHOWN].to_pylist())
        msg = (
            f"Column {key!r} can't be the key: it is null in {column.null_count:,} of {len(column):,} rows, "
            f"e.g. row {rows}. "
            "Fill or drop them, or leave key= out."
        )
        raise ValueError(msg)
    counts = pc.value_counts(column)
    repeated = counts.filter(pc.greater(counts.field("counts"), 1))
    if len(repeated):
        shown = ", ".join(
            f"{row['values']!r} ({row['counts']} times)" for row in repeated[:SHOWN].to_pylist()
        )
        values = f"{plural(len(repeated), 'value')} {'names' if len(repeated) == 1 else 'name'}"
        msg = (
            f"Column {key!r} can't be the key: {values} more than one row, e.g. {shown}. "
            "Drop the duplicates, or leave key= out."
        )
        raise ValueError(msg)


def _check_moments(column: pa.ChunkedArray, key: str) -> None:
    """Raise where times can't name rows: a predicate holds microseconds of the years 1 to 9999."""
    import pyarrow as pa

    try:
        if getattr(column.type, "unit", "") == "ns":
            whole = (
                pa.duration("us") if pa.types.is_duration(column.type) else pa.timestamp("us", column.type.tz)
            )
            column = column.cast(whole)
        column.to_pylist()
    except (pa.ArrowInvalid, ValueError, OverflowError) as error:
        msg = (
            f"Column {key!r} can't be the key: it holds times with nanoseconds or beyond the year 9999. "
            "Round them, make them text, or leave key= out."
        )
        raise ValueError(msg) from error


def _is_binary(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )

"""Frames held in memory: pandas, and whatever speaks Arrow."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.core.keys import ContentKeys, Identity
from datalens.table.checks import (
    check_key,
    check_names,
    check_own_type,
    check_python_objects,
    check_rows,
    is_polars,
)
from datalens.table.convert import AsText, from_pandas, plain_arrow
from datalens.table.plain import plain_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from datalens.core.keys import KeyValues

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]


# The first pandas in which copies share memory until one of them changes; before it they share changes too.
COPY_ON_WRITE = 3
# A frame of hundreds of such columns would bury its cell's output.
WARNED = 5


class FrameSource:
    """A pandas, polars or pyarrow table, converted to Arrow once; the caller's frame is never changed.

    Parameters
    ----------
    data : frame
        A pandas frame, a `pyarrow.Table`, or anything with ``__arrow_c_stream__`` (polars, DuckDB).
    key : str, optional
        A column of unique values; without one rows are named by their content.

    Attributes
    ----------
    as_text : dict of str to AsText
        Columns that are shown and compared as text in place of their own values; a warning has said so.

    Raises
    ------
    ValueError
        When column names repeat, a value can't be shown, or the key has null or equal values.
    ColumnError
        When the key column is not there.
    """

    def __init__(self, data: Any, *, key: str | None = None) -> None:
        import narwhals.stable.v2 as nw

        from datalens.predicate.dialects.pandas_types import Types

        self._native = data
        self._pandas: pd.DataFrame | None = None
        self._keys: KeyValues | None = None
        self._fingerprints: dict[str, str] = {}
        self.as_text: dict[str, AsText] = {}
        #: Whether a pandas frame has columns whose nulls are pandas' NA: Arrow's, and pandas' nullable ones.
        self.has_na = False
        if nw.dependencies.is_pandas_dataframe(data):
            self.title = "pandas frame"
            check_names(list(data.columns))
            check_rows(len(data), len(data.columns))
            self._pandas = self._native = _snapshot(data)
            self.has_na = not Types(data).in_numpy
            self._table, self.as_text = _pandas_to_arrow(self._native)
        else:
            self.title = f"{type(data).__module__.partition('.')[0]} table"
            self._table, self.as_text = _arrow_table(data)
            check_rows(len(self._table), self._table.num_columns)
        _warn(self.as_text)
        self.schema: pa.Schema = self._table.schema
        self.rows: int = self._table.num_rows
        if key is None:
            self.identity = Identity("content", _telling_columns(self.schema))
        else:
            check_key(self._table, key)
            check_own_type(key, self.as_text)
            self.identity = Identity("column", (key,))

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column, in ordinal order."""
        return self._table.column(name)

    def take(self, ordinals: Ordinals, columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        return self._table.select(list(columns)).take(ordinals)

    def keys(self) -> KeyValues:
        """Return every row's key; hashed at the first call where there is no key column."""
        if self._keys is None:
            self._keys = self._moments()
        if self._keys is None:
            content = self.identity.scheme == "content"
            frame = self.to_pandas()
            self._keys = ContentKeys(frame, self.identity.columns) if content else self.identity.keys(frame)
        return self._keys

    def _moments(self) -> np.ndarray[Any, Any] | None:
        """Return keys that are dates or times as Python's own, which numpy would make whole numbers of."""
        import numpy as np
        import pyarrow as pa

        name = self.identity.columns[0] if self.identity.scheme == "column" else None
        if name is None or not pa.types.is_temporal(self.schema.field(name).type):
            return None
        moments = np.empty(self.rows, dtype=object)
        moments[:] = self._table.column(name).to_pylist()
        return moments

    def fingerprint(self, name: str) -> str:
        """Return a hash of a column's content."""
        if name not in self._fingerprints:
            self._fingerprints[name] = fingerprint(self._table.column(name))
        return self._fingerprints[name]

    def to_pandas(self) -> pd.DataFrame:
        """Return the caller's frame itself where it is pandas, else a pandas frame of the same rows."""
        if self._pandas is None:
            # As the caller would convert it, since exported code runs on that.
            try:
                frame: pd.DataFrame = (self._native if self._is_own() else self._table).to_pandas()
            except ValueError:  # a null among a dictionary's values, which pandas' categories can't have
                frame = self._table.to_pandas()
            self._pandas = frame
        return self._pandas

    def sample(self, name: str, rows: int) -> pa.ChunkedArray:  # noqa: ARG002 - all of it is at hand
        """Return a whole column."""
        return self._table.column(name)

    def null_count(self, name: str) -> int:
        """Return how many values of a column are null."""
        return int(self._table.column(name).null_count)

    def _is_own(self) -> bool:
        """Whether the caller's table is one that DataLens gives back as it is: pyarrow's or polars'."""
        import narwhals.stable.v2 as nw
        import pyarrow as pa

        return isinstance(self._native, pa.Table) or nw.dependencies.is_polars_dataframe(self._native)

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> Any:
        """Return a new frame of the caller's kind, index and all, with computed columns added."""
        import narwhals.stable.v2 as nw
        import pyarrow as pa

        native: Any = self._native
        if nw.dependencies.is_pandas_dataframe(native):
            extra = computed.to_pandas()
            rows = native.copy(deep=False) if ordinals is None else native.iloc[ordinals].copy()
            for name in extra.columns:  # not assign(), which has no room for a column called "self"
                rows[name] = extra[name].array
            return rows
        if nw.dependencies.is_polars_dataframe(native):
            import polars as pl

            chosen: Any = native if ordinals is None else native[ordinals]
            return chosen.hstack(pl.DataFrame(computed)) if computed.num_columns else chosen.clone()
        table = native if self._is_own() else self._table
        if ordinals is not None:
            try:
                table = table.take(ordinals)
            except pa.ArrowNotImplementedError:  # views and runs can't be taken from: their plain columns can
                table = plain_table(table).take(ordinals)
        for name in computed.column_names:
            table = table.append_column(name, computed.column(name))
        return table


def _telling_columns(schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns that tell rows apart: all but vectors, which are slow to hash and follow from the rest."""
    import pyarrow as pa

    def is_vector(kind: pa.DataType) -> bool:
        listed = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
        return bool(listed and pa.types.is_floating(kind.value_type))

    return tuple(field.name for field in schema if not is_vector(field.type)) or tuple(schema.names)


def _snapshot(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy, since the caller may go on changing the frame; free where pandas copies on write."""
    import pandas as pd

    copies_on_write = int(pd.__version__.partition(".")[0]) >= COPY_ON_WRITE
    return frame.copy(deep=not copies_on_write)


def _pandas_to_arrow(frame: pd.DataFrame) -> tuple[pa.Table, dict[str, AsText]]:
    return _noted({name: from_pandas(frame[name], name) for name in frame.columns})


def _noted(columns: dict[str, tuple[pa.ChunkedArray, AsText | None]]) -> tuple[pa.Table, dict[str, AsText]]:
    """Return converted columns as a table, and the notes on those that have become text."""
    import pyarrow as pa

    notes = {name: note for name, (_, note) in columns.items() if note is not None}
    return pa.table([data for data, _ in columns.values()], names=list(columns)), notes


def _warn(as_text: dict[str, AsText]) -> None:
    for name, note in list(as_text.items())[:WARNED]:
        warnings.warn(note.sentence(name), UserWarning, stacklevel=_outside())
    if len(as_text) > WARNED:
        rest = (
            f"{len(as_text) - WARNED:,} more columns are shown as text likewise: the summary card names them."
        )
        warnings.warn(rest, UserWarning, stacklevel=_outside())


def _outside() -> int:
    """Return how many calls up the person's own line is: a warning shows that, not a line in here."""
    import inspect

    frame, level = inspect.currentframe(), 0
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith("datalens."):
        frame, level = frame.f_back, level + 1
    return level


def _arrow_table(data: Any) -> tuple[pa.Table, dict[str, AsText]]:
    import pyarrow as pa

    check_python_objects(data)
    try:
        table = data if isinstance(data, pa.Table) else pa.table(data)
    except (pa.ArrowException, TypeError) as error:
        library = type(data).__module__.partition(".")[0]
        place = _unheld(data)
        column = "a column of a type" if place is None else f"a column {place[0]!r} of type {place[1]},"
        msg = (
            f"The {library} table has {column} that Arrow can't hold ({str(error).splitlines()[0][:160]}). "
            "Cast that column to a plainer type first, or drop it."
        )
        raise ValueError(msg) from error
    check_names(table.column_names)
    columns = {name: plain_arrow(table.column(name), name) for name in table.column_names}
    return _noted(columns) if columns else (table, {})


def _unheld(data: Any) -> tuple[str, Any] | None:
    """Return name and type of the first column of a polars frame that Arrow can't hold; None where none is found."""
    import pyarrow as pa

    for name, dtype in (getattr(data, "schema", None) or {}).items() if is_polars(data) else ():
        try:
            pa.table(data.select(name).head(0))
        except (pa.ArrowException, TypeError):
            return name, dtype
    return None

"""Frames held in memory: pandas, and whatever speaks Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.core.keys import Identity
from datalens.table.checks import check_key, check_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa


class FrameSource:
    """A pandas, polars or pyarrow table, converted to Arrow once; the caller's frame is never changed.

    Parameters
    ----------
    data : frame
        A pandas frame, a `pyarrow.Table`, or anything with ``__arrow_c_stream__`` (polars, DuckDB).
    key : str, optional
        A column of unique values; without one rows are named by their content.

    Raises
    ------
    ValueError
        When column names repeat, a column mixes types, or the key has null or equal values.
    ColumnError
        When the key column is not there.
    """

    def __init__(self, data: Any, *, key: str | None = None) -> None:
        import narwhals.stable.v2 as nw

        self._native = data
        self._pandas: pd.DataFrame | None = None
        self._keys: np.ndarray[Any, Any] | None = None
        self._fingerprints: dict[str, str] = {}
        if nw.dependencies.is_pandas_dataframe(data):
            # A snapshot: copy-on-write makes it free, and the caller may go on changing the frame.
            self._pandas = self._native = data.copy(deep=False)
            self.title = "pandas frame"
            check_names(list(data.columns))
            self._table = _pandas_to_arrow(data)
        else:
            self.title = f"{type(data).__module__.partition('.')[0]} table"
            self._table = _arrow_table(data)
            check_names(self._table.column_names)
        self.schema: pa.Schema = self._table.schema
        self.rows: int = self._table.num_rows
        if key is None:
            self.identity = Identity("content", _telling_columns(self.schema))
        else:
            check_key(self._table, key)
            self.identity = Identity("column", (key,))

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column, in ordinal order."""
        return self._table.column(name)

    def take(self, ordinals: np.ndarray[Any, np.dtype[np.int64]], columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        return self._table.select(list(columns)).take(ordinals)

    def keys(self) -> np.ndarray[Any, Any]:
        """Return every row's key; hashed at the first call where there is no key column."""
        if self._keys is None:
            self._keys = self.identity.keys(self.to_pandas())
        return self._keys

    def fingerprint(self, name: str) -> str:
        """Return a hash of a column's content."""
        if name not in self._fingerprints:
            self._fingerprints[name] = fingerprint(self._table.column(name))
        return self._fingerprints[name]

    def to_pandas(self) -> pd.DataFrame:
        """Return the caller's frame itself where it is pandas, else a pandas frame of the same rows."""
        if self._pandas is None:
            self._pandas = self._table.to_pandas()
        return self._pandas

    def with_columns(self, computed: pa.Table) -> Any:
        """Return a new frame of the caller's kind, index and all, with computed columns added."""
        return self._extended(self._native, self._table, computed)

    def rows_with_columns(self, ordinals: np.ndarray[Any, np.dtype[np.int64]], computed: pa.Table) -> Any:
        """Return some rows as a frame of the caller's kind, index and all, with computed columns added."""
        import narwhals.stable.v2 as nw

        pandas = nw.dependencies.is_pandas_dataframe(self._native)
        return self._extended(
            self._native.iloc[ordinals] if pandas else self._native,
            self._table if pandas else self._table.take(ordinals),
            computed,
        )

    @staticmethod
    def _extended(native: Any, table: pa.Table, computed: pa.Table) -> Any:
        import narwhals.stable.v2 as nw

        if nw.dependencies.is_pandas_dataframe(native):
            extra = computed.to_pandas()
            return native.assign(**{name: extra[name].array for name in extra.columns})
        for name in computed.column_names:
            table = table.append_column(name, computed.column(name))
        if nw.dependencies.is_polars_dataframe(native):
            import polars as pl

            return pl.DataFrame(table)
        return table


def _telling_columns(schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns that tell rows apart: all but vectors, which are slow to hash and follow from the rest."""
    import pyarrow as pa

    def is_vector(kind: pa.DataType) -> bool:
        listed = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
        return bool(listed and pa.types.is_floating(kind.value_type))

    return tuple(field.name for field in schema if not is_vector(field.type)) or tuple(schema.names)


def _pandas_to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Convert column by column, so that what can't be converted is named."""
    import pyarrow as pa

    arrays, names = [], []
    for name in frame.columns:
        try:
            array = pa.chunked_array(_as_chunks(frame[name]))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, UnicodeEncodeError) as error:
            msg = (
                f"Column {name!r} can't be read as one type ({str(error).splitlines()[0][:160]}). "
                f"Make it one: df[{name!r}] = df[{name!r}].astype(str), or drop it."
            )
            raise ValueError(msg) from error
        arrays.append(array)
        names.append(name)
    return pa.table(arrays, names=names)


def _as_chunks(column: pd.Series[Any]) -> list[pa.Array]:
    import pyarrow as pa

    array = pa.array(column, from_pandas=True)
    chunks = list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]
    # An empty chunked array has no chunks, and so no type.
    return chunks or [pa.array([], array.type)]


def _arrow_table(data: Any) -> pa.Table:
    import pyarrow as pa

    if isinstance(data, pa.Table):
        return data
    table = pa.table(data)
    # String views save nothing here, and several kernels do not know them.
    fields = [
        pa.field(f.name, pa.large_string()) if pa.types.is_string_view(f.type) else f for f in table.schema
    ]
    return table.cast(pa.schema(fields))

"""A Parquet file on disk, read by column or by row group, never whole unless asked."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.core.keys import Identity
from datalens.table.checks import check_key, check_names

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

# Paging touches a few row groups at a time; so many stay decoded, per set of columns.
GROUPS_KEPT = 16


class ParquetSource:
    """One Parquet file.

    Parameters
    ----------
    path : path-like
        The file.
    key : str, optional
        A column of unique values; without one rows are named by their number in the file, bound to the
        file's footer and time.

    Raises
    ------
    ValueError
        When the file is not Parquet or is cut short, names repeat, or the key has null or equal values.
    """

    def __init__(self, path: str | os.PathLike[str], *, key: str | None = None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = Path(path)
        try:
            self._file = pq.ParquetFile(self.path, memory_map=True)
        except pa.ArrowInvalid as error:
            msg = f"{self.path} is not a whole Parquet file ({str(error).splitlines()[0][:160]})."
            raise ValueError(msg) from error
        self.title = self.path.name
        self.schema: pa.Schema = self._file.schema_arrow.remove_metadata()
        self.rows: int = self._file.metadata.num_rows
        check_names(self.schema.names)
        self._starts = _group_starts(self._file.metadata)
        self._keys: np.ndarray[Any, Any] | None = None
        self._groups: OrderedDict[tuple[int, str], pa.ChunkedArray] = OrderedDict()
        self._opened = _size_and_time(self.path)
        self._stamp = fingerprint(str(self._file.metadata.to_dict()), self._opened)
        if key is None:
            self.identity = Identity("row", (), self.rows, self.path.name, self._stamp)
        else:
            if key in self.schema.names:
                check_key(self._read([key]), key)
            else:
                check_key(self.schema.empty_table(), key)
            self.identity = Identity("column", (key,))

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column, in ordinal order."""
        return self._read([name]).column(name)

    def take(self, ordinals: np.ndarray[Any, np.dtype[np.int64]], columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`; reads the row groups they lie in."""
        import numpy as np
        import pyarrow as pa

        ordinals = np.asarray(ordinals, dtype=np.int64)
        group = np.searchsorted(self._starts, ordinals, side="right") - 1
        parts, places = [], []
        for number in np.unique(group):
            here = np.flatnonzero(group == number)
            table = pa.table({name: self._group(int(number), name) for name in columns})
            parts.append(table.take(ordinals[here] - self._starts[number]))
            places.append(here)
        if not parts:
            return self.schema.empty_table().select(list(columns))
        # The rows came group by group: put them back into the order asked for.
        order = np.argsort(np.concatenate(places), kind="stable")
        return pa.concat_tables(parts).take(order)

    def keys(self) -> np.ndarray[Any, Any]:
        """Return every row's key: the key column, or row numbers."""
        import numpy as np

        if self._keys is None:
            if self.identity.scheme == "row":
                self._keys = np.arange(self.rows)
            else:
                self._keys = self.identity.keys(self._read([self.identity.columns[0]]).to_pandas())
        return self._keys

    def fingerprint(self, name: str) -> str:
        """Return a hash for a column: of the file's footer, size and time, and the column's name."""
        return fingerprint(self._stamp, name)

    def to_pandas(self) -> pd.DataFrame:
        """Return the whole file as a pandas frame."""
        frame: pd.DataFrame = self._read(self.schema.names).to_pandas()
        return frame

    def with_columns(self, computed: pa.Table) -> pd.DataFrame:
        """Return the file's rows as a pandas frame, with computed columns added."""
        frame = self.to_pandas()
        extra = computed.to_pandas()
        return frame.assign(**{name: extra[name].array for name in extra.columns})

    def rows_with_columns(
        self, ordinals: np.ndarray[Any, np.dtype[np.int64]], computed: pa.Table
    ) -> pd.DataFrame:
        """Return some of the file's rows as a pandas frame, with computed columns added."""
        frame: pd.DataFrame = self.take(ordinals, self.schema.names).to_pandas()
        extra = computed.to_pandas()
        return frame.assign(**{name: extra[name].array for name in extra.columns})

    def _read(self, names: Sequence[str]) -> pa.Table:
        self._check_unchanged()
        return self._file.read(columns=list(names), use_pandas_metadata=False)

    def _group(self, number: int, name: str) -> pa.ChunkedArray:
        place = (number, name)
        if place in self._groups:
            self._groups.move_to_end(place)
            return self._groups[place]
        self._check_unchanged()
        column = self._file.read_row_group(number, columns=[name]).column(name)
        self._groups[place] = column
        while len(self._groups) > GROUPS_KEPT * max(1, len(self.schema.names)):
            self._groups.popitem(last=False)
        return column

    def _check_unchanged(self) -> None:
        """Refuse to mix rows of two versions of the file."""
        if _size_and_time(self.path) != self._opened:
            msg = f"{self.path} has changed since it was opened. Open it again: dl.Lens({str(self.path)!r})."
            raise ValueError(msg)


def _size_and_time(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _group_starts(metadata: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the ordinal of the first row of each row group."""
    import numpy as np

    sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if sizes else np.zeros(1, np.int64)

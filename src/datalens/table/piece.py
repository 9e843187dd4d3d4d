"""One Parquet file of a dataset: read by row group and column, and never when it has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.table.convert import AsText, plain_arrow
from datalens.table.plain import plain_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

# Column chunks are read through a buffer of this size where only some of their rows are wanted.
BUFFER_BYTES = 1 << 20
# So much is decoded at a time where a row group is too large to be held, and never fewer rows than one.
BATCH_BYTES = 4 << 20
MAX_BATCH_ROWS = 65_536
# Conditions look at several columns together, and at more rows at a time.
TABLE_BYTES = 32 << 20
FOOTER_TAIL = 8  # a Parquet file ends with the length of its footer in four bytes, and four letters


class Piece:
    """One Parquet file, opened anew for each read, so that any number of files may make a dataset.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    origin : pathlib.Path, optional
        The caller's file that it was made from; itself where left out.

    Attributes
    ----------
    origin : pathlib.Path
        What the caller knows it as.
    schema : pyarrow.Schema
        Its columns, in plain types.
    as_text : dict of str to AsText
        Columns that are read as text in place of their own values.
    rows : int
        How many rows it has.
    groups : list of int
        Rows of each row group.
    stamp : str
        A hash of its footer and of its origin's size and time.

    Raises
    ------
    ValueError
        When the file is not Parquet or is cut short.
    """

    def __init__(self, path: Path, origin: Path | None = None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = path
        self.origin = origin or path
        self._opened = [(file, _state(file)) for file in dict.fromkeys((self.path, self.origin))]
        try:
            self.metadata = pq.read_metadata(path)
            schema = self.metadata.schema.to_arrow_schema()
            footer = _footer(path)
        except (pa.ArrowException, OSError) as error:
            msg = f"{self.origin} is not a whole Parquet file ({_first_line(error)}). Write it again."
            raise ValueError(msg) from error
        kinds = pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])
        self._leaves = _leaf_places(kinds)
        # What the columns are once they are read: text in place of times of day, as in frames.
        empty = {f.name: plain_arrow(pa.chunked_array([], f.type), f.name) for f in schema}
        self.schema: pa.Schema = pa.schema([(name, column.type) for name, (column, _) in empty.items()])
        self.as_text: dict[str, AsText] = {name: note for name, (_, note) in empty.items() if note}
        self.rows: int = self.metadata.num_rows
        self.groups = [self.metadata.row_group(i).num_rows for i in range(self.metadata.num_row_groups)]
        self.stamp = fingerprint(footer, _state(self.origin)[:2])
        self.check_unchanged()

    def read(self, name: str, group: int | None = None, *, own: bool = False) -> pa.ChunkedArray:
        """Return a column of one row group, or of all; `own` for the file's values where they are read as text."""

        def read(file: Any) -> pa.Table:
            if group is None:
                return file.read(columns=[name], use_pandas_metadata=False)
            return file.read_row_group(group, columns=[name])

        column = self._reading(read).column(name)
        return column if own else plain_arrow(column, name)[0]

    def batches(
        self, name: str, group: int, *, leaf: str | None = None, rows: int = MAX_BATCH_ROWS
    ) -> Iterator[pa.ChunkedArray]:
        """Yield a column of a row group some rows at a time, however large it is.

        Parameters
        ----------
        name : str
            The column.
        group : int
            The row group.
        leaf : str, optional
            The path of the only leaf to read of a nested column.
        rows : int, optional
            At most so many at a time.

        Yields
        ------
        pyarrow.ChunkedArray
            Its next rows.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        def opened(_: Any) -> Any:
            # pre_buffer would fetch the whole row group before its first row.
            return pq.ParquetFile(
                self.path, metadata=self.metadata, buffer_size=BUFFER_BYTES, pre_buffer=False
            )

        with self._reading(opened, file=False) as file:
            share = BATCH_BYTES * self.groups[group] // max(1, self.size(name, group))
            following = file.iter_batches(
                min(rows, max(1, share)), row_groups=[group], columns=[leaf or name]
            )
            while (batch := self._reading(lambda _: next(following, None), file=False)) is not None:
                column = pa.chunked_array([batch.column(name)])
                yield column if leaf else plain_arrow(column, name)[0]

    def tables(self, names: Sequence[str], group: int) -> Iterator[pa.Table]:
        """Yield some columns of a row group some rows at a time; nothing where there are no names."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not names:
            return
        size = max(1, sum(self.size(name, group) for name in names))
        rows = min(MAX_BATCH_ROWS, max(1, TABLE_BYTES * self.groups[group] // size))

        def opened(_: Any) -> Any:
            return pq.ParquetFile(
                self.path, metadata=self.metadata, buffer_size=BUFFER_BYTES, pre_buffer=False
            )

        with self._reading(opened, file=False) as file:
            following = file.iter_batches(rows, row_groups=[group], columns=list(names))
            while (batch := self._reading(lambda _: next(following, None), file=False)) is not None:
                columns = {
                    name: plain_arrow(pa.chunked_array([batch.column(name)]), name)[0] for name in names
                }
                yield pa.table(columns)

    def leaves(self, name: str, group: int) -> list[Any]:
        """Return the footer's entries on a column in a row group: one, or several where it is nested."""
        entries = self.metadata.row_group(group)
        return [entries.column(place) for place in self._leaves[name]]

    def size(self, name: str, group: int) -> int:
        """Return how many bytes a column takes in a row group, uncompressed."""
        return sum(leaf.total_uncompressed_size for leaf in self.leaves(name, group))

    def nulls(self, name: str, group: int) -> int:
        """Return how many rows of a row group are null in a column: from the footer where it says so."""
        leaves = self.leaves(name, group)
        counts = [leaf.statistics.null_count if leaf.is_stats_set else None for leaf in leaves]
        # A leaf without nulls has none above it either.
        if 0 in counts:
            return 0
        if counts[0] is not None and not _is_nested(self.schema.field(name).type):
            return int(counts[0])
        # The leaf that takes the least says which rows are there: no need to read a conversation's texts.
        narrow = min(leaves, key=lambda leaf: leaf.total_uncompressed_size).path_in_schema
        return sum(column.null_count for column in self.batches(name, group, leaf=narrow))

    def check_unchanged(self) -> None:
        """Raise unless the files are what they were when they were opened.

        Raises
        ------
        ValueError
            It names the file.
        """
        for file, state in self._opened:
            try:
                changed = "has changed" if _state(file) != state else ""
            except FileNotFoundError:
                changed = "is gone"
            if changed:
                what = f"{self.origin}" if file == self.origin else f"The converted copy of {self.origin}"
                msg = f"{what} {changed} since it was opened. Open it again: dl.Lens({os.fspath(self.origin)!r})."
                raise ValueError(msg)

    def _reading(self, read: Any, *, file: bool = True) -> Any:
        """Call `read`, and refuse what it gave where the file changed meanwhile."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.check_unchanged()
        try:
            if file:
                with pq.ParquetFile(self.path, metadata=self.metadata) as opened:
                    found = read(opened)
            else:
                found = read(None)
        except (pa.ArrowException, OSError) as error:
            self.check_unchanged()
            msg = f"{self.origin} is damaged: it can't be read to its end ({_first_line(error)}). Write it again."
            raise ValueError(msg) from error
        self.check_unchanged()
        return found


def _leaf_places(schema: pa.Schema) -> dict[str, range]:
    """Return where the footer keeps the leaves of each column: in order, one column after the other."""
    places, start = {}, 0
    for field in schema:
        count = _leaf_count(field.type)
        places[field.name] = range(start, start + count)
        start += count
    return places


def _leaf_count(kind: pa.DataType) -> int:
    if not _is_nested(kind):
        return 1
    return sum(_leaf_count(kind.field(place).type) for place in range(kind.num_fields))


def _is_nested(kind: pa.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_nested(kind) and not types.is_dictionary(kind))


def _state(path: Path) -> tuple[int, int, int]:
    """Return what tells a file from a later one: its size, time and number on the disk."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


def _footer(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-FOOTER_TAIL, os.SEEK_END)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-FOOTER_TAIL - length, os.SEEK_END)
        return file.read(length)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]

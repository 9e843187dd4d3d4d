"""Parquet files on disk as one dataset: read by column or by row group, never whole unless asked."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.core.keys import Identity
from datalens.table.checks import check_key, check_names
from datalens.table.union import union_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from datalens.table.piece import Piece

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

# Paging touches a few row groups at a time; so much of them stays decoded.
KEPT_BYTES = 256 << 20
# A column's row group that is larger than this is never held: its rows are picked out while it streams by.
LARGE_BYTES = 128 << 20
# What a column holds shows in the heads of so many row groups, evenly spread.
SAMPLED_GROUPS = 16
# Of long texts fewer tell as much.
SAMPLE_BYTES = 32 << 20


class ParquetSource:
    """One Parquet file, or many that are one dataset.

    Parameters
    ----------
    pieces : sequence of Piece
        The files, in order.
    title : str
        What the dataset is called.
    key : str, optional
        A column of unique values; without one rows are named by their number, counted through all files and
        bound to their footers and times.

    Raises
    ------
    ValueError
        When columns of two files can't be one, names repeat, or the key has null or equal values.
    """

    def __init__(self, pieces: Sequence[Piece], *, title: str, key: str | None = None) -> None:
        import numpy as np

        self.title = title
        self._pieces = tuple(pieces)
        self.origins = tuple(dict.fromkeys(piece.origin for piece in self._pieces))
        # Nothing is ever written over them.
        self.files = tuple({file: None for piece in self._pieces for file in (piece.origin, piece.path)})
        for piece in self._pieces:
            check_names(piece.schema.names)
        self.schema: pa.Schema = union_schema((str(piece.origin), piece.schema) for piece in self._pieces)
        self.as_text = {name: note for piece in self._pieces for name, note in piece.as_text.items()}
        # Row groups of all files, in order: (file, number in it), and the ordinal of the first row of each.
        self._places = [(piece, group) for piece in self._pieces for group in range(len(piece.groups))]
        sizes = [piece.groups[group] for piece, group in self._places]
        self._starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        self.rows: int = int(self._starts[-1])
        self._keys: np.ndarray[Any, Any] | None = None
        self._kept: OrderedDict[tuple[int, str], pa.ChunkedArray] = OrderedDict()
        self.stamp: str = fingerprint(*(piece.stamp for piece in self._pieces))
        if key is None:
            self.identity = Identity("row", (), self.rows, title, self.stamp)
        else:
            columns = {key: self.column(key)} if key in self.schema.names else {}
            check_key(_table(columns) if columns else self.schema.empty_table(), key)
            self.identity = Identity("column", (key,))

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column, in ordinal order."""
        import pyarrow as pa

        kind = self.schema.field(name).type
        chunks: list[pa.Array] = []
        for piece in self._pieces:
            if name in piece.schema.names:
                chunks += self._as(piece, name, piece.read(name)).chunks
            else:
                piece.check_unchanged()
                chunks.append(pa.nulls(piece.rows, kind))
        column = pa.chunked_array(chunks, kind)
        # Row groups have dictionaries of their own; one for all is what the kernels can sort and count.
        return column.unify_dictionaries() if pa.types.is_dictionary(kind) else column

    def nbytes(self, names: Sequence[str]) -> int:
        """Return how many bytes columns take, uncompressed, by the files' footers."""
        return sum(
            piece.size(name, group)
            for piece, group in self._places
            for name in names
            if name in piece.schema.names
        )

    def parts(self, names: Sequence[str]) -> Iterator[pa.Table]:
        """Yield columns from the first row to the last, some megabytes at a time."""
        import pyarrow as pa

        for piece, group in self._places:
            own = [name for name in names if name in piece.schema.names]
            left = piece.groups[group]
            for batch in piece.tables(own, group):
                columns = {
                    name: self._as(piece, name, batch.column(name))
                    if name in own
                    else pa.chunked_array([pa.nulls(len(batch), self.schema.field(name).type)])
                    for name in names
                }
                left -= len(batch)
                yield _table(columns)
            if left and not own:  # a file that has none of them
                yield _table(
                    {name: pa.chunked_array([pa.nulls(left, self.schema.field(name).type)]) for name in names}
                )

    def take(self, ordinals: Ordinals, columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`; reads the row groups they lie in."""
        import numpy as np
        import pyarrow as pa

        ordinals = np.asarray(ordinals, dtype=np.int64)
        group = np.searchsorted(self._starts, ordinals, side="right") - 1
        parts, places = [], []
        for number in np.unique(group):
            here = np.flatnonzero(group == number)
            rows = ordinals[here] - self._starts[number]
            parts.append(_table({name: self._rows_of(int(number), name, rows) for name in columns}))
            places.append(here)
        if not parts or not columns:
            return self.schema.empty_table().select(list(columns))
        # The rows came group by group: put them back into the order asked for.
        order = np.argsort(np.concatenate(places), kind="stable")
        found = pa.concat_tables(parts).unify_dictionaries()
        # Rows that were asked for in order are in order: no copy of what may be gigabytes.
        return found if np.array_equal(order, np.arange(len(order))) else found.take(order)

    def sample(self, name: str, rows: int) -> pa.ChunkedArray:
        """Return about so many values of a column: the heads of row groups that are evenly spread."""
        import numpy as np
        import pyarrow as pa

        kind = self.schema.field(name).type
        filled = np.flatnonzero(np.diff(self._starts))
        chosen = (
            filled[np.unique(np.linspace(0, len(filled) - 1, SAMPLED_GROUPS).astype(int))]
            if len(filled)
            else []
        )
        chunks: list[pa.Array] = []
        for number in chosen if rows else ():
            piece, group = self._places[number]
            share = min(-(-rows // len(chosen)), piece.groups[group])
            if name not in piece.schema.names:
                chunks.append(pa.nulls(share, kind))
                continue
            room = SAMPLE_BYTES // len(chosen) * piece.groups[group] // max(1, piece.size(name, group))
            share = max(1, min(share, room))
            for batch in piece.batches(name, group, rows=share):
                chunks += self._as(piece, name, batch.slice(0, share)).chunks
                share -= len(batch)
                if share <= 0:
                    break
        return pa.chunked_array(chunks, kind)

    def null_count(self, name: str) -> int:
        """Return how many values of a column are null: from the footers where they say so."""
        return sum(
            piece.nulls(name, group) if name in piece.schema.names else piece.groups[group]
            for piece, group in self._places
        )

    def keys(self) -> np.ndarray[Any, Any]:
        """Return every row's key: the key column, or row numbers."""
        import numpy as np

        if self._keys is None:
            if self.identity.scheme == "row":
                self._keys = np.arange(self.rows)
            else:
                name = self.identity.columns[0]
                self._keys = self.identity.keys(_table({name: self.column(name)}).to_pandas())
        return self._keys

    def fingerprint(self, name: str) -> str:
        """Return a hash for a column: of the files' footers, sizes and times, and the column's name."""
        return fingerprint(self.stamp, name)

    def to_pandas(self) -> pd.DataFrame:
        """Return all rows as a pandas frame."""
        frame: pd.DataFrame = _table({name: self._own(name) for name in self.schema.names}).to_pandas()
        return frame

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> pd.DataFrame:
        """Return the rows as a pandas frame with computed columns added; reads only the rows that are asked for."""
        if ordinals is None:
            frame = self.to_pandas()
        else:  # under the row numbers that they have in the file
            table = self.take(ordinals, self.schema.names)
            own = {name: self._own(name).take(ordinals) for name in self.as_text}
            columns = {name: own.get(name, table.column(name)) for name in table.column_names}
            frame = _table(columns).to_pandas().set_axis(ordinals)
        extra = computed.to_pandas()
        for name in extra.columns:
            frame[name] = extra[name].array
        return frame

    def _own(self, name: str) -> pa.ChunkedArray:
        """Return a whole column with the files' own values, also where DataLens reads them as text."""
        import pyarrow as pa

        own = [piece.as_text.get(name) for piece in self._pieces]
        if name not in self.as_text or None in own:
            return self.column(name)
        columns = [piece.read(name, own=True) for piece in self._pieces]
        return pa.chunked_array(
            [chunk.cast(columns[0].type) for column in columns for chunk in column.chunks]
        )

    def _rows_of(self, number: int, name: str, rows: Ordinals) -> pa.ChunkedArray:
        """Return some rows of a column in one row group."""
        import pyarrow as pa

        piece, group = self._places[number]
        if name not in piece.schema.names:
            piece.check_unchanged()
            return pa.chunked_array([pa.nulls(len(rows), self.schema.field(name).type)])
        if (number, name) in self._kept:
            piece.check_unchanged()
            self._kept.move_to_end((number, name))
        elif piece.size(name, group) > LARGE_BYTES:
            return self._as(piece, name, _picked(piece, group, name, rows))
        else:
            self._kept[number, name] = self._as(piece, name, piece.read(name, group))
        column = self._kept[number, name]
        held = sum(kept.nbytes for kept in self._kept.values())
        while held > KEPT_BYTES and len(self._kept) > 1:
            held -= self._kept.popitem(last=False)[1].nbytes
        return column.take(pa.array(rows))

    def _as(self, piece: Piece, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return a file's column in the type that it has in the dataset."""
        import pyarrow as pa
        import pyarrow.compute as pc

        kind = self.schema.field(name).type
        if column.type == kind:
            return column
        try:
            # Integers beyond 2**53 lose digits among floats, as they do wherever such columns are joined.
            return pc.cast(column, options=pc.CastOptions(kind, allow_float_truncate=True))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            msg = (
                f"Column {name!r} of {piece.origin} is {column.type} and does not fit {kind}, which it is with the "
                f"other files ({str(error).splitlines()[0][:160]}). Make them one type, or open the files apart."
            )
            raise ValueError(msg) from error


def _picked(piece: Piece, group: int, name: str, rows: Ordinals) -> pa.ChunkedArray:
    """Return some rows of a large row group, holding a batch of it at a time."""
    import numpy as np
    import pyarrow as pa

    wanted, places = np.unique(rows, return_inverse=True)
    parts, start = [], 0
    for batch in piece.batches(name, group):
        first, last = np.searchsorted(wanted, [start, start + len(batch)])
        if last > first:
            parts.append(batch.take(pa.array(wanted[first:last] - start)))
        start += len(batch)
        if last == len(wanted):
            break
    column = pa.chunked_array(
        [chunk for part in parts for chunk in part.chunks], piece.schema.field(name).type
    )
    return column.take(pa.array(places))


def _table(columns: dict[str, pa.ChunkedArray]) -> pa.Table:
    import pyarrow as pa

    return pa.table(columns)

"""Some rows of another source, under the names they have there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from datalens.table.source import Source

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]


class SampledSource:
    """Rows of a source, numbered anew from 0, keyed as in the source.

    A row's key is the one it has among all rows (for rows named by content, equal rows that are not in the sample
    still count), so that keys taken here select the same rows of the whole. A column is read when it is asked for,
    the sampled rows only, and kept: a sample is small.

    Parameters
    ----------
    source : Source
        All rows.
    ordinals : numpy.ndarray of int64, shape (n,)
        Which of them, rising.

    Attributes
    ----------
    title, schema, identity
        As the source has them.
    rows : int
        How many rows the sample has.
    """

    def __init__(self, source: Source, ordinals: Ordinals) -> None:
        self._source = source
        self._ordinals = ordinals
        self._columns: dict[str, pa.ChunkedArray] = {}
        self._fingerprints: dict[str, str] = {}
        self._keys: np.ndarray[Any, Any] | None = None
        self.title = source.title
        self.rows = len(ordinals)
        self.schema = source.schema
        self.identity = source.identity
        # What a source of a frame notes of columns that are shown as text.
        self.as_text: dict[str, Any] = getattr(source, "as_text", {})
        # What a source of files reads from.
        self.files: tuple[Path, ...] = getattr(source, "files", ())

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column of the sample, in ordinal order."""
        if name not in self._columns:
            self._columns[name] = self._source.take(self._ordinals, [name]).column(name)
        return self._columns[name]

    def take(self, ordinals: Ordinals, columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        import pyarrow as pa

        if not all(name in self._columns for name in columns):
            return self._source.take(self._ordinals[ordinals], columns)
        table = pa.table({name: self._columns[name] for name in columns})
        return table.take(ordinals) if columns else self.schema.empty_table().select([])

    def keys(self) -> np.ndarray[Any, Any]:
        """Return every sampled row's key, as the source names it."""
        if self._keys is None:
            self._keys = self._source.keys()[self._ordinals]
        return self._keys

    def fingerprint(self, name: str) -> str:
        """Return a hash of the sampled content of a column."""
        if name not in self._fingerprints:
            self._fingerprints[name] = fingerprint(self.column(name))
        return self._fingerprints[name]

    def sample(self, name: str, rows: int) -> pa.ChunkedArray:  # noqa: ARG002 - all of it is small
        """Return the whole column: what tells what it holds."""
        return self.column(name)

    def null_count(self, name: str) -> int:
        """Return how many values of a column are null (NaN is not)."""
        return int(self.column(name).null_count)

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> Any:
        """Return the sample, or some of its rows, as the caller's own kind of frame, with computed columns."""
        chosen = self._ordinals if ordinals is None else self._ordinals[ordinals]
        return self._source.with_columns(computed, chosen)

    def to_pandas(self) -> pd.DataFrame:
        """Return the sampled rows and all their columns as a pandas frame."""
        import narwhals.stable.v2 as nw
        import pyarrow as pa

        frame = self.with_columns(pa.table({}))
        if nw.dependencies.is_pandas_dataframe(frame):
            return frame
        whole: pd.DataFrame = self.take(_all(self.rows), self.schema.names).to_pandas()
        return whole


def _all(rows: int) -> Ordinals:
    import numpy as np

    return np.arange(rows)

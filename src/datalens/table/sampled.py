"""Some rows of another source, under the names they have there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.table.frames import with_computed

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    def subset(self, ordinals: Ordinals) -> Any:
        """Return some rows as the caller's own kind of frame."""
        return self._source.subset(self._ordinals[ordinals])

    def with_columns(self, computed: pa.Table) -> Any:
        """Return the sampled rows as the caller's own kind of frame, with computed columns added."""
        return with_computed(self._source.subset(self._ordinals), computed)

    def to_pandas(self) -> pd.DataFrame:
        """Return the sampled rows and all their columns as a pandas frame."""
        import narwhals.stable.v2 as nw

        frame = self._source.subset(self._ordinals)
        return frame if nw.dependencies.is_pandas_dataframe(frame) else nw.from_native(frame).to_pandas()

"""The truth of a study: rows that never change, by column or by ordinal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from datalens.core.keys import Identity, KeyValues

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]


class Source(Protocol):
    """Rows in a fixed order, numbered from 0 (the ordinal).

    Attributes
    ----------
    title : str
        What the dataset is called: a file's name, or the kind of frame.
    rows : int
        How many rows there are.
    schema : pyarrow.Schema
        Names and types of the columns.
    identity : Identity
        How rows are named outside.
    """

    title: str
    rows: int
    schema: pa.Schema
    identity: Identity

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column, in ordinal order."""
        ...

    def take(self, ordinals: Ordinals, columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        ...

    def keys(self) -> KeyValues:
        """Return every row's key, as `identity` names them."""
        ...

    def fingerprint(self, name: str) -> str:
        """Return a hash of a column's content."""
        ...

    def sample(self, name: str, rows: int) -> pa.ChunkedArray:
        """Return at least about `rows` values of a column, from all over it: what tells what it holds."""
        ...

    def null_count(self, name: str) -> int:
        """Return how many values of a column are null (NaN is not)."""
        ...

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> Any:
        """Return the caller's own kind of frame, with computed columns added.

        All rows, or those of `ordinals` in their order, and of a file only they are read; `computed` has one row
        for each row that is returned.
        """
        ...

    def to_pandas(self) -> pd.DataFrame:
        """Return the caller's rows and columns as a pandas frame."""
        ...

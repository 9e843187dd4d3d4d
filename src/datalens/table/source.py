"""The truth of a study: rows that never change, by column or by ordinal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    from datalens.core.keys import Identity


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

    def take(self, ordinals: np.ndarray[Any, np.dtype[np.int64]], columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        ...

    def keys(self) -> np.ndarray[Any, Any]:
        """Return every row's key, as `identity` names them."""
        ...

    def fingerprint(self, name: str) -> str:
        """Return a hash of a column's content."""
        ...

    def with_columns(self, computed: pa.Table) -> Any:
        """Return the caller's own kind of frame, with computed columns added."""
        ...

    def rows_with_columns(self, ordinals: np.ndarray[Any, np.dtype[np.int64]], computed: pa.Table) -> Any:
        """Return some rows as the caller's own kind of frame, in the order of `ordinals`; reads those alone.

        `computed` has one row for each of them, and is added as columns.
        """
        ...

    def to_pandas(self) -> pd.DataFrame:
        """Return the caller's rows and columns as a pandas frame."""
        ...

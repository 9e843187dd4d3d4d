"""A Lance dataset on disk, read at the version that was the newest when it was opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.core.fingerprint import fingerprint
from datalens.core.keys import Identity
from datalens.table.checks import check_key, check_names
from datalens.table.convert import AsText, plain_arrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

# A Lance dataset is a folder; this one inside holds its versions.
VERSIONS = "_versions"


def is_lance(data: Any) -> bool:
    """Whether data is a Lance dataset: the object, or the path of its folder.

    Examples
    --------
    >>> is_lance("corpus.parquet")
    False
    """
    if isinstance(data, (str, os.PathLike)):
        try:
            return (Path(data).expanduser() / VERSIONS).is_dir()
        except (OSError, ValueError, RuntimeError):  # no path at all
            return False
    return type(data).__name__ == "LanceDataset" and type(data).__module__.startswith("lance")


class LanceSource:
    """A Lance dataset, by column or by row; later versions of it change nothing here.

    Parameters
    ----------
    data : str, path-like or lance.LanceDataset
        The dataset's folder, or the dataset, of which the version it stands at is read.
    key : str, optional
        A column of unique values; without one rows are named by their number in this version.

    Raises
    ------
    ImportError
        Without the package that reads Lance.
    ValueError
        When the dataset can't be read, names repeat, or the key has null or equal values.
    """

    def __init__(self, data: Any, *, key: str | None = None) -> None:
        import pyarrow as pa

        self._dataset = _opened(data)
        uri = str(self._dataset.uri)
        self.title = Path(uri).name
        # Beside a folder of this machine there is room for a journal; not beside one on a server.
        self.origins = (Path(uri),) if "://" not in uri else ()
        check_names(self._dataset.schema.names)
        empty = {f.name: plain_arrow(pa.chunked_array([], f.type), f.name) for f in self._dataset.schema}
        self.schema: pa.Schema = pa.schema([(name, column.type) for name, (column, _) in empty.items()])
        self.as_text: dict[str, AsText] = {name: note for name, (_, note) in empty.items() if note}
        self.rows: int = self._dataset.count_rows()
        version = self._dataset.version
        made = next((str(v["timestamp"]) for v in self._dataset.versions() if v["version"] == version), "")
        self.stamp: str = fingerprint(str(self._dataset.uri), version, made)
        self._keys: np.ndarray[Any, Any] | None = None
        if key is None:
            self.identity = Identity("row", (), self.rows, self.title, self.stamp)
        else:
            known = key in self.schema.names
            check_key(pa.table({key: self.column(key)}) if known else self.schema.empty_table(), key)
            self.identity = Identity("column", (key,))

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a whole column, in ordinal order."""
        return plain_arrow(self._own(name), name)[0]

    def take(self, ordinals: Ordinals, columns: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        import pyarrow as pa

        if not len(ordinals) or not columns:
            return self.schema.empty_table().select(list(columns))
        table = self._taken(ordinals, columns)
        return pa.table({name: plain_arrow(table.column(name), name)[0] for name in columns})

    def keys(self) -> np.ndarray[Any, Any]:
        """Return every row's key: the key column, or row numbers."""
        import numpy as np
        import pyarrow as pa

        if self._keys is None:
            if self.identity.scheme == "row":
                self._keys = np.arange(self.rows)
            else:
                name = self.identity.columns[0]
                self._keys = self.identity.keys(pa.table({name: self.column(name)}).to_pandas())
        return self._keys

    def fingerprint(self, name: str) -> str:
        """Return a hash for a column: of the dataset's place and version, and the column's name."""
        return fingerprint(self.stamp, name)

    def sample(self, name: str, rows: int) -> pa.ChunkedArray:
        """Return about so many values of a column, evenly spread."""
        import numpy as np

        chosen = np.unique(np.linspace(0, max(0, self.rows - 1), min(rows, self.rows)).astype(np.int64))
        return self.take(chosen, [name]).column(name)

    def null_count(self, name: str) -> int:
        """Return how many values of a column are null, read batch by batch."""
        return sum(batch.column(0).null_count for batch in self._dataset.to_batches(columns=[name]))

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> pd.DataFrame:
        """Return the rows as a pandas frame with computed columns added; reads only the rows that are asked for."""
        if ordinals is None:
            frame = self.to_pandas()
        else:
            frame = self._taken(ordinals, self.schema.names).to_pandas().set_axis(ordinals)
        extra = computed.to_pandas()
        for name in extra.columns:
            frame[name] = extra[name].array
        return frame

    def to_pandas(self) -> pd.DataFrame:
        """Return all rows as a pandas frame."""
        frame: pd.DataFrame = self._dataset.to_table().to_pandas()
        return frame

    def _own(self, name: str) -> pa.ChunkedArray:
        return self._dataset.to_table(columns=[name]).column(name)

    def _taken(self, ordinals: Ordinals, columns: Sequence[str]) -> pa.Table:
        import numpy as np
        import pyarrow as pa

        rows, places = np.unique(np.asarray(ordinals, dtype=np.int64), return_inverse=True)
        table = self._dataset.take(rows.tolist(), columns=list(columns))
        return table if np.array_equal(places, np.arange(len(rows))) else table.take(pa.array(places))


def _opened(data: Any) -> Any:
    try:
        import lance
    except ImportError as error:
        msg = "A Lance dataset is read by the package pylance: pip install 'datalens[lance]'."
        raise ImportError(msg) from error
    if not isinstance(data, (str, os.PathLike)):
        return data
    path = Path(data).expanduser()
    try:
        return lance.dataset(os.fspath(path))
    except (ValueError, OSError) as error:
        msg = f"{path} is not a whole Lance dataset ({str(error).splitlines()[0][:160]}). Write it again."
        raise ValueError(msg) from error

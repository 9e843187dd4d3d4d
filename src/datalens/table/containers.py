"""Data in memory, whatever library holds it: as rows and columns, and back as what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datalens.table.checks import check_names
from datalens.table.frames import FrameSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    import pyarrow as pa

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

# What each is, and what to give in its place.
REMEDIES = {
    ("pandas", "Series"): "is one column. Give a frame: dl.Lens(series.to_frame()).",
    ("polars", "Series"): "is one column. Give a frame: dl.Lens(series.to_frame()).",
    ("polars", "LazyFrame"): "is a plan, not rows. Compute it first: dl.Lens(frame.collect()).",
    ("numpy", "ndarray"): "has no column names. Give a frame: dl.Lens(pd.DataFrame(array, columns=[...])).",
    ("pyarrow", "ChunkedArray"): 'is one column. Give a table: dl.Lens(pa.table({"name": column})).',
    ("datasets", "IterableDataset"): "has no rows to go back to. "
    "Take some: dl.Lens(datasets.Dataset.from_list(list(dataset.take(10_000)))).",
    ("builtins", "dict"): 'is taken as rows only in a list: dl.Lens([{"text": ...}, ...]). '
    "For a dict of columns: dl.Lens(pd.DataFrame(data)).",
}
KNOWN = (
    "Give a pandas, polars or pyarrow table, a Hugging Face dataset, a list of dicts, "
    "or the path of a Parquet, JSON, CSV or Arrow file."
)


def open_container(data: Any, *, key: str | None = None) -> FrameSource:
    """Open data that is in memory.

    Parameters
    ----------
    data : object
        A frame, a table, a dataset, a list of dicts, or anything that speaks Arrow's PyCapsule protocol.
    key : str, optional
        A column whose values name the rows.

    Returns
    -------
    FrameSource
        The rows.

    Raises
    ------
    ValueError
        When it can't be opened; the sentence says what it is and what to give.

    Examples
    --------
    >>> open_container([{"text": "a"}, {"text": "b", "n": 1}]).column("n").to_pylist()
    [None, 1]
    """
    library, kind = type(data).__module__.partition(".")[0], type(data).__name__
    if (library, kind) in REMEDIES:
        msg = f"A {library} {kind} {REMEDIES[library, kind]}".replace("A builtins dict", "A dict")
        raise ValueError(msg)
    if library == "pandas" and kind == "DataFrame":
        return FrameSource(data, key=key)
    if library == "datasets" and kind in ("DatasetDict", "IterableDatasetDict"):
        first, *rest = map(repr, data)
        splits = f"{first} and {', '.join(rest)}" if rest else first
        msg = f"A {kind} holds several datasets: {splits}. Give one of them: dl.Lens(data[{first}])."
        raise ValueError(msg)
    if library == "datasets" and hasattr(data, "with_format"):
        return DatasetSource(data, key=key)
    if isinstance(data, (list, tuple)):
        return RecordsSource(data, key=key)
    if library == "polars" and kind == "DataFrame":
        return FrameSource(data, key=key)
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        source = FrameSource(_arrow_table(data), key=key)
        source.title = f"{library} table"
        return source
    if isinstance(data, Iterator):
        msg = f"A {kind} can be gone through once only. Make it a list first: dl.Lens(list(rows))."
        raise ValueError(msg)  # noqa: TRY004 - input errors are kinds of ValueError or KeyError
    msg = f"DataLens can't open {kind}. {KNOWN}"
    raise ValueError(msg)


def _arrow_table(data: Any) -> pa.Table:
    import pyarrow as pa

    if isinstance(data, pa.Table):
        return data
    try:
        if hasattr(data, "__arrow_c_stream__"):
            return pa.table(data)
        return pa.Table.from_batches([pa.record_batch(data)])
    except (pa.ArrowException, TypeError, ValueError) as error:
        msg = f"{type(data).__name__} is no table of columns ({str(error).splitlines()[0][:160]}). {KNOWN}"
        raise ValueError(msg) from error


class DatasetSource(FrameSource):
    """A Hugging Face `datasets.Dataset`, with its indices, features and format.

    Parameters
    ----------
    data : datasets.Dataset
        The dataset.
    key : str, optional
        A column of unique values.
    """

    def __init__(self, data: Any, *, key: str | None = None) -> None:
        import pyarrow as pa

        table = data.with_format("arrow")[:]
        super().__init__(table, key=key)
        self.title = "Hugging Face dataset"
        self._dataset = data
        # Arrays of more dimensions come to pandas in a type of their own, which it can't hash.
        plain = tuple(f.name for f in table.schema if not isinstance(f.type, pa.BaseExtensionType))
        if self.identity.scheme == "content" and plain:
            columns = tuple(name for name in self.identity.columns if name in plain) or plain
            self.identity = replace(self.identity, columns=columns)

    def to_pandas(self) -> pd.DataFrame:
        """Return what ``dataset.to_pandas()`` gives, whose content names the rows."""
        if self._pandas is None:
            self._pandas = self._dataset.with_format(None).to_pandas()
        return self._pandas

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> Any:
        """Return a dataset of the same features and format, with computed columns added."""
        import datasets

        dataset = self._dataset if ordinals is None else self._dataset.select(ordinals)
        if not computed.num_columns:
            return dataset
        extra = datasets.Dataset(datasets.table.InMemoryTable(computed))
        dataset = datasets.concatenate_datasets([dataset, extra], axis=1)
        form = self._dataset.format
        return dataset if form["type"] is None else dataset.with_format(form["type"], **form["format_kwargs"])


class RecordsSource(FrameSource):
    """A list of dicts: a row each; a name that a dict lacks is null there.

    Parameters
    ----------
    data : sequence of dict
        The rows.
    key : str, optional
        A name whose values are unique.

    Raises
    ------
    ValueError
        When a row is no dict.
    """

    def __init__(self, data: Sequence[Mapping[str, Any]], *, key: str | None = None) -> None:
        import pandas as pd

        for number, row in enumerate(data):
            if not isinstance(row, Mapping):
                kind = "None" if row is None else f"a {type(row).__name__}"
                msg = f"A list is opened as rows that are dicts, but row {number:,} is {kind}. " + (
                    'For texts: dl.Lens([{"text": text} for text in texts]).'
                    if isinstance(row, str)
                    else "Give one dict a row, from column to value."
                )
                raise ValueError(msg)  # noqa: TRY004 - input errors are kinds of ValueError or KeyError
        # Dicts of our own: the caller may go on changing theirs.
        self._records = [dict(row) for row in data]
        names = list(dict.fromkeys(name for row in self._records for name in row))
        check_names(names)  # pandas can't even hold some that are no text
        # Objects, which keep whole numbers whole where others are missing.
        values = {name: pd.Series([row.get(name) for row in self._records], dtype=object) for name in names}
        super().__init__(pd.DataFrame(values, columns=names), key=key)
        self.title = "list of dicts"
        self._pandas = None

    def to_pandas(self) -> pd.DataFrame:
        """Return what ``pd.DataFrame(data)`` gives, whose content names the rows."""
        import pandas as pd

        if self._pandas is None:
            self._pandas = pd.DataFrame(self._records)
        return self._pandas

    def with_columns(self, computed: pa.Table, ordinals: Ordinals | None = None) -> list[dict[str, Any]]:
        """Return new dicts, with computed columns added."""
        rows = self._records if ordinals is None else [self._records[i] for i in ordinals]
        extra = computed.to_pylist() if computed.num_columns else [{}] * len(rows)
        return [{**row, **more} for row, more in zip(rows, extra, strict=True)]

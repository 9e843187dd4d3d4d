"""A study as the caller's own kind of frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from datalens.study.study import Study

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]


def computed_columns(study: Study, *, vectors: bool = False) -> pa.Table:
    """Return the computed columns as an Arrow table.

    Parameters
    ----------
    study : Study
        The study.
    vectors : bool, default False
        Whether columns of vectors are among them: they are large, and slow as lists.

    Returns
    -------
    pyarrow.Table
        One row for each row of the data.
    """
    import pyarrow as pa

    study.look()
    with study.lock:
        chosen = {
            name: derived.data
            for name, derived in study.derived.items()
            if vectors or study.describe(name).kind != "vector"
        }
    return pa.table(chosen)


def to_frame(
    study: Study,
    *,
    vectors: bool = False,
    ordinals: Ordinals | None = None,
    extra: Mapping[str, pa.Array] | None = None,
) -> Any:
    """Return rows with their computed columns, as the kind of frame that the caller gave.

    Parameters
    ----------
    study : Study
        The study.
    vectors : bool, default False
        Whether computed columns of vectors come along.
    ordinals : numpy.ndarray of int64, optional
        Which rows, in this order; all where left out. Of a file only they are read.
    extra : mapping of str to pyarrow.Array, optional
        Columns that belong to these rows, to stand last.

    Returns
    -------
    frame
        The caller's own kind.
    """
    import pyarrow as pa

    computed = computed_columns(study, vectors=vectors)
    columns = {
        name: computed.column(name) if ordinals is None else computed.column(name).take(ordinals)
        for name in computed.column_names
    }
    return study.source.with_columns(pa.table({**columns, **(extra or {})}), ordinals)


def to_arrow(study: Study, *, vectors: bool = False) -> pa.Table:
    """Return the data with its computed columns as an Arrow table."""
    import pyarrow as pa

    computed = computed_columns(study, vectors=vectors)
    own = {name: study.column(name) for name in study.source.schema.names}
    return pa.table({**own, **{name: computed.column(name) for name in computed.column_names}})


def to_pandas(study: Study, *, vectors: bool = False) -> pd.DataFrame:
    """Return the data with its computed columns as a pandas frame; of pandas' own types where it was one."""
    frame = study.source.to_pandas().copy(deep=False)
    extra = computed_columns(study, vectors=vectors).to_pandas()
    for name in extra.columns:  # not assign(), which has no room for a column called "self"
        frame[name] = extra[name].array
    return frame


def to_polars(study: Study, *, vectors: bool = False) -> pl.DataFrame:
    """Return the data with its computed columns as a polars frame."""
    import polars as pl

    frame = to_frame(study, vectors=vectors) if study.source.title == "polars table" else None
    return frame if frame is not None else pl.DataFrame(to_arrow(study, vectors=vectors))

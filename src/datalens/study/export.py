"""A study as the caller's own kind of frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]


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

    with study.lock:
        chosen = {
            name: derived.data
            for name, derived in study.derived.items()
            if vectors or study.describe(name).kind != "vector"
        }
    return pa.table(chosen)


def to_frame(study: Study, *, vectors: bool = False, mask: Mask | None = None) -> Any:
    """Return the data with its computed columns, as the kind of frame that the caller gave."""
    return study.source.with_columns(computed_columns(study, vectors=vectors), mask)


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

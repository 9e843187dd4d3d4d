"""A study as the caller's own kind of frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
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

    with study.lock:
        chosen = {
            name: derived.data
            for name, derived in study.derived.items()
            if vectors or study.describe(name).kind != "vector"
        }
    return pa.table(chosen)


def to_frame(study: Study, *, vectors: bool = False) -> Any:
    """Return the data with its computed columns, as the kind of frame that the caller gave."""
    return study.source.with_columns(computed_columns(study, vectors=vectors))


def rows_frame(study: Study, ordinals: Ordinals, extra: Mapping[str, pa.Array]) -> Any:
    """Return some rows as the caller's kind of frame, with the computed columns and `extra` ones behind them.

    Parameters
    ----------
    study : Study
        The study.
    ordinals : numpy.ndarray of int64, shape (k,)
        Which rows, in this order. Of a file only they are read.
    extra : mapping of str to pyarrow.Array of length k
        Columns that belong to these rows.

    Returns
    -------
    frame
        k rows.
    """
    import pyarrow as pa

    computed = computed_columns(study)
    columns = {name: computed.column(name).take(ordinals) for name in computed.column_names}
    return study.source.rows_with_columns(ordinals, pa.table({**columns, **extra}))

"""A study as the caller's own kind of frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from datalens.study.study import Study


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

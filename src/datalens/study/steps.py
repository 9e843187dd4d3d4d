"""What every computing step needs: its cache, its inputs, and sentences for what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.cache import load_arrays, save_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import pyarrow as pa

    from datalens.study.study import Study

    Floats = np.ndarray[Any, np.dtype[np.float32]]

# Rises when a step's own code changes what it gives, so that old cache entries are not taken for new ones.
STEP_VERSION = 2


def cached(
    step: str, version: str, compute: Callable[[], Mapping[str, np.ndarray[Any, Any]]]
) -> Mapping[str, np.ndarray[Any, Any]]:
    """Return the arrays of a step from the cache on disk, else compute and store them."""
    key = f"{step}-{version}"
    stored = load_arrays(key)
    if stored is not None:
        return stored
    computed = compute()
    save_arrays(key, computed)
    return computed


def done_before(study: Study, name: str, made_by: Any) -> pa.ChunkedArray | None:
    """Return the first values of a column that a stopped run of the same step has left, or None."""
    before = study.derived.get(name)
    if before is None or before.missing is None or before.made_by != made_by:
        return None
    return before.data.slice(0, int((~before.missing).sum()))


def missing_from(study: Study, computed: int) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
    """Return the mask of the rows that a step has not come to; None where it has come to all."""
    import numpy as np

    return None if computed >= study.rows else np.arange(study.rows) >= computed


def stopped_sentence(name: str, computed: int, rows: int) -> str:
    """Return what to say when a step in batches was interrupted."""
    return f"{name} was stopped after {computed:,} of {rows:,} rows, which are kept. Run it again to go on."


def check_batch_size(batch_size: int) -> None:
    """Raise unless a batch holds a row: the step would never end."""
    if batch_size < 1:
        msg = f"batch_size= must be at least 1, not {batch_size}."
        raise ValueError(msg)


def text_column(study: Study, what: str) -> str:
    """Return the column of texts, or raise the sentence that says how to name one."""
    text = study.column_of("text")
    if text is None:
        why = "no column holds any" if study.rows else "the data has no rows, so that no column shows any"
        msg = f"{what} needs texts, and {why}. Name one: dl.Lens(data, text='...')."
        raise ValueError(msg)
    return text


def vectors_of(study: Study, name: str) -> Floats:
    """Return a column of vectors as an array of shape (rows, d)."""
    from datalens.signals.vectors import as_vectors

    return as_vectors(study.column(name), rows=study.rows, name=name)

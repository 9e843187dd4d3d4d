"""Which rows a predicate selects: from whole columns, or part by part where they are too large to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pyarrow as pa

    from datalens.predicate import Predicate
    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

# The column that holds rows' keys while a predicate on keys is evaluated.
KEY_COLUMN = "__datalens_key__"
# Columns on disk that take more are never held whole: a search reads them part by part.
WHOLE_BYTES = 128 << 20


def mask_of(study: Study, predicate: Predicate) -> Mask:
    """Return which rows a predicate selects; see `Study.mask_of`."""
    import numpy as np
    import pyarrow as pa

    from datalens.study.binding import bind_keys
    from datalens.table.parquet import ParquetSource

    with study.lock:
        quick = study.marks.mask_of(predicate)
        if quick is not None:
            return quick
        key_column = KEY_COLUMN
        while key_column in predicate.columns:
            key_column += "_"
        bound = bind_keys(predicate, study.source.identity, key_column)
        held: dict[str, pa.ChunkedArray] = {}
        on_disk = []
        for name in bound.columns:
            if name == key_column:
                held[name] = pa.chunked_array([pa.array(study.source.keys())])
            elif name in study.derived:
                held[name] = study.derived[name].data
            else:
                study.check_column(name)
                on_disk.append(name)
        # Parquet can be read in parts; what else there is lies in memory already.
        parquet = study.source if isinstance(study.source, ParquetSource) else None
        large = parquet is not None and parquet.nbytes(on_disk) > WHOLE_BYTES
        if not large:
            held |= {name: study.source.column(name) for name in on_disk}
    if not held and not large:
        # A table without columns has no rows either; a condition on nothing needs them.
        held[key_column] = pa.chunked_array([pa.nulls(study.rows)])
    if parquet is None or not large:
        return bound.mask(pa.table(held))
    masks, start = [], 0
    for part in parquet.parts(on_disk):
        masks.append(bound.mask(_beside(part, held, start)))
        start += part.num_rows
    return np.concatenate(masks)


def _beside(part: pa.Table, held: Mapping[str, pa.ChunkedArray], start: int) -> pa.Table:
    """Return rows read from disk with the same rows of what is held."""
    for name, column in held.items():
        part = part.append_column(name, column.slice(start, part.num_rows))
    return part

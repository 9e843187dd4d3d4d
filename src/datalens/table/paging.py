"""Any page of any sorting, in constant time: sort once into a permutation, then take by ordinal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.table.columns import widened

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa

    Ordinals = np.ndarray[Any, np.dtype[np.int64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]


def sort_order(
    columns: Sequence[tuple[pa.ChunkedArray, bool]], called: Sequence[str] | None = None
) -> Ordinals:
    """Return the ordinals in sorted order: stable, nulls and NaN last whatever the direction.

    Parameters
    ----------
    columns : sequence of (pyarrow.ChunkedArray, bool)
        The columns to sort by, the first counts most; True sorts it descending.
    called : sequence of str, optional
        Their names, for the message.

    Returns
    -------
    numpy.ndarray of int64, shape (rows,)
        The ordinal of the row at each place.

    Raises
    ------
    ValueError
        When a column's type has no order (lists, structs).

    Examples
    --------
    >>> import pyarrow as pa
    >>> sort_order([(pa.chunked_array([[2.0, None, 1.0]]), True)]).tolist()
    [0, 2, 1]
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    for i, (column, _) in enumerate(columns):
        if pa.types.is_nested(column.type):
            which = "A column" if called is None else f"Column {called[i]!r}"
            msg = f"{which} holds values of type {column.type}, which have no order to sort by. Sort by another column."
            raise ValueError(msg)
    names = [f"c{i}" for i in range(len(columns))]
    table = pa.table(dict(zip(names, (_sortable(column) for column, _ in columns), strict=True)))
    keys = [
        (name, "descending" if descending else "ascending")
        for name, (_, descending) in zip(names, columns, strict=True)
    ]
    # Rows that are equal must keep their order: the ordinal is the last key. Nulls last is the default.
    table = table.append_column("ordinal", pa.array(np.arange(table.num_rows)))
    order = pc.sort_indices(table, sort_keys=[*keys, ("ordinal", "ascending")])
    return np.asarray(order.to_numpy(), dtype=np.int64)


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values that Arrow can sort, in the same order: dictionaries by value, NaN as null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        return column.cast(pa.int8())
    column = widened(column)
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column


def selected_order(order: Ordinals | None, mask: Mask | None, rows: int) -> Ordinals:
    """Return the selected ordinals in sorted order.

    Parameters
    ----------
    order : numpy.ndarray of int64 or None
        What `sort_order` gave; None for the order of the data.
    mask : numpy.ndarray of bool, shape (rows,), or None
        What is selected; None for all.
    rows : int
        How many rows there are.

    Returns
    -------
    numpy.ndarray of int64
        One ordinal per selected row.
    """
    import numpy as np

    if order is None:
        return np.arange(rows, dtype=np.int64) if mask is None else np.flatnonzero(mask)
    return order if mask is None else order[mask[order]]

"""Vectors that users bring, in whatever shape, as one float32 matrix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Matrix = np.ndarray[Any, np.dtype[np.float32]]

# Enough to recognise a value in a message.
SHOWN_CHARS = 40


def as_vectors(data: Any, *, rows: int, name: str = "embedding") -> Matrix:
    """Return vectors as a float32 matrix.

    Parameters
    ----------
    data : array of shape (n, d), or n vectors of the same length
        A numpy array (memory-mapped too) of floats, integers or booleans; anything with ``__array__``, such as a
        torch tensor on the CPU; a pyarrow array, chunked array or pandas column of lists, which is read without
        making Python objects; or a list of lists, arrays or None.
    rows : int
        How many rows the dataset has.
    name : str, default "embedding"
        What the messages call it.

    Returns
    -------
    numpy.ndarray of float32, shape (rows, d)
        C-contiguous; the same memory as `data` where that is so already. A null row is all NaN and so is a null
        among numbers; `missing_vectors` finds such rows.

    Raises
    ------
    ValueError
        When the number of rows is another, vectors differ in length, have no dimensions or hold something else
        than numbers. The sentence names the column, the first row at fault and the remedy.

    Examples
    --------
    >>> as_vectors([[1, 2], None, [3, 4]], rows=3)
    array([[ 1.,  2.],
           [nan, nan],
           [ 3.,  4.]], dtype=float32)
    >>> as_vectors([[1, 2], [3]], rows=2)
    Traceback (most recent call last):
    ValueError: The vectors of 'embedding' differ in length: row 0 has 2 numbers, row 1 has 1. ...
    """
    import numpy as np

    matrix = _matrix(data, name)
    if matrix.ndim != 2:  # noqa: PLR2004
        msg = f"{name!r} has {matrix.ndim} dimension(s), shape {matrix.shape}; it must be (rows, dimensions), one vector a row."
        raise ValueError(msg)
    if len(matrix) != rows:
        msg = f"{name!r} has {len(matrix):,} vectors, the dataset has {rows:,} rows. Give one vector a row, in the order of the rows."
        raise ValueError(msg)
    if rows and not matrix.shape[1]:
        msg = f"The vectors of {name!r} are empty. Give vectors with at least one dimension."
        raise ValueError(msg)
    with np.errstate(over="ignore"):  # beyond float32 is infinite, which `missing_vectors` reports
        return np.ascontiguousarray(matrix, dtype=np.float32)


def missing_vectors(vectors: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which rows have no usable vector.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, d)

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        Whether there is a NaN or an infinite number in the row.

    Examples
    --------
    >>> missing_vectors(as_vectors([[1.0], None], rows=2)).tolist()
    [False, True]
    """
    import numpy as np

    # A sum is NaN or infinite where a member is, and needs no matrix of booleans; float64 can't overflow here.
    missing: np.ndarray[Any, np.dtype[np.bool_]] = ~np.isfinite(vectors.sum(axis=1, dtype=np.float64))
    return missing


def without_place(
    vectors: np.ndarray[Any, Any], metric: str | None = None
) -> tuple[np.ndarray[Any, np.dtype[np.bool_]], str]:
    """Tell which rows can't be placed among the others, and why, in a few words.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, d)
    metric : {"cosine", "euclidean"}, optional
        Under the cosine a zero vector has no direction, and so no neighbours.

    Returns
    -------
    mask : numpy.ndarray of bool, shape (n,)
        The rows without a place.
    why : str
        Such as ``"2 without a vector, 1 with a zero vector"``; empty where every row has one.

    Examples
    --------
    >>> import numpy as np
    >>> mask, why = without_place(np.array([[1.0, 0], [0, 0], [np.nan, np.nan], [np.inf, 1]]), "cosine")
    >>> mask.tolist(), why
    ([False, True, True, True], '1 without a vector, 1 with NaN or infinite numbers, 1 with a zero vector')
    """
    import numpy as np

    mask = missing_vectors(vectors)
    null = np.zeros(len(vectors), dtype=bool)
    null[mask] = np.isnan(vectors[mask]).all(axis=1)
    zero = np.zeros(len(vectors), dtype=bool) if metric == "euclidean" else ~vectors.any(axis=1)
    reasons = {
        "without a vector": null,
        "with NaN or infinite numbers": mask & ~null,
        "with a zero vector": zero,
    }
    counts = {reason: int(rows.sum()) for reason, rows in reasons.items()}
    why = ", ".join(f"{count:,} {reason}" for reason, count in counts.items() if count)
    return mask | zero, why


def _matrix(data: Any, name: str) -> np.ndarray[Any, Any]:
    """Return data as a numeric array, of whatever shape it has."""
    import pyarrow as pa

    data = _unwrapped(data)
    if isinstance(data, pa.Array | pa.ChunkedArray):
        return _from_arrow(data, name)
    if hasattr(data, "__array__"):
        array = _from_array(data, name)
        if array.dtype.kind in "fiub":
            return array
        if array.dtype != object:
            raise _not_numbers(name, f"an array of {array.dtype}")
    if not isinstance(data, Iterable) or isinstance(data, str | bytes):
        raise _not_numbers(name, repr(data)[:SHOWN_CHARS])
    return _from_arrow(_arrow_lists(data, name), name)


def _from_array(data: Any, name: str) -> np.ndarray[Any, Any]:
    """Return an array, or something that can become one, as a numpy array."""
    import numpy as np

    if isinstance(data, np.ma.MaskedArray):
        return np.ma.filled(data.astype(np.float64), np.nan)
    try:
        return np.asarray(data)
    except (TypeError, RuntimeError, ValueError) as error:
        # A torch tensor on a GPU, or one that records gradients.
        msg = f"{name!r} can't be read as an array: {error} Give a numpy array; from torch, .detach().cpu().numpy()."
        raise ValueError(msg) from error


def _unwrapped(data: Any) -> Any:
    """Take the Arrow column out of a pandas Series or a polars Series."""
    if hasattr(data, "__arrow_array__"):
        return data.__arrow_array__()
    array: Any = getattr(data, "array", None)
    if hasattr(array, "__arrow_array__"):  # a pandas Series on Arrow
        arrow = array.__arrow_array__()
        return arrow if _is_list(arrow.type) else data
    if type(data).__module__.partition(".")[0] == "polars" and type(data).__name__ == "Series":
        return data.to_arrow()
    return data


def _is_list(kind: pa.DataType) -> bool:
    import pyarrow.types as pt

    return bool(pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind))


def _arrow_lists(data: Any, name: str) -> Any:
    """Return a list of vectors (lists, arrays, None) as Arrow, which finds nulls and lengths at C's speed."""
    import pyarrow as pa

    vectors = [None if _is_null(vector) else vector for vector in data]
    try:
        if not any(isinstance(vector, bytes) for vector in vectors):  # Arrow would read those as numbers
            return pa.array(vectors, type=pa.large_list(pa.float64()))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, ValueError):
        # Something in it is no number, or a vector is of a type that Arrow doesn't know: look at each.
        pass
    return pa.array(
        [_numbers(vector, row, name) for row, vector in enumerate(vectors)], type=pa.large_list(pa.float64())
    )


def _is_null(vector: Any) -> bool:
    return vector is None or (isinstance(vector, float) and vector != vector)  # noqa: PLR0124 (NaN, pandas' null)


def _numbers(vector: Any, row: int, name: str) -> np.ndarray[Any, Any] | None:
    import numpy as np

    if vector is None:
        return None
    try:
        numbers = None if isinstance(vector, str | bytes) else np.asarray(vector, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = None
    if numbers is None or numbers.ndim != 1:
        raise _not_numbers(name, f"{repr(vector)[:SHOWN_CHARS]} in row {row}")
    return numbers


def _not_numbers(name: str, given: str) -> ValueError:
    return ValueError(
        f"{name!r} must hold vectors of numbers, one a row, not {given}. Name a column of vectors, or give an array of shape (rows, dimensions)."
    )


def _from_arrow(column: Any, name: str) -> np.ndarray[Any, Any]:
    """Return a column of lists as a matrix: its values are one flat array already."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.types as pt

    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.ExtensionArray):  # such as Arrow's fixed shape tensors
        column = column.storage
    if not _is_list(column.type):
        raise _not_numbers(name, f"values of type {column.type}")
    kind = column.type.value_type
    if not (pt.is_floating(kind) or pt.is_integer(kind) or pt.is_boolean(kind) or pt.is_null(kind)):
        raise _not_numbers(name, f"lists of {kind}")
    there = np.asarray(column.is_valid())
    width = _width(column, there, name)
    values = column.flatten()  # of the rows that are there: flatten leaves nulls out
    if values.null_count or not pt.is_floating(kind):
        values = values.cast(pa.float64())
    flat: np.ndarray[Any, Any] = values.to_numpy(zero_copy_only=False).reshape(int(there.sum()), width)
    if there.all():
        return flat
    matrix = np.full((len(column), width), np.nan, dtype=np.float32)
    matrix[there] = flat
    return matrix


def _width(column: Any, there: np.ndarray[Any, Any], name: str) -> int:
    """Return the length that all vectors have."""
    import numpy as np
    import pyarrow.compute as pc
    import pyarrow.types as pt

    if pt.is_fixed_size_list(column.type):
        return int(column.type.list_size)
    lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(there)
    if not len(rows):
        return 1  # nothing but nulls: rows of a single NaN
    width = int(lengths[rows[0]])
    other = rows[lengths[rows] != width]
    if len(other):
        msg = (
            f"The vectors of {name!r} differ in length: row {rows[0]} has {width} numbers, row {other[0]} has "
            f"{int(lengths[other[0]])}. Give vectors of one length, and null where a row has none."
        )
        raise ValueError(msg)
    return width

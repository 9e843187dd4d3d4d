"""The neighbour graph: each row's nearest rows, shared by projection, clusters, outliers and duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.core.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

METRICS = ("cosine", "euclidean")
# All pairs of 200,000 x 384 take some minutes on two cores; beyond it cells of an inverted file do.
EXACT_ROWS = 200_000
# Cells looked into of sqrt(n). On 10,000 real sentence embeddings recall@15 is .908 with 8, .954 with 16, .983 with
# 32 and .993 with 48 of 100 cells; synthetic vectors, which have clearer clusters, reach .99 with 8.
PROBES = 32
# faiss trains its cells on at most 256 rows each; more would be sampled away.
TRAINING_ROWS_A_CELL = 256
# Candidates beyond those asked for: faiss ranks by float32 products, whose last digits hang on how the work is
# cut; the distances that count are computed again, row by row.
SPARE = 8
# Rows between two steps of the progress, and bytes of candidate vectors held at once.
CHUNK_ROWS = 4_096
CHUNK_BYTES = 64_000_000


@dataclass(frozen=True)
class Graph:
    """The nearest rows of each row.

    Attributes
    ----------
    indices : numpy.ndarray of int32, shape (n, k)
        Ordinals of the k nearest other rows, nearest first, the lower ordinal first where distances are equal.
        -1 where there is no neighbour.
    distances : numpy.ndarray of float32, shape (n, k)
        Their distances: 1 - cosine similarity, from 0 to 2, or Euclidean. Infinite where there is no neighbour.
    metric : str
        ``"cosine"`` or ``"euclidean"``.
    """

    indices: np.ndarray[Any, np.dtype[np.int32]]
    distances: np.ndarray[Any, np.dtype[np.float32]]
    metric: str


def neighbors(vectors: np.ndarray[Any, Any], *, n_neighbors: int = 15, metric: str = "cosine") -> Graph:
    """Find the nearest rows of each row.

    Up to 200,000 distinct rows the answer is exact. Beyond, it is approximate: rows are looked for in the 32
    nearest of ``sqrt(n)`` cells (faiss' IVF), which misses a few of a hundred. Distances are computed in the full
    space in either case, and neither they nor the order depends on how the work is cut.

    Parameters
    ----------
    vectors : numpy.ndarray of float, shape (n, d)
        Rows with NaN or infinite numbers have no neighbours and are nobody's neighbour.
    n_neighbors : int, default 15
        How many rows, without the row itself. There are fewer when there are not that many other rows.
    metric : {"cosine", "euclidean"}, default "cosine"
        A zero vector has no direction: its cosine distance is 1 to any other vector and 0 to a zero vector.

    Returns
    -------
    Graph
        With ``k = min(n_neighbors, rows that are finite - 1)`` columns.

    Raises
    ------
    ValueError
        When `metric` is another, `n_neighbors` is below 1 or `vectors` is no matrix.

    Examples
    --------
    >>> import numpy as np
    >>> graph = neighbors(np.array([[0.0], [1.0], [5.0], [np.nan]]), n_neighbors=1, metric="euclidean")
    >>> graph.indices.ravel().tolist(), graph.distances.ravel().tolist()
    ([1, 0, 1, -1], [1.0, 1.0, 4.0, inf])
    """
    import numpy as np

    if metric not in METRICS:
        msg = f"metric= is 'cosine' or 'euclidean', not {metric!r}."
        raise ValueError(msg)
    if n_neighbors < 1:
        msg = f"n_neighbors= must be at least 1, not {n_neighbors}."
        raise ValueError(msg)
    if vectors.ndim != 2 or not vectors.shape[1]:  # noqa: PLR2004
        msg = f"vectors= must have the shape (rows, dimensions) with at least one dimension, not {vectors.shape}."
        raise ValueError(msg)
    finite = np.flatnonzero(np.isfinite(vectors.sum(axis=1, dtype=np.float64)))
    k = max(0, min(n_neighbors, len(finite) - 1))
    indices = np.full((len(vectors), k), -1, dtype=np.int32)
    distances = np.full((len(vectors), k), np.inf, dtype=np.float32)
    if k:
        rows = np.ascontiguousarray(vectors[finite], dtype=np.float32)
        for at, found, far in _nearest(unit(rows) if metric == "cosine" else rows, k, metric):
            indices[finite[at]] = np.where(found < 0, -1, finite[found])
            distances[finite[at]] = far
    return Graph(indices, distances, metric)


def unit(rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Scale rows to length 1; zero vectors stay."""
    import numpy as np

    # In two steps and float64, so that neither huge nor tiny numbers overflow or vanish when squared.
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0).astype(np.float64)
    scaled = rows / np.where(largest > 0, largest, 1)
    lengths = np.linalg.norm(scaled, axis=1, keepdims=True)
    return (scaled / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _nearest(rows: np.ndarray[Any, Any], k: int, metric: str) -> Iterator[tuple[Any, Any, Any]]:
    """Yield rows with their k nearest others and distances, a chunk at a time.

    Copies are searched for once and then stand in for one another: a thousand equal rows would fill the lists of
    candidates of each other with an arbitrary few.
    """
    import numpy as np

    distinct, group = _distinct(rows)
    members = _members(group, len(distinct), k + 1)
    index = _index(distinct)
    wanted = min(k + 1 + SPARE, len(distinct))
    zero = (
        np.linalg.norm(distinct, axis=1) == 0 if metric == "cosine" else np.zeros(len(distinct), dtype=bool)
    )
    order = np.argsort(group, kind="stable")  # rows, copies side by side
    ends = np.cumsum(np.bincount(group, minlength=len(distinct)))
    chunk = max(1, min(CHUNK_ROWS, CHUNK_BYTES // (4 * wanted * distinct.shape[1] + 1)))
    with progress("finding neighbours", total=len(rows)) as bar:
        for start in range(0, len(distinct), chunk):
            stop = min(start + chunk, len(distinct))
            _, candidates = index.search(distinct[start:stop], wanted)
            # Everything is as far from a zero vector: the first rows are its neighbours, not arbitrary ones.
            candidates[zero[start:stop]] = _first_and_own(zero, wanted)
            far = _distances(distinct, np.arange(start, stop), candidates, metric, zero)
            near, far = _first(members[candidates], far, k + 1)
            at = order[ends[start] - _count(ends, start) : ends[stop - 1]]
            of = group[at] - start
            yield at, *_without_self(at, near[of], far[of])
            bar.update(len(at))


def _first_and_own(zero: np.ndarray[Any, Any], wanted: int) -> np.ndarray[Any, Any]:
    """Return the candidates of the zero vector, of which there is at most one: the first rows, and itself."""
    import numpy as np

    candidates = np.arange(wanted)
    own = int(zero.argmax())
    if own >= wanted:
        candidates[-1] = own
    return candidates


def _count(ends: np.ndarray[Any, Any], group: int) -> int:
    return int(ends[group] - (ends[group - 1] if group else 0))


def _distinct(rows: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the distinct rows in order of appearance, and which of them each row is."""
    import numpy as np

    plain = rows + np.float32(0)  # -0.0 becomes 0.0, which has other bytes
    keys = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first)
    number = np.empty_like(by_appearance)
    number[by_appearance] = np.arange(len(first))
    return plain[first[by_appearance]], number[group.ravel()]


def _members(group: np.ndarray[Any, Any], groups: int, most: int) -> np.ndarray[Any, Any]:
    """Return the first rows of each group, at most `most`, padded with -1: (groups, width)."""
    import numpy as np

    sizes = np.bincount(group, minlength=groups)
    order = np.argsort(group, kind="stable")
    place = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    members = np.full((groups, min(most, int(sizes.max()))), -1, dtype=np.int64)
    kept = place < members.shape[1]
    members[group[order[kept]], place[kept]] = order[kept]
    return members


def _index(rows: np.ndarray[Any, Any]) -> Any:
    """Build faiss' index by Euclidean distance, which ranks rows of length 1 as the cosine does."""
    import faiss

    count, dimensions = rows.shape
    index: Any
    if count <= EXACT_ROWS:
        index = faiss.IndexFlatL2(dimensions)
    else:
        cells = int(count**0.5)
        index = faiss.IndexIVFFlat(faiss.IndexFlatL2(dimensions), dimensions, cells)
        index.nprobe = PROBES
        with progress("sorting vectors into cells", total=1, unit="step") as bar:
            index.train(rows[:: max(1, count // (cells * TRAINING_ROWS_A_CELL))])
            bar.update()
    index.add(rows)
    return index


def _distances(
    rows: np.ndarray[Any, Any],
    at: np.ndarray[Any, Any],
    candidates: np.ndarray[Any, Any],
    metric: str,
    zero: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """Return the distances of rows to their candidates, each computed by itself: shape of `candidates`."""
    import numpy as np

    apart = rows[candidates]
    apart -= rows[at][:, None]
    squares = np.einsum("rcd,rcd->rc", apart, apart, dtype=np.float64)
    if metric == "euclidean":
        far = np.sqrt(squares)
    else:
        # For a and b of length 1, 1 - a.b = |a - b|^2 / 2, which is exact near 0 where 1 - a.b is not.
        far = np.where(zero[at][:, None] != zero[candidates], 1.0, squares / 2)
    far[candidates < 0] = np.inf  # an inverted file may hold fewer than asked for
    single: np.ndarray[Any, Any] = far.astype(np.float32)
    return single


def _first(
    members: np.ndarray[Any, Any], far: np.ndarray[Any, Any], count: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the nearest members of the candidates, by distance, then by ordinal: two arrays (rows, count)."""
    import numpy as np

    flat = members.reshape(len(members), -1)
    spread = np.repeat(far, members.shape[2], axis=1)
    spread[flat < 0] = np.inf
    order = np.lexsort((flat, spread), axis=1)[:, :count]
    near, far = np.take_along_axis(flat, order, axis=1), np.take_along_axis(spread, order, axis=1)
    return np.where(np.isinf(far), -1, near), far


def _without_self(
    at: np.ndarray[Any, Any], near: np.ndarray[Any, Any], far: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Take each row out of its own list; where it is not in it, among many copies, the last one goes."""
    import numpy as np

    own = near == at[:, None]
    own[:, -1] |= ~own.any(axis=1)
    shape = (len(at), near.shape[1] - 1)
    return near[~own].reshape(shape), np.ascontiguousarray(far[~own].reshape(shape))

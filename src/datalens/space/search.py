"""The rows nearest to, farthest from or within reach of one vector: exact, and the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.space.graph import METRICS, unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float32]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

# Bytes of vectors that are copied or compared in float64 at once.
BLOCK_BYTES = 32_000_000
# Two float32 vectors of length 1 that were the same before rounding are no farther apart than this (1 - cosine).
SAME = 1e-13
# faiss looks for squares below a radius, and zero is not below zero: float32's smallest normal number.
TINY = 2.0**-126


class Search:
    """The vectors of a dataset, ready to be searched.

    faiss compares the query with every vector in float32 and so finds which rows can be among the answers; the
    distances of those are computed again in float64, and rows of equal distance stand in the order of their
    ordinals. So the answer is exact, and many copies of one row do not come in an arbitrary order.

    Parameters
    ----------
    vectors : numpy.ndarray of float32, shape (n, d)
        Rows with NaN or infinite numbers have no vector, nor have zero rows under the cosine, which have no
        direction: they are never found. The array is copied in blocks, not changed.
    metric : {"cosine", "euclidean"}, default "cosine"
        How far vectors are apart: 1 - cosine similarity, from 0 to 2, or Euclidean.

    Attributes
    ----------
    ordinals : numpy.ndarray of int64, shape (m,)
        The rows that have a vector.
    dimensions : int
        d.
    metric : str
        As given.

    Raises
    ------
    ValueError
        When `metric` is another.

    Examples
    --------
    >>> import numpy as np
    >>> search = Search(np.array([[1, 0], [1, 1], [0, 2], [np.nan, 0], [-1, 0]], dtype=np.float32))
    >>> search.near(search.vector(0), 2, without=np.array([0]))
    (array([1, 2]), array([0.29289321, 1.        ]))
    >>> search.near(search.vector(0), 1, farthest=True)
    (array([4]), array([2.]))
    """

    def __init__(self, vectors: Floats, metric: str = "cosine") -> None:
        import faiss
        import numpy as np

        if metric not in METRICS:
            msg = f"metric= is 'cosine' or 'euclidean', not {str(metric)[:40]!r}."
            raise ValueError(msg)
        self.metric = metric
        self.dimensions = int(vectors.shape[1])
        there = np.isfinite(vectors.sum(axis=1, dtype=np.float64))
        if metric == "cosine":
            there &= vectors.any(axis=1)
        self.ordinals: Ordinals = np.flatnonzero(there)
        self._scale = 1.0
        if metric == "euclidean":
            blocks = self._blocks(len(self.ordinals))
            largest = max((float(np.abs(vectors[self.ordinals[b]]).max()) for b in blocks), default=0.0)
            # By a power of two, which rounds nothing: squares of huge numbers would be infinite in float32.
            self._scale = 2.0 ** -int(np.frexp(largest)[1])
        flat = faiss.IndexFlatIP if metric == "cosine" else faiss.IndexFlatL2
        self._index: Any = flat(self.dimensions)
        for block in self._blocks(len(self.ordinals)):
            self._index.add(self._scaled(vectors[self.ordinals[block]]))
        size = len(self.ordinals) * self.dimensions
        # What the index holds, not a second copy of it.
        held = faiss.rev_swig_ptr(self._index.get_xb(), size) if size else np.zeros(0, np.float32)
        self._rows: Floats = held.reshape(-1, self.dimensions)

    def vector(self, ordinal: int) -> Floats | None:
        """Return the vector of a row (of length 1 under the cosine), or None where it has none."""
        import numpy as np

        place = int(np.searchsorted(self.ordinals, ordinal))
        if place == len(self.ordinals) or self.ordinals[place] != ordinal:
            return None
        return np.asarray(self._rows[place] / self._scale, dtype=np.float32)

    def centre(self, mask: Mask) -> np.ndarray[Any, np.dtype[np.float64]] | None:
        """Return the mean of the vectors (of length 1 under the cosine) of some rows.

        Parameters
        ----------
        mask : numpy.ndarray of bool, shape (n,)
            Which rows.

        Returns
        -------
        numpy.ndarray of float64, shape (d,), or None
            None where none of them has a vector.
        """
        import numpy as np

        places = np.flatnonzero(mask[self.ordinals])
        if not len(places):
            return None
        total = np.zeros(self.dimensions)
        for block in self._blocks(len(places)):
            total += self._rows[places[block]].sum(axis=0, dtype=np.float64)
        return total / len(places) / self._scale

    def near(
        self, query: Any, k: int, *, farthest: bool = False, without: Ordinals | None = None
    ) -> tuple[Ordinals, np.ndarray[Any, np.dtype[np.float64]]]:
        """Find the k rows nearest to a vector, or farthest from it.

        Parameters
        ----------
        query : array of float, shape (d,)
            Finite; not zero under the cosine.
        k : int
            How many, at least 1. There are fewer where there are no more.
        farthest : bool, default False
            The farthest rows, farthest first.
        without : numpy.ndarray of int64, optional
            Ordinals of rows that are left out.

        Returns
        -------
        ordinals : numpy.ndarray of int64, shape (<= k,)
            The rows, nearest (or farthest) first, the lower ordinal first where distances are equal.
        distances : numpy.ndarray of float64, shape (<= k,)
            Their distances.
        """
        import numpy as np

        at = self._asked(query)
        left = self._left(without)
        available = len(self.ordinals) if left is None else int(left.sum())
        if k >= available or (farthest and self.metric == "euclidean"):
            # faiss looks for small distances only; Euclid's farthest have no such trick as the negated query.
            places = np.arange(len(self.ordinals)) if left is None else np.flatnonzero(left)
        else:
            places = self._candidates(-at if farthest else at, k, left)
        far = self._distances(places, at)
        order = np.lexsort((places, -far if farthest else far))[:k]
        return self.ordinals[places[order]], far[order]

    def within(
        self, query: Any, distance: float, *, without: Ordinals | None = None
    ) -> tuple[Ordinals, np.ndarray[Any, np.dtype[np.float64]]]:
        """Find all rows no farther from a vector than a distance.

        Parameters
        ----------
        query, without
            As for `near`.
        distance : float
            The most; such rows are found too.

        Returns
        -------
        ordinals, distances
            As from `near`.
        """
        import numpy as np

        at = self._asked(query)
        left = self._left(without)
        if self.metric == "cosine":
            radius = 1 - distance - self._rounding()
        else:
            radius = (distance * self._scale) ** 2 * (1 + self._rounding()) + TINY
        places = self._range(at, radius, left)
        far = self._distances(places, at)
        places, far = places[far <= distance], far[far <= distance]
        order = np.lexsort((places, far))
        return self.ordinals[places[order]], far[order]

    def _asked(self, query: Any) -> Floats:
        import numpy as np

        # Scaled before it is float32: the mean of huge vectors may be beyond that.
        at = np.asarray(query, dtype=np.float64)[None] * self._scale
        return np.ascontiguousarray(unit(at) if self.metric == "cosine" else at, dtype=np.float32)

    def _scaled(self, rows: Floats) -> Floats:
        import numpy as np

        return np.ascontiguousarray(unit(rows) if self.metric == "cosine" else rows * self._scale, np.float32)

    def _left(self, without: Ordinals | None) -> Mask | None:
        """Return which places of the index are searched; None for all."""
        import numpy as np

        if without is None or not len(without):
            return None
        return ~np.isin(self.ordinals, without)

    def _rounding(self) -> float:
        """Return how wrong two float32 sums of d products can be, together, as a share of their terms."""
        import numpy as np

        return float((self.dimensions + 4) * np.finfo(np.float32).eps)

    def _candidates(self, at: Floats, k: int, left: Mask | None) -> Ordinals:
        """Return the places of all rows that may be among the k nearest, ties and rounding considered."""
        parameters = self._parameters(left)
        last = float(self._index.search(at, k, params=parameters)[0][0, -1])
        rounding = self._rounding()
        if self.metric == "cosine":
            return self._range(at, last - rounding, left)
        return self._range(at, last * (1 + rounding) + TINY, left)

    def _range(self, at: Floats, radius: float, left: Mask | None) -> Ordinals:
        import numpy as np

        _, _, places = self._index.range_search(at, radius, params=self._parameters(left))
        return np.asarray(places, dtype=np.int64)

    def _parameters(self, left: Mask | None) -> Any:
        import faiss
        import numpy as np

        if left is None:
            return None
        library: Any = faiss  # its wrappers take other arguments than its types say
        chosen = library.IDSelectorBitmap(np.packbits(left, bitorder="little"))
        return library.SearchParameters(sel=chosen)

    def _distances(self, places: Ordinals, at: Floats) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return the distances of rows to the query, each computed by itself."""
        import numpy as np

        far = np.empty(len(places))
        for block in self._blocks(len(places)):
            apart = self._rows[places[block]].astype(np.float64)
            apart -= at
            far[block] = np.einsum("rd,rd->r", apart, apart)
        if self.metric == "euclidean":
            return np.asarray(np.sqrt(far) / self._scale)
        # For a and b of length 1, 1 - a.b = |a - b|^2 / 2, which is exact near 0 where 1 - a.b is not.
        far /= 2
        far[far < SAME] = 0
        return far

    def _blocks(self, count: int) -> Iterator[slice]:
        rows = max(1, BLOCK_BYTES // (8 * self.dimensions))
        return (slice(start, min(start + rows, count)) for start in range(0, count, rows))

"""Points in slabs, for telling which of them a small change of a polygon moves to its other side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.polygon import Polygon, bounds, edges

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

#: Points are put in so many columns and rows; 16-bit numbers, since numpy sorts those by radix.
BINS = 65_536
#: A slab has a 16-bit number, too.
MAX_SLABS = 60_000
#: Points that are tested first, and then each time so many times more: a change that moves any mostly shows it soon.
CHUNK, GROWTH = 128, 4


class Points:
    """Points in slabs by y, in each slab in the order of x, so that an edge is compared with those beside it only.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
    box : tuple of float
        x0, x1, y0, y1: where all of them lie, and all polygons.
    """

    def __init__(self, x: Array, y: Array, box: tuple[float, float, float, float]) -> None:
        import numpy as np

        self.left, self.scale = box[0], _scale(box[0], box[1])
        columns = self._column(x)
        rows = ((y - box[2]) * _scale(box[2], box[3])).astype(np.uint16)
        # Rows with few points share a slab, so that clusters don't crowd into a few. An edge is compared with each
        # slab it passes and each point of those it ends in: of both there are about as many.
        counts = np.bincount(rows, minlength=BINS)
        share = max(math.isqrt(len(x)), len(x) // MAX_SLABS, 1)
        slabs = ((np.cumsum(counts) - counts) // share).astype(np.uint16)[rows]
        order = np.argsort(columns, kind="stable")
        order = order[np.argsort(slabs[order], kind="stable")]
        self.x, self.y = x[order], y[order]
        numbers, self.starts = np.unique(slabs[order], return_index=True)
        self.keys = (np.searchsorted(numbers, slabs[order]).astype(np.uint32) << 16) | columns[order]
        self.ends = np.append(self.starts[1:], len(x))
        empty = np.zeros(0)
        self.low = np.minimum.reduceat(self.y, self.starts) if len(x) else empty
        self.high = np.maximum.reduceat(self.y, self.starts) if len(x) else empty

    def _column(self, x: Array) -> Array:
        import numpy as np

        if not self.scale:  # all in one column
            return np.zeros(len(x), dtype=np.uint16)
        # Rounding keeps order: of two points the one to the right never comes into a column further left.
        return np.clip((x - self.left) * self.scale, 0, BINS - 1).astype(np.uint16)

    def _search(self, slabs: Array, x: Array, side: Any) -> Array:
        import numpy as np

        return np.searchsorted(self.keys, (slabs.astype(np.uint32) << 16) | self._column(x), side)

    def inside(self, polygon: Polygon) -> Array:
        """Return which points lie in a polygon, in this object's order; as `polygon_mask`."""
        import numpy as np

        x0, x1, y0, y1 = bounds(polygon)
        box = (self.x >= x0) & (self.x <= x1) & (self.y >= y0) & (self.y <= y1)
        sides = np.array(list(edges(polygon))).reshape(-1, 4)
        bottom, top = np.minimum(sides[:, 1], sides[:, 3]), np.maximum(sides[:, 1], sides[:, 3])
        first, last = np.searchsorted(self.high, bottom), np.searchsorted(self.low, top)
        slabs, side = _ranges(first, np.maximum(first, last))
        # The crossing as it is computed rises or falls with y throughout, since each rounding keeps order.
        ends = [
            _crossing(np.clip(y, bottom[side], top[side]), sides[side])
            for y in (self.low[slabs], self.high[slabs])
        ]
        after = self._search(slabs, np.maximum(*ends), "right")
        # Of a slab that an edge passes through, all to the left cross it, and those beside it are tested.
        passes = (self.low[slabs] >= bottom[side]) & (self.high[slabs] < top[side])
        before = np.where(passes, self._search(slabs, np.minimum(*ends), "left"), self.starts[slabs])
        rows, pair = _ranges(before, np.maximum(before, after))
        crosses = _crosses(self.x[rows], self.y[rows], sides[side[pair]])
        size = len(self.x) + 1
        turns = np.bincount(np.concatenate([self.starts[slabs], before]), minlength=size)
        odd = np.bitwise_xor.accumulate((turns & 1).astype(np.uint8))[:-1]
        odd ^= (np.bincount(rows[crosses], minlength=size)[:-1] & 1).astype(np.uint8)
        return odd.astype(bool) & box

    def unmoved(self, old: Array, new: Array) -> Array:
        """Say which of several changes of a polygon leave each point on its side.

        Parameters
        ----------
        old : numpy.ndarray of float64, shape (edges, 4)
            The edges that are taken out of the polygon, each x1, y1, x2, y2.
        new : numpy.ndarray of float64, shape (changes, edges, 4)
            The edges that each change puts in their place, from the same vertex to the same vertex.

        Returns
        -------
        numpy.ndarray of bool, shape (changes,)
        """
        import numpy as np

        unmoved = np.ones(len(new), dtype=bool)
        sides = np.concatenate([old, new.reshape(-1, 4)])
        sides = sides[sides[:, 1] != sides[:, 3]]
        if not (len(new) and len(sides) and len(self.x)):
            return unmoved
        bottom, top = np.minimum(sides[:, 1], sides[:, 3]), np.maximum(sides[:, 1], sides[:, 3])
        slabs = np.arange(
            np.searchsorted(self.high, bottom.min()), np.searchsorted(self.low, top.max(), "right")
        )
        low, high = self.low[slabs, None], self.high[slabs, None]
        beside = (high >= bottom) & (low <= top)
        ends = [_crossing(np.clip(y, bottom, top), sides) for y in (low, high)]
        # Left and right of all edges, a ray crosses an even number of the old ones and the new ones together.
        left = np.where(beside, np.minimum(*ends), np.inf).min(axis=1)
        right = np.where(beside, np.maximum(*ends), -np.inf).max(axis=1)
        some = left <= right
        first = self._search(slabs[some], left[some], "left")
        last = self._search(slabs[some], right[some], "right")
        rows, _ = _ranges(first, np.maximum(first, last))
        start, size = 0, CHUNK
        while start < len(rows) and unmoved.any():
            part = rows[start : start + size]
            start, size = start + size, size * GROWTH
            left_over = np.flatnonzero(unmoved)
            x, y = self.x[part], self.y[part]
            before = _is_odd(x, y, old)
            moved = (_is_odd(x, y, new[left_over, :]) != before).any(axis=-1)
            unmoved[left_over[moved]] = False
        return unmoved


def _is_odd(x: Array, y: Array, sides: Array) -> Array:
    """Say whether rays to the right cross an odd number of the edges; shape (..., edges, 4) becomes (..., points)."""
    import numpy as np

    odd: Array = np.logical_xor.reduce(_crosses(x, y, sides[..., None, :]), axis=-2)
    return odd


def _crosses(x: Array, y: Array, sides: Array) -> Array:
    """Say where a ray to the right crosses an edge, with the operations of `polygon`, in their order."""
    crosses: Array = ((y < sides[..., 1]) != (y < sides[..., 3])) & (x < _crossing(y, sides))
    return crosses


def _crossing(y: Array, sides: Array) -> Array:
    """Return where edges are at a height, with the operations of `polygon`, in their order."""
    import numpy as np

    x1, y1, x2, y2 = (sides[..., i] for i in range(4))
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        crossing: Array = (y - y1) * (x2 - x1) / (y2 - y1) + x1
    return crossing


def _ranges(starts: Array, ends: Array) -> tuple[Array, Array]:
    """Return the numbers in several ranges, one range after another, and which range each is of."""
    import numpy as np

    lengths = ends - starts
    which = np.repeat(np.arange(len(starts)), lengths)
    return np.arange(len(which)) + (starts - np.cumsum(lengths) + lengths)[which], which


def _scale(low: float, high: float) -> float:
    # As Python's own float: numpy's warns where that overflows.
    scale = (BINS - 1) / float(high - low) if high > low else 0.0
    return scale if math.isfinite(scale) else 0.0

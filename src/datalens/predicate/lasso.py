"""Drawn polygons made short, so that they still select the very same points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.polygon import MIN_VERTICES, Polygon, Vertex, bounds, edges

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

#: Points are put in so many columns and rows; 16-bit numbers, since numpy sorts those by radix.
BINS = 65_536
#: A slab has a 16-bit number, too.
MAX_SLABS = 60_000
#: Most polygons that select other points show it among one point in so many.
SAMPLES = (256, 16, 1)
#: Most triangles that hold points show it in one slab of so many.
STEP = 16
#: Points of a triangle that are tested at once: a triangle that holds any mostly shows it among the first.
CHUNK = 4096
#: repr prints at most this many significant digits.
DIGITS = 17


def simplify_polygon(polygon: Polygon, x: Array, y: Array) -> tuple[Vertex, ...]:
    """Return a shorter polygon that selects the very same points.

    Vertices are dropped, those that tell least first (Visvalingam and Whyatt, 1993), as long as no point lies in the
    triangle that the polygon loses or gains; then coordinates are rounded to the fewest decimals. What comes out
    is tested on all points.

    Parameters
    ----------
    polygon : sequence of (float, float)
        What was drawn. It may cross itself.
    x, y : numpy.ndarray of float64, shape (n,)
        All points it was drawn over.

    Returns
    -------
    tuple of (float, float)
        At least three vertices. What was given, where nothing shorter is exact.

    Examples
    --------
    >>> import numpy as np
    >>> drawn = [(0.01, 0.02), (1.003, 0.011), (2.04, 0.03), (2.02, 2.07), (0.013, 2.01)]
    >>> simplify_polygon(drawn, np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0))
    """
    import numpy as np

    original = tuple((float(a), float(b)) for a, b in polygon)
    if len(original) < MIN_VERTICES:
        return original
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    x0, x1, y0, y1 = bounds(original)
    margin_x, margin_y = (x1 - x0) / 2, (y1 - y0) / 2
    # A candidate never reaches beyond this box, so that points outside of it need no test.
    box = (x0 - margin_x, x1 + margin_x, y0 - margin_y, y1 + margin_y)
    near = (x >= box[0]) & (x <= box[1]) & (y >= box[2]) & (y <= box[3])
    x, y = x[near], y[near]
    grids = [Points(x[::step], y[::step], box) for step in SAMPLES]
    tests = [(grid, grid.inside(original)) for grid in grids]

    def same(candidate: Sequence[Vertex]) -> bool:
        a0, a1, b0, b1 = bounds(candidate)
        inside_box = box[0] <= a0 and a1 <= box[1] and box[2] <= b0 and b1 <= box[3]
        return inside_box and all(np.array_equal(grid.inside(candidate), wanted) for grid, wanted in tests)

    shorter = _without_empty_triangles(original, grids[-1])
    rounded = _rounded(shorter, same)
    if rounded is None and not same(shorter):  # a rounding in a triangle's formula told otherwise
        return _rounded(original, same) or original
    return rounded or shorter


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

    def is_empty(self, triangle: Sequence[Vertex]) -> bool:
        """Say whether no point lies in a triangle."""
        import numpy as np

        _, _, y0, y1 = bounds(triangle)
        slabs = np.arange(np.searchsorted(self.high, y0), np.searchsorted(self.low, y1, "right"))
        if len(slabs) > STEP and not self._is_empty(triangle, slabs[::STEP]):
            return False
        return self._is_empty(triangle, slabs)

    def _is_empty(self, triangle: Sequence[Vertex], slabs: Array) -> bool:
        import numpy as np

        x0, x1, _, _ = bounds(triangle)
        sides = np.array(list(edges(triangle))).reshape(-1, 1, 4)
        bottom, top = np.minimum(sides[..., 1], sides[..., 3]), np.maximum(sides[..., 1], sides[..., 3])
        low, high = self.low[slabs], self.high[slabs]
        beside = (high >= bottom) & (low <= top)
        ends = [_crossing(np.clip(y, bottom, top), sides) for y in (low, high)]
        left = np.where(beside, np.minimum(*ends), x1).min(axis=0, initial=x1)
        right = np.where(beside, np.maximum(*ends), x0).max(axis=0, initial=x0)
        first, last = self._search(slabs, left, "left"), self._search(slabs, right, "right")
        rows, _ = _ranges(first, np.maximum(first, last))
        for start in range(0, len(rows), CHUNK):
            x, y = self.x[rows[start : start + CHUNK]], self.y[rows[start : start + CHUNK]]
            if np.logical_xor.reduce(_crosses(x, y, sides), axis=0).any():
                return False
        return True


def _crosses(x: Array, y: Array, sides: Array) -> Array:
    """Say where a ray to the right crosses an edge, with the operations of `polygon`, in their order."""
    crosses: Array = ((y < sides[..., 1]) != (y < sides[..., 3])) & (x < _crossing(y, sides))
    return crosses


def _crossing(y: Array, sides: Array) -> Array:
    """Return where edges are at a height, with the operations of `polygon`, in their order."""
    import numpy as np

    x1, y1, x2, y2 = (sides[..., i] for i in range(4))
    with np.errstate(over="ignore"):
        crossing: Array = (y - y1) * (x2 - x1) / (y2 - y1) + x1
    return crossing


def _ranges(starts: Array, ends: Array) -> tuple[Array, Array]:
    """Return the numbers in several ranges, one range after another, and which range each is of."""
    import numpy as np

    lengths = ends - starts
    which = np.repeat(np.arange(len(starts)), lengths)
    return np.arange(len(which)) + (starts - np.cumsum(lengths) + lengths)[which], which


def _scale(low: float, high: float) -> float:
    scale = (BINS - 1) / (high - low) if high > low else 0.0
    return scale if math.isfinite(scale) else 0.0


def _without_empty_triangles(polygon: tuple[Vertex, ...], points: Points) -> tuple[Vertex, ...]:
    """Drop each vertex whose triangle with its neighbours holds no point."""
    import heapq

    after = {i: (i + 1) % len(polygon) for i in range(len(polygon))}
    before = {j: i for i, j in after.items()}
    turn = dict.fromkeys(after, 0)

    def triangle(i: int) -> tuple[Vertex, Vertex, Vertex]:
        return polygon[before[i]], polygon[i], polygon[after[i]]

    def area(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = triangle(i)
        return abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))

    heap = [(area(i), 0, i) for i in after]
    heapq.heapify(heap)
    while heap and len(after) > MIN_VERTICES:
        _, when, i = heapq.heappop(heap)
        if i not in after or when != turn[i] or not points.is_empty(triangle(i)):
            continue
        left, right = before.pop(i), after.pop(i)
        after[left], before[right] = right, left
        for j in (left, right):
            turn[j] += 1
            heapq.heappush(heap, (area(j), turn[j], j))
    return tuple(polygon[i] for i in sorted(after))


def _rounded(polygon: tuple[Vertex, ...], same: Callable[[Polygon], bool]) -> tuple[Vertex, ...] | None:
    """Round to the fewest decimals that select the same points."""
    x0, x1, y0, y1 = bounds(polygon)
    extent = max(x1 - x0, y1 - y0)
    if not extent:
        return None
    first = -math.floor(math.log10(extent))
    for decimals in range(first, first + DIGITS):
        # Adding 0.0 turns -0.0 into 0.0, which reads better and compares the same.
        candidate = tuple((round(x, decimals) + 0.0, round(y, decimals) + 0.0) for x, y in polygon)
        if same(candidate):
            return candidate
    return None

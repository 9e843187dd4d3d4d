"""Points in polygons: one formula, the same to the last bit in the printed code and in expressions.

A point is inside when it lies in the polygon's bounding box (edges included) and a ray to the right crosses an
odd number of edges: W. R. Franklin, "PNPOLY", https://wrfranklin.org/Research/Short_Notes/pnpoly.html.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Vertex = tuple[float, float]
Polygon = Sequence[Vertex]
Side = tuple[float, float, float, float]

#: Horizontal slabs that points are put in: each edge then looks only at the points beside it. A 16-bit number, since
#: numpy sorts those by radix, in a tenth of the time.
SLABS = 1024
#: Points sorted into slabs at once: they are taken in random order, which only a core's cache does fast.
BLOCK = 65_536
#: repr prints at most this many significant digits.
DIGITS = 17
MIN_VERTICES = 3


def bounds(polygon: Polygon) -> tuple[float, float, float, float]:
    """Return the bounding box as x0, x1, y0, y1.

    Examples
    --------
    >>> bounds([(0, 1), (4, 1), (4, 3)])
    (0.0, 4.0, 1.0, 3.0)
    """
    xs = [float(x) for x, _ in polygon]
    ys = [float(y) for _, y in polygon]
    return min(xs), max(xs), min(ys), max(ys)


def edges(polygon: Polygon) -> Iterator[Side]:
    """Yield x1, y1, x2, y2 of every edge that is not horizontal (no ray crosses those).

    Examples
    --------
    >>> list(edges([(0, 0), (4, 0), (4, 2)]))
    [(4.0, 0.0, 4.0, 2.0), (4.0, 2.0, 0.0, 0.0)]
    """
    vertices = [(float(x), float(y)) for x, y in polygon]
    for (x1, y1), (x2, y2) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        if y1 != y2:
            yield x1, y1, x2, y2


def polygon_mask(
    x: Array, y: Array, polygon: Polygon, among: Array | None = None
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which points lie in a polygon, by the even-odd rule.

    Parameters
    ----------
    x, y : numpy.ndarray, shape (n,)
        Coordinates; compared as float64. A NaN is never inside.
    polygon : sequence of (float, float)
        Vertices; the last is joined to the first. It may cross itself.
    among : numpy.ndarray of bool, shape (n,), optional
        The points that are asked for; the others are never inside.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Examples
    --------
    >>> import numpy as np
    >>> square = [(0, 0), (2, 0), (2, 2), (0, 2)]
    >>> polygon_mask(np.array([1.0, 3.0, np.nan]), np.array([1.0, 1.0, 1.0]), square).tolist()
    [True, False, False]
    """
    import numpy as np

    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    x0, x1, y0, y1 = bounds(polygon)
    mask: Array = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    if among is not None:
        mask &= among
    near = np.flatnonzero(mask)
    sides = list(edges(polygon))
    for start in range(0, len(near), BLOCK):
        block = near[start : start + BLOCK]
        mask[block] = _odd(x[block], y[block], sides, y0, y1)
    return mask


def _odd(x: Array, y: Array, sides: list[Side], y0: float, y1: float) -> Array:
    """Say which points of a block have an odd number of edges to their right."""
    import numpy as np

    scale = SLABS / (y1 - y0) if y1 > y0 else 0.0
    scale = scale if math.isfinite(scale) else 0.0
    slabs = ((y - y0) * scale).astype(np.uint16)
    order = np.argsort(slabs, kind="stable")
    starts = [0, *np.cumsum(np.bincount(slabs, minlength=SLABS + 1)).tolist()]
    x, y = x[order], y[order]
    odd = np.zeros(len(x), dtype=bool)
    for side in sides:
        low, high = sorted((side[1], side[3]))
        # Rounding keeps order, so that no point beside the edge lies in a slab outside of these.
        part = slice(starts[int((low - y0) * scale)], starts[int((high - y0) * scale) + 1])
        odd[part] ^= _crosses(x[part], y[part], side)
    result = np.empty_like(odd)
    result[order] = odd
    return result


def _crosses(x: Array, y: Array, side: Side) -> Array:
    """Say for which points a ray to the right crosses an edge; in place, but in the order of the formula."""
    x1, y1, x2, y2 = side
    crossing = y - y1
    crossing *= x2 - x1
    crossing /= y2 - y1
    crossing += x1
    crosses: Array = x < crossing
    crosses &= (y < y1) != (y < y2)
    return crosses


def simplify_polygon(polygon: Polygon, x: Array, y: Array) -> tuple[Vertex, ...]:
    """Return a shorter polygon that selects the very same points.

    Vertices are dropped, those that tell least first (Visvalingam and Whyatt, 1993), as long as no point lies in the
    triangle that the polygon loses or gains; then coordinates are rounded to the fewest decimals. What comes out
    is tested on all points.

    Parameters
    ----------
    polygon : sequence of (float, float)
        What was drawn.
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
    wanted = polygon_mask(x, y, original)

    def same(candidate: Sequence[Vertex]) -> bool:
        a0, a1, b0, b1 = bounds(candidate)
        inside_box = box[0] <= a0 and a1 <= box[1] and box[2] <= b0 and b1 <= box[3]
        return inside_box and bool(np.array_equal(polygon_mask(x, y, candidate), wanted))

    shorter = _without_empty_triangles(original, x, y)
    return _rounded(shorter if same(shorter) else original, same)


def _without_empty_triangles(polygon: tuple[Vertex, ...], x: Array, y: Array) -> tuple[Vertex, ...]:
    """Drop each vertex whose triangle with its neighbours holds no point."""
    import heapq

    import numpy as np

    order = np.argsort(y)
    x, y = x[order], y[order]
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
        if i not in after or when != turn[i] or not _empty(triangle(i), x, y):
            continue
        left, right = before.pop(i), after.pop(i)
        after[left], before[right] = right, left
        for j in (left, right):
            turn[j] += 1
            heapq.heappush(heap, (area(j), turn[j], j))
    return tuple(polygon[i] for i in sorted(after))


def _empty(triangle: tuple[Vertex, Vertex, Vertex], x: Array, y: Array) -> bool:
    """Say whether no point lies in a triangle; points are sorted by y."""
    x0, x1, y0, y1 = bounds(triangle)
    part = slice(*y.searchsorted([y0, math.nextafter(y1, math.inf)]).tolist())
    near = (x[part] >= x0) & (x[part] <= x1)
    return not near.any() or not polygon_mask(x[part][near], y[part][near], triangle).any()


def _rounded(polygon: tuple[Vertex, ...], same: Callable[[Polygon], bool]) -> tuple[Vertex, ...]:
    x0, x1, y0, y1 = bounds(polygon)
    extent = max(x1 - x0, y1 - y0)
    if not extent:
        return polygon
    first = -math.floor(math.log10(extent))
    for decimals in range(first, first + DIGITS):
        # Adding 0.0 turns -0.0 into 0.0, which reads better and compares the same.
        candidate = tuple((round(x, decimals) + 0.0, round(y, decimals) + 0.0) for x, y in polygon)
        if same(candidate):
            return candidate
    return polygon

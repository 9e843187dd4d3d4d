"""Points in polygons: one formula, the same to the last bit in the printed code and in expressions.

A point is inside when it lies in the polygon's bounding box (edges included) and a ray to the right crosses an
odd number of edges: W. R. Franklin, "PNPOLY", https://wrfranklin.org/Research/Short_Notes/pnpoly.html.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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
#: Points looked at at once, several times or in random order, which only a core's cache does fast.
BLOCK = 65_536
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


def box_sides(x: str, y: str, polygon: Polygon) -> Iterator[tuple[str, str, float]]:
    """Yield the comparisons, as 64-bit floats, that a rectangle along the axes is: its upper and right sides are outside.

    Yields
    ------
    column : str
    sign : str
    bound : float

    Examples
    --------
    >>> [" ".join(map(str, side)) for side in box_sides("x", "y", [(0, 1), (4, 1), (4, 3), (0, 3)])]
    ['x >= 0.0', 'x < 4.0', 'y >= 1.0', 'y < 3.0']
    """
    x0, x1, y0, y1 = bounds(polygon)
    yield from ((x, ">=", x0), (x, "<", x1), (y, ">=", y0), (y, "<", y1))


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

    x0, x1, y0, y1 = bounds(polygon)
    mask = np.empty(len(x), dtype=bool)
    for start in range(0, len(x), BLOCK):
        part = slice(start, start + BLOCK)
        # Without a copy where they are 64-bit floats already.
        xs, ys = np.asarray(x[part], dtype=np.float64), np.asarray(y[part], dtype=np.float64)
        boxed = np.greater_equal(xs, x0, out=mask[part])
        boxed &= xs <= x1
        boxed &= ys >= y0
        boxed &= ys <= y1
        if among is not None:
            boxed &= among[part]
    near = np.flatnonzero(mask)
    sides = list(edges(polygon))
    for start in range(0, len(near), BLOCK):
        block = near[start : start + BLOCK]
        mask[block] = _odd(x[block].astype(np.float64), y[block].astype(np.float64), sides, y0, y1)
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
    import numpy as np

    x1, y1, x2, y2 = side
    crossing = y - y1
    crossing *= x2 - x1
    with np.errstate(over="ignore"):  # far from a flat edge: infinite, and not looked at
        crossing /= y2 - y1
    crossing += x1
    crosses: Array = x < crossing
    crosses &= (y < y1) != (y < y2)
    return crosses

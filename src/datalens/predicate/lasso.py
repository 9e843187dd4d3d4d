"""Drawn polygons made short, so that they still select the very same points."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.polygon import MIN_VERTICES, Polygon, Vertex, bounds
from datalens.predicate.slabs import Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Array = np.ndarray[Any, Any]

#: Most changes that move points show it among one point in so many.
SAMPLES = (256, 16, 1)
#: A sample with fewer points beside a change tells little.
FEW = 30
#: Beside more points than this only so many changes are tested at once, since the first mostly does.
MANY, BATCH = 4000, 4
#: With more vertices than this beside so many points, a tangle's are rounded together.
CAREFUL = 40
#: Up to so many corners were set one by one, and are few already: they stay where they were drawn.
CORNERS = 8
#: repr prints at most this many significant digits.
DIGITS = 17
#: Where a vertex is tried that stands for two: how high, as a share of the height that keeps the polygon's area, and
#: where between the lines through the edges beside them.
HEIGHTS = (1.0, 0.9, 1.1, 0.75, 1.25)
PLACES = (0.5, 0.25, 0.75, 0.0, 1.0)


def simplify_polygon(polygon: Polygon, x: Array, y: Array) -> tuple[Vertex, ...]:
    """Return a shorter polygon that selects the very same points.

    Two neighbouring vertices become one, those first that tell least, as long as no point changes sides: one of the
    two, or a vertex near where the polygon keeps its area (Kronenfeld, Stanislawski, Buttenfield and Brockmeyer,
    2020). Then each vertex takes the fewest decimals that move no point. What comes out is tested on all points. Of up
    to eight vertices none is taken: a box that was drawn stays one.

    Dense data bounds how short that can be: a corner stays where points lie in all the room that a shorter line would
    need. Of 200 vertices over a million points, 126 are left of a smooth line around most of an even cloud, 48 of one
    around a small part of it, 51 and 33 in a map of dense clusters; of a shaking line, 194 and 114; of a tangle, all.
    Coordinates then have 2 to 4 digits, those of a tangle, which are rounded together, about 7.

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
    >>> drawn = [(0.01, 0.02), (2.04, 0.03), (2.02, 2.07), (0.013, 2.01)]
    >>> simplify_polygon(drawn, np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))
    >>> angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    >>> len(simplify_polygon(np.c_[np.cos(angle), np.sin(angle)], np.array([0.0, 3.0]), np.array([0.0, 1.0])))
    3
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
    points = Points(x, y, box)
    samples = [Points(x[::step], y[::step], box) for step in SAMPLES[:-1]]
    wanted = points.inside(original)
    shorter = original
    for step in (_collapsed, _rounded) if len(original) > CORNERS else (_rounded,):
        candidate = step(Outline(shorter, [*samples, points], box))
        # A rounding at the bounding box, or on an edge, may have told otherwise.
        if candidate != shorter and np.array_equal(points.inside(candidate), wanted):
            shorter = candidate
    return shorter


class Outline:
    """A polygon whose vertices are exchanged one by one.

    Parameters
    ----------
    polygon : sequence of (float, float)
    grids : sequence of Points
        Samples of the points, the smallest first, and all of them.
    box : tuple of float
        x0, x1, y0, y1: where all points lie.
    """

    def __init__(
        self, polygon: Polygon, grids: Sequence[Points], box: tuple[float, float, float, float]
    ) -> None:
        self.at = dict(enumerate(polygon))
        self.after = {i: (i + 1) % len(polygon) for i in self.at}
        self.before = {j: i for i, j in self.after.items()}
        self.samples, self.points, self.box = grids[:-1], grids[-1], box

    @property
    def vertices(self) -> tuple[Vertex, ...]:
        """What is left."""
        return tuple(self.at[i] for i in sorted(self.at))

    def path(self, i: int, edges: int) -> list[int]:
        """Return the vertices along so many edges; the second of them is the one asked for."""
        path = [self.before[i], i]
        while len(path) <= edges:
            path.append(self.after[path[-1]])
        return path

    def drop_after(self, i: int) -> None:
        """Take out the next vertex."""
        gone = self.after[i]
        self.after[i] = self.after.pop(gone)
        self.before[self.after[i]] = i
        del self.at[gone], self.before[gone]

    def crowd(self, path: Sequence[int]) -> float:
        """Return about how many points lie beside a path, were they spread evenly."""
        x0, x1, y0, y1 = self.box
        a0, a1, b0, b1 = bounds([self.at[i] for i in path])
        area = (x1 - x0) * (y1 - y0)
        return len(self.points.x) * ((a1 - a0) * (b1 - b0) / area if area else 1.0)

    def fitting(self, path: Sequence[int], candidates: Array) -> Vertex | None:
        """Return the first candidate that moves no point when it stands for all vertices inside a path."""
        import numpy as np

        x0, x1, y0, y1 = self.box
        a, b = candidates[:, 0], candidates[:, 1]
        candidates = candidates[(a >= x0) & (a <= x1) & (b >= y0) & (b <= y1)]
        line = np.array([self.at[i] for i in path])
        old = np.concatenate([line[:-1], line[1:]], axis=1)
        new = np.empty((len(candidates), 2, 4))
        new[:, 0, :2], new[:, 0, 2:] = line[0], candidates
        new[:, 1, :2], new[:, 1, 2:] = candidates, line[-1]
        changes = [(old, new)]
        crowd = self.crowd(path)
        if len(line) == MIN_VERTICES and crowd > MANY:
            # Two triangles, each beside one edge: between the edges there are too many points to be looked at.
            link = np.concatenate([candidates, np.broadcast_to(line[1], candidates.shape)], axis=1)
            changes = [(old[[i]], np.stack([new[:, i], link], axis=1)) for i in (0, 1)]

        def unmoved(points: Points, which: Array) -> Array:
            for gone, come in changes:
                which = which[points.unmoved(gone, come[which])]
            return which

        left = np.arange(len(candidates))
        for sample in self.samples:
            if crowd * len(sample.x) > FEW * len(self.points.x):
                left = unmoved(sample, left)
        size = BATCH if crowd > MANY else len(left)
        for start in range(0, len(left), max(size, 1)):
            for which in unmoved(self.points, left[start : start + size]):
                return float(candidates[which, 0]), float(candidates[which, 1])
        return None


def _collapsed(outline: Outline) -> tuple[Vertex, ...]:
    """Make two neighbours one wherever that moves no point."""

    def cost(i: int) -> float:
        a, b, c, d = (outline.at[j] for j in outline.path(i, 3))
        return min(_area(a, b, c), _area(b, c, d))

    turn = dict.fromkeys(outline.at, 0)
    heap = [(cost(i), 0, i) for i in outline.at]
    heapq.heapify(heap)
    while heap and len(outline.at) > MIN_VERTICES:
        _, when, i = heapq.heappop(heap)
        if i not in outline.at or when != turn[i]:
            continue
        path = outline.path(i, 3)
        found = outline.fitting(path, _stand_ins(*(outline.at[j] for j in path)))
        if found is not None:
            outline.drop_after(i)
            outline.at[i] = found
            for j in (outline.before[path[0]], path[0], i, path[3]):
                turn[j] += 1
                heapq.heappush(heap, (cost(j), turn[j], j))
    return outline.vertices


def _stand_ins(a: Vertex, b: Vertex, c: Vertex, d: Vertex) -> Array:
    """Return where one vertex may stand for b and c."""
    import numpy as np

    found = [b, c, ((b[0] + c[0]) / 2, (b[1] + c[1]) / 2)]
    length = math.hypot(d[0] - a[0], d[1] - a[1])
    if length:
        # Along the line from a to d, and from it to the left.
        ux, uy = (d[0] - a[0]) / length, (d[1] - a[1]) / length
        along_b, up_b = (b[0] - a[0]) * ux + (b[1] - a[1]) * uy, (b[1] - a[1]) * ux - (b[0] - a[0]) * uy
        along_c, up_c = (c[0] - a[0]) * ux + (c[1] - a[1]) * uy, (c[1] - a[1]) * ux - (c[0] - a[0]) * uy
        for share in HEIGHTS:
            up = share * (up_c - (along_b * up_c - along_c * up_b) / length)
            first = up * along_b / up_b if up_b else along_b
            last = length - up * (length - along_c) / up_c if up_c else along_c
            for place in PLACES:
                along = first + (last - first) * place
                found.append((a[0] + along * ux - up * uy, a[1] + along * uy + up * ux))
    return np.array(found)


def _area(a: Vertex, b: Vertex, c: Vertex) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _rounded(outline: Outline) -> tuple[Vertex, ...]:
    """Round each vertex to the fewest decimals that move no point."""
    x0, x1, y0, y1 = bounds(outline.vertices)
    extent = max(x1 - x0, y1 - y0)
    if not extent:
        return outline.vertices
    first = -math.floor(math.log10(extent))
    if len(outline.at) <= CORNERS:
        first += 1  # its shape is what was meant
    if sum(outline.crowd(outline.path(i, 2)) > MANY for i in outline.at) > CAREFUL:
        return _rounded_together(outline, first)
    # Neighbours need about as many: each search starts where the last one ended.
    usual = first + (2 if len(outline.at) > CORNERS else 1)
    for i in outline.at:
        path, vertex = outline.path(i, 2), outline.at[i]
        level, step, found = usual, 1, None
        while first <= level < first + DIGITS:
            fitting = outline.fitting(path, _shorter(vertex, level))
            if fitting is not None:
                found, usual, step = fitting, level, -1
            elif step < 0:
                break
            level += step
        outline.at[i] = found or vertex
    return outline.vertices


def _rounded_together(outline: Outline, first: int) -> tuple[Vertex, ...]:
    """Round all vertices to the fewest decimals that move no point."""
    import numpy as np

    vertices = outline.vertices
    tests = [(points, points.inside(vertices)) for points in (*outline.samples, outline.points)]
    for decimals in range(first, first + DIGITS):
        candidate = tuple((_around(x, decimals)[0], _around(y, decimals)[0]) for x, y in vertices)
        if all(np.array_equal(points.inside(candidate), wanted) for points, wanted in tests):
            return candidate
    return vertices


def _shorter(vertex: Vertex, decimals: int) -> Array:
    """Return what stands around a vertex with so many decimals, or one less in one coordinate; the shortest first."""
    import numpy as np

    found = []
    for dx, dy in ((decimals, decimals - 1), (decimals - 1, decimals), (decimals, decimals)):
        ys = _around(vertex[1], dy)
        found += [(x, y) for x in _around(vertex[0], dx) for y in ys]
    return np.array(found)


def _around(value: float, decimals: int) -> tuple[float, float]:
    """Return the two numbers of so many decimals beside a number, the nearer first."""
    near = round(value, decimals)
    other = round(near + math.copysign(10.0**-decimals, value - near), decimals)
    # Adding 0.0 turns -0.0 into 0.0, which reads better and compares the same.
    return near + 0.0, other + 0.0

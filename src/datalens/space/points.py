"""Coordinates as the map ships them: 16 bits an axis, in grid order, with cell offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# 16 bits an axis: one step is 1/65,536 of the map, under a tenth of a pixel until zoomed 10 times.
STEPS = 65_535
# About this many points a cell: a lasso tests points only in cells on its edge, so cells are to be small;
# each costs four bytes.
POINTS_A_CELL = 32
MAX_GRID = 512


@dataclass(frozen=True)
class Points:
    """Points sorted by the cell they lie in.

    Attributes
    ----------
    order : numpy.ndarray of uint32, shape (n,)
        The ordinal of the i-th point. Rows without finite coordinates are not among them.
    xy : numpy.ndarray of uint16, shape (n, 2)
        Positions in steps: data = origin + scale * xy.
    cells : numpy.ndarray of uint32, shape (grid * grid + 1,)
        Where each cell's points begin, row by row from the lowest x and y.
    origin, scale : tuple of float
        Of x and y, in data units.
    grid : int
        Cells along each axis.
    """

    order: np.ndarray[Any, np.dtype[np.uint32]]
    xy: np.ndarray[Any, np.dtype[np.uint16]]
    cells: np.ndarray[Any, np.dtype[np.uint32]]
    origin: tuple[float, float]
    scale: tuple[float, float]
    grid: int


def place_points(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> Points:
    """Quantise coordinates and sort them by cell.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (rows,)
        Coordinates; rows where either is NaN or infinite are left out.

    Returns
    -------
    Points
        The buffers of the map.

    Examples
    --------
    >>> import numpy as np
    >>> points = place_points(np.array([0.0, np.nan, 1.0]), np.array([0.0, 0.0, 2.0]))
    >>> points.order.tolist(), points.xy.tolist()
    ([0, 2], [[0, 0], [65535, 65535]])
    """
    import numpy as np

    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    axes = [np.asarray(axis, dtype=np.float64)[placed] for axis in (x, y)]
    low = [float(axis.min()) if len(axis) else 0.0 for axis in axes]
    high = [float(axis.max()) if len(axis) else 1.0 for axis in axes]
    scale = [(h - b) / STEPS if h > b else 1.0 for b, h in zip(low, high, strict=True)]
    steps = np.stack([np.rint((a - b) / s) for a, b, s in zip(axes, low, scale, strict=True)], axis=1).astype(
        np.uint16
    )
    grid = int(np.clip(np.sqrt(len(placed) / POINTS_A_CELL), 1, MAX_GRID))
    column, row = (steps[:, axis].astype(np.int64) * grid // (STEPS + 1) for axis in (0, 1))
    cell = row * grid + column
    # Points of a cell in random order: data sorted by label would else paint its last label on top.
    shuffled = np.random.default_rng(0).permutation(len(cell))
    order = shuffled[np.argsort(cell[shuffled], kind="stable")]
    cells = np.zeros(grid * grid + 1, dtype=np.uint32)
    np.cumsum(np.bincount(cell, minlength=grid * grid), out=cells[1:])
    return Points(
        placed[order].astype(np.uint32), steps[order], cells, (low[0], low[1]), (scale[0], scale[1]), grid
    )

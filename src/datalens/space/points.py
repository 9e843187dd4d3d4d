"""Coordinates as the map ships them: 16 bits an axis, in the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# 16 bits an axis: one step is 1/65,536 of the map, under a tenth of a pixel until zoomed 10 times.
STEPS = 65_535


@dataclass(frozen=True)
class Points:
    """Points of the rows that have a place.

    Attributes
    ----------
    rows : numpy.ndarray of int64, shape (n,)
        Their ordinals, ascending. Rows without finite coordinates are not among them.
    xy : numpy.ndarray of uint16, shape (n, 2)
        Positions in steps: data = origin + scale * xy.
    origin, scale : tuple of float
        Of x and y, in data units.
    """

    rows: np.ndarray[Any, np.dtype[np.int64]]
    xy: np.ndarray[Any, np.dtype[np.uint16]]
    origin: tuple[float, float]
    scale: tuple[float, float]


def place_points(x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> Points:
    """Quantise coordinates.

    The grid that a lasso needs is made where it is used: it would double what is sent (`js/src/host/points.ts`).

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (rows,)
        Coordinates; rows where either is NaN or infinite are left out.

    Returns
    -------
    Points
        What the map is made of.

    Examples
    --------
    >>> import numpy as np
    >>> points = place_points(np.array([0.0, np.nan, 1.0]), np.array([0.0, 0.0, 2.0]))
    >>> points.rows.tolist(), points.xy.tolist()
    ([0, 2], [[0, 0], [65535, 65535]])
    """
    import numpy as np

    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    xy = np.empty((len(placed), 2), dtype=np.uint16)
    origin, scale = [], []
    for k, values in enumerate((x, y)):
        axis = np.asarray(values, dtype=np.float64)
        if len(placed) < len(axis):
            axis = axis[placed]
        low, high = (float(axis.min()), float(axis.max())) if len(axis) else (0.0, 1.0)
        step = (high - low) / STEPS if high > low else 1.0
        steps = axis - low
        steps /= step
        xy[:, k] = np.rint(steps, out=steps)
        origin.append(low)
        scale.append(step)
    return Points(placed, xy, (origin[0], origin[1]), (scale[0], scale[1]))

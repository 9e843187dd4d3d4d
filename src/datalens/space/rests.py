"""What 16 bits an axis leave of coordinates: the rest of each, for maps zoomed in beyond those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from datalens.space.points import Points

# Parts of a step: with the step's own 16 bits there are 32 an axis.
PARTS = 65_536
HALF = PARTS // 2


def rows_within(
    x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], bounds: tuple[float, float, float, float]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rows of a rectangle, its edges included, in ascending order.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (rows,)
        Coordinates in data units; a NaN is nowhere.
    bounds : tuple of float
        x0, y0, x1, y1 in data units.

    Returns
    -------
    numpy.ndarray of int64

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([0.0, 1.0, np.nan, 2.0])
    >>> rows_within(x, np.zeros(4), (1.0, 0.0, 2.0, 0.0)).tolist()
    [1, 3]
    """
    import numpy as np

    x0, y0, x1, y1 = bounds
    within = x >= x0
    within &= x <= x1
    within &= y >= y0
    within &= y <= y1
    return np.flatnonzero(within)


def rests(
    x: np.ndarray[Any, Any], y: np.ndarray[Any, Any], points: Points
) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """Return how far coordinates lie from the steps that `place_points` gave them.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        Finite coordinates of some of the points, in data units.
    points : Points
        What they were placed as.

    Returns
    -------
    numpy.ndarray of uint32, shape (n,)
        In 65,536ths of a step, 32,768 for none: of x in the lower 16 bits, of y in the upper ones.

    Examples
    --------
    >>> import numpy as np
    >>> from datalens.space.points import place_points
    >>> x = np.array([0.0, 1.25, 65535.0])
    >>> found = rests(x, np.array([0.0, 0.5, 1.0]), place_points(x, x))
    >>> (found & 65535).tolist(), (found >> 16).tolist()
    ([32768, 49152, 32768], [32768, 65535, 32768])
    """
    import numpy as np

    packed = np.zeros(len(x), dtype=np.uint32)
    for axis, values in enumerate((x, y)):
        # The very operations of `place_points`, so that the step is the same one.
        steps = (np.asarray(values, dtype=np.float64) - points.origin[axis]) / points.scale[axis]
        parts = np.rint((steps - np.rint(steps)) * PARTS) + HALF
        # Half a step up would need a 17th bit; a part less is seen by nobody.
        packed |= np.minimum(parts, PARTS - 1).astype(np.uint32) << np.uint32(16 * axis)
    return packed

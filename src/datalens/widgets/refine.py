"""The verb `refine`: exact positions of the rows in view, where it is zoomed in beyond the map's 16 bits an axis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from datalens.widgets.desk import Desk

    Answer = tuple[Any, Mapping[str, np.ndarray[Any, Any]]]

# More lie upon one another even there; mirrored by js/src/map/refine.ts, which then asks nothing.
MOST_ROWS = 100_000
SIDES = 4


def refine(desk: Desk, args: dict[str, Any]) -> Answer:
    """Answer with the exact rest of each position within "bounds" (x0, y0, x1, y1 in data units), as protocol.ts has it.

    A map of another version has other points: of that nothing is told, as where there are too many rows.
    """
    import numpy as np

    from datalens.space.rests import rests, rows_within

    bounds = _bounds(args.get("bounds"))
    x_name, y_name, version, points = desk.points()
    ordinals = np.zeros(0, dtype=np.int64)
    x, y = (desk.study.floats(name) for name in (x_name, y_name))
    if args.get("version") == version:
        ordinals = rows_within(x, y, bounds)
    result = {"version": version, "rows": len(ordinals), "most": MOST_ROWS}
    if len(ordinals) > MOST_ROWS:
        ordinals = ordinals[:0]
    return result, {
        "ordinals": ordinals.astype(np.uint32),
        "rests": rests(x[ordinals], y[ordinals], points),
    }


def _bounds(value: Any) -> tuple[float, float, float, float]:
    if not isinstance(value, list) or len(value) != SIDES:
        msg = f"bounds must be four numbers, not {str(value)[:40]!r}."
        raise TypeError(msg)
    x0, y0, x1, y1 = (_finite(side) for side in value)
    return x0, y0, x1, y1


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"A bound must be a number, not {str(value)[:40]!r}."
        raise TypeError(msg)
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        number = math.inf
    if not math.isfinite(number):
        msg = "A bound must be a finite number."
        raise ValueError(msg)
    return number

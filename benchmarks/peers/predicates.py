"""Four conditions in numpy and Arrow, written by hand for this one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 65_536
SLABS = 1024


def selected(df: pd.DataFrame, polygon: list[tuple[float, float]]) -> np.ndarray[Any, Any]:
    """Return the rows with a high loss, some tokens, of one source, in a polygon.

    The polygon is tested last and only where the rest holds, in blocks that stay in a core's cache; in a block,
    points are sorted into horizontal slabs, so that each edge looks only at the points beside it.
    """
    source = pc.equal(pa.chunked_array(pa.array(df["source"])), "web")
    mask = df["loss"].to_numpy() > 1.5  # noqa: PLR2004 - false for NaN
    tokens = df["tokens"].to_numpy()
    mask &= (tokens >= 100) & (tokens <= 2000)  # noqa: PLR2004
    mask &= source.fill_null(False).to_numpy()
    x, y = df["x"].to_numpy(), df["y"].to_numpy()
    xs, ys = zip(*polygon, strict=True)
    for start in range(0, len(x), BLOCK):
        part = slice(start, start + BLOCK)
        box = mask[part]
        box &= x[part] >= min(xs)
        box &= x[part] <= max(xs)
        box &= y[part] >= min(ys)
        box &= y[part] <= max(ys)
    near = np.flatnonzero(mask)
    for start in range(0, len(near), BLOCK):
        rows = near[start : start + BLOCK]
        mask[rows] = _inside(x[rows], y[rows], polygon, min(ys), max(ys))
    return mask


def _inside(
    x: np.ndarray[Any, Any],
    y: np.ndarray[Any, Any],
    polygon: list[tuple[float, float]],
    low: float,
    high: float,
) -> np.ndarray[Any, Any]:
    slab = ((y - low) * (SLABS / (high - low))).astype(np.uint16)
    order = np.argsort(slab, kind="stable")
    x, y, slab = x[order], y[order], slab[order]
    odd = np.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if y1 == y2:
            continue
        bottom, top = ((v - low) * (SLABS / (high - low)) for v in sorted((y1, y2)))
        first = np.searchsorted(slab, int(bottom), "left")
        last = np.searchsorted(slab, int(top), "right")
        a, b = x[first:last], y[first:last]
        odd[first:last] ^= ((b < y1) != (b < y2)) & (a < (b - y1) * (x2 - x1) / (y2 - y1) + x1)
    result = np.empty_like(odd)
    result[order] = odd
    return result

"""Where the names of categories stand on a picture of the map. Mirrors js/src/map/names.ts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.table.colors import CODE_FIRST
from datalens.widgets.inks import NOISE, category_ink

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.space.points import Points
    from datalens.widgets.raster import Frame

    Array = np.ndarray[Any, Any]

MOST_NAMES = 300
CHARACTERS = 24
# Places are looked for in so many cells an axis, in at most about so many points.
CELLS = 64
ENOUGH = 1 << 19
# CSS pixels of air between two names, and between a name and the picture's edge.
GAP = (12, 9)
EDGE = 4
HALO = 2.0
DIM = 0.38


@dataclass
class Name:
    """A category's name; sizes and places in CSS pixels, of its middle."""

    index: int
    text: str
    size: int
    x: float
    y: float
    width: float
    height: float
    # How many times larger the map has to be drawn for the name to be shown.
    since: float = 0.0


def can_name(legend: dict[str, Any] | None) -> bool:
    """Say whether a legend's values are so few that their names can stand on the map."""
    if legend is None or legend["kind"] == "number":
        return False
    return len(legend["values"]) <= MOST_NAMES and not legend["other"]["values"]


def place_names(
    points: Points,
    codes: Array,
    legend: dict[str, Any],
    frame: Frame,
    measure: Callable[[str, int], float],
    written: Callable[[int, str], str],
) -> list[Name]:
    """Return the names that are shown, the largest category's first; no two overlap.

    Parameters
    ----------
    points : Points
        The map's points.
    codes : numpy.ndarray, shape (n,)
        In the order of the points.
    legend : dict
        Of categories; what `can_name` says yes to.
    frame : Frame
        Where the picture looks.
    measure : callable
        The width of a text at a size.
    written : callable
        What is written for a category's index and name.

    Returns
    -------
    list of Name
        Those that have room.
    """
    import numpy as np

    middles, counts = dense_places(points, codes, len(legend["values"]))
    px, py = (axis / frame.ratio for axis in frame.place(points, middles))
    names = []
    for index in np.argsort(-counts, kind="stable").tolist():
        label = legend["values"][index]["label"]
        text = shortened(written(index, label))
        if not counts[index] or not text or category_ink(index, label) == NOISE:
            continue
        share = counts[index] / counts.sum()
        size = 13 if share > 0.1 else 12 if share > 0.03 else 11  # noqa: PLR2004 - as in names.ts
        names.append(
            Name(index, text, size, float(px[index]), float(py[index]), measure(text, size), size + 3)
        )
    _stagger(names)
    return _inside(
        [name for name in names if name.since <= 1], frame.width / frame.ratio, frame.height / frame.ratio
    )


def dense_places(points: Points, codes: Array, categories: int) -> tuple[Array, Array]:
    """Return the middle of the densest place that is each category's own, and how many points it has.

    Parameters
    ----------
    points : Points
        The map's points.
    codes : numpy.ndarray, shape (n,)
        In the order of the points.
    categories : int
        How many there are.

    Returns
    -------
    middles : numpy.ndarray of float, shape (categories, 2)
        In coordinate steps: of the points in the three by three cells where their number, times their share of all
        that lies there, is highest.
    counts : numpy.ndarray of int, shape (categories,)
        Points on the map; roughly, where they are very many.
    """
    import numpy as np

    area = CELLS * CELLS
    step = -(-len(codes) // ENOUGH) or 1
    xy = points.xy[::step]
    kinds = codes[::step].astype(np.int64) - CODE_FIRST
    columns, rows = (xy[:, axis].astype(np.int64) * CELLS >> 16 for axis in (0, 1))
    cells = rows * CELLS + columns
    known = (kinds >= 0) & (kinds < categories)
    xy, kinds, columns, rows = xy[known], kinds[known], columns[known], rows[known]
    own = np.bincount(kinds * area + cells[known], minlength=categories * area).reshape(
        categories, CELLS, CELLS
    )
    everything = _around(np.bincount(cells, minlength=area).reshape(1, CELLS, CELLS))
    # Of what is thin in its own cell the middle of a dense place is none.
    thick = (own > 0) & (2 * own >= own.max(axis=(1, 2), keepdims=True))
    score = np.where(thick, _around(own).astype(np.float64) ** 2 / np.maximum(everything, 1), -1)
    best = score.reshape(categories, area).argmax(axis=1)
    near = (abs(columns - best[kinds] % CELLS) <= 1) & (abs(rows - best[kinds] // CELLS) <= 1)
    weight = np.maximum(np.bincount(kinds[near], minlength=categories), 1)
    sums = [np.bincount(kinds[near], xy[near, axis], categories) for axis in (0, 1)]
    return np.stack([total / weight for total in sums], axis=1), step * np.bincount(
        kinds, minlength=categories
    )


def _around(cells: Array) -> Array:
    """Return of each cell the sum of the three by three about it."""
    import numpy as np

    wide = np.pad(cells, ((0, 0), (1, 1), (1, 1)))
    tall = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    return np.asarray(tall[:, :, :-2] + tall[:, :, 1:-1] + tall[:, :, 2:])


def _stagger(names: list[Name]) -> None:
    """Say from which size of the map on each name is shown: names.ts says why."""
    for i, name in enumerate(names):
        for other in names[:i]:
            free = min(
                _apart((name.width + other.width) / 2 + GAP[0], name.x - other.x),
                _apart((name.height + other.height) / 2 + GAP[1], name.y - other.y),
            )
            if other.since < free:
                name.since = max(name.since, free)


def _apart(needed: float, distance: float) -> float:
    return needed / abs(distance) if distance else float("inf")


def _inside(names: list[Name], width: float, height: float) -> list[Name]:
    """Move those at the edge inside where that hides no other."""
    shown: list[Name] = []
    moved: list[Name] = []
    for name in names:
        if name.width + 2 * EDGE > width or name.height + 2 * EDGE > height:
            continue
        across, down = name.width / 2 + EDGE, name.height / 2 + EDGE
        x, y = min(width - across, max(across, name.x)), min(height - down, max(down, name.y))
        (shown if (x, y) == (name.x, name.y) else moved).append(name)
        name.x, name.y = x, y
    for name in moved:
        if not any(_overlap(name, other) for other in shown):
            shown.append(name)
    return shown


def _overlap(a: Name, b: Name) -> bool:
    return (
        abs(a.x - b.x) < (a.width + b.width) / 2 + GAP[0]
        and abs(a.y - b.y) < (a.height + b.height) / 2 + GAP[1]
    )


def shortened(text: str) -> str:
    """Return a text in one line, cut at a word's end where one is near.

    Examples
    --------
    >>> shortened("president, bush, minister")
    'president, bush...'
    """
    line = " ".join(text[: 8 * CHARACTERS].split())
    if len(line) <= CHARACTERS:
        return line
    return re.sub(r"(?<=.{12})[\s,;]+\S*$", "", line[: CHARACTERS - 1]) + "..."

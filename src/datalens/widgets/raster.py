"""Points as pixels, as the browser's renderer draws them: in numpy, for pictures drawn in the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.widgets.inks import Theme, code_inks, rgb
from datalens.widgets.looks import PLAIN, RARE_GROWTH, Look, factors_of, passes_of

if TYPE_CHECKING:
    import numpy as np

    from datalens.space.points import Points

    Array = np.ndarray[Any, Any]

# More points change no pixel that an eye would see, and cost a tenth of a second for each 100,000.
MAX_DRAWN = 200_000
# As js/src/map/camera.ts and style.ts have them: diameter and opacity follow how many points share a pixel.
MARGIN = 14
DIAMETER_MIN, DIAMETER_MAX, DIAMETER_AT_ONE, DIAMETER_POWER = 1.5, 9.0, 2.1, -0.3
SELECTED_GROWTH = 1.7
TYPICAL_DEPTH, ALPHA_MAX, ALPHA_MIN = 1.7, 0.88, 0.01

# Diameters are told apart to this part of a plain one.
SIZE_STEPS = 8
# Pixels of discs that are added up in one go, in some 30 MB: to be given more memory takes longer than to draw in it.
AT_ONCE = 400_000


@dataclass(frozen=True)
class Frame:
    """Where a picture of the map looks: all points, in equal aspect.

    Attributes
    ----------
    width, height : int
        Pixels.
    ratio : float
        Pixels for one CSS pixel, the unit of all sizes.
    middle : tuple of float
        What is in the middle, in data units less the points' origin.
    scale : float
        Pixels a data unit.
    """

    width: int
    height: int
    ratio: float
    middle: tuple[float, float]
    scale: float

    @classmethod
    def around(cls, points: Points, width: int, height: int, ratio: float) -> Frame:
        """Fit all points."""
        import numpy as np

        if len(points.rows) == 0:
            return cls(width, height, ratio, (0.0, 0.0), 1.0)
        ends = np.stack([points.xy.min(axis=0), points.xy.max(axis=0)]) * np.array(points.scale)
        room = np.array([width, height]) - 2 * MARGIN * ratio
        spans = [float(r / (h - b)) for r, b, h in zip(room, *ends, strict=True) if h > b]
        middle = ends.mean(axis=0)
        return cls(width, height, ratio, (float(middle[0]), float(middle[1])), min(spans, default=1.0))

    def place(self, points: Points, steps: Array) -> tuple[Array, Array]:
        """Return where coordinates in steps lie, in pixels from the upper left; y goes up in the data."""
        x, y = (steps[:, axis] * points.scale[axis] - self.middle[axis] for axis in (0, 1))
        return self.width / 2 + x * self.scale, self.height / 2 - y * self.scale


def drawn_rows(points: Points, selected: Array | None = None, most: int | None = None) -> int:
    """Return how many of the points a picture draws."""
    return sum(map(len, _layers(len(points.rows), selected, most or MAX_DRAWN)))


def _layers(n: int, selected: Array | None, most: int) -> tuple[Array, Array]:
    """Return the places of the points that are drawn: the grey ones, and those upon them in colour."""
    import numpy as np

    lit = np.arange(n) if selected is None else np.flatnonzero(selected)
    dim = lit[:0] if selected is None else np.flatnonzero(~selected)
    return _some(dim, most), _some(lit, most)


def _some(places: Array, most: int) -> Array:
    """Return one of each run of places: rows that follow one another may be of alternating sources."""
    import numpy as np

    every = -(-len(places) // most)
    if every <= 1:
        return places
    starts = np.arange(0, len(places), every)
    ends = np.minimum(starts + every, len(places))
    return places[np.random.default_rng(0).integers(starts, ends)]


def rasterised(
    points: Points,
    codes: Array | None,
    legend: Any,
    selected: Array | None,
    frame: Frame,
    theme: Theme,
    most: int | None = None,
    look: Look = PLAIN,
) -> Array:
    """Return pixels (height, width, 3): the mean colour of what lies on each, as solid as it is dense.

    Parameters
    ----------
    points : Points
        The map's points.
    codes : numpy.ndarray, shape (n,), or None
        Colour codes in the order of the points; None draws all in one colour.
    legend : dict or None
        What explains the codes.
    selected : numpy.ndarray of bool, shape (n,), or None
        Which of the points keep their colours, the rest being grey; None where all do.
    frame : Frame
        Where to look.
    theme : Theme
        Colours.
    most : int, optional
        How many points are drawn of either kind; an even sample of them where there are more.
    look : Look, optional
        Size, opacity and order of the points.

    Returns
    -------
    numpy.ndarray of uint8, shape (height, width, 3)
        The picture.
    """
    import numpy as np

    size = (frame.height, frame.width, 3)
    dim, lit = _layers(len(points.rows), selected, most or MAX_DRAWN)
    paper = np.full((frame.height * frame.width, 3), rgb(theme.ground), dtype=np.float32)
    inks = code_inks(legend, theme)
    colors = inks[codes[lit]] if codes is not None else np.repeat(inks, len(lit), axis=0)
    drawn = np.concatenate([dim, lit])
    if not len(drawn):
        return paper.reshape(size).astype(np.uint8)
    px, py = (np.rint(axis).astype(np.int64) for axis in frame.place(points, points.xy[drawn]))
    whole = _style(px, py, frame, look)
    grown = None if look.sizes is None else factors_of(look.sizes)
    if len(dim):
        grey = np.repeat(np.array([rgb(theme.dim)], dtype=np.float32), len(dim), axis=0)
        parts = _of_sizes(dim, whole[0], grown)
        _lay(paper, px[: len(dim)], py[: len(dim)], grey, (parts, whole[1]), frame, theme.dim_strength)
    if len(lit):
        px, py = px[len(dim) :], py[len(dim) :]
        diameter, _ = _style(px, py, frame, look)
        # Few selected points stand out by size as well, but are still of the same map.
        diameter = min(diameter, whole[0] * SELECTED_GROWTH)
        order = "random" if codes is None else look.order
        growth = RARE_GROWTH if order == "rare values" else 1
        for part in passes_of(lit if codes is None else codes[lit], legend, order):
            if len(part):
                x, y = px[part], py[part]
                # What lies on top hides the rest where it is dense itself.
                own, _ = _style(x, y, frame, look)
                own = min(own, diameter * growth)
                _, alpha = _style(x, y, frame, look, own)
                _lay(paper, x, y, colors[part], (_of_sizes(lit[part], own, grown), alpha), frame)
    return paper.reshape(size).astype(np.uint8)


def _lay(
    paper: Array,
    px: Array,
    py: Array,
    ink: Array,
    style: tuple[list[tuple[Array, float]], float],
    frame: Frame,
    strength: float = 1,
) -> None:
    """Draw discs of an opacity upon what there is, some of each diameter; together they cover `strength` of it at most."""
    import numpy as np

    sizes, alpha = style
    width, height = frame.width, frame.height
    weight = np.zeros(height * width)
    mixed = np.zeros((3, height * width))
    for places, diameter in sizes:
        dx, dy, share = (
            np.array(part)[:, None] for part in zip(*_stamp(diameter * frame.ratio), strict=True)
        )
        together = max(1, AT_ONCE // len(share))
        for start in range(0, len(places), together):
            part = places[start : start + together]
            x, y = px[None, part] + dx, py[None, part] + dy
            seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
            at = (y * width + x)[seen]
            shares = np.broadcast_to(share, seen.shape)[seen]
            which = np.broadcast_to(part, seen.shape)[seen]
            weight += np.bincount(at, shares, height * width)
            for c in range(3):
                mixed[c] += np.bincount(at, shares * ink[which, c], height * width)
    inked = weight > 0
    # Layers of one opacity lie upon one another: light that gets through falls off with their number.
    solid = strength * (1 - (1 - alpha) ** weight[inked])
    mean = (mixed[:, inked] / weight[inked]).T
    paper[inked] += solid[:, None] * (mean - paper[inked])


def _of_sizes(rows: Array, diameter: float, grown: Array | None) -> list[tuple[Array, float]]:
    """Return the places among `rows` that have each of a few diameters."""
    import numpy as np

    if grown is None:
        return [(np.arange(len(rows)), diameter)]
    step = np.rint(grown[rows] * SIZE_STEPS).astype(np.int64)
    return [(np.flatnonzero(step == one), diameter * one / SIZE_STEPS) for one in np.unique(step)]


def _style(px: Array, py: Array, frame: Frame, look: Look, given: float | None = None) -> tuple[float, float]:
    """Return diameter (CSS pixels) and opacity of a point, from how many share a typical CSS pixel."""
    import numpy as np

    # Cells that hold some 30 points, so that a lone point has no company.
    side = max(round(frame.ratio), round((30 * frame.width * frame.height / len(px)) ** 0.5), 1)
    cells = np.bincount(py // side * (frame.width // side + 1) + px // side)
    company = float((cells * (cells - 1.0)).sum()) / len(px)
    per_pixel = max(company / (side / frame.ratio) ** 2, 1e-9)
    diameter = float(np.clip(DIAMETER_AT_ONE * per_pixel**DIAMETER_POWER, DIAMETER_MIN, DIAMETER_MAX))
    diameter = diameter * look.size if given is None else given
    layers = per_pixel * np.pi * (diameter / look.size) ** 2 / 4
    alpha = 1 - np.exp(-TYPICAL_DEPTH * look.opacity / layers)
    return diameter, float(np.clip(alpha, ALPHA_MIN, min(1, ALPHA_MAX * look.opacity)))


def _stamp(diameter: float) -> list[tuple[int, int, float]]:
    """Return the pixels of a disc as (dx, dy, share of the pixel that it covers)."""
    reach = int(diameter / 2 + 1)
    steps = range(-reach, reach + 1)
    shares = [
        (dx, dy, min(1.0, max(0.0, diameter / 2 + 0.5 - (dx * dx + dy * dy) ** 0.5)))
        for dy in steps
        for dx in steps
    ]
    return [stamp for stamp in shares if stamp[2] > 0]

"""A picture of the map with its legend, drawn in the kernel: for pages where no view can come up, and as a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from datalens.widgets.inks import LIGHT, NONE, OTHER, PENDING, Theme, code_inks, value_ink
from datalens.widgets.looks import PLAIN
from datalens.widgets.pen import Pen, drawable
from datalens.widgets.raster import ALPHA_MAX, MARGIN, Frame, rasterised

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from datalens.space.points import Points
    from datalens.widgets.looks import Look

    Array = np.ndarray[Any, Any]

# Twice what it is shown at, so that it is sharp on screens of today.
RATIO = 2
WHITE = 255
WIDTH, HEIGHT = 720, 470
TITLE = 34
LEGEND = 196
ROW = 24
# A file has all that an eye can tell apart, and takes a second or so for it.
MOST_IN_FILE = 1_000_000
# A saved notebook holds one picture for each view: noise of many colours compresses badly, so fewer are tried.
MAX_BYTES = 150_000
# How solid the colours of a picture are (a palette of 256 has room for seven times the legend's first 32, and greys),
# and the part of its size: tried until it is small enough.
FULL = (1, ALPHA_MAX, 0.7, 0.52, 0.36, 0.22, 0.1)
TRIES = ((FULL, 1), ((1, ALPHA_MAX, 0.55, 0.25), 1), (FULL, 2), ((1, 0.6, 0.25), 2))
MAX_INKS = 32
GREYS = (255, 235, 217, 200, 150, 110, 75, 42)


def draw(
    points: Points,
    codes: Array | None,
    legend: dict[str, Any] | None,
    title: str,
    selected: Array | None = None,
    look: Look = PLAIN,
) -> bytes:
    """Draw a map with its legend on a light ground, in few colours.

    Parameters
    ----------
    points : Points
        The map's points.
    codes : numpy.ndarray, shape (n,), or None
        Colour codes in the order of the points; None draws all in one colour.
    legend : dict or None
        What explains the codes, with its "column".
    title : str
        One line.
    selected : numpy.ndarray of bool, shape (n,), or None
        Which of the points keep their colours, the rest being grey; None where all do.
    look : Look, optional
        Size, opacity and order of the points.

    Returns
    -------
    bytes
        A PNG, `WIDTH` x `HEIGHT` at `RATIO`.
    """
    return _encoded(paint(points, codes, legend, title, selected, look=look), legend)


def paint(
    points: Points,
    codes: Array | None,
    legend: dict[str, Any] | None,
    title: str,
    selected: Array | None = None,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    ratio: float = RATIO,
    theme: Theme = LIGHT,
    most: int | None = None,
    named: tuple[Array, dict[str, Any]] | None = None,
    look: Look = PLAIN,
) -> Image.Image:
    """Draw a map with title and legend.

    Parameters
    ----------
    points, codes, legend, title, selected
        As `draw` takes them.
    size : tuple of int
        CSS pixels, legend and title included.
    ratio : float
        Pixels for one of them.
    theme : Theme
        Colours.
    most : int, optional
        How many points are drawn.
    named : tuple of (numpy.ndarray, dict), optional
        Codes in the order of the points, and the legend of the categories whose names stand on the map.
    look : Look, optional
        Size, opacity and order of the points.

    Returns
    -------
    PIL.Image.Image
        RGB.
    """
    from PIL import Image

    width, height = size
    beside = LEGEND if legend is not None else 0
    sheet = Image.new("RGB", (round(width * ratio), round(height * ratio)), theme.ground)
    top = round(TITLE * ratio)
    frame = Frame.around(points, round((width - beside) * ratio), sheet.height - top, ratio)
    pixels = rasterised(points, codes, legend, selected, frame, theme, most, look)
    sheet.paste(Image.fromarray(pixels), (0, top))
    pen = Pen(sheet, ratio, theme)
    if named is not None:
        _draw_names(pen, points, named, selected, frame)
    pen.write(MARGIN, 10, pen.clipped(title, width - 2 * MARGIN, 13), 13)
    if legend is not None:
        box = (width - LEGEND + 4, width - MARGIN, height)
        pen.write(box[0], TITLE, pen.clipped(drawable(legend["column"], "color"), LEGEND - 16))
        if legend["kind"] == "number":
            _draw_histogram(pen, legend, box)
        else:
            _draw_rows(pen, legend_lines(legend), TITLE + 22, box)
    return sheet


def _draw_names(
    pen: Pen, points: Points, named: tuple[Array, dict[str, Any]], selected: Array | None, frame: Frame
) -> None:
    import numpy as np

    from datalens.table.colors import CODE_FIRST
    from datalens.widgets.naming import DIM, HALO, place_names

    codes, legend = named
    names = place_names(
        points, codes, legend, frame, pen.length, lambda index, label: drawable(label, number_of(index))
    )
    lit = None if selected is None else set(np.unique(codes[selected]).tolist())
    for name in reversed(names):
        strength = 1 if lit is None or name.index + CODE_FIRST in lit else DIM
        pen.name(name.x, TITLE + name.y, name.text, name.size, HALO, strength)


def number_of(index: int) -> str:
    """Return what stands for a category whose name can't be written."""
    return f"no. {index + 1}"


def legend_lines(legend: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return a legend of categories as (colour, name, rows), rows without a value last."""
    lines = [
        (value_ink(i, value), value["label"] or "(empty text)", value["count"])
        for i, value in enumerate(legend["values"])
    ]
    if legend["other"]["count"]:
        lines.append((OTHER, f"{legend['other']['values']:,} more values", legend["other"]["count"]))
    return lines + _missing(legend)


def _missing(legend: dict[str, Any]) -> list[tuple[str, str, int]]:
    rest = [(NONE, "null", legend["nulls"]), (PENDING, "not computed", legend["notComputed"])]
    return [line for line in rest if line[2]]


def _draw_rows(
    pen: Pen, lines: list[tuple[str, str, int]], top: float, box: tuple[float, float, float]
) -> None:
    """Draw lines of a legend, as many as there is room for."""
    left, right, bottom = box
    room = max(1, int((bottom - top - 4) // ROW))
    shown = lines if len(lines) <= room else lines[: room - 1]
    for i, (ink, name, rows) in enumerate(shown):
        y, number = top + ROW * i, f"{rows:,}"
        taken = pen.length(number)
        pen.disc(left, y + 3, 11, pen.theme.ink(ink))
        pen.write(left + 18, y, pen.clipped(drawable(name, number_of(i)), right - left - 26 - taken))
        pen.write(right - taken, y, number, pale=True)
    if len(shown) < len(lines):
        pen.write(left + 18, top + ROW * len(shown), f"and {len(lines) - len(shown):,} more", pale=True)


def _draw_histogram(pen: Pen, legend: dict[str, Any], box: tuple[float, float, float]) -> None:
    """Draw the bins in the colours of the scale, over the scale's ends."""
    left, right, _ = box
    top, bottom = TITLE + 26, TITLE + 126
    counts = legend["counts"]
    most = max(*counts, 1)
    inks = code_inks(legend, pen.theme)[3:]
    for i, count in enumerate(counts):
        x0, x1 = (left + (right - left) * at / len(counts) for at in (i, i + 1))
        ink = tuple(int(c) for c in inks[round((i + 0.5) / len(counts) * (len(inks) - 1))])
        if count:
            pen.bar(x0, bottom - (bottom - top) * count / most, x1, bottom, ink)
        pen.bar(x0, bottom + 2, x1, bottom + 8, ink)
    half = (right - left) / 2 - 4
    ends = legend["labels"]
    days = [label.split("T")[0] for label in ends]
    if legend["format"] == "datetime" and days[0] != days[1]:
        ends = days  # there is no room for the times, too
    low, high = (pen.clipped(label, half) for label in ends)
    pen.write(left, bottom + 12, low, pale=True)
    pen.write(right - pen.length(high), bottom + 12, high, pale=True)
    pen.write(left, bottom + 32, f"{legend['scale']} scale", pale=True)
    _draw_rows(pen, _missing(legend), bottom + 56, box)


def _encoded(sheet: Image.Image, legend: dict[str, Any] | None) -> bytes:
    """Return a PNG in the legend's own colours, of so few shades that it is not too large."""
    import numpy as np
    from PIL import Image

    inks = code_inks(legend)
    few = inks[:: -(-len(inks) // MAX_INKS)] if legend and legend["kind"] == "number" else inks[:MAX_INKS]
    png = b""
    for levels, part in TRIES:
        shades = [few[0] * 0 + grey for grey in GREYS]
        shades += [255 + (ink - 255) * level for ink in few for level in levels]
        palette = [int(c) for shade in shades for c in shade]
        holder = Image.new("P", (1, 1))
        holder.putpalette(palette)
        small = sheet.reduce(part)
        index = np.array(small.quantize(palette=holder, dither=Image.Dither.NONE))
        index[(np.asarray(small) == WHITE).all(axis=2)] = (
            0  # Pillow looks up shades roughly: paper stays white
        )
        reduced = Image.fromarray(index)
        reduced.putpalette(palette)
        out = io.BytesIO()
        reduced.save(out, "PNG", compress_level=6)
        png = out.getvalue()
        if len(png) <= MAX_BYTES:
            break
    return png

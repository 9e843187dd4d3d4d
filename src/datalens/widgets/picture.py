"""A picture of the map with its legend, drawn in the kernel: for pages where no view can come up."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from datalens.widgets.inks import DIM, DIM_STRENGTH, NONE, OTHER, PENDING, code_inks, rgb, value_ink

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image, ImageDraw

    from datalens.space.points import Points

    Array = np.ndarray[Any, Any]

# Twice what it is shown at, so that it is sharp on screens of today.
RATIO = 2
WHITE = 255
WIDTH, HEIGHT = 720, 470
TITLE = 34
LEGEND = 196
MARGIN = 14
# More points change no pixel that an eye would see, and cost a tenth of a second for each 100,000.
MAX_DRAWN = 200_000
# As js/src/map/style.ts has them: diameter and opacity follow how many points share a pixel.
DIAMETER_MIN, DIAMETER_MAX, DIAMETER_AT_ONE, DIAMETER_POWER = 1.5, 9.0, 2.1, -0.3
SELECTED_GROWTH = 1.7
TYPICAL_DEPTH, ALPHA_MAX, ALPHA_MIN = 1.7, 0.88, 0.01
# A saved notebook holds one picture for each view: noise of many colours compresses badly, so fewer are tried.
MAX_BYTES = 150_000
# How solid the colours of a picture are (a palette of 256 has room for seven times the legend's first 32, and greys),
# and the part of its size: tried until it is small enough.
FULL = (1, ALPHA_MAX, 0.7, 0.52, 0.36, 0.22, 0.1)
TRIES = ((FULL, 1), ((1, ALPHA_MAX, 0.55, 0.25), 1), (FULL, 2), ((1, 0.6, 0.25), 2))
MAX_INKS = 32
GREYS = (255, 235, 217, 200, 150, 110, 75, 42)
LEGEND_ROWS = 16
INK, PALE = (40, 42, 46), (110, 114, 120)
# The picture's font has the Latin alphabet; other names stand beside the picture as text, by number.
LAST_DRAWABLE = "\u017f"


def draw(
    points: Points,
    codes: Array | None,
    legend: dict[str, Any] | None,
    title: str,
    selected: Array | None = None,
) -> bytes:
    """Draw a map with its legend on a light ground.

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

    Returns
    -------
    bytes
        A PNG, `WIDTH` x `HEIGHT` at `RATIO`.
    """
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (WIDTH * RATIO, HEIGHT * RATIO), "white")
    beside = LEGEND if legend is not None else 0
    width, height = (WIDTH - beside) * RATIO, (HEIGHT - TITLE) * RATIO
    sheet.paste(
        Image.fromarray(_rasterised(points, codes, legend, selected, width, height)), (0, TITLE * RATIO)
    )
    pen = ImageDraw.Draw(sheet)
    _write(pen, MARGIN, 10, _clipped(pen, title, WIDTH - 2 * MARGIN, 13), INK, 13)
    if legend is not None:
        left = WIDTH - LEGEND + 4
        _write(
            pen, left, TITLE, _clipped(pen, _drawable(legend["column"], "color"), LEGEND - 16, 12), INK, 12
        )
        if legend["kind"] == "number":
            _draw_histogram(pen, legend, left)
        else:
            _draw_names(pen, legend, left)
    return _encoded(sheet, legend)


def drawn_rows(points: Points, selected: Array | None = None) -> int:
    """Return how many of the points a picture draws."""
    return sum(map(len, _layers(len(points.order), selected)))


def _layers(n: int, selected: Array | None) -> tuple[Array, Array]:
    """Return the places of the points that are drawn: the grey ones, and those upon them in colour."""
    import numpy as np

    lit = np.arange(n) if selected is None else np.flatnonzero(selected)
    dim = lit[:0] if selected is None else np.flatnonzero(~selected)
    # Points of a cell lie in random order, so every k-th is an even sample of the map.
    return dim[:: _every(len(dim))], lit[:: _every(len(lit))]


def _every(n: int) -> int:
    return -(-n // MAX_DRAWN) or 1


def _rasterised(
    points: Points, codes: Array | None, legend: Any, selected: Array | None, width: int, height: int
) -> Array:
    """Return pixels (height, width, 3): the mean colour of what lies on each, as solid as it is dense."""
    import numpy as np

    dim, lit = _layers(len(points.order), selected)
    paper = np.full((height * width, 3), 255.0, dtype=np.float32)
    px, py = _places(points, width, height)
    inks = code_inks(legend)
    colors = inks[codes[lit]] if codes is not None else np.repeat(inks, len(lit), axis=0)
    drawn = np.concatenate([dim, lit])
    if not len(drawn):
        return paper.reshape(height, width, 3).astype(np.uint8)
    whole = _style(px[drawn], py[drawn], width, height)
    if len(dim):
        grey = np.repeat(np.array([rgb(DIM)], dtype=np.float32), len(dim), axis=0)
        _lay(paper, px[dim], py[dim], grey, whole, width, height, DIM_STRENGTH)
    if len(lit):
        diameter, alpha = _style(px[lit], py[lit], width, height)
        # Few selected points stand out by size as well, but are still of the same map.
        style = (min(diameter, whole[0] * SELECTED_GROWTH), alpha)
        _lay(paper, px[lit], py[lit], colors, style, width, height)
    return paper.reshape(height, width, 3).astype(np.uint8)


def _lay(
    paper: Array,
    px: Array,
    py: Array,
    ink: Array,
    style: tuple[float, float],
    width: int,
    height: int,
    strength: float = 1,
) -> None:
    """Draw discs of a diameter and an opacity upon what there is; together they cover `strength` of it at most."""
    import numpy as np

    diameter, alpha = style
    dx, dy, share = (np.array(part)[:, None] for part in zip(*_stamp(diameter * RATIO), strict=True))
    x, y = px[None] + dx, py[None] + dy
    seen = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    at = (y * width + x)[seen]
    shares = np.broadcast_to(share, seen.shape)[seen]
    weight = np.bincount(at, shares, height * width)
    which = np.broadcast_to(np.arange(len(px)), seen.shape)[seen]
    mixed = np.stack([np.bincount(at, shares * ink[which, c], height * width) for c in range(3)])
    inked = weight > 0
    # Layers of one opacity lie upon one another: light that gets through falls off with their number.
    solid = strength * (1 - (1 - alpha) ** weight[inked])
    mean = (mixed[:, inked] / weight[inked]).T
    paper[inked] += solid[:, None] * (mean - paper[inked])


def _places(points: Points, width: int, height: int) -> tuple[Array, Array]:
    """Return the pixel of each point: equal aspect, y upwards."""
    import numpy as np

    xy = points.xy.astype(np.float64) * np.array(points.scale)
    if len(xy) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low, high = xy.min(axis=0), xy.max(axis=0)
    room = np.array([width, height]) - 2 * MARGIN * RATIO
    spans = [r / (h - b) for r, b, h in zip(room, low, high, strict=True) if h > b]
    scale = min(spans, default=1.0)
    middle = (low + high) / 2
    px = np.rint(width / 2 + (xy[:, 0] - middle[0]) * scale).astype(np.int64)
    py = np.rint(height / 2 - (xy[:, 1] - middle[1]) * scale).astype(np.int64)
    return px, py


def _style(px: Array, py: Array, width: int, height: int) -> tuple[float, float]:
    """Return diameter (CSS pixels) and opacity of a point, from how many share a typical CSS pixel."""
    import numpy as np

    # Cells that hold some 30 points, so that a lone point has no company.
    side = max(RATIO, round((30 * width * height / len(px)) ** 0.5))
    cells = np.bincount(py // side * (width // side + 1) + px // side)
    company = float((cells * (cells - 1.0)).sum()) / len(px)
    per_pixel = max(company / (side / RATIO) ** 2, 1e-9)
    diameter = float(np.clip(DIAMETER_AT_ONE * per_pixel**DIAMETER_POWER, DIAMETER_MIN, DIAMETER_MAX))
    layers = per_pixel * np.pi * diameter**2 / 4
    return diameter, float(np.clip(1 - np.exp(-TYPICAL_DEPTH / layers), ALPHA_MIN, ALPHA_MAX))


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


def _draw_names(pen: ImageDraw.ImageDraw, legend: dict[str, Any], left: int) -> None:
    lines = legend_lines(legend)
    shown = lines if len(lines) <= LEGEND_ROWS else lines[: LEGEND_ROWS - 1]
    for i, (ink, name, rows) in enumerate(shown):
        _draw_row(pen, left, TITLE + 22 + 24 * i, ink, _drawable(name, f"no. {i + 1}"), f"{rows:,}")
    if len(shown) < len(lines):
        top = TITLE + 22 + 24 * len(shown)
        _write(pen, left + 18, top, f"and {len(lines) - len(shown):,} more", PALE, 12)


def _draw_row(pen: ImageDraw.ImageDraw, left: int, top: int, ink: str, name: str, number: str) -> None:
    right = WIDTH - MARGIN
    taken = _length(pen, number, 12)
    pen.ellipse([_px(left), _px(top + 3), _px(left + 11), _px(top + 14)], fill=rgb(ink))
    _write(pen, left + 18, top, _clipped(pen, name, right - left - 26 - taken, 12), INK, 12)
    _write(pen, right - taken, top, number, PALE, 12)


def _draw_histogram(pen: ImageDraw.ImageDraw, legend: dict[str, Any], left: int) -> None:
    """Draw the bins in the colours of the scale, over the scale's ends."""
    right, top, bottom = WIDTH - MARGIN, TITLE + 26, TITLE + 126
    counts = legend["counts"]
    most = max(*counts, 1)
    inks = code_inks(legend)[3:]
    for i, count in enumerate(counts):
        x0, x1 = (left + (right - left) * at / len(counts) for at in (i, i + 1))
        ink = tuple(int(c) for c in inks[round((i + 0.5) / len(counts) * (len(inks) - 1))])
        high = (bottom - top) * count / most
        if count:
            pen.rectangle([_px(x0), _px(bottom - high), _px(x1) - 1, _px(bottom) - 1], fill=ink)
        pen.rectangle([_px(x0), _px(bottom + 2), _px(x1) - 1, _px(bottom + 7)], fill=ink)
    low, high_label = legend["labels"]
    half = (right - left) / 2 - 4
    _write(pen, left, bottom + 12, _clipped(pen, low, half, 12), PALE, 12)
    high_label = _clipped(pen, high_label, half, 12)
    _write(pen, right - _length(pen, high_label, 12), bottom + 12, high_label, PALE, 12)
    _write(pen, left, bottom + 32, f"{legend['scale']} scale", PALE, 12)
    for i, (ink_, name, rows) in enumerate(_missing(legend)):
        _draw_row(pen, left, bottom + 56 + 24 * i, ink_, name, f"{rows:,}")


def _px(css: float) -> int:
    return round(css * RATIO)


def _write(pen: ImageDraw.ImageDraw, x: float, y: float, text: str, ink: Any, size: int) -> None:
    pen.text((_px(x), _px(y)), text, fill=ink, font=_font(size))


def _length(pen: ImageDraw.ImageDraw, text: str, size: int) -> float:
    return pen.textlength(text, font=_font(size)) / RATIO


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size * RATIO)


def is_drawable(text: str) -> bool:
    """Say whether the picture's font can write a text: not every alphabet is in it."""
    return all(" " <= c <= LAST_DRAWABLE for c in " ".join(text.split()))


def _drawable(text: str, instead: str) -> str:
    return " ".join(text.split()) if is_drawable(text) else instead


def _clipped(pen: ImageDraw.ImageDraw, text: str, room: float, size: int) -> str:
    text = text[:200]
    if _length(pen, text, size) <= room:
        return text
    while text and _length(pen, text + "...", size) > room:
        text = text[:-1]
    return text.rstrip() + "..."


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

"""What stands in a view's place on a page without a kernel: a picture of the map, first rows, or the focused sample."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Any

from datalens.core.words import NO_MATH
from datalens.table.display import cells
from datalens.widgets.state import default_color

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.widgets.desk import Desk

# Beyond this a list is not read; the live view has all.
MAX_NAMES = 40
ROWS, COLUMNS, CHARACTERS = 5, 8, 80
TEXT_CHARACTERS = 1_500
LEFT = 'style="text-align:left"'
# A live view takes the picture's place before a person sees it. Pages that can't show one wait this long,
# pages that drop style sheets (code hosts) do not wait at all.
WAIT_SECONDS = 1.2
WAIT = (
    "<style>@media screen{@keyframes datalens-wait{from,to{max-height:0;margin:0;overflow:hidden;"
    "visibility:hidden}}}</style>"
)


def still_html(desk: Desk, still: str, kind: str, settings: dict[str, Any]) -> str:
    """Return a picture of what a view shows, for where the view itself can't come up.

    Parameters
    ----------
    desk : Desk
        Answers for the study.
    still : str
        Its name: a view that comes up hides the element of the class ``datalens-still-NAME``.
    kind : str
        "explorer", "map", "table", "reader" or "similar".
    settings : dict
        The view's; "color", "scale" and "look" are used.

    Returns
    -------
    str
        HTML; every name and value from the data is escaped.
    """
    finish = None
    with desk.study.lock:
        with_map = kind in ("explorer", "map") and desk.study.column_of("x") is not None
        if with_map and desk.study.column_of("y") is not None:
            finish = _map(desk, settings)
        elif kind == "reader":
            inside = _read(desk)
        elif kind == "similar":
            inside = (
                f"<p>{_focused(desk)} Neighbours need a running kernel: run the cell to look for them.</p>"
            )
        else:
            inside = _rows(desk)
    if finish is not None:
        inside = finish()  # without the lock: the view that comes up meanwhile asks for its points
    name = f"datalens-still-{still}"
    return (
        f'{WAIT}<div class="datalens-still {name} {NO_MATH}" style="animation:datalens-wait {WAIT_SECONDS}s;'
        f'max-width:720px;font-size:13px">{inside}</div>'
    )


def _map(desk: Desk, settings: dict[str, Any]) -> Callable[[], str]:
    """Return what draws a map as it is now; the caller holds the study's lock, the drawing needs none."""
    from datalens.widgets.looks import look_of
    from datalens.widgets.picture import HEIGHT, WIDTH, draw
    from datalens.widgets.raster import drawn_rows

    study = desk.study
    _, _, _, points = desk.points()
    color = settings.get("color", default_color(study))
    if color not in study.names():
        color = None
    codes, legend = (None, None) if color is None else desk.coloring(color, settings.get("scale"))
    title = f"{study.rows:,} rows, {len(points.rows):,} on the map"
    title += "" if color is None else f", colored by {_one_line(color)}"
    mask = study.mask()
    title += "" if mask is None else f", {study.count():,} of {study.rows:,} selected"
    selected = None if mask is None else mask[points.rows]
    look = look_of(desk, settings, points.rows)
    drawn = drawn_rows(points, selected)
    if drawn < len(points.rows):
        title += f" ({drawn:,} of them drawn)"
    codes = None if codes is None else codes[points.rows]
    alt = f"Map of {_one_line(study.source.title)}: {title}"

    def finish() -> str:
        png = draw(points, codes, legend, title, selected, look)
        return (
            f'<img alt="{escape(alt)}" src="data:image/png;base64,{base64.b64encode(png).decode()}" '
            f'width="{WIDTH}" height="{HEIGHT}" style="max-width:100%;height:auto"><p>{escape(title)}. '
            "A picture from when the cell ran; run the cell to explore.</p>" + _names(legend)
        )

    return finish


def _names(legend: dict[str, Any] | None) -> str:
    """Return the legend of categories as text: the picture's font does not have every alphabet."""
    if legend is None or legend["kind"] == "number":
        return ""
    from datalens.widgets.pen import is_drawable
    from datalens.widgets.picture import legend_lines

    lines = legend_lines(legend)
    items = "".join(
        f'<li><span style="color:{ink}">&#9679;</span> {escape(_one_line(name))}: {rows:,}</li>'
        for ink, name, rows in lines[:MAX_NAMES]
    )
    rest = f"<p>and {len(lines) - MAX_NAMES:,} more</p>" if len(lines) > MAX_NAMES else ""
    title = escape(_one_line(legend["column"]))
    unwritten = any(not is_drawable(name) for _, name, _ in lines[:MAX_NAMES])
    return f"<details{' open' if unwritten else ''}><summary>Legend of {title}</summary><ol>{items}</ol>{rest}</details>"


def _rows(desk: Desk) -> str:
    page, _ = desk.answer("page", {"start": 0, "count": ROWS})
    names = page["columns"][:COLUMNS]
    head = "".join(f"<th {LEFT}>{escape(_one_line(name))}</th>" for name in names)
    body = "".join(
        "<tr>"
        + "".join(f"<td {LEFT}>{escape(_cell(cell))}</td>" for cell in row["cells"][:COLUMNS])
        + "</tr>"
        for row in page["rows"]
    )
    first = f"the first {len(page['rows']):,} of {page['total']:,} selected rows, of {page['of']:,} in all"
    if page["total"] == page["of"]:
        first = f"the first {len(page['rows']):,} of {page['of']:,} rows"
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{escape(_one_line(desk.study.source.title))}: {first}, from when the cell ran. Run the cell to explore.</p>"
    )


def _read(desk: Desk) -> str:
    """Return the text of the sample in focus, clipped."""
    study = desk.study
    column = study.column_of("text")
    text = ""
    if study.focus is not None and column is not None:
        import numpy as np

        cell = cells(
            study.take(np.array([study.focus]), [column]).column(column), characters=TEXT_CHARACTERS
        )[0]
        said = cell["text"] + "…" if isinstance(cell, dict) else "null" if cell is None else cell
        text = f'<div style="white-space:pre-wrap;overflow-wrap:anywhere">{escape(said)}</div>'
    return f"<p>{_focused(desk)} Run the cell to read on.</p>{text}"


def _focused(desk: Desk) -> str:
    study = desk.study
    title = escape(_one_line(study.source.title))
    if study.focus is None:
        return f"{title}: no sample was in focus when the cell ran."
    return f"{title}: sample {escape(_one_line(study.key_of(study.focus)))} was in focus when the cell ran."


def _cell(cell: Any) -> str:
    if isinstance(cell, dict):
        cell = cell.get("text", cell.get("state"))
    return _one_line("null" if cell is None else cell)


def _one_line(text: Any) -> str:
    line = " ".join(str(text)[: 2 * CHARACTERS].split())
    return line if len(line) <= CHARACTERS else line[: CHARACTERS - 1] + "…"

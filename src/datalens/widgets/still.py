"""What stands in a view's place on a page without a kernel: a picture of the map, or the first rows."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Any

from datalens.core.words import NO_MATH
from datalens.widgets.state import default_color

if TYPE_CHECKING:
    from datalens.widgets.desk import Desk

# Beyond this a list is not read; the live view has all.
MAX_NAMES = 40
ROWS, COLUMNS, CHARACTERS = 5, 8, 80
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
        "explorer", "map", "table" or "reader".
    settings : dict
        The view's; "color" and "scale" are used.

    Returns
    -------
    str
        HTML; every name and value from the data is escaped.
    """
    with desk.study.lock:
        with_map = kind in ("explorer", "map") and desk.study.column_of("x") is not None
        inside = _map(desk, settings) if with_map and desk.study.column_of("y") is not None else _rows(desk)
    name = f"datalens-still-{still}"
    return (
        f'{WAIT}<div class="datalens-still {name} {NO_MATH}" style="animation:datalens-wait {WAIT_SECONDS}s;'
        f'max-width:720px;font-size:13px">{inside}</div>'
    )


def _map(desk: Desk, settings: dict[str, Any]) -> str:
    from datalens.widgets.picture import HEIGHT, WIDTH, draw, drawn_rows

    study = desk.study
    _, _, _, points = desk.points()
    color = settings.get("color", default_color(study))
    if color not in study.names():
        color = None
    codes, legend = (None, None) if color is None else desk.coloring(color, settings.get("scale"))
    title = f"{study.rows:,} rows, {len(points.order):,} on the map"
    title += "" if color is None else f", colored by {_one_line(color)}"
    drawn = drawn_rows(points)
    if drawn < len(points.order):
        title += f" ({drawn:,} of them drawn)"
    png = draw(points, None if codes is None else codes[points.order], legend, title)
    alt = f"Map of {study.source.title}: {title}"
    return (
        f'<img alt="{escape(_one_line(alt))}" src="data:image/png;base64,{base64.b64encode(png).decode()}" '
        f'width="{WIDTH}" height="{HEIGHT}" style="max-width:100%;height:auto"><p>{escape(title)}. '
        "A picture from when the cell ran; run the cell to explore.</p>" + _names(legend)
    )


def _names(legend: dict[str, Any] | None) -> str:
    """Return the legend of categories as text: the picture's font does not have every alphabet."""
    if legend is None or legend["kind"] == "number":
        return ""
    from datalens.widgets.picture import is_drawable, legend_lines

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


def _cell(cell: Any) -> str:
    if isinstance(cell, dict):
        cell = cell.get("text", cell.get("state"))
    return _one_line("null" if cell is None else cell)


def _one_line(text: Any) -> str:
    line = " ".join(str(text)[: 2 * CHARACTERS].split())
    return line if len(line) <= CHARACTERS else line[: CHARACTERS - 1] + "…"

"""The map as a picture in a file: drawn in the kernel, without a browser."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.widgets.inks import THEMES
from datalens.widgets.looks import look_of
from datalens.widgets.state import default_color

if TYPE_CHECKING:
    import os

    import numpy as np

    from datalens.space.points import Points
    from datalens.study.study import Study
    from datalens.widgets.desk import Desk

    Named = tuple[np.ndarray[Any, Any], dict[str, Any]]

# The title and the legend take their room from this.
LEAST = (320, 200)
MOST_PIXELS = 100_000_000
# Names that the warning lists; the picture's own text holds all.
LISTED = 5


def write_map(
    desk: Desk,
    path: str | os.PathLike[str],
    settings: dict[str, Any],
    *,
    width: int,
    height: int,
    scale: float,
    theme: str,
    names: bool,
) -> Path:
    """Draw the map of a study into a file.

    Parameters
    ----------
    desk : Desk
        Answers for the study.
    path : str or os.PathLike
        The file; an existing one is replaced.
    settings : dict
        "color", "scale" and "look" as a view has them.
    width, height : int
        CSS pixels.
    scale : float
        Pixels for one of them.
    theme : {"light", "dark"}
        Colours.
    names : bool
        Whether the names of categories stand on the map.

    Returns
    -------
    pathlib.Path
        The file.
    """
    from PIL.PngImagePlugin import PngInfo

    from datalens.widgets.picture import MOST_IN_FILE, paint

    _check(width, height, scale, theme)
    _check_path(Path(path))
    with desk.study.lock:
        _, _, _, points = desk.points()
        color = settings.get("color", default_color(desk.study))
        codes, legend = None, None
        if color is not None:
            codes, legend = desk.coloring(color, settings.get("scale"))
        named = _named(desk, points, color) if names else None
        mask = desk.study.mask()
        title = _title(desk.study, len(points.rows))
        look = look_of(desk, settings, points.rows)
    picture = paint(
        points,
        None if codes is None else codes[points.rows],
        legend,
        title,
        None if mask is None else mask[points.rows],
        size=(width, height),
        ratio=scale,
        theme=THEMES[theme],
        most=MOST_IN_FILE,
        named=named,
        look=look,
    )
    info = PngInfo()
    unwritten = _unwritten(legend, named)
    for name, number in unwritten:
        info.add_itxt("Legend", f"{number}: {name}")
    picture.save(path, "PNG", pnginfo=info)
    if unwritten:
        listed = ", ".join(f"{number}: {name}" for name, number in unwritten[:LISTED])
        more = f" and {len(unwritten) - LISTED:,} more" if len(unwritten) > LISTED else ""
        msg = (
            f"The picture's font can't write some names, so that they stand there by number ({listed}{more})."
        )
        warnings.warn(msg, stacklevel=3)
    return Path(path)


def _check(width: int, height: int, scale: float, theme: str) -> None:
    if theme not in THEMES:
        msg = f"theme={theme!r} is not known. Give 'light' or 'dark'."
        raise ValueError(msg)
    if width < LEAST[0] or height < LEAST[1]:
        msg = f"{width} x {height} is too small for a map with its legend: give at least {LEAST[0]} x {LEAST[1]}."
        raise ValueError(msg)
    if not (scale > 0 and width * height * scale**2 <= MOST_PIXELS):
        msg = f"scale={scale} of {width} x {height} has no or more than {MOST_PIXELS:,} pixels. Give another scale."
        raise ValueError(msg)


def _check_path(path: Path) -> None:
    if path.suffix.lower() not in ("", ".png"):
        msg = f"The picture is a PNG, and {path.name!r} says another kind: name it {path.with_suffix('.png').name!r}."
        raise ValueError(msg)
    if not path.parent.is_dir():
        msg = f"There is no folder {str(path.parent)!r} to write {path.name!r} in. Make it first, or give another path."
        raise FileNotFoundError(msg)


def _title(study: Study, placed: int) -> str:
    from datalens.widgets.pen import drawable

    title = f"{drawable(study.source.title, 'map')}: {study.rows:,} rows"
    title += "" if placed == study.rows else f", {placed:,} on the map"
    return title if study.mask() is None else f"{title}, {study.count():,} selected"


def _named(desk: Desk, points: Points, color: str | None) -> Named | None:
    """Return whose categories are named on the map: those it is coloured by, else the clusters."""
    from datalens.widgets.naming import can_name

    study = desk.study
    clusters = [name for name, derived in study.derived.items() if derived.role == "cluster"]
    named = [name for name in clusters if not study.describe(name).numeric][-1:]
    # Clusters by their numbers are named too.
    tried = named if color is None else [*named, color] if color in clusters else [color, *named]
    if color in named:
        tried = [color]
    for column in tried:
        codes, legend = desk.coloring(column, None)
        if can_name(legend):
            return codes[points.rows], legend
    return None


def _unwritten(legend: dict[str, Any] | None, named: Named | None) -> list[tuple[str, str]]:
    """Return the names that stand in the picture by number, and those numbers."""
    from datalens.widgets.pen import is_drawable
    from datalens.widgets.picture import number_of

    found: dict[str, str] = {}
    for one in (legend, named[1] if named else None):
        if one is None or one["kind"] == "number":
            continue
        labels = (value["label"] for value in one["values"])
        found |= {label: number_of(i) for i, label in enumerate(labels) if not is_drawable(label)}
    return list(found.items())

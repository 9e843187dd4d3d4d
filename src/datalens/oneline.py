"""From a frame to the explorer in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.lens import Lens

if TYPE_CHECKING:
    from datalens.widgets.views import Explorer


def explore(
    data: Any,
    *,
    text: str | None = None,
    label: str | None = None,
    source: str | None = None,
    key: str | None = None,
    embedding: Any = None,
    x: str | None = None,
    y: str | None = None,
    color: str | None = None,
    height: int | None = None,
) -> Explorer:
    """Compute what is missing (vectors, map, clusters) and show the explorer.

    Parameters
    ----------
    data : frame, path or Lens
        What `Lens` opens, or a lens.
    text, label, source, key, embedding, x, y
        As for `Lens`.
    color : str, optional
        The column that colours the map.
    height : int, optional
        Pixels.

    Returns
    -------
    Explorer
        The view; its ``.lens`` is the lens.

    Raises
    ------
    ValueError
        When there is nothing to make a map of: no text, no vectors, no coordinates.
    """
    if isinstance(data, Lens):
        lens = data
    else:
        lens = Lens(data, text=text, label=label, source=source, key=key, embedding=embedding, x=x, y=y)
    study = lens._study  # noqa: SLF001 - the lens's own
    if color is not None and color not in ("x", "y", "cluster", "cluster_name"):
        study.check_column(color)  # before minutes of computing, not after
    if study.column_of("x") is None:
        if study.column_of("embedding") is None:
            lens.embed(name=study.free_name("embedding"))
        lens.project(name=(study.free_name("x"), study.free_name("y")))
    if study.column_of("cluster") is None:
        lens.cluster(name=study.free_name("cluster", "cluster_name"))
    return lens.explore(color=color, height=height)

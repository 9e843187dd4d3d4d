"""The views a notebook shows: the explorer, and its parts in cells of their own."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from datalens.core.marimo import in_marimo
from datalens.study.formulas import column_named
from datalens.widgets.hub import STATIC
from datalens.widgets.looks import NO_LOOK, check_size
from datalens.widgets.settings import keep_settings, kept_settings
from datalens.widgets.still import still_html

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from datalens.lens import Lens
    from datalens.predicate.formula import Value

# Below this a map has no room for its legend, and a table none for five rows.
MIN_HEIGHT = 200

log = logging.getLogger("datalens")


class View(anywidget.AnyWidget):
    """A view of a lens. Views of one lens share its selection, focus and hover.

    Parameters
    ----------
    lens : Lens
        What to show.
    height : int, optional
        Pixels.
    color : str or arithmetic with columns, optional
        The column that colours the map; clusters, label or source where left out. A difference,
        ``dl.col("loss_b") - dl.col("loss_a")``, becomes a computed column of that name.
    size : str or arithmetic with columns, optional
        The column whose larger values make points larger: numbers, dates or booleans.

    Attributes
    ----------
    hub : Hub
        The lens's connection, shared by all its views. Set once.
    kind : str
        "explorer", "map", "table", "reader" or "similar". Set once.
    height : int
        Pixels; set by the user.
    still : str
        Names the picture that stands in for the view on pages without a kernel: the view hides it. Set once.
    settings : dict
        What the person chose in the view: "color", "scale", "look", "names", "tool", "sort", "pageSize", "dialect".
        Written by the browser, kept with the notebook, and in the journal where there is one.
    heard : int or None
        In marimo the newest revision the browser has shown, written by it: a change of it runs the cells that
        read ``mo.ui.anywidget(view)``. None elsewhere, where nothing is written.
    """

    _esm = STATIC / "view.js"

    hub = anywidget.WidgetTrait().tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)
    settings = traitlets.Dict().tag(sync=True)
    heard = traitlets.Int(None, allow_none=True).tag(sync=True)

    _kind = ""
    _default_height = 640

    def __init__(
        self,
        lens: Lens,
        *,
        height: int | None = None,
        color: str | Value | None = None,
        size: str | Value | None = None,
    ) -> None:
        study = lens._study  # noqa: SLF001 - the views are the lens's own
        if color is not None:
            color = column_named(study, color, "color")
        if size is not None:
            size = column_named(study, size, "size")
            check_size(study, size)
        height = self._default_height if height is None else int(height)
        if height < MIN_HEIGHT:
            msg = f"height={height} is too small: give at least {MIN_HEIGHT} pixels."
            raise ValueError(msg)
        self._lens = lens
        settings = kept_settings(study, self._kind)
        if color is not None:
            settings = {**settings, "color": color, "scale": None}
        if size is not None:
            settings = {**settings, "look": {**NO_LOOK, **settings.get("look", {}), "by": size}}
        lens._hub().keep_sample(settings)  # noqa: SLF001
        super().__init__(
            hub=lens._hub(),  # noqa: SLF001
            kind=self._kind,
            height=height,
            still=secrets.token_hex(8),
            settings=settings,
            heard=study.revision if in_marimo() else None,
        )
        self.observe(self._on_settings, "settings")

    def _on_settings(self, change: Any) -> None:
        """Let the notebook be saved with the colours that the person chose, and the next view begin with them."""
        self.hub.prefer(change["new"])
        keep_settings(self._lens._study, self._kind, change["new"])  # noqa: SLF001

    @property
    def lens(self) -> Lens:
        """The lens this view shows."""
        return self._lens

    def __repr__(self) -> str:
        return f"<datalens.{type(self).__name__} of {self._lens!r}>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the widget; where widgets can't run (a page on a code host), a sentence."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": repr(self)}, metadata

    def _ipython_display_(self) -> None:
        """Show the widget, and after it a picture that it hides wherever it comes up.

        Of one output's formats a page takes one, and takes the widget even where it can't run: so the picture is
        an output of its own.
        """
        from IPython import get_ipython
        from IPython.display import display

        show: Any = display  # IPython has no types

        if self.comm is None:
            print(f"{self!r} was closed.")  # noqa: T201 - there is nothing left to show
            return
        data, metadata = self._repr_mimebundle_()
        show(data, metadata=metadata, raw=True)
        if getattr(get_ipython(), "kernel", None) is None:
            return  # a terminal
        try:
            html = still_html(self.hub.desk, self.still, self.kind, self.settings)
        except Exception:  # the view is there: what stands in for it must not fail the cell
            log.warning("no picture could be drawn", exc_info=True)
        else:
            show({"text/html": html}, raw=True)


class Explorer(View):
    """Map, table, reader, neighbours and the bar of conditions in one.

    Examples
    --------
    >>> import pandas as pd, datalens as dl
    >>> lens = dl.Lens(pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]}), x="x", y="y")
    >>> lens.explore().lens is lens
    True
    """

    _kind = "explorer"
    _default_height = 680


class Map(View):
    """The map alone, in a cell of its own, linked to the other views of its lens."""

    _kind = "map"
    _default_height = 560

    def png(
        self,
        path: str | os.PathLike[str],
        *,
        width: int = 1200,
        height: int = 900,
        scale: float = 2,
        theme: str = "light",
        color: str | Value | None = None,
        names: bool = True,
    ) -> Path:
        """Write a picture of the map with title, legend and names; no browser is needed.

        It shows all points in the view's size and order, and what is not selected in grey. Names that Pillow's font can't write stand as their number;
        a warning and the picture's own text ("Legend") say which.

        Parameters
        ----------
        path : str or os.PathLike
            The file; one that is there is replaced.
        width, height : int
            Of the picture, in CSS pixels.
        scale : float, default 2
            Pixels for one of them.
        theme : {"light", "dark"}
            Colours.
        color : str or arithmetic with columns, optional
            The column that colours the points; the view's where left out.
        names : bool, default True
            Whether names stand on the map: of the categories that colour it, else of the clusters.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        ValueError
            The size can't be drawn, or the path's ending is another than ".png".
        FileNotFoundError
            There is no such folder.

        Examples
        --------
        >>> import tempfile, pandas as pd, datalens as dl
        >>> frame = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0], "topic": ["a", "b"]})
        >>> lens = dl.Lens(frame, x="x", y="y")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     dl.Map(lens).png(f"{folder}/map.png", color="topic").name
        'map.png'
        """
        from datalens.widgets.export import write_map

        study = self._lens._study  # noqa: SLF001 - the views are the lens's own
        settings = dict(self.settings)
        if color is not None:
            color = column_named(study, color, "color")
            if color != settings.get("color"):
                settings |= {"color": color, "scale": None}
        elif settings.get("color") not in (None, *study.names()):
            del settings["color"]  # the column that somebody chose is gone
        return write_map(
            self.hub.desk,
            path,
            settings,
            width=width,
            height=height,
            scale=scale,
            theme=theme,
            names=names,
        )


class Table(View):
    """The table alone: every row of the selection, page by page."""

    _kind = "table"
    _default_height = 480

    def __init__(self, lens: Lens, *, height: int | None = None) -> None:
        super().__init__(lens, height=height)


class Reader(View):
    """The reader alone: the sample in focus."""

    _kind = "reader"
    _default_height = 360

    def __init__(self, lens: Lens, *, height: int | None = None) -> None:
        super().__init__(lens, height=height)


class Similar(View):
    """The neighbours alone: the rows nearest to the sample in focus, farthest from it and all but the same.

    A click focuses a row; a typed text or the centre of the selection can be asked for instead. What
    `Lens.similar` answers in code.
    """

    _kind = "similar"
    _default_height = 360

    def __init__(self, lens: Lens, *, height: int | None = None) -> None:
        super().__init__(lens, height=height)

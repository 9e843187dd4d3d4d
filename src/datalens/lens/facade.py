"""The lens: what a notebook holds to look at one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.lens.steps import Steps

if TYPE_CHECKING:
    import os

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from datalens.predicate import Predicate
    from datalens.study.selection import Selection
    from datalens.table.text import OnBadLines
    from datalens.widgets.hub import Hub
    from datalens.widgets.views import Explorer


class Lens(Steps):
    """A dataset on the table: open it, compute what is missing, look at it, select, take the selection away.

    Steps return the lens, so that they chain. The caller's frame is never changed.

    Parameters
    ----------
    data : frame, list of dicts, path, glob, folder, or list of paths
        The rows. In memory: a pandas, polars or pyarrow table, a Hugging Face ``datasets.Dataset``, a list of
        dicts, or anything with ``__arrow_c_stream__``. On disk: Parquet, JSON (lines, or one array of objects),
        CSV, TSV, Arrow or Feather files, text also packed (.gz, .zst); many files of one format are one dataset,
        sorted by path (a list keeps its order), with columns matched by name. Parquet is read by column and row
        group; other files are converted once to Parquet in the cache.
    text, label, source : str, optional
        Columns; guessed where left out, and the summary card says so.
    key : str, optional
        A column of unique values that name the rows. Without one, rows of a frame are named by a hash of their
        content, rows of files by their number.
    embedding : str or array-like of shape (rows, d), optional
        Vectors: a column of lists, or an array in the order of the rows.
    x, y : str, optional
        Columns of ready coordinates; given together.
    image, chat : str, optional
        Columns of pictures and of conversations. The summary card and the views name them; the reader shows
        their values as text so far.
    chosen, rejected : str, optional
        Columns of the preferred answer and of the other; given together.
    store : path-like, optional
        A folder for what a person adds to the data (edits, tags, notes). Nothing is written there yet.
    media_root : path-like, optional
        The only folder under which paths to media in the data may be read. Nothing is read there yet.
    on_bad_lines : {"error", "skip"}, default "error"
        What to do with a line of a JSON, CSV or TSV file that is no row: an error that names the line, or leave
        such lines out, which a warning and the summary card say.

    Attributes
    ----------
    selection : Selection
        What is selected now. Assign a predicate to move the views, None to clear.
    focus : object
        The key of the row being read, or None. Assign a key to read another.
    store, media_root : pathlib.Path or None
        As given, made absolute.

    Raises
    ------
    ColumnError
        When a column is not there (a kind of KeyError).
    ValueError
        When the data can't be opened, or a key has null or equal values.

    Examples
    --------
    >>> import pandas as pd, datalens as dl
    >>> lens = dl.Lens(pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]}), key="id")
    >>> lens.selection = dl.col("loss") > 3.2
    >>> lens.selection.count, lens.selection.keys()
    (2, ['b', 'c'])
    """

    def __init__(
        self,
        data: Any,
        *,
        text: str | None = None,
        label: str | None = None,
        source: str | None = None,
        key: str | None = None,
        embedding: Any = None,
        x: str | None = None,
        y: str | None = None,
        image: str | None = None,
        chat: str | None = None,
        chosen: str | None = None,
        rejected: str | None = None,
        store: str | os.PathLike[str] | None = None,
        media_root: str | os.PathLike[str] | None = None,
        on_bad_lines: OnBadLines = "error",
    ) -> None:
        from datalens.study.study import Study
        from datalens.table.opening import open_folder, open_source

        named = embedding if isinstance(embedding, str) else None
        roles = {
            "text": text, "label": label, "source": source, "key": key, "embedding": named, "x": x, "y": y,
            "image": image, "chat": chat, "chosen": chosen, "rejected": rejected,
        }  # fmt: skip
        self.store = None if store is None else open_folder(store, "store")
        self.media_root = None if media_root is None else open_folder(media_root, "media_root")
        self._study = Study(open_source(data, key=key, on_bad_lines=on_bad_lines), roles)
        self._hub_widget: Hub | None = None
        if embedding is not None and named is None:
            self.embed(embedding)

    # Selection ----------------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """What is selected now, as a value that later gestures do not change."""
        from datalens.study.selection import Selection

        return Selection(self._study)

    @selection.setter
    def selection(self, value: Predicate | Selection | None) -> None:
        from datalens.predicate import Predicate
        from datalens.study.selection import Selection

        if isinstance(value, Selection):
            value = value.predicate
        if value is not None and not isinstance(value, Predicate):
            msg = f"A selection is a predicate such as dl.col('loss') > 3.2, or None; not {type(value).__name__}."
            raise UnfitError(msg)
        self._study.select(value)

    @property
    def focus(self) -> Any:
        """The key of the row being read, or None. Assign a key to read another."""
        focus = self._study.focus
        return None if focus is None else self._study.source.keys()[focus]

    @focus.setter
    def focus(self, key: Any) -> None:
        self._study.set_focus(None if key is None else self._study.ordinal_of(key))

    # Taking away --------------------------------------------------------------------------------------

    def to_frame(self, *, vectors: bool = False) -> Any:
        """Return the data with its computed columns, as the kind of frame that was given.

        Parameters
        ----------
        vectors : bool, default False
            Whether columns of vectors come along: they are large.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame, pyarrow.Table, datasets.Dataset or list of dict
            The caller's kind; pandas for files, pyarrow for what else speaks Arrow.
        """
        from datalens.study.export import to_frame

        return to_frame(self._study, vectors=vectors)

    def to_pandas(self, *, vectors: bool = False) -> pd.DataFrame:
        """Return the data with its computed columns as a pandas frame.

        Parameters
        ----------
        vectors : bool, default False
            Whether columns of vectors come along: they are large.

        Returns
        -------
        pandas.DataFrame
            With the caller's own index and types where a pandas frame was given.

        Examples
        --------
        >>> import datalens as dl
        >>> dl.Lens([{"text": "a"}, {"text": "b", "n": 1}]).to_pandas()["n"].tolist()
        [nan, 1.0]
        """
        from datalens.study.export import to_pandas

        return to_pandas(self._study, vectors=vectors)

    def to_polars(self, *, vectors: bool = False) -> pl.DataFrame:
        """Return the data with its computed columns as a polars frame.

        Parameters
        ----------
        vectors : bool, default False
            Whether columns of vectors come along: they are large.

        Returns
        -------
        polars.DataFrame
            With the caller's own types where a polars frame was given.

        Examples
        --------
        >>> import datalens as dl
        >>> dl.Lens([{"text": "a"}, {"text": "b", "n": 1}]).to_polars().shape
        (2, 2)
        """
        from datalens.study.export import to_polars

        return to_polars(self._study, vectors=vectors)

    def to_arrow(self, *, vectors: bool = False) -> pa.Table:
        """Return the data with its computed columns as an Arrow table.

        Parameters
        ----------
        vectors : bool, default False
            Whether columns of vectors come along: they are large.

        Returns
        -------
        pyarrow.Table
            In plain types: string views come as strings, run-end encoding undone.

        Examples
        --------
        >>> import datalens as dl
        >>> dl.Lens([{"text": "a"}, {"text": "b", "n": 1}]).to_arrow().to_pydict()
        {'text': ['a', 'b'], 'n': [None, 1]}
        """
        from datalens.study.export import to_arrow

        return to_arrow(self._study, vectors=vectors)

    # Views --------------------------------------------------------------------------------------------

    def explore(self, *, color: str | None = None, height: int | None = None) -> Explorer:
        """Show map, table, reader and conditions in one view.

        Parameters
        ----------
        color : str, optional
            The column that colours the map; clusters, label or source where left out.
        height : int, optional
            Pixels.

        Returns
        -------
        Explorer
            The view; its ``.lens`` is this lens.
        """
        from datalens.widgets.views import Explorer

        return Explorer(self, color=color, height=height)

    def _hub(self) -> Hub:
        from datalens.widgets.hub import Hub

        with self._study.lock:
            if self._hub_widget is None:
                self._hub_widget = Hub(self._study)
            return self._hub_widget

    def __len__(self) -> int:
        return self._study.rows

    def __repr__(self) -> str:
        return f"<datalens.Lens: {self._study.source.title}, {self._study.rows:,} rows>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from datalens.widgets.card import card_html, card_text

        return {"text/plain": card_text(self._study), "text/html": card_html(self._study)}

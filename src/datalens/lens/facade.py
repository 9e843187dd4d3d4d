"""The lens: what a notebook holds to look at one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.lens.steps import Steps

if TYPE_CHECKING:
    import os

    from datalens.predicate import Predicate
    from datalens.study.selection import Selection
    from datalens.widgets.hub import Hub
    from datalens.widgets.views import Explorer


class Lens(Steps):
    """A dataset on the table: open it, compute what is missing, look at it, select, take the selection away.

    Steps return the lens, so that they chain. The caller's frame is never changed.

    Parameters
    ----------
    data : pandas.DataFrame, polars.DataFrame, pyarrow.Table, or path of a Parquet file
        The rows. Anything with ``__arrow_c_stream__`` will do.
    text, label, source : str, optional
        Columns; guessed where left out, and the summary card says so.
    key : str, optional
        A column of unique values that name the rows. Without one, rows of a frame are named by a hash of their
        content, rows of a file by their number in it.
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
        self._study = Study(open_source(data, key=key), roles)
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
            raise TypeError(msg)
        self._study.select(value)

    @property
    def focus(self) -> Any:
        """The key of the row being read, or None. Assign a key to read another."""
        focus = self._study.focus
        return None if focus is None else self._study.source.keys()[focus]

    @focus.setter
    def focus(self, key: Any) -> None:
        self._study.set_focus(None if key is None else self._study.ordinal_of(key))

    # Neighbours ---------------------------------------------------------------------------------------

    def similar(
        self,
        query: Any = None,
        *,
        key: Any = None,
        text: str | None = None,
        k: int = 20,
        metric: str = "cosine",
        embedding: str | None = None,
    ) -> Any:
        """Find the rows nearest to a row, a text, a vector or the centre of a selection.

        Every row is compared: the answer is exact. Rows without a vector are never in it (null, not computed,
        or zero, which has no direction), nor is what was asked for itself; other rows with the very same vector are.

        Parameters
        ----------
        query : object, optional
            The key of a row; a text, where no row has it as its key; a vector; or a `Selection` or a predicate, for
            the centre of its rows. The row in focus where nothing is given.
        key : object, optional
            The key of a row, whatever it looks like.
        text : str, optional
            A text, even where it is the key of a row. It is encoded as the texts of the rows were: vectors that
            came without a function need ``lens.embed(vectors, encoder=function)``.
        k : int, default 20
            How many rows; fewer where there are no more.
        metric : {"cosine", "euclidean"}, default "cosine"
            The distance: 1 - cosine similarity, from 0 to 2, or Euclidean. Under the cosine the centre is the mean
            of the vectors scaled to length 1.
        embedding : str, optional
            The column of vectors; the newest embedding where left out.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or pyarrow.Table
            The rows, nearest first, those in equal distance in the order of the data: the caller's kind of frame,
            with computed columns (but not their vectors) and a last column ``distance`` of floats (``distance_``
            where there is one of that name). Of a file only these rows are read.

        Raises
        ------
        KeyError
            When no row has the key.
        ValueError
            When there are no vectors, the query has none, or a text can't be encoded.

        Examples
        --------
        >>> import pandas as pd, datalens as dl
        >>> lens = dl.Lens(
        ...     pd.DataFrame({"id": ["a", "b", "c"]}), key="id", embedding=[[1, 0], [3, 4], [0, 1]]
        ... )
        >>> lens.similar("a")
          id  distance
        1  b       0.4
        2  c       1.0
        >>> lens.similar([0, 2], k=1)["id"].tolist()
        ['c']
        """
        from datalens.study.neighbours import similar

        return similar(self._study, query, key=key, text=text, k=k, metric=metric, embedding=embedding)

    def dissimilar(
        self,
        query: Any = None,
        *,
        key: Any = None,
        text: str | None = None,
        k: int = 20,
        metric: str = "cosine",
        embedding: str | None = None,
    ) -> Any:
        """Find the rows farthest from a row, a text, a vector or the centre of a selection.

        Parameters
        ----------
        query, key, text, k, metric, embedding
            As for `similar`.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or pyarrow.Table
            As from `similar`, farthest first.

        Raises
        ------
        KeyError, ValueError
            As `similar` does.

        Examples
        --------
        >>> import pandas as pd, datalens as dl
        >>> lens = dl.Lens(
        ...     pd.DataFrame({"id": ["a", "b", "c"]}), key="id", embedding=[[1, 0], [3, 4], [-1, 0]]
        ... )
        >>> lens.dissimilar("a", k=1)
          id  distance
        2  c       2.0
        """
        from datalens.study.neighbours import similar

        return similar(
            self._study, query, key=key, text=text, k=k, metric=metric, embedding=embedding, farthest=True
        )

    # Taking away --------------------------------------------------------------------------------------

    def to_frame(self, *, vectors: bool = False) -> Any:
        """Return the data with its computed columns, as the kind of frame that was given.

        Parameters
        ----------
        vectors : bool, default False
            Whether columns of vectors come along: they are large.

        Returns
        -------
        pandas.DataFrame, polars.DataFrame or pyarrow.Table
            The caller's kind; pandas for a file.
        """
        from datalens.study.export import to_frame

        return to_frame(self._study, vectors=vectors)

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

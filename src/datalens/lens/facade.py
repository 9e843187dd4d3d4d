"""The lens: what a notebook holds to look at one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from datalens.core.marimo import in_marimo
from datalens.lens.marking import Marking
from datalens.lens.neighbours import Neighbours
from datalens.lens.selecting import Selecting
from datalens.lens.steps import Steps
from datalens.lens.writing import Writing

if TYPE_CHECKING:
    import os

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from datalens.predicate.formula import Value
    from datalens.study.roles import GivenRoles
    from datalens.table.text import OnBadLines
    from datalens.widgets.hub import Hub
    from datalens.widgets.views import Explorer


class Lens(Steps, Neighbours, Selecting, Marking, Writing):
    """A dataset on the table: open it, compute what is missing, look at it, select, take the selection away.

    Steps return the lens, so that they chain. The caller's frame is never changed.

    Parameters
    ----------
    data : frame, list of dicts, path, glob, folder, or list of paths
        The rows. In memory: a pandas, polars or pyarrow table, a Hugging Face ``datasets.Dataset``, a list of
        dicts, or anything with ``__arrow_c_stream__``. On disk: Parquet, JSON (lines, or one array of objects),
        CSV, TSV, Arrow or Feather files, text also packed (.gz, .zst); many files of one format are one dataset,
        sorted by path (a list keeps its order), with columns matched by name. Parquet is read by column and row
        group; other files are converted once to Parquet in the cache. A Lance dataset, by its folder or as the
        object, is read at the version it stands at (``pip install 'datalens[lance]'``).
    text, label, source : str, optional
        Columns. These and all other roles are guessed where left out, from names and a few rows, and the summary
        card says so.
    key : str or False, optional
        A column of unique values that name the rows. Where left out, a column called id, uuid, doc_id or the like
        is the key if it has a value of its own in every row; else, and with False, rows of a frame are named by a
        hash of their content, rows of a file by their number in it.
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
        A folder for what a person adds to the data: saved selections, tags, notes; one folder a dataset. Where left
        out they are kept beside the files (``corpus.parquet.datalens.sqlite``), and for a frame where its path is
        printed. No file is made before the first of them.
    media_root : path-like, optional
        The only folder under which paths to media in the data may be read. Nothing is read there yet.
    on_bad_lines : {"error", "skip"}, default "error"
        What to do with a line of a JSON, CSV or TSV file that is no row: an error that names the line, or leave
        such lines out, which a warning and the summary card say.

    Attributes
    ----------
    selection : Selection
        What is selected now. Assign a predicate to move the views, None to clear.
    selections : Selections
        Saved selections by name.
    history : History
        The selections before this one, as named steps.
    tags : Tags
        All tags, with how many rows have each.
    focus : object
        The key of the row being read, or None. Assign a key to read another.
    store, media_root : pathlib.Path or None
        As given, made absolute.
    parent : Lens or None
        What this lens is a `sample` of.

    Raises
    ------
    ColumnError
        When a column is not there (a kind of KeyError).
    ValueError
        When the data can't be opened, a key has null or equal values, or a column can't play its role.

    Warns
    -----
    UserWarning
        When a column is shown and compared as text, since its values have no comparison of their own.

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
        key: str | Literal[False] | None = None,
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

        # An array is no column: then nobody plays the role, and none is guessed.
        named: str | Literal[False] | None = (
            embedding if embedding is None or isinstance(embedding, str) else False
        )
        roles: GivenRoles = {
            "text": text, "label": label, "source": source, "key": key, "embedding": named, "x": x, "y": y,
            "image": image, "chat": chat, "chosen": chosen, "rejected": rejected,
        }  # fmt: skip
        self.store = None if store is None else open_folder(store, "store")
        self.media_root = None if media_root is None else open_folder(media_root, "media_root")
        opened = open_source(data, key=key or None, on_bad_lines=on_bad_lines)
        self._study = Study(opened, roles, self.store)
        self._study.marks.refresh()
        self._hub_widget: Hub | None = None
        self.parent: Lens | None = None
        if named is False:
            self.embed(embedding, name=self._study.free_name("embedding"))
        if in_marimo():
            # There the connection ends when the cell that made it runs again: it has to be the lens's own cell.
            self._hub()

    # A part of it ------------------------------------------------------------------------------------

    def sample(
        self, n: int, *, by: str | None = None, weight: str | None = None, random_state: int = 0
    ) -> Lens:
        """Return a lens of some of the rows, drawn at random without replacement, in the order of the data.

        Rows have the same keys as here and bring their computed columns along, so a selection made in the sample
        holds here: ``lens.selection = small.selection`` carries the conditions over where they mean the same for
        all rows, and the selected rows by key where they mention what was computed in the sample alone.

        Parameters
        ----------
        n : int
            How many rows; all where there are fewer.
        by : str, optional
            A column whose values (null is one) each give rows in proportion to how many have it, by largest
            remainder, and at least one row where `n` is large enough for all of them.
        weight : str, optional
            A column of numbers, 0 or more: the chance of a row against others (of the same value of `by`), by
            weighted sampling without replacement [1]_. Null and NaN weigh 0; rows that weigh 0 are never drawn,
            even if there are then fewer than `n`.
        random_state : int, default 0
            Seed: the same gives the same rows.

        Returns
        -------
        Lens
            A lens of its own; its `parent` is this lens, and its counts say "of the sample".

        Raises
        ------
        ColumnError
            When a column is not there.
        ValueError
            When `n` is no whole number above 0, or a column can't be used as `by` or `weight`.

        References
        ----------
        .. [1] P. S. Efraimidis, P. G. Spirakis, "Weighted random sampling with a reservoir", Information Processing
           Letters 97, 2006.

        Examples
        --------
        >>> import pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"id": range(100), "source": ["web", "book"] * 50}), key="id")
        >>> small = lens.sample(10, by="source")
        >>> small
        <datalens.Lens: 10 of 100 rows of pandas frame, sampled by 'source', random_state=0>
        >>> small.selection = dl.col("source") == "web"
        >>> small.selection
        <5 of 10 rows of the sample: source is web>
        """
        from datalens.study.sampling import sample

        drawn = object.__new__(type(self))
        drawn.store, drawn.media_root, drawn.parent = self.store, self.media_root, self
        drawn._study = sample(self._study, n, by=by, weight=weight, random_state=random_state)
        drawn._hub_widget = None
        return drawn

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

    def explore(
        self,
        *,
        color: str | Value | None = None,
        size: str | Value | None = None,
        height: int | None = None,
    ) -> Explorer:
        """Show map, table, reader and conditions in one view.

        Parameters
        ----------
        color : str or arithmetic with columns, optional
            The column that colours the map; clusters, label or source where left out. A difference,
            ``dl.col("loss_b") - dl.col("loss_a")``, becomes a computed column, zero in the middle of its colours.
        size : str or arithmetic with columns, optional
            The column whose larger values make points larger: numbers, dates or booleans.
        height : int, optional
            Pixels.

        Returns
        -------
        Explorer
            The view; its ``.lens`` is this lens.
        """
        from datalens.widgets.views import Explorer

        return Explorer(self, color=color, size=size, height=height)

    def _hub(self) -> Hub:
        from datalens.widgets.hub import Hub

        with self._study.lock:
            if self._hub_widget is not None and not self._hub_widget.is_open:
                self._hub_widget.close()
                self._hub_widget = None
            if self._hub_widget is None:
                self._hub_widget = Hub(self._study)
            return self._hub_widget

    def __len__(self) -> int:
        return self._study.rows

    def __repr__(self) -> str:
        from datalens.study.sampling import title_of

        return f"<datalens.Lens: {title_of(self._study)}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from datalens.widgets.card import card_html, card_text

        return {"text/plain": card_text(self._study), "text/html": card_html(self._study)}

"""The lens: what a notebook holds to look at one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from datalens.predicate import Predicate
    from datalens.study.selection import Selection
    from datalens.widgets.hub import Hub
    from datalens.widgets.views import Explorer


class Lens:
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

    # Steps --------------------------------------------------------------------------------------------

    def embed(
        self,
        model: Any = None,
        *,
        name: str = "embedding",
        n_components: int = 128,
        batch_size: int = 1024,
        version: str | None = None,
        random_state: int = 0,
    ) -> Lens:
        """Add a column of vectors.

        A function runs in batches and may be stopped: what is done stays, the rest is marked as not computed,
        and the same function goes on from there.

        Parameters
        ----------
        model : None, array-like of shape (rows, d), str or callable, optional
            None: TF-IDF of the text reduced by truncated SVD to `n_components`, with no download. An array of
            vectors in the order of the rows. The name of a column of vectors. A function from a list of
            texts (None for null) to an array of shape (len(list), d).
        name : str, default "embedding"
            What the column is called.
        n_components : int, default 128
            Dimensions of the default embedding.
        batch_size : int, default 1024
            Texts a call of a function.
        version : str, optional
            Names what a function computes, so that its results are cached on disk.
        random_state : int, default 0
            Seed of the default embedding.

        Returns
        -------
        Lens
            This lens.

        Raises
        ------
        ValueError
            When there is no text, or the vectors do not fit the rows.
        """
        from datalens.study.embedding import embed

        embed(
            self._study,
            model,
            name=name,
            n_components=n_components,
            batch_size=batch_size,
            version=version,
            random_state=random_state,
        )
        return self

    def project(
        self,
        *,
        n_neighbors: int = 15,
        min_dist: float = 0.1,
        metric: str = "cosine",
        n_epochs: int | None = None,
        random_state: int = 0,
        method: str = "umap-learn",
        name: Sequence[str] = ("x", "y"),
    ) -> Lens:
        """Add coordinates of a map: UMAP of the vectors, from a principal-components start.

        Parameters
        ----------
        n_neighbors : int, default 15
            Neighbours of each row in the graph that the map is drawn from.
        min_dist : float, default 0.1
            How close points may lie, in units of the map.
        metric : {"cosine", "euclidean"}, default "cosine"
            How far vectors are apart.
        n_epochs : int, optional
            Rounds of the layout; umap-learn's own choice where left out.
        random_state : int, default 0
            Seed: the same gives the same map.
        method : {"umap-learn"}, default "umap-learn"
            Who lays it out.
        name : sequence of two str, default ("x", "y")
            What the columns are called.

        Returns
        -------
        Lens
            This lens.

        Raises
        ------
        ValueError
            When there are no vectors, or a name is taken by the data.
        """
        from datalens.study.spatial import project

        project(
            self._study,
            n_neighbors=n_neighbors,
            min_dist=min_dist,
            metric=metric,
            n_epochs=n_epochs,
            random_state=random_state,
            method=method,
            name=name,
        )
        return self

    def cluster(
        self,
        method: str = "hdbscan",
        *,
        n_clusters: int | None = None,
        min_cluster_size: int | None = None,
        min_samples: int | None = None,
        random_state: int = 0,
        name: str = "cluster",
    ) -> Lens:
        """Add cluster numbers of the map's points, and names for them where there is text.

        Parameters
        ----------
        method : {"hdbscan", "kmeans"}, default "hdbscan"
            HDBSCAN marks what lies between clusters as noise (-1); k-means gives every row a cluster.
        n_clusters : int, optional
            Clusters of k-means.
        min_cluster_size, min_samples : int, optional
            As in scikit-learn's HDBSCAN; chosen by the number of rows where left out.
        random_state : int, default 0
            Seed of k-means.
        name : str, default "cluster"
            What the column is called; names go to ``<name>_name``.

        Returns
        -------
        Lens
            This lens.

        Raises
        ------
        ValueError
            When there is no map yet.
        """
        from datalens.study.spatial import cluster

        cluster(
            self._study,
            method=method,
            n_clusters=n_clusters,
            min_cluster_size=min_cluster_size,
            min_samples=min_samples,
            random_state=random_state,
            name=name,
        )
        return self

    def join(
        self,
        other: Any,
        *,
        on: str,
        columns: Sequence[str] | None = None,
        name: Mapping[str, str] | None = None,
    ) -> Lens:
        """Add columns of another frame, by a column of values that both have.

        Parameters
        ----------
        other : frame or path
            What `Lens` opens; one row for each value of `on`.
        on : str
            The column that both have. Rows without a match get null.
        columns : sequence of str, optional
            Which columns; all but `on` where left out.
        name : mapping of str to str, optional
            Other names for them.

        Returns
        -------
        Lens
            This lens.

        Raises
        ------
        ColumnError
            When a column is not there.
        ValueError
            When `on` repeats in the other frame, no value matches, or a name is taken by the data.

        Examples
        --------
        >>> import pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"id": ["a", "b"]}), key="id")
        >>> _ = lens.join(pd.DataFrame({"id": ["b"], "loss": [2.0]}), on="id")
        >>> lens.to_frame()["loss"].tolist()
        [nan, 2.0]
        """
        from datalens.study.joining import join

        join(self._study, other, on=on, columns=columns, name=name)
        return self

    def add_signal(
        self,
        function: Callable[[Any], Any],
        *,
        name: str | None = None,
        on: str = "text",
        batch_size: int = 1024,
        version: str | None = None,
    ) -> Lens:
        """Add a column of what a function says of each row.

        It runs in batches and may be stopped: what is done stays, the rest is marked as not computed, and
        running the same function again goes on from there.

        Parameters
        ----------
        function : callable
            From a text to a value; with ``on="frame"`` from a pandas frame of a batch to one value a row.
        name : str, optional
            What the column is called; the function's own name where left out.
        on : str, default "text"
            "text", "frame", or the name of a column whose values the function takes.
        batch_size : int, default 1024
            Rows a batch.
        version : str, optional
            Names what the function computes, so that its results are cached on disk.

        Returns
        -------
        Lens
            This lens.

        Raises
        ------
        ValueError
            When there is no text, values are of several types, or the name is taken by the data.

        Examples
        --------
        >>> import pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"text": ["a b", "c"]}), text="text")
        >>> lens.add_signal(lambda text: len(text.split()), name="words").to_frame()["words"].tolist()
        [2, 1]
        """
        from datalens.study.signals import add_signal

        add_signal(self._study, function, name=name, on=on, batch_size=batch_size, version=version)
        return self

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

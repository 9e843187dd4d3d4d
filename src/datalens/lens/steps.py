"""The steps of a lens: each computes columns, and returns the lens, so that they chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Self

    from datalens.study.study import Study


class Steps:
    """What computes columns of a study; `Lens` inherits it."""

    _study: Study

    def embed(
        self,
        model: Any = None,
        *,
        encoder: Callable[[list[str | None]], Any] | None = None,
        name: str = "embedding",
        n_components: int = 128,
        batch_size: int = 1024,
        version: str | None = None,
        random_state: int = 0,
    ) -> Self:
        """Add a column of vectors.

        A function runs in batches and may be stopped: what is done stays, the rest is marked as not computed,
        and the same function goes on from there.

        Parameters
        ----------
        model : None, array-like of shape (rows, d), str or callable, optional
            None: TF-IDF of the text reduced by truncated SVD to `n_components`, with no download. An array of
            vectors in the order of the rows. The name of a column of vectors. A function from a list of
            texts (None for null) to an array of shape (len(list), d).
        encoder : callable, optional
            From a list of texts to vectors in the same space, for texts that are typed: `similar` calls it with a
            list of one. Needed for vectors that are given; a function and the default embedding are their own.
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
            encoder=encoder,
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
    ) -> Self:
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
    ) -> Self:
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
    ) -> Self:
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
    ) -> Self:
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

"""What a lens answers about likeness: the rows nearest to something, and those farthest from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datalens.study.study import Study


class Neighbours:
    """Finds rows by their vectors; `Lens` inherits it."""

    _study: Study

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

"""What a lens writes: all rows; and beside printed code the computed columns, and the keys of selected rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from datalens.predicate import Predicate
    from datalens.study.selection import RowSet
    from datalens.study.study import Study


class Writing:
    """Writes Parquet files; `Lens` inherits it."""

    _study: Study

    def write_columns(self, path: str | os.PathLike[str], names: Sequence[str] | None = None) -> Path:
        """Write the computed columns to a Parquet file, with the key of each row.

        ``lens.selection.code(columns="columns.parquet")`` prints code that joins it to the plain frame.

        Parameters
        ----------
        path : str or path-like
            The file; one that is there is replaced, at once and whole.
        names : sequence of str, optional
            Which computed columns; all where left out, vectors too.

        Returns
        -------
        pathlib.Path
            The file. Its first column holds the keys and is called as the key column of the data; ``key`` where rows
            are named by their content or number. It has a row for each row of the data, in their order.

        Raises
        ------
        ColumnError
            When there is no such computed column.
        FileExistsError
            When the path is a file of the data itself.

        Examples
        --------
        >>> import tempfile, pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"id": ["a", "b"]}), key="id")
        >>> _ = lens.join(pd.DataFrame({"id": ["b", "a"], "loss": [0.5, 3.5]}), on="id")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pd.read_parquet(lens.write_columns(f"{folder}/columns.parquet"))
          id  loss
        0  a   3.5
        1  b   0.5
        """
        from datalens.study.writing import write_columns

        return write_columns(self._study, path, names)

    def to_parquet(self, path: str | os.PathLike[str], *, vectors: bool = False) -> Path:
        """Write all rows with their computed columns to a Parquet file.

        Files are read and written part by part, so that they may be larger than memory.

        Parameters
        ----------
        path : str or path-like
            The file; one that is there is replaced, at once and whole.
        vectors : bool, default False
            Whether computed columns of vectors come along: they are large.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        FileExistsError
            When the path is a file of the data itself.

        Examples
        --------
        >>> import tempfile, pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"id": ["a", "b"]}), key="id")
        >>> _ = lens.join(pd.DataFrame({"id": ["b", "a"], "loss": [0.5, 3.5]}), on="id")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pd.read_parquet(lens.to_parquet(f"{folder}/all.parquet"))
          id  loss
        0  a   3.5
        1  b   0.5
        """
        from datalens.study.writing import to_parquet

        return to_parquet(self._study, path, vectors=vectors)

    def write_keys(self, selection: RowSet | Predicate, path: str | os.PathLike[str]) -> Path:
        """Write the keys of selected rows to a Parquet file.

        ``lens.selection.code(form="keys", keys="keys.parquet")`` prints code that reads it: for selections of so many
        rows that nobody wants them in the code.

        Parameters
        ----------
        selection : Selection, Saved or Predicate
            Which rows: ``lens.selection``, a saved selection, or a condition.
        path : str or path-like
            The file; one that is there is replaced, at once and whole.

        Returns
        -------
        pathlib.Path
            The file. Its one column is called as the key column of the data; ``key`` where rows are named by their
            content or number.

        Raises
        ------
        FileExistsError
            When the path is a file of the data itself.
        UnfitError
            When it is neither a selection nor a predicate.

        Examples
        --------
        >>> import tempfile, pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]}), key="id")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     pd.read_parquet(lens.write_keys(dl.col("loss") > 3.2, f"{folder}/keys.parquet"))
          id
        0  b
        1  c
        """
        from datalens.study.writing import write_keys

        return write_keys(self._study, selection, path)

"""What is selected, as a value: a predicate, a count, keys, a frame, code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import os

    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.study import Study

Form = Literal["columns", "keys"]


class Selection:
    """The rows selected at one moment; later gestures do not change it.

    Attributes
    ----------
    predicate : Predicate
        The condition: the AND of the clauses of all sources.
    count : int
        How many rows it selects.
    total : int
        How many rows there are.
    """

    def __init__(self, study: Study) -> None:
        from datalens.predicate import And, Everything

        with study.lock:
            self._study = study
            self._mask = study.mask()
            parts = tuple(clause.predicate for clause in study.clauses)
            self.predicate: Predicate = And(parts) if len(parts) > 1 else parts[0] if parts else Everything()
            self.count: int = study.count()
            self.total: int = study.rows

    def __repr__(self) -> str:
        from datalens.study.sampling import counted

        return f"<{counted(self._study, self.count)}: {self.predicate.label()}>"

    def __len__(self) -> int:
        return self.count

    def is_of(self, study: Study) -> bool:
        """Say whether these are rows of a study."""
        return self._study is study

    def mask(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows are selected.

        Returns
        -------
        numpy.ndarray of bool, shape (rows,)
            In the order of the data.
        """
        import numpy as np

        return np.ones(self.total, dtype=bool) if self._mask is None else self._mask.copy()

    def keys(self) -> list[Any]:
        """Return the keys of the selected rows, in the order of the data."""
        return list(self._study.source.keys()[self.mask()].tolist())

    def frame(self) -> Any:
        """Return the selected rows with computed columns, as the caller's kind of frame."""
        import numpy as np

        from datalens.study.export import to_frame

        ordinals = None if self._mask is None else np.flatnonzero(self._mask)
        return to_frame(self._study, ordinals=ordinals)

    def code(
        self,
        dialect: str = "pandas",
        *,
        form: Form = "columns",
        frame: str = "df",
        columns: str | os.PathLike[str] | None = None,
        keys: str | os.PathLike[str] | None = None,
    ) -> str:
        """Return code that selects the same rows.

        Parameters
        ----------
        dialect : str, default "pandas"
            The language of the code, as `Predicate.code` has them.
        form : {"columns", "keys"}, default "columns"
            ``columns``: the conditions themselves; they need the columns that they mention, computed ones
            too. ``keys``: the very rows by key, on the plain frame.
        frame : str, default "df"
            What the frame is called in the code: a DataFrame for pandas; a DataFrame or a LazyFrame for Polars; for
            pyarrow a Table, or without ``columns=`` also a Dataset.
        columns : str or path-like, optional
            The file that ``lens.write_columns(path)`` makes: the code of the form ``columns`` then joins it to the
            plain frame where computed columns are needed (pandas, polars, pyarrow), or says how to (SQL).
        keys : str or path-like, optional
            The file that ``lens.write_keys(lens.selection, path)`` makes: the code of the form ``keys`` then reads
            it in place of a list (pandas, polars, pyarrow, duckdb).

        Returns
        -------
        str
            Statements that end in ``selected = ...``, which is what the frame is, or what else the dialect prints: a
            condition, a function.

        Raises
        ------
        ValueError
            When the dialect or the form is unknown.
        NotExpressibleError
            When the dialect has no way to select the same rows; the sentence says what to do.

        Examples
        --------
        >>> import pandas as pd, datalens as dl
        >>> lens = dl.Lens(pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]}), key="id")
        >>> lens.selection = dl.col("loss") > 3.2
        >>> print(lens.selection.code(form="keys"))
        # 2 of 3 rows, by column 'id'
        selected = df[df["id"].isin(["b", "c"])]
        """
        from datalens.study.code import selection_code

        with self._study.lock:
            return selection_code(
                self._study, self.predicate, self.mask(), dialect, form, frame, columns, keys
            )

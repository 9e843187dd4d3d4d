"""What is selected, as a value: a predicate, a count, keys, a frame, code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from datalens.core.errors import UnfitError

if TYPE_CHECKING:
    import os

    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

Form = Literal["columns", "keys"]


class RowSet:
    """Rows of a study with the condition that selects them: combined with ``&``, ``|``, ``-`` and ``~``.

    Attributes
    ----------
    predicate : Predicate
        The condition.
    total : int
        How many rows there are.
    """

    _study: Study
    total: int

    if TYPE_CHECKING:

        @property
        def predicate(self) -> Predicate:
            """Return the condition."""

    def mask(self) -> Mask:
        """Return which rows are selected; shape (rows,), in the order of the data."""
        raise NotImplementedError

    def is_of(self, study: Study) -> bool:
        """Say whether these are rows of a study."""
        return self._study is study

    def keys(self) -> list[Any]:
        """Return the keys of the selected rows, in the order of the data."""
        return list(self._study.source.keys()[self.mask()].tolist())

    def frame(self) -> Any:
        """Return the selected rows with computed columns, as the caller's kind of frame."""
        import numpy as np

        from datalens.study.export import to_frame

        mask = self.mask()
        return to_frame(self._study, ordinals=None if mask.all() else np.flatnonzero(mask))

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

    # Sets ---------------------------------------------------------------------------------------------

    def __and__(self, other: RowSet | Predicate) -> Predicate:
        return self.predicate & self._other(other)

    def __or__(self, other: RowSet | Predicate) -> Predicate:
        return self.predicate | self._other(other)

    def __sub__(self, other: RowSet | Predicate) -> Predicate:
        return self.predicate & ~self._other(other)

    def __rand__(self, other: Predicate) -> Predicate:
        return self._other(other) & self.predicate

    def __ror__(self, other: Predicate) -> Predicate:
        return self._other(other) | self.predicate

    def __rsub__(self, other: Predicate) -> Predicate:
        return self._other(other) & ~self.predicate

    def __invert__(self) -> Predicate:
        return ~self.predicate

    def _other(self, other: Any) -> Predicate:
        return condition_of(other, self._study, "Selections are combined with")


class Selection(RowSet):
    """The rows selected at one moment; later gestures do not change it.

    Attributes
    ----------
    predicate : Predicate
        The condition: the AND of the clauses that count.
    count : int
        How many rows it selects.
    total : int
        How many rows there are.

    Examples
    --------
    >>> import pandas as pd, datalens as dl
    >>> lens = dl.Lens(pd.DataFrame({"loss": [0.1, 3.5, 4.0], "source": ["web", "web", "book"]}))
    >>> lens.selection = dl.col("loss") > 3.2
    >>> lens.selection - (dl.col("source") == "web")
    (dl.col('loss') > 3.2) & ~(dl.col('source') == 'web')
    """

    predicate: Predicate

    def __init__(self, study: Study) -> None:
        from datalens.predicate import And, Everything

        with study.lock:
            self._study = study
            self._mask = study.mask()
            parts = tuple(clause.predicate for clause in study.active)
            self.predicate = And(parts) if len(parts) > 1 else parts[0] if parts else Everything()
            self.count: int = study.count()
            self.total: int = study.rows

    def __repr__(self) -> str:
        from datalens.study.sampling import counted

        return f"<{counted(self._study, self.count)}: {self.predicate.label()}>"

    def __len__(self) -> int:
        return self.count

    def mask(self) -> Mask:
        """Return which rows are selected.

        Returns
        -------
        numpy.ndarray of bool, shape (rows,)
            In the order of the data.
        """
        import numpy as np

        return np.ones(self.total, dtype=bool) if self._mask is None else self._mask.copy()


def condition_of(value: Any, study: Study, what: str) -> Predicate:
    """Return what a selection, a saved selection or a predicate means in a study.

    Parameters
    ----------
    value : RowSet or Predicate
        What the caller gave.
    study : Study
        Where it is to hold.
    what : str
        How the sentence begins that says what was expected: "Keys are written of".

    Raises
    ------
    UnfitError
        When it is none of these.
    """
    from datalens.predicate import Predicate
    from datalens.study.sampling import carried

    if isinstance(value, RowSet):
        return carried(value, study)
    if not isinstance(value, Predicate):
        msg = (
            f"{what} lens.selection, a saved selection, or a predicate such as dl.col('loss') > 3.2; "
            f"not {type(value).__name__}."
        )
        raise UnfitError(msg)
    return value


def mask_in(value: Any, study: Study, what: str) -> Mask:
    """Return the rows of a study that a selection, a saved selection or a predicate means; as `condition_of`."""
    if isinstance(value, RowSet) and value.is_of(study):
        return value.mask()
    return study.mask_of(condition_of(value, study, what))

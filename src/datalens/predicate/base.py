"""What every predicate can do; the nodes are in `nodes`, each ability in a module of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from datalens.predicate.equality import compared, exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from datalens.predicate.counts import CountReport


class Predicate:
    """A condition on rows: combined with ``&``, ``|`` and ``~``, evaluated on any dataframe, printed as code.

    Two-valued: a null or NaN matches no comparison, and ``~`` of that comparison matches it. Predicates
    are immutable, hashable and picklable, and equal when they are written the same.

    Examples
    --------
    >>> import pandas as pd
    >>> from datalens.predicate import col
    >>> df = pd.DataFrame({"loss": [1.0, 4.0, None]})
    >>> hard = col("loss") > 3.2
    >>> df[hard]
       loss
    1   4.0
    >>> len(df[~hard])
    2
    >>> print(hard.code("pandas"))
    selected = df[df["loss"] > 3.2]
    """

    __slots__: ClassVar[tuple[str, ...]] = ()
    # numpy then hands `array & predicate` back instead of going through the array's elements.
    __array_ufunc__: ClassVar[None] = None

    def __and__(self, other: object) -> Predicate:
        from datalens.predicate.nodes import And, join

        return join(And, self, other) if isinstance(other, Predicate) else NotImplemented

    def __or__(self, other: object) -> Predicate:
        from datalens.predicate.nodes import Or, join

        return join(Or, self, other) if isinstance(other, Predicate) else NotImplemented

    def __invert__(self) -> Predicate:
        from datalens.predicate.nodes import Not

        # Two-valued, so that not not p is p.
        return self.of if isinstance(self, Not) else Not(self)

    def __bool__(self) -> bool:
        msg = (
            "A predicate has no truth of its own: combine with & | ~ in place of and, or, not "
            "(and write a < x < b as col(x).between(a, b), or with &)."
        )
        raise TypeError(msg)

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and exact(self) == exact(other))

    def __hash__(self) -> int:
        return hash((type(self).__name__, *compared(self)))

    def __repr__(self) -> str:
        from datalens.predicate.text import source

        return source(self)

    def __call__(self, frame: Any) -> Any:
        """Return `evaluate`'s mask, so that ``df[predicate]`` works in pandas."""
        return self.evaluate(frame)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that the predicate looks at, sorted.

        Examples
        --------
        >>> from datalens.predicate import col
        >>> ((col("b") > 1) & (col("a") == col("b"))).columns
        ('a', 'b')
        """
        from datalens.predicate.nodes import column_names

        return tuple(sorted(column_names(self)))

    def evaluate(self, frame: Any) -> Any:
        """Return which rows match, as a boolean series of the frame's own kind.

        Parameters
        ----------
        frame : pandas.DataFrame, polars.DataFrame, pyarrow.Table or another that narwhals knows
            A frame in memory with the columns that the predicate needs.

        Returns
        -------
        pandas.Series, polars.Series or pyarrow.ChunkedArray of bool
            One value a row, never null; in pandas with the frame's index.

        Raises
        ------
        ColumnError
            When a column is missing.
        TypeError
            When a literal can't be compared with its column.
        """
        from datalens.predicate.evaluate import native_mask

        return native_mask(self, frame)

    def mask(self, frame: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows match, as a numpy array.

        Parameters
        ----------
        frame : pandas.DataFrame, polars.DataFrame, pyarrow.Table or another that narwhals knows
            A frame in memory.

        Returns
        -------
        numpy.ndarray of bool, shape (n,)

        Examples
        --------
        >>> import pyarrow as pa
        >>> from datalens.predicate import col
        >>> col("text").contains("cookie").mask(pa.table({"text": ["a cookie", None]})).tolist()
        [True, False]
        """
        from datalens.predicate.evaluate import numpy_mask

        return numpy_mask(self, frame)

    def explain_count(self, frame: Any) -> CountReport:
        """Count what each condition of an ``and`` does, alone and together with the others.

        Parameters
        ----------
        frame : pandas.DataFrame, polars.DataFrame, pyarrow.Table or another that narwhals knows
            A frame in memory.

        Returns
        -------
        CountReport
            For each condition the rows that it matches, those that it alone keeps out, and those with a null in a
            column that it looks at; and the rows that all conditions match.

        Examples
        --------
        >>> import pandas as pd
        >>> from datalens.predicate import col
        >>> df = pd.DataFrame({"loss": [1.0, 4.0, None], "source": ["web", "web", "books"]})
        >>> report = ((col("loss") > 3.2) & (col("source") == "web")).explain_count(df)
        >>> report.count, [clause.only for clause in report.clauses]
        (1, [1, 0])
        """
        from datalens.predicate.counts import explain_count

        return explain_count(self, frame)

    def filter(self, frame: Any) -> Any:
        """Return the rows that match, of a frame in memory or a lazy one.

        Parameters
        ----------
        frame : dataframe or lazy frame
            Anything that narwhals knows; a lazy one stays lazy.

        Returns
        -------
        dataframe or lazy frame
            Of the kind that was given.

        Raises
        ------
        TypeError
            When rows are selected by a hash of their content or by number, and the frame is lazy.
        """
        from datalens.predicate.evaluate import filtered

        return filtered(self, frame)

    def simplify(self) -> Predicate:
        """Return a shorter predicate that selects the same rows of every frame.

        Duplicates and double negations go, ands in ands and ors in ors become flat, bounds on one column become
        intervals and values lists, ``a & (a | b)`` becomes ``a``. What never matches becomes
        ``~dl.everything()``. Bounds that a column of 32-bit floats may hold to be one number stay.

        Returns
        -------
        Predicate
            Itself simplified already. It raises nothing that this one doesn't; but where a condition that it
            leaves out doesn't fit a frame (a missing column, another type), that error is left out too.

        Examples
        --------
        >>> from datalens.predicate import col
        >>> ((col("loss") > 1) & (col("loss") > 2) & (col("loss") > 1)).simplify()
        dl.col('loss') > 2
        >>> ((col("source") == "web") | (col("source") == "books")).simplify()
        dl.col('source').is_in(['web', 'books'])
        """
        from datalens.predicate.simplify import simplified

        return simplified(self)

    def expression(self, dialect: str, *, frame: Any = None) -> Any:
        """Return the predicate as a live expression of another library.

        Parameters
        ----------
        dialect : {"narwhals", "polars", "pyarrow"}
            Whose expression.
        frame : dataframe or lazy frame, optional
            Where the columns' types are read; for pyarrow also a dataset or a schema. Comparisons between columns,
            `is_null`, lengths and what is asked of lists and structs need it (but in pyarrow lengths alone).

        Returns
        -------
        narwhals.Expr, polars.Expr or pyarrow.compute.Expression

        Raises
        ------
        NotExpressibleError
            For what the library can't say so that it selects the same rows.

        Examples
        --------
        >>> import polars as pl
        >>> from datalens.predicate import col
        >>> pl.DataFrame({"n": [1, 5, None]}).filter((col("n") > 3).expression("polars")).rows()
        [(5,)]
        """
        from datalens.predicate.expression import expression

        return expression(self, dialect, frame)

    def code(
        self, dialect: str = "pandas", *, frame: str = "df", result: str = "selected", schema: Any = None
    ) -> str:
        r"""Print the predicate as code that runs alone.

        Parameters
        ----------
        dialect : str
            The language: "pandas", "polars", "pyarrow", "python" (a function of one row), "datatrove" (a filter); or
            SQL, as one condition for a WHERE: "duckdb", "lance", "spark", "postgres", "trino" (untested).
        frame, result : str
            Names of the frame that is filtered (lazy too in Polars, a table or a dataset in pyarrow) and of what
            comes out.
        schema : dataframe or pyarrow.Schema, optional
            Where SQL, Polars and pyarrow read the columns' types: what is printed is shorter then, Lance can say more,
            and Arrow refuses nothing. A function of one row, and Arrow-backed pandas, compare columns of 32-bit
            floats in 64 bits: with their types, literals are printed as such columns round them.

        Returns
        -------
        str
            Statements that import what they need, without a newline at the end.

        Raises
        ------
        ValueError
            For an unknown dialect, and for a name that is none in Python.

        Examples
        --------
        >>> from datalens.predicate import col
        >>> print(col("source").is_in(["web", "books"]).code("pandas", result="part"))
        part = df[df["source"].isin(["web", "books"])]
        >>> print((col("loss") > 3.2).code("duckdb"))
        loss > 3.2 AND NOT isnan(loss)
        """
        from datalens.predicate.dialects import render

        return render(self, dialect, frame=frame, result=result, schema=schema)

    def label(self) -> str:
        """Return a few words for a chip, such as ``loss > 3.2``."""
        from datalens.predicate.text import label

        return label(self)

    def to_text(self) -> str:
        """Return the predicate as people type it, which `parse` reads as the same predicate.

        Examples
        --------
        >>> from datalens.predicate import col
        >>> ((col("loss") > 3.2) & ~col("text").contains("it's")).to_text()
        "loss > 3.2 and not text contains 'it''s'"
        """
        from datalens.predicate.parse.write import to_text

        return to_text(self)

    @staticmethod
    def parse(text: str, *, columns: Iterable[str] | Any = None, dialect: str | None = None) -> Predicate:
        """Return the predicate that a text says. Nothing in it is ever run.

        Read are what people type (``loss > 3 and source = 'web'``), the pandas code and the SQL conditions that
        `code` prints, and a predicate's repr. The module `datalens.predicate.parse` lists what may be typed.

        Parameters
        ----------
        text : str
            At most a million characters.
        columns : iterable of str, mapping of str, pyarrow.Schema or dataframe, optional
            The names there are; others are then an error, with the nearest names. With types, quoted texts beside
            columns of times are times.
        dialect : {"bar", "sql", "pandas", "duckdb", "lance", "spark", "trino", "postgres"}, optional
            What the text is, where that isn't plain: in SQL, ``not a > 1`` leaves out the rows where a is null;
            in the bar, as everywhere in predicates, it matches them. Engines differ in what a backslash escapes.

        Raises
        ------
        ParseError
            A `ValueError` with the `position` of the character that doesn't fit, shown in the message.

        Examples
        --------
        >>> from datalens.predicate import Predicate
        >>> Predicate.parse("loss > 3 and source == 'web' and text contains 'cookie'")
        (dl.col('loss') > 3) & (dl.col('source') == 'web') & dl.col('text').contains('cookie')
        >>> Predicate.parse("los > 3", columns=["loss", "text"])
        Traceback (most recent call last):
        datalens.predicate.parse.errors.ParseError: There is no column 'los'. Did you mean 'loss'?
            los > 3
            ^
        """
        from datalens.predicate.parse import parse

        return parse(text, columns=columns, dialect=dialect)

    def to_dict(self) -> dict[str, Any]:
        """Return the predicate as JSON values, without the version around it."""
        from datalens.predicate.wire import to_dict

        return to_dict(self)

    @staticmethod
    def from_dict(data: Any) -> Predicate:
        """Return the predicate that `to_dict` wrote; the input may be hostile.

        Raises
        ------
        ValueError
            For anything that is not a predicate.
        """
        from datalens.predicate.wire import from_dict

        return from_dict(data)

    def to_json(self) -> str:
        """Return the predicate as JSON text with its version.

        Examples
        --------
        >>> from datalens.predicate import col
        >>> col("loss").is_null().to_json()
        '{"version": 2, "predicate": {"op": "is_null", "column": "loss"}}'
        """
        from datalens.predicate.wire import VERSION

        return json.dumps({"version": VERSION, "predicate": self.to_dict()}, allow_nan=False)

    @staticmethod
    def from_json(data: str | bytes | dict[str, Any]) -> Predicate:
        """Return the predicate that `to_json` wrote; the input may be hostile.

        Parameters
        ----------
        data : str, bytes or dict
            The text, or the object in it.

        Raises
        ------
        ValueError
            For anything that is not a predicate of a known version.

        Examples
        --------
        >>> from datalens.predicate import Predicate, col
        >>> Predicate.from_json((col("loss") > 3.2).to_json())
        dl.col('loss') > 3.2
        """
        from datalens.predicate.wire import from_json

        return from_json(data)

"""How predicates are written: `col`, `inside`, `keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from datalens.predicate.nodes import (
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Keys,
    Operator,
    StartsWith,
)
from datalens.predicate.operands import Field, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datalens.core.keys import Identity
    from datalens.predicate.base import Predicate


class Column:
    """A column to compare: its operators make predicates.

    Parameters
    ----------
    name : str
        The column's name.

    Examples
    --------
    >>> col("loss") > 3.2
    dl.col('loss') > 3.2
    >>> col("chosen_score") <= col("rejected_score")
    dl.col('chosen_score') <= dl.col('rejected_score')
    """

    __slots__ = ("_field",)
    __array_ufunc__: ClassVar[None] = None
    # Comparing makes a predicate, so that a column can't be found again in a set or dict.
    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self._field = Field(name)

    @property
    def name(self) -> str:
        """The column's name."""
        return self._field.name

    def __repr__(self) -> str:
        return f"dl.col({self.name!r})"

    def _compare(self, op: Operator, other: Any) -> Predicate:
        return Compare(op, self._field, Field(other.name) if isinstance(other, Column) else Literal(other))

    def __eq__(self, other: object) -> Predicate:  # type: ignore[override]
        return self._compare("eq", other)

    def __ne__(self, other: object) -> Predicate:  # type: ignore[override]
        return self._compare("ne", other)

    def __lt__(self, other: Any) -> Predicate:
        return self._compare("lt", other)

    def __le__(self, other: Any) -> Predicate:
        return self._compare("le", other)

    def __gt__(self, other: Any) -> Predicate:
        return self._compare("gt", other)

    def __ge__(self, other: Any) -> Predicate:
        return self._compare("ge", other)

    def between(self, low: Any, high: Any) -> Predicate:
        """Match values from `low` to `high`, both included.

        Examples
        --------
        >>> col("loss").between(1, 2).label()
        'loss from 1 to 2'
        """
        return Between(self.name, low, high)

    def is_in(self, values: Iterable[Any]) -> Predicate:
        """Match values that are one of several.

        Examples
        --------
        >>> col("source").is_in(["web", "books", "code"]).label()
        'source in web, books +1'
        """
        return IsIn(self.name, values)  # type: ignore[arg-type]

    def is_null(self) -> Predicate:
        """Match what is null or NaN.

        Examples
        --------
        >>> col("loss").is_null().label()
        'loss is null'
        """
        return IsNull(self.name)

    def contains(self, text: str) -> Predicate:
        """Match texts that contain `text`, letter by letter and case-sensitive.

        Examples
        --------
        >>> col("text").contains("cookie").label()
        'text contains "cookie"'
        """
        return Contains(self.name, text)

    def starts_with(self, text: str) -> Predicate:
        """Match texts that start with `text`, case-sensitive.

        Examples
        --------
        >>> col("url").starts_with("http:").label()
        'url starts with "http:"'
        """
        return StartsWith(self.name, text)


def col(name: str) -> Column:
    """Return a column, to be compared.

    Parameters
    ----------
    name : str
        The column's name.

    Returns
    -------
    Column

    Examples
    --------
    >>> (col("loss") > 3.2) & ~col("text").contains("cookie")
    (dl.col('loss') > 3.2) & ~dl.col('text').contains('cookie')
    """
    return Column(name)


def inside(x: str, y: str, polygon: Iterable[tuple[float, float]]) -> Predicate:
    """Match points inside a polygon, by the even-odd rule.

    Parameters
    ----------
    x, y : str
        Columns with the points' coordinates.
    polygon : iterable of (float, float)
        At least three vertices; the last is joined to the first.

    Returns
    -------
    Predicate

    Examples
    --------
    >>> import pandas as pd
    >>> df = pd.DataFrame({"x": [1.0, 9.0], "y": [1.0, 1.0]})
    >>> inside("x", "y", [(0, 0), (4, 0), (4, 4), (0, 4)])(df).tolist()
    [True, False]
    """
    vertices: Any = polygon.tolist() if hasattr(polygon, "tolist") else polygon
    return Inside(x, y, vertices)


def keys(values: Iterable[Any], identity: Identity) -> Predicate:
    """Match rows by their keys.

    Parameters
    ----------
    values : iterable of scalars
        The rows' keys.
    identity : Identity
        What the rows are named by.

    Returns
    -------
    Predicate

    Examples
    --------
    >>> from datalens.core.keys import Identity
    >>> keys(["a", "b"], Identity("column", ("id",))).label()
    '2 rows by key'
    """
    return Keys(identity, values)  # type: ignore[arg-type]


def everything() -> Everything:
    """Return the predicate that every row matches.

    Examples
    --------
    >>> ~everything()
    ~dl.everything()
    """
    return Everything()

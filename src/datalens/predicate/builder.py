"""How predicates are written: `col`, `inside`, `keys`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from datalens.core.errors import UnfitError
from datalens.predicate.formula import Computed, Value, Wrap, same
from datalens.predicate.nodes import (
    Between,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Items,
    Keys,
    Linear,
    Matches,
    Member,
    Operator,
    StartsWith,
)
from datalens.predicate.operands import ITEM, Field, Length

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datalens.core.keys import Identity
    from datalens.predicate.base import Predicate


#: How far from 1 the length of weights may be that are divided by it already: rounding, not another vector.
UNIT = 1e-9


@dataclass(frozen=True, slots=True)
class _Within:
    """What is done to a condition on a list's items or a struct's field; the same for the same of one column."""

    outer: Wrap
    node: type[Items | Member]
    column: str
    part: str

    def __call__(self, of: Predicate) -> Predicate:
        return self.outer(self.node(self.column, self.part, of))  # type: ignore[arg-type]


class Column(Value):
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
    >>> col("loss_b") - col("loss_a") > 0.3
    dl.col('loss_b') - dl.col('loss_a') > 0.3
    """

    __slots__ = ("name",)

    def __init__(self, name: str, wrap: Wrap = same) -> None:
        super().__init__(Field(name), wrap)
        #: The column's name.
        self.name = name

    def length(self) -> Value:
        """Return how many characters (code points) a text has, or how many items a list.

        Examples
        --------
        >>> (col("text").length() > 1000).label()
        'length of text > 1000'
        """
        return Computed(Length(self.name), self._wrap)

    def any(self) -> Column:
        """Return a list's items, one of which is to match. An empty list has none.

        Examples
        --------
        >>> col("tags").any() == "web"
        dl.col('tags').any() == 'web'
        """
        return Column(ITEM, _Within(self._wrap, Items, self.name, "any"))

    def all(self) -> Column:
        """Return a list's items, which are all to match. Those of an empty list do.

        Examples
        --------
        >>> (col("scores").all() >= 0.5).label()
        'all of scores >= 0.5'
        """
        return Column(ITEM, _Within(self._wrap, Items, self.name, "all"))

    def field(self, name: str) -> Column:
        """Return a field of a struct.

        Examples
        --------
        >>> col("meta").field("url").starts_with("http:")
        dl.col('meta').field('url').starts_with('http:')
        >>> (col("messages").any().field("role") == "tool").label()
        'any of messages: role is tool'
        """
        return Column(ITEM, _Within(self._wrap, Member, self.name, name))

    def dot(self, weights: Iterable[float]) -> Product:
        """Return a vector's dot product with weights, to be compared with a threshold.

        Examples
        --------
        >>> col("embedding").dot([1, -1]) >= 0.5
        dl.col('embedding').dot([1.0, -1.0]) >= 0.5
        """
        return Product(self._vectors(), weights, cosine=False)

    def cosine(self, vector: Iterable[float]) -> Product:
        """Return the cosine of a vector with another, from -1 to 1, to be compared with a threshold.

        Examples
        --------
        >>> col("embedding").cosine([3, 4]) >= 0.9
        dl.col('embedding').cosine([0.6, 0.8]) >= 0.9
        """
        return Product(self._vectors(), vector, cosine=True)

    def _vectors(self) -> str:
        if isinstance(self._wrap, _Within):
            part = outermost = self._wrap
            while isinstance(outermost.outer, _Within):
                outermost = outermost.outer
            what = f"field {part.part!r}" if part.node is Member else f"{part.part}()"
            msg = (
                f"A product is taken of a whole column of vectors, not of {what} in column {outermost.column!r}: "
                "make a column of these vectors first."
            )
            raise UnfitError(msg)
        return self.name

    def between(self, low: Any, high: Any) -> Predicate:
        """Match values from `low` to `high`, both included.

        Examples
        --------
        >>> col("loss").between(1, 2).label()
        'loss from 1 to 2'
        """
        return self._wrap(Between(self.name, low, high))

    def is_in(self, values: Iterable[Any]) -> Predicate:
        """Match values that are one of several.

        Beside a column of 32- or 16-bit floats, each value is rounded to the column's precision first, as `==` does.

        Examples
        --------
        >>> col("source").is_in(["web", "books", "code"]).label()
        'source in web, books +1'
        >>> import numpy as np
        >>> import pandas as pd
        >>> df = pd.DataFrame({"loss": np.array([0.1, 0.2], dtype="float32")})
        >>> col("loss").is_in([0.1]).mask(df).tolist()
        [True, False]
        """
        return self._wrap(IsIn(self.name, values))  # type: ignore[arg-type]

    def is_null(self) -> Predicate:
        """Match what is null or NaN.

        Examples
        --------
        >>> col("loss").is_null().label()
        'loss is null'
        """
        return self._wrap(IsNull(self.name))

    def contains(self, text: str) -> Predicate:
        """Match texts that contain `text`, letter by letter and case-sensitive.

        Examples
        --------
        >>> col("text").contains("cookie").label()
        'text contains "cookie"'
        """
        return self._wrap(Contains(self.name, text))

    def starts_with(self, text: str) -> Predicate:
        """Match texts that start with `text`, case-sensitive.

        Examples
        --------
        >>> col("url").starts_with("http:").label()
        'url starts with "http:"'
        """
        return self._wrap(StartsWith(self.name, text))

    def matches(self, pattern: str) -> Predicate:
        r"""Match texts in which a regular expression is found, anywhere.

        The pattern is in the subset that all engines read alike; what lies outside it is an error. Classes are
        ASCII, ``^`` and ``$`` are the text's start and end, ``(?i)`` in front finds ASCII letters in either case,
        and as Unicode has it the kelvin sign as a k and the long s as an s.

        Examples
        --------
        >>> col("text").matches(r"(?i)\bcookies?\b").label()
        'text matches (?i)\\bcookies?\\b'
        """
        return self._wrap(Matches(self.name, pattern))


class Product:
    """A vector's product with weights, to be compared with a threshold.

    Parameters
    ----------
    name : str
        The column of vectors.
    weights : iterable of float
    cosine : bool
        Whether both are divided by their lengths.
    """

    __slots__ = ("cosine", "name", "weights")
    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __init__(self, name: str, weights: Iterable[float], *, cosine: bool) -> None:
        listed = tuple(float(weight) for weight in weights)
        if cosine:
            length = math.hypot(*listed)
            if not 0 < length < math.inf:
                msg = f"The vector that column {name!r} is compared with has no direction: it is zero or not finite."
                raise ValueError(msg)
            # What has been divided already keeps its digits, so that a repr builds the same predicate.
            if abs(length - 1) > UNIT:
                listed = tuple(weight / length for weight in listed)
        self.name, self.weights, self.cosine = name, listed, cosine

    def _compare(self, op: Operator, threshold: float) -> Predicate:
        return Linear(self.name, self.weights, threshold, op, self.cosine)

    def __ge__(self, threshold: float) -> Predicate:
        return self._compare("ge", threshold)

    def __gt__(self, threshold: float) -> Predicate:
        return self._compare("gt", threshold)

    def __le__(self, threshold: float) -> Predicate:
        return self._compare("le", threshold)

    def __lt__(self, threshold: float) -> Predicate:
        return self._compare("lt", threshold)

    def __eq__(self, other: object) -> NoReturn:
        raise self._rounded()

    def __ne__(self, other: object) -> NoReturn:
        raise self._rounded()

    def _rounded(self) -> UnfitError:
        return UnfitError(
            f"A product with the vectors of column {self.name!r} is rounded, so that == and != find rows by chance: "
            "compare it with >=, >, <= or <."
        )


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

"""What all readers of a predicate share: building with errors at a place, and the columns that were named."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

from datalens.core.errors import missing_column
from datalens.predicate.builder import Column
from datalens.predicate.nodes import MAX_NESTING, Linear
from datalens.predicate.parse.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from datalens.predicate.base import Predicate

    Place = tuple[Predicate, int, Sequence[tuple[Callable[..., Predicate], Any, int]]]

Made = TypeVar("Made")

#: Brackets in brackets; predicates are at most 64 deep, sums 16 more, and a reader needs some Python frames for each.
MAX_BRACKETS = 100
#: How far from 1 the length of weights may be that are divided by it already: rounding, not another vector.
_UNIT = 1e-9


class Reading:
    """The text that is read, the columns it may name, and those it named.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are.
    """

    def __init__(self, text: str, columns: Collection[str] | None) -> None:
        self.text = text
        self.columns = columns
        self.named: dict[str, int] = {}
        #: By a condition's id: the condition, where its column stands, and where the values that it is compared with do.
        self.places: dict[int, Place] = {}
        self._paths: dict[tuple[str, ...], Column] = {}
        self._depth: dict[int, int] = {}
        self._reached: dict[int, tuple[str, ...]] = {}

    def error(self, position: int, sentence: str) -> ParseError:
        """Return the error for a place, to be raised."""
        return ParseError(sentence, self.text, position)

    def make(self, position: int, build: Callable[..., Made], *given: Any) -> Made:
        """Return what a builder builds; where it refuses, its sentence with a place."""
        try:
            return build(*given)
        except ParseError:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise ParseError(str(error), self.text, position) from error

    def column(self, name: str, position: int) -> Column:
        """Return a column, and remember where it was named."""
        self.named.setdefault(name, position)
        return self._known(("column", name), lambda: Column(name))

    def step(self, column: Column, *how: str) -> Column:
        """Return a list's items (how: any, all) or a struct's field (how: field and its name)."""
        depth = self._depth.get(id(column), 0) + 1
        if depth > MAX_NESTING:
            msg = f"Nothing is looked into more than {MAX_NESTING} levels deep."
            raise ValueError(msg)
        found = self._known((*self._reached[id(column)], *how), lambda: getattr(column, how[0])(*how[1:]))
        self._depth[id(found)] = depth
        return found

    def _known(self, path: tuple[str, ...], build: Callable[[], Column]) -> Column:
        # One object a path, since only what is reached in the same way may be compared with itself.
        if path not in self._paths:
            self._paths[path] = build()
            self._reached[id(self._paths[path])] = path
        return self._paths[path]

    def place(
        self, node: Predicate, column: int, values: Sequence[tuple[Callable[..., Predicate], Any, int]]
    ) -> None:
        """Remember where the column and the values of a condition stand, should they not fit one another.

        Parameters
        ----------
        node : Predicate
        column : int
            The character at which the column stands.
        values : sequence of tuple
            For each value a function that makes the condition on it alone, the value, and where it stands.
        """
        self.places[id(node)] = (node, column, values)

    def check_names(self) -> None:
        """Raise an error for the first column that isn't there."""
        if self.columns is None:
            return
        for name, position in sorted(self.named.items(), key=lambda item: item[1]):
            if name not in self.columns:
                raise self.error(position, self.missing(name, position))

    def missing(self, name: str, position: int) -> str:  # noqa: ARG002 - where the name stands matters to some
        """Return the sentence for a name that no column has."""
        return str(missing_column(name, self.columns or ()))


def is_unit(weights: tuple[float, ...]) -> bool:
    """Say whether weights have length 1.

    Examples
    --------
    >>> is_unit((0.6, 0.8)), is_unit((3.0, 4.0))
    (True, False)
    """
    return abs(math.hypot(*weights) - 1) <= _UNIT


class Product:
    """A vector's product with weights, kept to the digit; `builder.Product` divides even what has length 1.

    Parameters
    ----------
    name : str
        The column of vectors.
    weights : tuple of float
    cosine : bool
        Whether the vector is divided by its length.
    """

    def __init__(self, name: str, weights: tuple[float, ...], *, cosine: bool) -> None:
        self.name, self.weights, self.cosine = name, weights, cosine

    def compare(self, op: Any, threshold: Any) -> Predicate:
        """Compare the product with a threshold."""
        return Linear(self.name, self.weights, threshold, op, self.cosine)


def cosine(name: str, vector: tuple[float, ...]) -> Product:
    """Return the cosine of a column's vectors with another, which is divided by its length.

    Examples
    --------
    >>> cosine("embedding", (3.0, 4.0)).compare("ge", 0.5)
    dl.col('embedding').cosine([0.6, 0.8]) >= 0.5
    """
    weights = vector if is_unit(vector) else Column(name).cosine(vector).weights
    return Product(name, weights, cosine=True)

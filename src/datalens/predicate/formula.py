"""What each row has a value of: columns, lengths, formulas. Their operators make predicates and formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from datalens.core.errors import UnfitError
from datalens.predicate.nodes import Compare, Operator
from datalens.predicate.operands import Arithmetic, Literal, Operand
from datalens.predicate.scalars import normalize

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate

Wrap = Callable[["Predicate"], "Predicate"]


def same(predicate: Predicate) -> Predicate:
    """Do nothing to a predicate."""
    return predicate


class Value:
    """A value that each row has: its operators make predicates, arithmetic with it makes another value.

    Parameters
    ----------
    operand : Field, Length or Arithmetic
        Where the value comes from.
    wrap : callable, optional
        What is done to each predicate: `Items` and `Member` around a condition on what is inside.
    """

    __slots__ = ("_operand", "_wrap")
    __array_ufunc__: ClassVar[None] = None
    # Comparing makes a predicate, so that a column can't be found again in a set or dict.
    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __init__(self, operand: Operand, wrap: Wrap = same) -> None:
        self._operand = operand
        self._wrap = wrap

    def __repr__(self) -> str:
        from datalens.predicate.text import source_operand

        return source_operand(self._operand)

    def _side(self, other: Any) -> Operand:
        if not isinstance(other, Value):
            return Literal(other)
        if other._wrap != self._wrap:  # noqa: SLF001 - of the same kind
            msg = "What is inside a list or struct is compared with fixed values only, or with itself."
            raise UnfitError(msg)
        return other._operand  # noqa: SLF001

    def _compare(self, op: Operator, other: Any) -> Predicate:
        return self._wrap(Compare(op, self._operand, self._side(other)))

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

    def _join(self, op: Any, other: Any, *, swapped: bool = False) -> Value:
        sides = (self._operand, _plain(self._side(other)))
        return Computed(Arithmetic(op, *(reversed(sides) if swapped else sides)), self._wrap)

    def __add__(self, other: Any) -> Value:
        return self._join("add", other)

    def __radd__(self, other: Any) -> Value:
        return self._join("add", other, swapped=True)

    def __sub__(self, other: Any) -> Value:
        return self._join("sub", other)

    def __rsub__(self, other: Any) -> Value:
        return self._join("sub", other, swapped=True)

    def __mul__(self, other: Any) -> Value:
        return self._join("mul", other)

    def __rmul__(self, other: Any) -> Value:
        return self._join("mul", other, swapped=True)

    def __truediv__(self, other: Any) -> Value:
        return self._join("div", other)

    def __rtruediv__(self, other: Any) -> Value:
        return self._join("div", other, swapped=True)

    def __neg__(self) -> Value:
        return self._join("mul", -1)

    def between(self, low: Any, high: Any) -> Predicate:
        """Match values from `low` to `high`, both included.

        Examples
        --------
        >>> from datalens.predicate import col
        >>> col("loss").between(1, 2).label()
        'loss from 1 to 2'
        >>> (col("b") - col("a")).between(0, 1)
        (dl.col('b') - dl.col('a') >= 0) & (dl.col('b') - dl.col('a') <= 1)
        """
        above, below = self._compare("ge", low), self._compare("le", high)
        return above & below


def _plain(side: Operand) -> Operand:
    """Return a number for arithmetic as Python's own."""
    return Literal(normalize(side.value, "arithmetic")) if isinstance(side, Literal) else side


class Computed(Value):
    """A length or formula: no base of `Column`, since Python asks a subclass on the right before what is on the left.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> col("b") - col("a") > col("c")
    dl.col('b') - dl.col('a') > dl.col('c')
    """

    __slots__ = ()

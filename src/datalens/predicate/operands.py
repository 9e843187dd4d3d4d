"""What stands on the two sides of a comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from typing import Literal as OneOf

from datalens.core.errors import UnfitError
from datalens.predicate.equality import exact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datalens.predicate.scalars import Scalar

#: What a condition on a list's items or a struct's field calls the value it is about.
ITEM = "item"
#: Sums nested deeper are no formula that anybody reads.
MAX_TERMS_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Field:
    """The value that a row has in a column.

    Parameters
    ----------
    name : str
        The column.
    """

    name: str

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A fixed value that rows are compared with.

    Parameters
    ----------
    value : str, int, float, bool, date, datetime, timedelta or Decimal
        Never null or NaN.
    """

    value: Scalar

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and exact(self.value) == exact(other.value)

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a row's value is: a text's characters (code points), a list's items.

    Parameters
    ----------
    name : str
        The column.
    """

    name: str

    def __post_init__(self) -> None:
        check_name(self.name)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference, product or quotient, as IEEE numbers of 64 bits: ``x / 0`` is infinite, ``0 / 0`` NaN.

    Parameters
    ----------
    op : {"add", "sub", "mul", "div"}
    left, right : Field, Length, Literal or Arithmetic
        Numbers; at least one is a column's.
    """

    op: OneOf["add", "sub", "mul", "div"]
    left: Operand
    right: Operand
    depth: int = field(init=False, repr=False, compare=False)
    signs: ClassVar[dict[str, str]] = {"add": "+", "sub": "-", "mul": "*", "div": "/"}

    def __post_init__(self) -> None:
        if self.op not in self.signs:
            msg = f"There is no arithmetic {self.op!r}; there are: {', '.join(self.signs)}."
            raise ValueError(msg)
        for side in (self.left, self.right):
            if isinstance(side, Literal) and type(side.value) not in (int, float):
                msg = f"Arithmetic is done with numbers, not with {type(side.value).__name__} {side.value!r}."
                raise UnfitError(msg)
            if not isinstance(side, (Field, Length, Literal, Arithmetic)):
                msg = f"Arithmetic is done with columns and numbers, not with {type(side).__name__}."
                raise UnfitError(msg)
        if isinstance(self.left, Literal) and isinstance(self.right, Literal):
            msg = "Arithmetic needs a column on one side: write the result of two numbers itself."
            raise UnfitError(msg)
        depth = 1 + max(getattr(side, "depth", 0) for side in (self.left, self.right))
        if depth > MAX_TERMS_DEPTH:
            msg = f"The arithmetic is nested more than {MAX_TERMS_DEPTH} deep: add a column of it instead."
            raise ValueError(msg)
        object.__setattr__(self, "depth", depth)


Operand = Field | Literal | Length | Arithmetic


def names_of(side: Operand) -> Iterator[str]:
    """Yield the columns that an operand looks at.

    Examples
    --------
    >>> list(names_of(Arithmetic("sub", Field("b"), Length("a"))))
    ['b', 'a']
    """
    if isinstance(side, (Field, Length)):
        yield side.name
    elif isinstance(side, Arithmetic):
        yield from names_of(side.left)
        yield from names_of(side.right)


def first_column(side: Operand) -> Operand:
    """Return the first column in an operand, or what is asked of it.

    Examples
    --------
    >>> first_column(Arithmetic("sub", Literal(1), Length("a")))
    Length(name='a')
    """
    while isinstance(side, Arithmetic):
        side = side.right if isinstance(side.left, Literal) else side.left
    return side


def check_name(name: Any) -> None:
    """Raise an UnfitError unless a column's name is text.

    Examples
    --------
    >>> check_name(3)
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: A column's name is text, not int 3: rename the column.
    """
    if not isinstance(name, str):
        msg = f"A column's name is text, not {type(name).__name__} {name!r}: rename the column."
        raise UnfitError(msg)

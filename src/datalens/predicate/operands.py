"""What stands on the two sides of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.base import exact

if TYPE_CHECKING:
    from datalens.predicate.scalars import Scalar


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


Operand = Field | Literal


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

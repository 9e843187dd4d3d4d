"""Columns of times that SQL brings to one unit before it compares them: read in the very forms that are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.parse.grammar import Grammar

#: Nanoseconds in what Lance's counts are multiplied from.
_TIMES = frozenset({10**3, 10**6, 10**9})
#: A unit that Lance brings the coarser of two columns to; nanoseconds are counted.
_UNIT = re.compile(
    r'Timestamp\((?:Second|Millisecond|Microsecond), (?:None|Some\("UTC"\))\)|Duration\((?:Second|Millisecond|Microsecond)\)'
)
#: Whose form it is: that engine's, and that of text of any.
_LANCE, _DUCKDB = ("lance", "sql", ""), ("duckdb", "sql", "")
#: What two columns are brought to together: a count of nanoseconds.
_PAIRS = ({"DECIMAL", "DECIMAL *"}, {"epoch_ns", "HUGEINT *"})


@dataclass(frozen=True)
class Brought:
    """A column that is brought to another unit, or a part of such a form.

    Parameters
    ----------
    column : Column
    form : str
        The last function, type or sign: ``BIGINT``, ``DECIMAL``, ``DECIMAL *``, ``epoch_ns``, ``epoch_us``, ``HUGEINT``,
        ``HUGEINT *``; or the unit that `arrow_cast` names.
    position : int
        Where it begins, for errors.
    """

    column: Column
    form: str
    position: int


def arrow_cast(grammar: Grammar, start: int) -> Brought:
    """Return ``arrow_cast(a, 'Timestamp(Microsecond, None)')``; the bracket is open, the token is the column."""
    from datalens.predicate.parse.functions import column

    found = column(grammar)
    grammar.need(",")
    token = grammar.next()
    if token.kind != "text" or not _UNIT.fullmatch(token.value):
        raise grammar.error(start, "arrow_cast is read where it makes a duration or a time.")
    return Brought(found, token.value, start)


def counted(grammar: Grammar, word: str, position: int) -> Brought:
    """Return ``epoch_ns(a)`` or ``epoch_us(a)``; the bracket is open."""
    from datalens.predicate.parse.functions import column

    return Brought(column(grammar), word, position)


def cast(engine: str, given: Any, word: str, digits: Sequence[Any], position: int) -> Brought | None:
    """Return a column, or a count of it, that is cast as it is printed; None where it is not.

    Parameters
    ----------
    engine : str
    given : Column, Brought or other
    word : str
        The type, in small letters.
    digits : sequence of int
        What stands in brackets after it.
    position : int
    """
    match given:
        case Column() if word == "bigint" and engine in _LANCE and not digits:
            return Brought(given, "BIGINT", position)
        case Brought(form="BIGINT") if word == "decimal" and list(digits) == [20, 0]:
            return replace(given, form="DECIMAL", position=position)
        case Brought(form="epoch_us") if word == "hugeint" and engine in _DUCKDB and not digits:
            return replace(given, form="HUGEINT")
    return None


def times(left: Any, sign: str, right: Any) -> Brought | None:
    """Return a count multiplied as it is printed; None where it is not.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> times(Brought(col("a"), "HUGEINT", 0), "*", 1000).form
    'HUGEINT *'
    """
    if sign != "*" or not isinstance(left, Brought) or type(right) is not int:
        return None
    if (left.form == "DECIMAL" and right in _TIMES) or (left.form == "HUGEINT" and right == 10**3):
        return replace(left, form=f"{left.form} *")
    return None


def columns(grammar: Grammar, left: Any, right: Any) -> tuple[Any, Any]:
    """Return the sides of a comparison, two that are brought to one unit as the columns that they are."""
    sides = (left, right)
    forms = {side.form if isinstance(side, Brought) else "" for side in sides}
    bare = [side.column if isinstance(side, Brought) else side for side in sides]
    is_one_cast = any(map(_UNIT.fullmatch, forms)) and sum(isinstance(side, Column) for side in sides) == 1
    if is_one_cast or forms in _PAIRS:
        return bare[0], bare[1]
    for side in sides:
        check(grammar, side)
    return left, right


def check(grammar: Grammar, side: Any) -> None:
    """Raise an error for a column that is brought to another unit, but not as it is printed."""
    if isinstance(side, Brought):
        sentence = (
            "A column is cast so where two columns of times are brought to one unit, as it is printed: compare the "
            "column itself."
        )
        raise grammar.error(side.position, sentence)

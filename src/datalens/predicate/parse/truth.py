"""What a part of a text says: for which rows it is true, and for which false, which in SQL is not all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.predicate.chains import ungrouped
from datalens.predicate.formula import Value
from datalens.predicate.nodes import And, Everything, IsNull, Items, Member, Not, Or, column_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.polygons import Counted


@dataclass(frozen=True)
class Truth:
    """A condition: where it is true, where false, and whether it is always one of both.

    SQL has a third value, unknown: ``a > 1`` is unknown where a is null, and so is its NOT. Predicates are
    two-valued: what is not true is matched by ``~``.

    Parameters
    ----------
    true : Predicate
        The rows for which it is true.
    false : callable
        Returns the predicate of the rows for which SQL says false. Called only where a NOT asks for it.
    is_total : bool
        Whether no row is unknown.
    of : tuple of Value
        What a comparison compares: it never matches where one of them is NaN.
    nan : Value, optional
        For ``isnan(value)``, which has no meaning alone: predicates don't tell NaN from null.
    guard : Value, optional
        For ``NOT isnan(value)``, which a comparison of the value says by itself.
    only : {"single", "other"}, optional
        For the question whether a column is, or is not, one of 32-bit floats; and for a comparison beside it.
    counted : Counted, optional
        For an odd number of crossings with the edges of a polygon.
    is_wide : bool
        Whether a number is compared with all of its 64 bits.
    """

    true: Predicate
    false: Callable[[], Predicate]
    is_total: bool = False
    of: tuple[Value, ...] = ()
    nan: Value | None = None
    guard: Value | None = None
    only: str | None = None
    counted: Counted | None = None
    is_wide: bool = False


def leaf(node: Predicate, *of: Any, is_wide: bool = False) -> Truth:
    """Return a comparison: unknown where one of its columns is null.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> leaf(col("a") > 1).false()
    ~(dl.col('a') > 1) & ~dl.col('a').is_null()
    """
    values = tuple(side for side in of if isinstance(side, Value))
    return Truth(
        node, lambda: And((Not(node), *(Not(null) for null in nulls(node)))), of=values, is_wide=is_wide
    )


def nulls(node: Predicate) -> list[Predicate]:
    """Return for each value that a comparison looks at the condition that it is null.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> nulls(col("a") > col("b"))
    [dl.col('a').is_null(), dl.col('b').is_null()]
    """
    if isinstance(node, Member):
        return [Member(node.column, node.name, null) for null in nulls(node.of)]
    if isinstance(node, Items):
        return [IsNull(node.column)]
    return [IsNull(name) for name in column_names(node)]


def total(node: Predicate) -> Truth:
    """Return a condition that is never unknown.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> total(col("a").is_null()).false()
    ~dl.col('a').is_null()
    """
    return Truth(node, lambda: Not(node), is_total=True)


def known(value: bool) -> Truth:  # noqa: FBT001
    """Return what is true of every row, or of none.

    Examples
    --------
    >>> known(False).true
    ~dl.everything()
    """
    return total(Everything() if value else Not(Everything()))


def every(parts: Sequence[Truth]) -> Truth:
    """Join conditions by *and*: false where one of them is.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> every([total(col("a").is_null()), total(col("b").is_null())]).false()
    ~dl.col('a').is_null() | ~dl.col('b').is_null()
    """
    return Truth(
        And(ungrouped(And, [part.true for part in parts])),
        lambda: Or(tuple(part.false() for part in parts)),
        all(part.is_total for part in parts),
    )


def some(parts: Sequence[Truth]) -> Truth:
    """Join conditions by *or*: false where all of them are.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> some([total(col("a").is_null()), total(col("b").is_null())]).true
    dl.col('a').is_null() | dl.col('b').is_null()
    """
    return Truth(
        Or(ungrouped(Or, [part.true for part in parts])),
        lambda: And(tuple(part.false() for part in parts)),
        all(part.is_total for part in parts),
    )


def opposite(part: Truth) -> Truth:
    """Return SQL's NOT: true where the condition is false, and unknown where it is.

    Examples
    --------
    >>> opposite(known(True)).true
    ~dl.everything()
    """
    return Truth(part.false(), lambda: part.true, part.is_total)

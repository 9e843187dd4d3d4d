"""Where in a text a condition doesn't fit its column: at a field that isn't there, a column computed with, a value."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.builder import Column
from datalens.predicate.check import check_types
from datalens.predicate.nodes import Compare, Items, Member
from datalens.predicate.operands import Arithmetic, Field, Length, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datalens.predicate.base import Predicate
    from datalens.predicate.operands import Operand

#: A value of each kind that columns are compared with.
_SAMPLES = (
    1,
    "a",
    True,
    dt.date(2024, 2, 29),
    dt.datetime(2024, 2, 29),  # noqa: DTZ001 - of a column without zones
    dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
    dt.timedelta(1),
    Decimal(1),
)


def step(leaf: Predicate, types: Any, text: str, position: int) -> int | None:
    """Return where a condition looks for a field, or items, that its column hasn't; None where it has them all.

    Parameters
    ----------
    leaf : Predicate
        A condition on one column.
    types : dataframe or pyarrow.Schema
    text : str
        Which the condition was read from.
    position : int
        Where its column stands in it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> step(
    ...     col("st").field("ur") > 1, pa.schema([("st", pa.struct([("url", pa.string())]))]), "st.ur > 1", 0
    ... )
    3
    """
    column: Column | None = None
    at = position
    while isinstance(leaf, (Items, Member)):
        column = Column(leaf.column) if column is None else column
        if isinstance(leaf, Member):
            column = column.field(leaf.name)
            at = _field(text, leaf.name, at)
        else:
            column = column.any() if leaf.which == "any" else column.all()
        try:
            check_types(column.is_null(), types)
        except UnfitError:
            return at if isinstance(leaf, Member) else position
        leaf = leaf.of
    return None


def computed(leaf: Predicate, types: Any, text: str, position: int) -> int | None:
    """Return where a column stands that nothing of the kind is computed of; None where all is computed of numbers.

    Parameters
    ----------
    leaf : Predicate
    types : dataframe or pyarrow.Schema
    text : str
        Which the condition was read from.
    position : int
        Where the side with the columns begins in it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> types = pa.schema([("n", pa.int64()), ("s", pa.string())])
    >>> computed(col("n") + col("s") > 1, types, "n + s > 1", 0)
    4
    """
    if not isinstance(leaf, Compare) or not leaf.is_computed:
        return None
    for part in (*_parts(leaf.left), *_parts(leaf.right)):
        asked = part if isinstance(part, Length) else Arithmetic("add", part, Literal(0))
        if not _fits(Compare("gt", asked, Literal(0)), types):
            found = re.compile(rf"[`'\"]?(?<!\w){re.escape(part.name)}(?!\w)").search(text, position)
            return position if found is None else found.start()
    return None


def is_compared(name: str, types: Any) -> bool:
    """Say whether a column is compared with values of any kind.

    Examples
    --------
    >>> import pyarrow as pa
    >>> types = pa.schema([("n", pa.int64()), ("of", pa.list_(pa.int64()))])
    >>> is_compared("n", types), is_compared("of", types)
    (True, False)
    """
    return any(_fits(Compare("eq", Field(name), Literal(value)), types) for value in _SAMPLES)


def _fits(leaf: Predicate, types: Any) -> bool:
    try:
        check_types(leaf, types)
    except UnfitError:
        return False
    return True


def _parts(side: Operand) -> Iterator[Field | Length]:
    """Yield the columns in a side, and those whose length is."""
    match side:
        case Field() | Length():
            yield side
        case Arithmetic(left=left, right=right):
            yield from _parts(left)
            yield from _parts(right)


def _field(text: str, name: str, start: int) -> int:
    """Return where a field is named behind a dot or in brackets; the start where it isn't found."""
    found = re.compile(rf"[.\[(]\s*(?=[`'\"]?{re.escape(name)}(?!\w))").search(text, start)
    return start if found is None else found.end()

"""Where a text looks into a column that has nothing of the kind: at the field that isn't there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.builder import Column
from datalens.predicate.check import check_types
from datalens.predicate.nodes import Items, Member

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate


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


def _field(text: str, name: str, start: int) -> int:
    """Return where a field is named behind a dot or in brackets; the start where it isn't found."""
    found = re.compile(rf"[.\[(]\s*(?=[`'\"]?{re.escape(name)}(?!\w))").search(text, start)
    return start if found is None else found.end()

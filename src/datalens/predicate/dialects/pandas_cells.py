"""Conditions on a pandas column's cells, one by one: lists are arrays there, structs are dicts, a null is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.dialects.layout import Joined, Leaf, Piece
from datalens.predicate.dialects.pandas_masks import is_rounded
from datalens.predicate.dialects.rows import SHORT_SET, Conditions
from datalens.predicate.dialects.rows_numbers import is_beyond
from datalens.predicate.nodes import (
    Between,
    Compare,
    Contains,
    IsIn,
    IsNull,
    Items,
    Matches,
    Member,
    StartsWith,
)
from datalens.predicate.operands import Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.dialects.parts import Parts
    from datalens.predicate.scalars import Scalar


def is_short(node: Predicate, kind: Any) -> bool:
    """Say whether a condition holds of numpy's values as it does of Python's own.

    Times are numpy's own in arrays, booleans too; and integers beside a null are floats, which from 2**53 on round.

    Parameters
    ----------
    node : Predicate
        What is asked of a list, a struct or a value inside.
    kind : pyarrow.DataType, optional
        What it is asked of, where that is known.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> is_short(col("tags").any() == "web", None), is_short(col("sizes").any() == 2**60, None)
    (True, False)
    """
    inner = _innermost(node, kind)
    while isinstance(node, (Items, Member)):
        node = node.of
    match node:
        case Compare(right=Literal(value=value)):
            return not node.is_computed and _is_plain(value)
        case Between(low=low, high=high):
            return _is_plain(low) and _is_plain(high)
        case IsIn(values=values):
            return all(map(_is_plain, values))
        case IsNull():
            return inner is not None and not inner.num_fields
    return isinstance(node, (Contains, StartsWith, Matches))


def _is_plain(value: Scalar) -> bool:
    return isinstance(value, str) or (type(value) in (int, float) and not is_beyond(value))


def _innermost(node: Predicate, kind: Any) -> Any:
    """Return the type of what a condition is about in the end, where that is known."""
    while isinstance(node, (Items, Member)) and kind is not None:
        if isinstance(node, Member):
            fields = kind.num_fields if hasattr(kind, "get_field_index") else 0
            kind = kind.field(node.name).type if fields and kind.get_field_index(node.name) >= 0 else None
        else:
            kind = getattr(kind, "value_type", None)
        node = node.of
    return kind


class Cells(Conditions):
    """Prints conditions on a cell that is there; what is inside may be None.

    Parameters
    ----------
    parts : Parts
        Where imports, helpers and fixed values are collected.
    node : Predicate
        What is asked of the column.
    kind : pyarrow.DataType, optional
        The column's type, where it is known.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> from datalens.predicate.dialects.layout import flat
    >>> from datalens.predicate.dialects.parts import Parts
    >>> node = col("tags").any() == "web"
    >>> flat(Cells(Parts([]), node, None).leaf(node, {"tags": "tags"}))
    '"web" in tags'
    """

    def __init__(self, parts: Parts, node: Predicate, kind: Any) -> None:
        import pyarrow as pa

        super().__init__(parts)
        inner = _innermost(node, kind)
        #: Whether a missing value is None, and never NaN.
        self.is_text = inner is not None and (pa.types.is_string(inner) or pa.types.is_large_string(inner))
        self.is_known = inner is not None

    def is_there(self, value: str, kind: str) -> list[Piece]:
        return [Leaf(f"{value} is not None")] if self.level else []

    def loop(self, value: str, which: str, of: Predicate) -> Piece:
        if which == "any" and isinstance(of, Compare) and of.op == "eq" and isinstance(of.right, Literal):
            return Leaf(f"{self.scalar(of.right.value)} in {value}")
        return super().loop(value, which, of)

    def _among(self, value: str, values: Sequence[Scalar], name: str) -> Piece:
        # Said of the value, so that what is printed for none can be read.
        return super()._among(value, values, name) if values else Leaf(f"{value} in ()")

    def _set_of(self, values: Sequence[Scalar], name: str, short: int = SHORT_SET) -> str:
        if self.is_known or not any(map(is_rounded, values)):
            return super()._set_of(values, name, short)
        # Numpy's floats of 32 bits equal what is rounded to them, but have another hash.
        shown = [self.scalar(value) for value in values]
        whole = f"[{', '.join(shown)}]"
        return whole if len(whole) <= short else self.parts.listing(name, (name, tuple(values)), shown)

    def is_null(self, value: str, *, negated: bool = False) -> Piece:
        if self.is_text:
            return Leaf(f"{value} is {'not ' if negated else ''}None")
        if negated:
            return Joined("and", [Leaf(f"{value} is not None"), Leaf(f"{value} == {value}")])
        return Joined("or", [Leaf(f"{value} is None"), Leaf(f"{value} != {value}")])

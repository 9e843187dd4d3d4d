"""Literals as columns of fewer bits compare with them, for engines that would compare in 64 bits."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datalens.predicate.nodes import And, Between, Compare, IsIn, Items, Keys, Member, Not, Or, column_names
from datalens.predicate.operands import ITEM, Field, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar

    TypeOf = Callable[[str], Any]


def in_column_precision(node: Predicate, schema: Any) -> Predicate:
    """Round the literals that 16- and 32-bit float columns are compared with to what they are there.

    A number is compared in its column's own precision. With a literal that has this precision already, engines that
    compare in 64 bits select the same rows.

    Parameters
    ----------
    node : Predicate
    schema : dataframe, lazy frame or pyarrow.Schema
        The columns' types.

    Returns
    -------
    Predicate

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> in_column_precision(col("loss") > 3.2, pa.schema([("loss", pa.float32())]))
    dl.col('loss') > 3.200000047683716
    """
    import pyarrow as pa

    if isinstance(schema, pa.Table):
        schema = schema.schema
    if isinstance(schema, pa.Schema):
        types = {field.name: field.type for field in schema}
    else:
        types = _types(schema, set(column_names(node)))
    return _rounded(node, types.get)


def _types(frame: Any, names: set[str]) -> dict[str, Any]:
    """Return the types of some of a frame's columns, of those that have one: Python's objects in pandas don't."""
    import narwhals as nw
    import pyarrow as pa

    types = {}
    for name, dtype in nw.from_native(frame).collect_schema().items():
        if name in names and (dtype.is_float() or dtype.is_nested()):
            with contextlib.suppress(
                AssertionError, NotImplementedError, TypeError, ValueError, pa.ArrowException
            ):
                types[name] = nw.Schema({name: dtype}).to_arrow().field(0).type
    return types


def _rounded(node: Predicate, type_of: TypeOf) -> Predicate:
    import pyarrow as pa

    match node:
        case And(of=parts) | Or(of=parts):
            return type(node)(tuple(_rounded(part, type_of) for part in parts))
        case Not(of=part):
            return Not(_rounded(part, type_of))
        case Compare(left=Field(name=name), right=Literal(value=value)):
            return replace(node, right=Literal(_as(value, type_of(name))))
        case Between(column=name, low=low, high=high):
            kind = type_of(name)
            return Between(name, _as(low, kind), _as(high, kind))
        case IsIn(column=name, values=values):
            kind = type_of(name)
            return replace(node, values=tuple(_as(value, kind) for value in values))
        case Keys(identity=identity, values=values) if identity.scheme == "column":
            kind = type_of(identity.columns[0])
            return replace(node, values=tuple(_as(value, kind) for value in values))
        case Items(column=name, of=part):
            inner = getattr(type_of(name), "value_type", None)
            return replace(node, of=_rounded(part, {ITEM: inner}.get))
        case Member(column=name, name=member, of=part):
            outer = type_of(name)
            known = outer is not None and pa.types.is_struct(outer) and outer.get_field_index(member) >= 0
            return replace(node, of=_rounded(part, {ITEM: outer.field(member).type if known else None}.get))
    return node


def _as(value: Scalar, kind: Any) -> Scalar:
    import pyarrow as pa

    if kind is None or type(value) not in (int, float):
        return value
    for bits, check in ((32, pa.types.is_float32), (16, pa.types.is_float16)):
        if check(kind):
            return rounded(value, bits)  # type: ignore[arg-type]
    return value


def rounded(value: float, bits: int) -> float:
    """Return a number as a float of so many bits, infinite where that holds none so large; as it is where that is it.

    Examples
    --------
    >>> rounded(0.1, 32), rounded(16777217, 32), rounded(1e39, 32), rounded(3, 16)
    (0.10000000149011612, 16777216.0, inf, 3)
    """
    import numpy as np

    with np.errstate(over="ignore"):
        nearest = float(np.float32(value) if bits == 32 else np.float16(value))  # noqa: PLR2004
    return value if nearest == value else nearest

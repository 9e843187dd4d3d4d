"""Two columns of a pandas frame beside one another, brought to one type where pandas would fail or round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.predicate.dialects import pandas_masks as masks
from datalens.predicate.dialects.columns import common_type
from datalens.predicate.dialects.layout import Joined, Leaf, Piece
from datalens.predicate.dialects.pandas_helpers import HELPERS, MODULES
from datalens.predicate.nodes import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.predicate.dialects.pandas_types import Types
    from datalens.predicate.dialects.parts import Parts
    from datalens.predicate.nodes import Operator


def pair(
    parts: Parts, types: Types, column: Callable[[str], str], op: Operator, names: tuple[str, str]
) -> Piece:
    """Print the comparison of two columns.

    Parameters
    ----------
    parts : Parts
        Where imports, helpers and notes are collected.
    types : Types
    column : callable
        From a column's name to how it is written.
    op : str
    names : tuple of str
        The columns.

    Returns
    -------
    Piece
        May be null in rows where a column is.
    """
    sides = sides_of(parts, types, [column(name) for name in names], names)
    if op in ("eq", "ne") and types.zones_may_differ(*names):
        in_utc = parts.helper("in_utc", HELPERS, MODULES)
        sides = [f"{in_utc}({side})" for side in sides]
    test = Leaf(f" {SYMBOLS[op]} ".join(sides), loose=True)
    if op != "ne":
        return test
    there = [masks.is_there(parts, types, name, column(name)) for name in dict.fromkeys(names)]
    return Joined("&", [*there, test])


def sides_of(parts: Parts, types: Types, columns: list[str], names: tuple[str, str]) -> list[str]:
    """Return both columns in one type, where their own two are not compared."""
    if any(map(types.is_half, names)):
        return [types.widened(name, column) for name, column in zip(names, columns, strict=True)]
    if types.units_differ(*names):
        # Arrow brings both to the finer unit, in which 64 bits may not be enough.
        counted = parts.helper("nanoseconds", HELPERS, MODULES)
        return [f"{counted}({column})" for column in columns]
    if types.zones_differ(*names):
        return [f'{column}.dt.tz_convert("UTC")' for column in columns]
    if types.is_mixed(*names):
        return [f'{column}.astype("float64")' for column in columns]
    if all(map(types.is_arrow, names)) and (wide := common_type(*map(types.typed, names))):
        pd, pa = (parts.module(name, MODULES[name]) for name in ("pd", "pa"))
        dtype = parts.name("exact", ("exact", wide))
        parts.before[dtype] = f"{dtype} = {pd}.ArrowDtype({pa}.{wide})"
        return [f"{column}.astype({dtype})" for column in columns]
    return [types.uncategorised(name, column) for name, column in zip(names, columns, strict=True)]

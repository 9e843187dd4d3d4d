"""The order in which pandas can apply masks to one another, and what stops it where no order does.

A column of the nullable types is compared into pandas' own booleans, a "string" or an Arrow one into Arrow's. Pandas fails
to apply the first to the second, on its right, where that holds NA; the other way round it doesn't.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from datalens.predicate import operands
from datalens.predicate.dialects.pandas_masks import beyond_arrow, is_far, may_be_null
from datalens.predicate.nodes import (
    And,
    Between,
    Compare,
    Contains,
    Inside,
    IsNull,
    Linear,
    Matches,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.scalars import kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.dialects.pandas_types import Types

    Array = Literal["numpy", "arrow", "nullable"]


def text_first(node: And | Or) -> Sequence[Predicate]:
    """Return parts with comparisons of text first, then those of columns that may be text.

    They give Arrow booleans on pandas' "string" columns. What stands in brackets of the same kind is one of the parts.

    Examples
    --------
    >>> text_first(And((Between("loss", 1, 2), Between("name", "a", "b"))))
    [dl.col('name').between('a', 'b'), dl.col('loss').between(1, 2)]
    """
    return sorted(_flattened(type(node), node.of), key=_text_rank)


def fails_beside(before: Sequence[Predicate], node: Predicate, types: Types) -> bool:
    """Say whether pandas may fail to apply a condition to those that are printed before it.

    Only of a frame whose types are known, where Arrow's booleans stand beside others with NA.

    Examples
    --------
    >>> import pandas as pd
    >>> from datalens.predicate.dialects.pandas_types import Types
    >>> types = Types(pd.DataFrame({"n": [1], "t": ["a"]}).astype({"n": "Int64", "t": "string[pyarrow]"}))
    >>> number, text = Between("n", 1, 2), Between("t", "a", "b")
    >>> fails_beside([number], text, types), fails_beside([text], number, types)
    (True, False)
    """
    if set(types.arrays.values()) <= {"numpy", "arrow"} and not types.has_strings:
        return False
    in_arrow = any(types.arrays.get(name) == "arrow" for name in node.columns)
    return in_arrow and may_be_null(node, types) and _first(before, types) == "nullable"


def _flattened(joined: type[And | Or], parts: Iterable[Predicate]) -> list[Predicate]:
    nested = [_flattened(joined, part.of) if isinstance(part, joined) else [part] for part in parts]
    return [part for group in nested for part in group]


def _text_rank(node: Predicate) -> int:
    match node:
        case And(of=parts) | Or(of=parts):
            return min(map(_text_rank, parts))
        case Not(of=part):
            return _text_rank(part)
        case Compare(right=operands.Literal(value=str())) | Between(low=str()):
            return 0
        case Compare(left=operands.Field(), right=operands.Field()):
            return 1
    return 2


def _first(parts: Iterable[Predicate], types: Types) -> Array:
    """Return what holds the mask of some joined: numpy's booleans become the others beside them."""
    return next((array for part in parts if (array := _array(part, types)) != "numpy"), "numpy")


def _array(node: Predicate, types: Types) -> Array:
    """Return what holds a condition's mask; "nullable" also where it may."""
    match node:
        case And() | Or():
            return _first(text_first(node), types)
        case Not(of=part):
            return _array(part, types)
        case (
            Compare(left=operands.Field(name=name), right=operands.Literal(value=value))
            | Between(column=name, low=value)
        ):
            # These are asked of objects or of times.
            if kind(value) == "date" or beyond_arrow(value) or is_far(value):
                return "nullable"
            return types.arrays.get(name, "nullable")
        case Compare(left=operands.Field(name=left), right=operands.Field(name=right)):
            both = {types.arrays.get(left), types.arrays.get(right)}
            return "numpy" if both == {"numpy"} else "arrow" if both == {"arrow"} else "nullable"
        case Contains(column=name) | StartsWith(column=name) | Matches(column=name):
            return "numpy" if types.arrays.get(name) == "numpy" else "nullable"
        case IsNull() | Inside() | Linear():
            return "numpy"
    return "nullable"

"""Predicates for Spark SQL."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from datalens.predicate import regex
from datalens.predicate.dialects.sql import Sql
from datalens.predicate.dialects.sql_layout import STRENGTH, Piece, Text, Wrapped, both, either
from datalens.predicate.dialects.sql_text import Column, escaped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Operator
    from datalens.predicate.scalars import Scalar

_NAMES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", "'": "\\'"}
#: Longer lists are looked up by hash, where -0.0 is not 0.0.
_HASHED = 10
_WORD = "[0-9A-Za-z_]"
#: What Java holds to be a word's edge depends on its version.
_EDGES = {
    "b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
}


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:  # noqa: ARG001
    r"""Print a predicate as a condition for ``frame.where(...)`` or a WHERE, for Spark from 3.4 on.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Not used: a condition names no table.
    schema : dataframe or pyarrow.Schema, optional
        Where the columns' types are read. A list's length is asked only with it.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> print(render((col("loss") > 3.5) & (col("Source") == "it's"), frame="", result=""))
    loss > 3.5 AND NOT isnan(loss) AND `Source` = 'it\'s'
    """
    return Spark(schema).render(node)


class Spark(Sql):
    """Spark: NaN equals itself and is the greatest number; a division by zero is null or an error."""

    engine = "spark"
    negative_zero = "-0D"
    widens = True
    divides_by_zero = False

    def folded(self, name: str) -> str:
        return name.lower()

    def quoted_name(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def text(self, value: str) -> str:
        def code(point: int) -> str:
            return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004

        return f"'{escaped(self.valid(value), _NAMES, code)}'"

    def double(self, value: float) -> str:
        if math.isinf(value):
            return f"CAST('{'-' if value < 0 else ''}Infinity' AS DOUBLE)"
        return f"{repr(value).removesuffix('.0')}D"

    def moment(self, value: dt.datetime) -> str:
        return f"TIMESTAMP_NTZ '{value.isoformat(' ')}'"

    def instant(self, value: dt.datetime) -> str:
        return f"TIMESTAMP '{value.isoformat(' ')}'"

    def duration(self, microseconds: int) -> str:
        super().duration(microseconds)
        return f"INTERVAL '{seconds(microseconds)}' SECOND"

    def literal(self, column: Column, op: Operator, value: Scalar) -> Piece:
        test = super().literal(column, op, value)
        if _is_beyond(value) and op in (("lt", "le") if value > 0 else ("gt", "ge")):  # type: ignore[operator]
            # Its optimizer finds that every integer compares so, and forgets that a null doesn't.
            return both(test, Text(f"{column.sql} IS NOT NULL", null=False))
        return test

    def between(self, column: Column, low: Scalar, high: Scalar) -> Piece:
        if _is_beyond(low) or _is_beyond(high):
            return both(self.literal(column, "ge", low), self.literal(column, "le", high))
        return super().between(column, low, high)

    def listed(self, column: Column, values: Sequence[Any]) -> Piece:
        listing = super().listed(column, values)
        is_zero = any(value == 0 and type(value) is int for value in values)
        if len(values) > _HASHED and column.may_be_nan and is_zero:
            return either(listing, Text(f"{column.sql} = 0"))
        return listing

    # What is asked of a column

    def is_nan(self, column: Column) -> Piece:
        if column.dtype is not None:
            return Text(f"isnan({column.sql})", STRENGTH["atom"], null=False)
        types = Text(f"typeof({column.sql}) IN ('float', 'double')", null=False)
        return both(types, Text(f"CAST({column.sql} AS STRING) = 'NaN'", null=False))

    def length(self, column: Column) -> str:
        return f"array_size({column.sql})" if column.is_list else f"length({column.sql})"

    def starts_with(self, column: Column, text: str) -> Piece:
        return Text(f"startswith({column.sql}, {text})", STRENGTH["atom"])

    def matches(self, column: Column, pattern: str) -> Piece:
        written = re.sub(
            r"\\(.)", lambda escape: _EDGES.get(escape[1], escape[0]), regex.emit(pattern, "java")
        )
        return Text(f"{column.sql} RLIKE {self.text(written)}")

    def items(self, column: Column, which: str, of: Predicate) -> Piece:
        name, condition = self.item(column, of)
        function = "exists" if which == "any" else "forall"
        return Wrapped(f"{function}({column.sql}, {name} -> ", condition, ")", STRENGTH["atom"])


def _is_beyond(value: Scalar) -> bool:
    """Whether a number is an integer that 64 bits don't hold."""
    return type(value) is int and not -(2**63) <= value < 2**63


def seconds(microseconds: int) -> str:
    """Return a duration as seconds with up to six decimals.

    Examples
    --------
    >>> seconds(-60_000_001), seconds(1_500_000)
    ('-60.000001', '1.5')
    """
    whole, rest = divmod(abs(microseconds), 10**6)
    text = f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if microseconds < 0 else text

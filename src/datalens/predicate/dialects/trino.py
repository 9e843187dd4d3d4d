"""Predicates for Trino: written after its documentation, and run on no Trino."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate import regex
from datalens.predicate.dialects.spark import seconds
from datalens.predicate.dialects.sql import Sql
from datalens.predicate.dialects.sql_layout import STRENGTH, Piece, Text, Wrapped, both
from datalens.predicate.dialects.sql_text import Column, escaped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal

    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Operator
    from datalens.predicate.scalars import Scalar


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:  # noqa: ARG001
    """Print a predicate as a condition for a WHERE; untested, since no test has a Trino to run it on.

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
    >>> print(render((col("loss") > 3.2) & ~(col("n") != 1), frame="", result=""))
    loss > 3.2 AND NOT coalesce(n <> 1 AND NOT is_nan(n), false)
    """
    return Trino(schema).render(node)


class Trino(Sql):
    """Trino: NaN as IEEE has it, so that only <> holds for it."""

    engine = "trino"
    negative_zero = "-0E0"
    truncates = True
    nan_left = frozenset({"ne"})
    nan_right = frozenset({"ne"})

    def folded(self, name: str) -> str:
        return name.lower()

    def text(self, value: str) -> str:
        def code(point: int) -> str:
            return f"\\{point:04x}" if point <= 0xFFFF else f"\\+{point:06x}"  # noqa: PLR2004

        if self.valid(value).isprintable():
            return "'" + value.replace("'", "''") + "'"
        printed = escaped(value, {"\\": "\\\\", "'": "''"}, code)
        return f"U&'{printed}'"

    def integer(self, value: int) -> str:
        text = super().integer(value)
        return text if -(2**63) <= value < 2**63 else f"DECIMAL '{text}'"

    def double(self, value: float) -> str:
        if math.isinf(value):
            return "infinity()" if value > 0 else "-infinity()"
        text = repr(value)
        return text.replace("e", "E") if "e" in text else f"{text.removesuffix('.0')}E0"

    def as_single(self, number: str) -> str:
        return f"CAST({number} AS REAL)"

    def is_widened(self, value: float) -> bool:
        return "E" in self.number(value)  # a decimal is brought to the column's precision

    def is_single(self, sql: str, sign: str) -> str:
        return f"typeof({sql}) {sign} 'real'"

    def brought(self, values: Sequence[Scalar]) -> Sequence[Scalar]:
        return [v for v in values if abs(v) < 2**63 and "E" not in self.number(v)]  # type: ignore[operator, arg-type]

    def decimal(self, value: Decimal) -> str:
        return f"DECIMAL '{self.decimal_digits(value)}'"

    def instant(self, value: dt.datetime) -> str:
        return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(' ')} UTC'"

    def duration(self, microseconds: int) -> str:
        super().duration(microseconds)
        if microseconds % 1000:
            self.cannot("a duration with microseconds, since its intervals have milliseconds")
        return f"INTERVAL '{seconds(microseconds)}' SECOND"

    def pair(self, left: Column, op: Operator, right: Column) -> Piece:
        if left.dtype is None or right.dtype is None:
            # Integers beside 32-bit floats would become such.
            what = f"a comparison of the columns {left.name!r} and {right.name!r} without their types"
            self.cannot(what, "give code(..., schema=) the table's schema")
        return super().pair(left, op, right)

    # What is asked of a column

    def is_nan(self, column: Column) -> Piece:
        if column.dtype is not None:
            return Text(f"is_nan({column.sql})", STRENGTH["atom"], null=False)
        types = Text(f"typeof({column.sql}) IN ('real', 'double')", null=False)
        return both(types, Text(f"json_format(CAST({column.sql} AS json)) = '\"NaN\"'", null=False))

    def is_number(self, sql: str) -> Piece:
        return Text(f"NOT is_nan({sql})", STRENGTH["NOT"])

    def length(self, column: Column) -> str:
        return f"cardinality({column.sql})" if column.is_list else f"length({column.sql})"

    def contains(self, column: Column, text: str) -> Piece:
        return Text(f"strpos({column.sql}, {text}) > 0")

    def matches(self, column: Column, pattern: str) -> Piece:
        if regex.needs_ascii(pattern):
            self.cannot(f"the pattern {pattern!r}, whose word boundaries depend on the server's settings")
        return Text(f"regexp_like({column.sql}, {self.text(regex.emit(pattern, 'java'))})", STRENGTH["atom"])

    def items(self, column: Column, which: str, of: Predicate) -> Piece:
        name, condition = self.item(column, of)
        return Wrapped(f"{which}_match({column.sql}, {name} -> ", condition, ")", STRENGTH["atom"])

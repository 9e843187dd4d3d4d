"""Predicates for DuckDB."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datalens.predicate import regex
from datalens.predicate.dialects.sql import NOTHING, Sql
from datalens.predicate.dialects.sql_layout import STRENGTH, Joined, Piece, Text, Wrapped, both
from datalens.predicate.dialects.sql_text import Column, field_type, spelled, within
from datalens.predicate.nodes import Compare
from datalens.predicate.operands import Literal
from datalens.predicate.scalars import kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Operator
    from datalens.predicate.scalars import Scalar

_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:  # noqa: ARG001
    """Print a predicate as a condition for a WHERE.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Not used: a condition names no table.
    schema : dataframe or pyarrow.Schema, optional
        Where the columns' types are read.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> print(render(~(col("loss") > 3.2) & (col("source") == "web"), frame="", result=""))
    NOT coalesce(loss > 3.2 AND NOT isnan(loss), false) AND source = 'web'
    """
    return DuckDB(schema).render(node)


class DuckDB(Sql):
    """DuckDB: NaN equals itself and is the greatest number; decimals are fitted to the column's precision."""

    engine = "duckdb"
    negative_zero = "-0e0"

    def folded(self, name: str) -> str:
        # Of other letters it minds the case.
        return "".join(c.lower() if c.isascii() else c for c in name)

    def text(self, value: str) -> str:
        if any(c in value for c in _ESCAPES):
            return spelled(self.valid(value), {**_ESCAPES, "\\": "\\\\", "'": "''"}, "E")
        return spelled(self.valid(value), {"'": "''"})

    def integer(self, value: int) -> str:
        return str(value)  # HUGEINT has as many bits as a predicate

    def brought(self, values: Sequence[Scalar]) -> Sequence[Scalar]:
        return [v for v in values if abs(v) < 2**63 and "e" not in self.number(v)]  # type: ignore[operator, arg-type]

    def double(self, value: float) -> str:
        if math.isinf(value):
            return f"'{value}'::DOUBLE"
        text = repr(value)
        return text if "e" in text else f"{text.removesuffix('.0')}e0"

    def scalar(self, value: Scalar, column: Column) -> str:
        printed = super().scalar(value, column)
        # Moments in nanoseconds are ordered beside none but their like.
        is_fine = kind(value) == "instant" and getattr(column.dtype, "time_unit", "") == "ns"
        return printed.replace("TIMESTAMPTZ ", "TIMESTAMPTZ_NS ", 1) if is_fine else printed

    def as_double(self, sql: str) -> str:
        return f"{sql}::DOUBLE"

    def as_single(self, number: str) -> str:
        return f"{number}::FLOAT"

    def is_widened(self, value: float) -> bool:
        return "e" in self.number(value)  # a decimal is brought to the column's precision

    def is_single(self, sql: str, sign: str) -> str:
        return f"typeof({sql}) {sign} 'FLOAT'"

    def as_integer(self, condition: Piece) -> Piece:
        return Wrapped("(", condition, ")::INT", STRENGTH["atom"])

    def is_nan(self, column: Column) -> Piece:
        if column.dtype is not None:
            return Text(f"isnan({column.sql})", STRENGTH["atom"], null=False)
        types = Text(f"typeof({column.sql}) IN ('FLOAT', 'DOUBLE')", null=False)
        return both(types, Text(f"{column.sql}::VARCHAR IN ('nan', '-nan')", null=False))

    # Times are brought to nanoseconds, which reach from 1677 to 2262, where one of two is counted in them

    def literal(self, column: Column, op: Operator, value: Scalar) -> Piece:
        known = self.held(column, op, value) if column.unit == "ns" else None
        return known or super().literal(column, op, value)

    def between(self, column: Column, low: Scalar, high: Scalar) -> Piece:
        if column.unit == "ns" and not all(_is_held(column, value) for value in (low, high)):
            return both(self.literal(column, "ge", low), self.literal(column, "le", high))
        return super().between(column, low, high)

    def listed(self, column: Column, values: Sequence[Any]) -> Piece:
        if column.unit == "ns":
            values = [value for value in values if _is_held(column, value)]
        return super().listed(column, values) if values else NOTHING

    def pair(self, left: Column, op: Operator, right: Column) -> Piece:
        units = {left.unit, right.unit}
        if "ns" in units and len(units) > 1 and "" not in units:
            left, right = map(_counted, (left, right))
        return super().pair(left, op, right)

    def pair_test(self, left: Column, right: Column, test: str, sign: str) -> Piece:
        if left.dtype is not None:
            return super().pair_test(left, right, test, sign)
        # Integers beside 32-bit floats would become such.
        one = Text(f"'FLOAT' IN (typeof({left.sql}), typeof({right.sql}))")
        doubles = Text(f"TRY_CAST({left.sql} AS DOUBLE) {sign} TRY_CAST({right.sql} AS DOUBLE)")
        return Wrapped("CASE WHEN ", Joined("THEN", (one, doubles)), f" ELSE {test} END", STRENGTH["atom"])

    def matches(self, column: Column, pattern: str) -> Piece:
        return Text(
            f"regexp_matches({column.sql}, {self.text(regex.emit(pattern, 're2'))})", STRENGTH["atom"]
        )

    def items(self, column: Column, which: str, of: Predicate) -> Piece:
        if which == "any" and isinstance(of, Compare) and of.op == "eq":
            match of.right:
                case Literal(value=str(value)):
                    return Text(f"list_contains({column.sql}, {self.text(value)})", STRENGTH["atom"])
        name, condition = self.item(column, of)
        after = f")) = len({column.sql})" if which == "all" else ")) > 0"
        return Wrapped(f"len(list_filter({column.sql}, lambda {name}: ", condition, after)

    def member(self, column: Column, name: str) -> Column:
        sql = f"{column.sql}[{self.text(name)}]"
        return Column(f"{column.name}.{name}", sql, field_type(column, name))


def _is_held(column: Column, value: Scalar) -> bool:
    return within(column, "eq", value) is not False


def _counted(column: Column) -> Column:
    """Return a column of times as a count of nanoseconds, of which there may be more than 64 bits hold."""
    counts = f"epoch_ns({column.sql})" if column.unit == "ns" else f"epoch_us({column.sql})::HUGEINT * 1000"
    return replace(column, sql=counts)

"""Predicates for PostgreSQL."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from datalens.predicate import regex
from datalens.predicate.dialects.sql import SIGNS, Sql
from datalens.predicate.dialects.sql_layout import (
    STRENGTH,
    Joined,
    Listing,
    Piece,
    Text,
    Wrapped,
    both,
    inverted,
)
from datalens.predicate.dialects.sql_text import MAX_DIGITS, Column, escaped, field_type, to_single
from datalens.predicate.nodes import Compare, Items
from datalens.predicate.operands import Literal
from datalens.predicate.scalars import SAFE_INTEGER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Operator
    from datalens.predicate.scalars import Scalar

_NAMES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", "'": "''"}
#: What Postgres allows a counted repetition.
_MAX_REPEAT = 255


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:  # noqa: ARG001
    """Print a predicate as a condition for a WHERE, for UTF-8 databases with standard strings.

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
    >>> print(render((col("loss") > 3.5) & (col("name") >= "m"), frame="", result=""))
    loss > 3.5 AND loss <> 'NaN'::float8 AND name COLLATE "C" >= 'm'
    """
    return Postgres(schema).render(node)


class Postgres(Sql):
    """PostgreSQL: NaN equals itself and is the greatest number; arithmetic that overflows is an error."""

    engine = "postgres"
    negative_zero = "'-0'::float8"
    truncates = True
    widens = True
    divides_by_zero = False
    decimals = MAX_DIGITS

    def text(self, value: str) -> str:
        if "\0" in value:
            self.cannot(f"the text {value[:40]!r}, since its texts hold no NUL")
        printed = escaped(self.valid(value), _NAMES, lambda code: f"\\U{code:08x}")
        return f"E'{printed}'" if not value.isprintable() else "'" + value.replace("'", "''") + "'"

    def integer(self, value: int) -> str:
        return str(value)

    def double(self, value: float) -> str:
        if math.isinf(value):
            return f"'{'-' if value < 0 else ''}Infinity'::float8"
        # Beside a float, a literal of a fraction becomes one; of a large integer it is compared exactly.
        text = repr(value).removesuffix(".0")
        return text if abs(value) < SAFE_INTEGER else f"'{text}'::float8"

    def brought(self, values: Sequence[Scalar]) -> Sequence[Scalar]:
        # A list takes the column's type, which may be real; a single value doesn't.
        fitting = [v for v in values if not v or 0 < abs(to_single(v)) < math.inf]  # type: ignore[arg-type]
        return fitting if len(fitting) > 1 else ()

    def listed(self, column: Column, values: Sequence[Any]) -> Piece:
        if len(values) > 1 and column.dtype is None and type(values[0]) in (int, float):
            return Listing(f"{column.sql} IN ", [self.number(value) for value in values])
        return super().listed(column, values)

    def decimal(self, value: Decimal) -> str:
        return f"NUMERIC '{value:f}'"

    def as_double(self, sql: str) -> str:
        return f"{sql}::float8"

    def as_single(self, number: str) -> str:
        return f"{number}::real"

    def is_single(self, sql: str, sign: str) -> str:
        return f"pg_typeof({sql}) {sign} 'real'::regtype"

    def as_integer(self, condition: Piece) -> Piece:
        return Wrapped("(", condition, ")::int", STRENGTH["atom"])

    def compared(self, column: Column, op: Operator, value: Scalar) -> str:
        ordered = isinstance(value, str) and op not in ("eq", "ne")
        return f'{column.sql} COLLATE "C"' if ordered else column.sql

    def pair(self, left: Column, op: Operator, right: Column) -> Piece:
        if op not in ("eq", "ne") and str(left.dtype) == "String":
            return Text(f'{left.sql} {SIGNS[op]} {right.sql} COLLATE "C"')
        return super().pair(left, op, right)

    def odd(self, box: Piece, odd: Piece) -> Piece:
        # Only CASE keeps the points outside from being computed, which may overflow.
        return Wrapped("CASE WHEN ", Joined("THEN", (box, odd)), " ELSE false END", STRENGTH["atom"])

    def listed_doubles(self, column: Column, values: Sequence[float]) -> Piece:
        # A list of fractions would become one of the column's type.
        texts = [self.double(v) if to_single(v) == v else f"{self.factor(v)}::float8" for v in values]
        return Listing(f"{column.sql} IN ", texts)

    # What is asked of a column

    def null_sign(self, column: Column, negation: str = "") -> str:
        if column.dtype is None or column.is_struct:
            # A struct of nothing but nulls IS NULL, too; one with a null IS NOT NULL isn't true of.
            return "IS DISTINCT FROM NULL" if negation else "IS NOT DISTINCT FROM NULL"
        return super().null_sign(column, negation)

    def is_nan(self, column: Column) -> Piece:
        if column.dtype is not None:
            return Text(f"{column.sql} = 'NaN'::float8", null=False)
        types = Text(f"pg_typeof({column.sql})::text IN ('real', 'double precision')", null=False)
        return both(types, Text(f"{column.sql}::text = 'NaN'", null=False))

    def is_number(self, sql: str) -> Piece:
        return Text(f"{sql} <> 'NaN'::float8")

    def coordinate(self, column: Column) -> str:
        return column.sql if column.is_double else self.as_double(column.sql)

    def length(self, column: Column) -> str:
        return f"cardinality({column.sql})" if column.is_list else f"length({column.sql})"

    def contains(self, column: Column, text: str) -> Piece:
        return Text(f"strpos({column.sql}, {text}) > 0")

    def matches(self, column: Column, pattern: str) -> Piece:
        written = regex.emit(pattern, "postgres")
        if any(
            int(count) > _MAX_REPEAT for count in re.findall(r"(?<!\\)(?:\\\\)*\{[0-9,]*?([0-9]+)\}", written)
        ):
            self.cannot(f"the pattern {pattern!r}, which repeats more than {_MAX_REPEAT} times")
        # There \x takes as many digits as follow, and ranges end at \U.
        written = re.sub(r"(?<!\\)((?:\\\\)*)\\x([0-9a-f]{2})", r"\1\\u00\2", written)
        written = written.replace("\\x{10FFFF}", "\\U0010ffff")
        # Word boundaries look at ASCII's letters alone in this collation.
        ascii_only = ' COLLATE "C"' if regex.needs_ascii(pattern) else ""
        return Text(f"{column.sql}{ascii_only} ~ {self.text(written)}")

    def items(self, column: Column, which: str, of: Predicate) -> Piece:
        if isinstance(of, Items):
            self.cannot(f"lists within the lists of column {column.name!r}")
        if which == "any" and isinstance(of, Compare) and of.op == "eq":
            match of.right:
                case Literal(value=str(value)):
                    return Text(f"{self.text(value)} = ANY({column.sql})")
        name, condition = self.item(column, of)
        items = f"EXISTS (SELECT 1 FROM unnest({column.sql}) AS {name} WHERE "  # noqa: S608 - what is in it is quoted
        if which == "any":
            return Wrapped(items, condition, ")", STRENGTH["atom"], null=False)
        others = Wrapped(f"NOT {items}", inverted(condition), ")", STRENGTH["NOT"], null=False)
        return both(Text(f"{column.sql} IS NOT NULL", null=False), others)

    def member(self, column: Column, name: str) -> Column:
        sql = f"({column.sql}).{self.identifier(name)}"
        return Column(f"{column.name}.{name}", sql, field_type(column, name))

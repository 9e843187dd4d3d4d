"""Predicates for Lance, whose filters are DataFusion's SQL in part."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.predicate import regex
from datalens.predicate.dialects.sql import NOTHING, SIGNS, Sql
from datalens.predicate.dialects.sql_layout import STRENGTH, Listing, Piece, Text, both, either
from datalens.predicate.dialects.sql_text import MAX_DIGITS, Column, spelled, within
from datalens.predicate.expression_types import UNITS
from datalens.predicate.nodes import Compare, IsIn, Operator
from datalens.predicate.operands import Field, Literal
from datalens.predicate.precision import rounded
from datalens.predicate.scalars import SAFE_INTEGER, Scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate

#: What a column of nanoseconds can hold: Lance takes other times for null there.
_FIRST, _LAST = dt.datetime(1677, 9, 22), dt.datetime(2262, 4, 11)  # noqa: DTZ001
#: Fractions of a second are cut off towards this year.
_EPOCH = 1970
#: What its integers of 32 bits hold less than.
_INTEGER = 2**31
#: So far beyond 2**64 do floats round to it, as they do the largest unsigned integers.
_UNSIGNED_STEP = 2**11
#: From coarse to fine.
_UNITS = {"s": "Second", "ms": "Millisecond", "us": "Microsecond", "ns": "Nanosecond"}
#: What else is asked of the time that is left: with it, columns of every unit answer alike.
_BESIDE: dict[str, Operator] = {"lt": "le", "ne": "eq", "eq": "gt", "ge": "gt"}


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:  # noqa: ARG001
    """Print a predicate as a filter for ``dataset.to_table(filter=...)``.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Not used: a condition names no table.
    schema : dataframe or pyarrow.Schema, optional
        Where the columns' types are read. Two columns are compared, and a list's length is asked, only with it.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> print(render((col("n") == 3) & ~(col("Source") == "web"), frame="", result=""))
    n = 3 AND NOT coalesce(`Source` = 'web', false)
    """
    return Lance(schema).render(node)


class Lance(Sql):
    """Lance: floats in the total order of IEEE (NaN beyond both infinities), literals brought to the column's type."""

    engine = "lance"
    negative_zero = "-0.0"
    truncates = True
    widens = True
    decimals = MAX_DIGITS
    nan_left = frozenset({"eq", "ne", "lt", "le", "gt", "ge"})
    nan_right = frozenset({"ne", "lt", "le", "gt", "ge"})

    def quoted_name(self, name: str) -> str:
        if "`" in name:
            self.cannot(f"the column name {name!r}", "rename the column")
        return f"`{name}`"

    def text(self, value: str) -> str:
        return spelled(self.valid(value), {"'": "''"})

    def integer(self, value: int) -> str:
        # Lance reads the sign apart, and 2**63 alone is too large for it.
        return f"CAST('{value}' AS BIGINT)" if value == -(2**63) else super().integer(value)

    def scalar(self, value: Scalar, column: Column) -> str:
        if str(column.dtype) == "Float16":
            value = rounded(value, 16)  # type: ignore[arg-type]
        elif column.is_decimal and type(value) is int and not -(2**63) <= value < 2**63:
            value = Decimal(value)
        is_large = (
            column.name and column.dtype is None and type(value) is int and _INTEGER <= abs(value) < 2**63
        )
        # As it stands, an integer is an error beside columns that can't hold it.
        return f"CAST({value} AS BIGINT)" if is_large else super().scalar(value, column)

    def double(self, value: float) -> str:
        return f"CAST('{value}' AS DOUBLE)" if math.isinf(value) else repr(value + 0.0)

    def is_widened(self, value: float) -> bool:
        # There a fraction is no longer brought to the column's type.
        return self.negated and isinstance(value, float)

    def is_single(self, sql: str, sign: str) -> str:
        return f"arrow_typeof({sql}) {sign} 'Float32'"

    def instant(self, value: dt.datetime) -> str:
        # A TIMESTAMP has no zone there: its hours would be those of the column's zone.
        text = value.replace(tzinfo=None).isoformat()
        return f"arrow_cast('{text}Z', 'Timestamp(Microsecond, Some(\"UTC\"))')"

    def moment(self, value: dt.datetime) -> str:
        if _FIRST < value < _LAST:
            return super().moment(value)
        # A TIMESTAMP is one of nanoseconds, unless it stands by itself beside a column.
        return f"arrow_cast('{value.isoformat()}', 'Timestamp(Microsecond, None)')"

    def duration(self, microseconds: int) -> str:
        if abs(microseconds) >= 2**63 // 1000:
            self.cannot("a duration of more than 292 years")  # it counts them in nanoseconds
        return f"arrow_cast({microseconds}, 'Duration(Microsecond)')"

    # Literals are brought to the column's type before they are compared

    def literal(self, column: Column, op: Operator, value: Scalar) -> Piece:
        if isinstance(value, dt.date):
            return self.time(column, op, value)
        if column.dtype is None and type(value) is int and 0 <= value - 2**64 <= _UNSIGNED_STEP:
            what = f"a comparison of column {column.name!r} with {value} without its type"
            self.cannot(what, "give code(..., schema=) the dataset's schema")
        if column.is_decimal:
            known = self.held(column, op, value)
            if known:
                return known
            op, value = within(column, op, value)  # type: ignore[assignment, misc]
        limits = _limits(column)
        if limits and _is_whole(value) and not limits[0] <= value <= limits[1]:  # type: ignore[operator]
            always = {"ne"} | ({"gt", "ge"} if value < limits[0] else {"lt", "le"})  # type: ignore[operator]
            return Text(f"{column.sql} IS NOT NULL") if op in always else NOTHING
        return super().literal(column, op, value)

    def compared(self, column: Column, op: Operator, value: Scalar) -> str:
        # A fraction, or an infinity, is no integer that it could be brought to.
        if _limits(column) and isinstance(value, float) and not _is_whole(value):
            return self.as_double(column.sql)
        return column.sql

    def time(self, column: Column, op: Operator, value: dt.date) -> Piece:
        """Compare with a time: what columns of seconds or milliseconds can't hold of it is cut off."""
        plain = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
        known = self.held(column, op, value) if column.unit == "ns" else None
        if known:
            return known
        if not _FIRST < plain < _LAST and column.dtype is None:
            self.cannot(
                f"a comparison of column {column.name!r} with {value}, outside the years 1678 to 2261"
            )
        test = super().literal(column, op, value)
        if not isinstance(value, dt.datetime) or not value.microsecond:
            return test
        if value.year < _EPOCH:
            self.cannot(
                f"a comparison of column {column.name!r} with {value}, a fraction of a second before {_EPOCH}"
            )
        if op in ("gt", "le"):
            return test
        coarse = value.microsecond // 1000 * 1000 if value.microsecond % 1000 else 0
        cut = super().literal(column, _BESIDE[op], value.replace(microsecond=coarse))
        return either(test, cut) if op in ("lt", "ne") else both(test, cut)

    def between(self, column: Column, low: Scalar, high: Scalar) -> Piece:
        is_far = any(type(value) is int and not -(2**63) <= value < 2**63 for value in (low, high))
        if (
            isinstance(low, dt.date)
            or column.is_decimal
            or _limits(column)
            or type(low) is not type(high)
            or is_far
        ):
            return both(self.literal(column, "ge", low), self.literal(column, "le", high))
        return super().between(column, low, high)

    def listed(self, column: Column, values: Sequence[Any]) -> Piece:
        limits = _limits(column)
        if limits:
            values = [value for value in values if limits[0] <= value <= limits[1]]
        if column.is_decimal:
            values = [value for value in values if within(column, "eq", value) is not False]
        if values and column.dtype is None and type(values[0]) is int:
            # Among others, what has more than 64 bits makes floats of all.
            near = [value for value in values if -(2**63) <= value < 2**63]
            far = [self.literal(column, "eq", value) for value in values if value not in near]
            return either(*([super().listed(column, near)] if near else []), *far)
        if not values or not isinstance(values[0], dt.date):
            return super().listed(column, values) if values else NOTHING
        parts = [self.time(column, "eq", value) for value in values]
        plain = [value for value, part in zip(values, parts, strict=True) if isinstance(part, Text)]
        rest = [part for part in parts if not isinstance(part, Text)]
        return either(*([super().listed(column, plain)] if plain else []), *rest)

    def listed_doubles(self, column: Column, values: Sequence[float]) -> Piece:
        cast = column.sql if column.is_double else self.as_double(column.sql)
        return Listing(f"{cast} IN ", [self.double(value) for value in values])

    def pair(self, left: Column, op: Operator, right: Column) -> Piece:
        if left.dtype is None or right.dtype is None:
            what = f"a comparison of the columns {left.name!r} and {right.name!r} without their types"
            self.cannot(what, "give code(..., schema=) the dataset's schema")
        if not (left.may_be_nan or right.may_be_nan):
            left, right = _in_one_unit(left, right)
            return super().pair(left, op, right)
        sides = [self.normal(self.as_double(side.sql)) for side in (left, right)]
        guards = [self.is_number(side.sql) for side in (left, right) if side.may_be_nan]
        return both(Text(f"{sides[0]} {SIGNS[op]} {sides[1]}"), *guards)

    def normal(self, sql: str) -> str:
        return f"{sql} + 0.0"  # in the total order -0.0 is less than 0.0

    def coordinate(self, column: Column) -> str:
        return column.sql if column.is_double else self.as_double(column.sql)

    # What is asked of a column

    def is_nan(self, column: Column) -> Piece:
        if column.dtype is not None:
            return Text(f"isnan({column.sql})", STRENGTH["atom"], null=False)
        types = Text(f"arrow_typeof({column.sql}) IN ('Float16', 'Float32', 'Float64')", null=False)
        return both(types, Text(f"CAST({column.sql} AS string) = 'NaN'", null=False))

    def length(self, column: Column) -> str:
        if column.dtype is None:
            # A list's length would be that of its items in words; substr takes no lists.
            return f"length(substr({column.sql}, 1))"
        return f"array_length({column.sql})" if column.is_list else f"length({column.sql})"

    def matches(self, column: Column, pattern: str) -> Piece:
        return Text(f"regexp_like({column.sql}, {self.text(regex.emit(pattern, 'rust'))})", STRENGTH["atom"])

    def items(self, column: Column, which: str, of: Predicate) -> Piece:
        wanted: tuple[Scalar, ...] = ()
        match of:
            case Compare(op="eq", left=Field(), right=Literal(value=value)):
                wanted = (value,)
            case IsIn(values=values):
                wanted = values
        if which == "all" or not wanted or not all(isinstance(value, str) for value in wanted):
            what = (
                f"a condition on the items of column {column.name!r} other than texts that any of them equals"
            )
            self.cannot(what)
        texts = [self.text(str(value)) for value in wanted]
        if len(texts) == 1:
            return Text(f"array_has({column.sql}, {texts[0]})", STRENGTH["atom"])
        return Text(f"array_has_any({column.sql}, [{', '.join(texts)}])", STRENGTH["atom"])


def _in_one_unit(left: Column, right: Column) -> tuple[Column, Column]:
    """Return two columns of times or durations in the finer of their units: the coarser would be that of both."""
    units = [left.unit, right.unit]
    if units[0] == units[1] or not all(units):
        return left, right
    if "ns" in units:
        # What other columns hold, nanoseconds of 64 bits may not.
        return _counted(left), _counted(right)
    unit = max(units, key=list(_UNITS).index)
    name = f"Duration({_UNITS[unit]})"
    if hasattr(left.dtype, "time_zone"):
        zone = 'Some("UTC")' if left.dtype.time_zone else "None"
        name = f"Timestamp({_UNITS[unit]}, {zone})"
    return tuple(  # type: ignore[return-value]
        side if own == unit else replace(side, sql=f"arrow_cast({side.sql}, '{name}')")
        for side, own in zip((left, right), units, strict=True)
    )


def _counted(column: Column) -> Column:
    """Return a column of times or durations as a count of nanoseconds, of which there may be more than 64 bits hold."""
    counts = f"CAST(CAST({column.sql} AS BIGINT) AS DECIMAL(20, 0))"
    times = UNITS[column.unit]
    return replace(column, sql=counts if times == 1 else f"{counts} * {times}")


def _limits(column: Column) -> tuple[int, int] | None:
    """Return what a column of integers can hold, None where it is no such column."""
    import numpy as np

    if column.dtype is None or not column.dtype.is_integer():
        return None
    limits = np.iinfo(str(column.dtype).lower())
    return int(limits.min), int(limits.max)


def _is_whole(value: Scalar) -> bool:
    if isinstance(value, float):
        return value.is_integer() and abs(value) < SAFE_INTEGER
    return type(value) is int

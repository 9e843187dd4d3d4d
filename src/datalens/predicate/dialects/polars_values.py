"""Columns and values as Polars code: exact in all units of time, whatever type of number a column has."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate.compare import encodable, nanoseconds
from datalens.predicate.dialects.columns import Column, is_on_grid, on_grid
from datalens.predicate.dialects.layout import Inverted, Joined, Leaf, Listing, Piece, quote
from datalens.predicate.dialects.parts import Parts
from datalens.predicate.dialects.polars_helpers import HELPERS, MODULES
from datalens.predicate.dialects.written import python_time
from datalens.predicate.nodes import SYMBOLS
from datalens.predicate.operands import Arithmetic, Literal
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a decimal of Polars can hold.
_DIGITS = 38
_NANOSECONDS = 2**63
#: Powers of two up to here have a reciprocal with all its digits.
_EXPONENT = 1000


def is_pattern(name: str) -> bool:
    """Say whether Polars takes a name for several columns.

    Examples
    --------
    >>> is_pattern("*"), is_pattern("^a.*$"), is_pattern("a*")
    (True, True, False)
    """
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def has_reciprocal(divisor: float) -> bool:
    """Say whether multiplying with the reciprocal, as Polars does, is as exact as dividing by a number.

    Examples
    --------
    >>> has_reciprocal(0.25), has_reciprocal(3.0)
    (True, False)
    """
    if divisor == 0 or math.isinf(divisor):
        return True
    mantissa, exponent = math.frexp(divisor)
    return abs(mantissa) == 0.5 and abs(exponent) < _EXPONENT  # noqa: PLR2004


def folded(side: Arithmetic) -> Literal | None:
    """Return the zero that Polars leaves out of a sum or difference, though it makes 0.0 of -0.0.

    Examples
    --------
    >>> from datalens.predicate.operands import Field
    >>> folded(Arithmetic("add", Field("x"), Literal(0))), folded(Arithmetic("sub", Field("x"), Literal(0)))
    (Literal(value=0), None)
    """
    for part, sign in ((side.left, 1), (side.right, -1 if side.op == "sub" else 1)):
        if side.op in ("add", "sub") and isinstance(part, Literal) and part.value == 0:
            return part if math.copysign(1, part.value) == sign else None  # type: ignore[arg-type]
    return None


class Values(Parts):
    """Prints comparisons of one column with fixed values, shorter where its type is known."""

    @property
    def pl(self) -> str:
        """The name of Polars."""
        return self.module("pl", MODULES["pl"])

    def own(self, name: str) -> str:
        """Define one of the helpers, and return its name."""
        return self.helper(name, HELPERS, MODULES)

    def compare(self, column: Column, op: str, value: Scalar) -> Piece:
        """Compare a column with a value; what comes out may be null, but is never wrongly true."""
        match kind(value):
            case "boolean" if column.kind == "boolean":
                same = Leaf(column.code)
                return same if (op == "eq") == value else Inverted(same, "")
            case "boolean":
                return Leaf(f"{column.code}.{op}({value})")
            case "number":
                return self.number(column, op, value)
            case "text" if not encodable(str(value)):
                return _unheard(column, op)
            case "date" if column.kind == "datetime":
                return self.time(column, op, _midnight(value))
            case "date" if not column.kind and not _is_narrow(value):
                # As a date, it would overflow beside nanoseconds.
                code = f'{column.code}.cast({self.pl}.Datetime("us"))'
                return _test(code, op, self.scalar(_midnight(value)))
            case "datetime" | "instant" | "timedelta":
                return self.time(column, op, value)
        return _test(column.code, op, self.scalar(value))

    def number(self, column: Column, op: str, value: Scalar) -> Piece:
        """Compare with a number, which NaN would be greater than."""
        plain = _test(column.code, op, self.scalar(value))
        if op not in ("gt", "ge", "ne") or column.kind not in ("", "float"):
            return plain
        # Beside an integer the column may hold decimals, which have no NaN to ask for.
        is_float = column.kind or isinstance(value, float)
        floats = column.code if is_float else f"{column.code}.cast({self.pl}.Float64)"
        return Joined("&", [plain, Leaf(f"{floats}.is_not_nan()")])

    def time(self, column: Column, op: str, value: Scalar) -> Piece:
        """Compare exactly where units differ: operators round to the coarser unit, `is_in` doesn't."""
        if column.unit:
            return self.time_in_unit(column, op, value)
        same = Leaf(f"{column.code}.is_in([{self.scalar(value)}])")
        if op == "eq":
            return same
        if op == "ne":
            return Inverted(same, "")
        code = f'{column.code}.dt.convert_time_zone("UTC")' if kind(value) == "instant" else column.code
        coarse = nanoseconds(value) % 10**6 == 0
        if op in ("ge", "lt") and coarse:
            return _test(code, op, self.scalar(value))
        limit = self.fine(value) if _is_narrow(value) else self.scalar(value)
        # Beside milliseconds, what is finer is rounded down, but negative durations are rounded up.
        rounded_up = isinstance(value, dt.timedelta) and value < dt.timedelta(0)
        if coarse or op in (("ge", "lt") if rounded_up else ("gt", "le")):
            return _test(code, op, limit)
        other = {"ge": "gt", "gt": "ge", "le": "lt", "lt": "le"}[op]
        test = _test(code, other, limit)
        return Joined("|", [test, same]) if op in ("ge", "le") else Joined("&", [test, Inverted(same, "")])

    def time_in_unit(self, column: Column, op: str, value: Scalar) -> Piece:
        """Compare with what the column's own unit can say."""
        found = on_grid(op, value, column)
        if isinstance(found, bool):
            return Leaf(f"{column.code}.is_not_null()" if found else f"{self.pl}.lit(False)")
        op, value = found
        shown = self.fine(value) if column.unit == "ns" else self.scalar(value)
        return _test(in_utc(column), op, shown)

    def fine(self, value: Scalar) -> str:
        """Return a time in nanoseconds, so that a column in nanoseconds isn't rounded."""
        unit = {
            "timedelta": 'Duration("ns")',
            "datetime": 'Datetime("ns")',
            "instant": 'Datetime("ns", "UTC")',
        }
        return f"{self.pl}.lit({self.scalar(value)}, {self.pl}.{unit[kind(value)]})"

    def between(self, column: Column, low: Scalar, high: Scalar) -> Piece:
        """Compare a column with two bounds, both included."""
        if kind(low) == "date" and column.kind == "datetime":
            low, high = _midnight(low), _midnight(high)
        bounds = [self.scalar(value) for value in (low, high) if encodable(str(value))]
        word = kind(low)
        if len(bounds) < 2 or not _in_one_type(column, word, low, high):  # noqa: PLR2004
            return Joined("&", [self.compare(column, "ge", low), self.compare(column, "le", high)])
        if word == "text":  # a bare text would be a column's name
            bounds = [f"{self.pl}.lit({bound})" for bound in bounds]
        return Leaf(f"{in_utc(column)}.is_between({', '.join(bounds)})")

    def among(self, column: Column, values: Sequence[Scalar], *, key: bool = False) -> Piece:
        """Look a column up in a list.

        Parameters
        ----------
        column : Column
        values : sequence of scalars
        key : bool
            Whether these are rows' keys: then integers are those of a column of integers.
        """
        word = kind(values[0]) if values else "text"
        if column.kind in ("number", "decimal"):
            found = [value for value in values if is_on_grid(value, column)]
            if not found:
                return Leaf(f"{self.pl}.lit(False)")
            # Decimals are looked for among decimals, however large an integer is.
            own = Decimal if column.kind == "decimal" else int
            return Listing(f"{column.code}.is_in(", [self.scalar(own(value)) for value in found], ")")  # type: ignore[arg-type]
        if column.kind == "float" and values:
            return self.floats(column, [float(value) for value in values])  # type: ignore[arg-type]
        if word == "number" and not (key and _in_one_integer(values)):
            return self.any_of(column, values)
        if word == "date" and column.kind == "datetime":
            values = [_midnight(value) for value in values]
        elif word == "date" and not column.kind:
            return self.dates(column, values)
        listed = [self.scalar(value) for value in values if _is_possible(value)]
        return Listing(f"{column.code}.is_in(", listed, ")")

    def floats(self, column: Column, values: Sequence[float]) -> Piece:
        """Look floats up in the column's own precision."""
        listed = list(map(self.scalar, values))
        if all(column.rounded(value) == value for value in values):
            return Listing(f"{column.code}.is_in(", listed, ")")
        own = f"{self.pl}.List({self.pl}.{column.dtype})"
        return Listing(f"{column.code}.is_in({self.pl}.lit(", listed, f", {own}))")

    def any_of(self, column: Column, values: Sequence[Scalar]) -> Piece:
        """Look numbers up in a column of any type: `is_in` looks only among values of the very same."""
        if len(values) == 1:
            return self.compare(column, "eq", values[0])
        before = f"{self.pl}.any_horizontal({column.code} == value for value in "
        return Listing(before, list(map(self.scalar, values)), ")")

    def dates(self, column: Column, values: Sequence[Scalar]) -> Piece:
        """Look dates up in a column that may hold times: Polars looks for dates among dates only."""
        if len(values) == 1:
            return self.compare(column, "eq", values[0])
        day = f"{column.code}.dt.date()"
        found = Listing(f"{day}.is_in(", list(map(self.scalar, values)), ")")
        return Joined("&", [found, Leaf(f"{column.code} == {day}", loose=True)])

    def scalar(self, value: Scalar) -> str:
        """Print a value."""
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, float) and math.isinf(value):
            return f'float("{value}")'
        if isinstance(value, Decimal):
            return self.decimal(value)
        if isinstance(value, (dt.date, dt.timedelta)):
            return python_time(self, value)
        return repr(value)

    def decimal(self, value: Decimal) -> str:
        """Print a decimal that Polars can hold."""
        _, digits, exponent = value.as_tuple()
        scale = max(0, -int(exponent))
        if max(len(digits) + max(0, int(exponent)), scale) > _DIGITS:
            msg = (
                f"The decimal {value} has more than {_DIGITS} digits, which Polars can't hold: give a shorter one, or "
                "copy the rows as keys."
            )
            raise NotExpressibleError(msg)
        return f'{self.module("Decimal", "from decimal import Decimal")}("{value}")'


def in_utc(column: Column) -> str:
    """Return a column's code, moments in UTC: Polars compares none of two zones."""
    return f'{column.code}.dt.convert_time_zone("UTC")' if column.zone not in (None, "UTC") else column.code


def _test(code: str, op: str, shown: str) -> Leaf:
    return Leaf(f"{code} {SYMBOLS[op]} {shown}", loose=True)


def _midnight(day: Scalar) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())  # type: ignore[arg-type]


def _in_one_type(column: Column, word: str, low: Scalar, high: Scalar) -> bool:
    """Say whether Polars brings two bounds and a column to one type without rounding any."""
    match word:
        case "number":
            # Beside a float, an integer is compared as one.
            return isinstance(low, float) == isinstance(high, float) or not (
                _is_large(low) or _is_large(high)
            )
        case "date":
            return column.kind == "date" or (not column.kind and _is_narrow(low) and _is_narrow(high))
        case "datetime" | "instant" | "timedelta":
            return column.unit == "us"
    return True


def _in_one_integer(values: Sequence[Scalar]) -> bool:
    """Say whether numbers are integers, of which one type of 64 bits holds those that a column can have."""
    possible = [value for value in values if type(value) is int and _is_possible(value)]
    whole = all(type(value) is int for value in values)
    return whole and not (possible and min(possible) < 0 and max(possible) >= 2**63)


def _unheard(column: Column, op: str) -> Piece:
    """Compare with a text of half characters (lone surrogates), which Polars can't hold: nothing equals it."""
    if op == "eq":
        return Leaf(f"{column.code}.is_in([])")
    if op == "ne":
        return Leaf(f"{column.code}.is_not_null()")
    msg = f"Polars can't compare column {column.name!r} with a text that is no valid Unicode (a lone surrogate): copy the rows as keys."
    raise NotExpressibleError(msg)


def _is_large(value: Scalar) -> bool:
    """Say whether floats can't tell an integer, or a whole number, from its neighbours."""
    return isinstance(value, (int, float)) and float(value).is_integer() and abs(value) >= SAFE_INTEGER


def _is_possible(value: Scalar) -> bool:
    """Say whether a column of Polars can hold a value."""
    if isinstance(value, str):
        return encodable(value)
    return not isinstance(value, int) or -(2**63) <= value < 2**64


def _is_narrow(value: Scalar) -> bool:
    """Say whether a time can be counted in nanoseconds."""
    return -_NANOSECONDS < nanoseconds(value) < _NANOSECONDS

"""Columns and values as Polars code: exact in all units of time, whatever type of number a column has."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate.compare import encodable, nanoseconds
from datalens.predicate.dialects.layout import Inverted, Joined, Leaf, Listing, Piece, quote
from datalens.predicate.dialects.statements import Statements, python_time
from datalens.predicate.nodes import SYMBOLS
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAN_NOTE = "# Polars holds NaN to be greater than infinity."
#: What a decimal of Polars can hold.
_DIGITS = 38
_NANOSECONDS = 2**63
#: Powers of two up to here have a reciprocal with all its digits.
_EXPONENT = 1000

INSIDE = '''\
def {name}(x, y, polygon):
    """Say which points lie in the polygon (even-odd rule)."""
    x, y = x.cast({pl}.Float64).to_numpy(), y.cast({pl}.Float64).to_numpy()
    (x0, y0), (x1, y1) = {np}.min(polygon, axis=0), {np}.max(polygon, axis=0)
    mask = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    x, y = x[mask], y[mask]
    odd = {np}.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if y1 != y2:
            crossing = (x2 - x1) * (y - y1) / (y2 - y1) + x1
            odd ^= ((y < y1) != (y < y2)) & (x < crossing)
    mask[mask] = odd
    return {pl}.Series(mask)'''

LENGTH = '''\
def {name}(values):
    """Count the characters of texts, the items of lists."""
    if values.dtype.is_nested():
        return values.cast({pl}.List).list.len()
    return values.cast({pl}.String).str.len_chars()'''

MISSING = '''\
def {name}(values):
    """Say which values are null or NaN."""
    if values.dtype.is_float():
        return values.is_null() | values.is_nan().fill_null(False)
    return values.is_null()'''

PRODUCT = '''\
def {name}(vectors, weights{cosine}):
    """Multiply vectors with weights; null where that is no finite number."""
    vectors = vectors.cast({pl}.List({pl}.Float64))
    fits = (vectors.list.len() == len(weights)).fill_null(False)
    matrix = {np}.full((len(vectors), len(weights)), {np}.nan)
    matrix[fits.to_numpy()] = vectors.filter(fits).explode().to_numpy().reshape(-1, len(weights))
    with {np}.errstate(all="ignore"):
        products = matrix @ {np}.array(weights){divide}
    products[~{np}.isfinite(products)] = {np}.nan
    return {pl}.Series(products, nan_to_null=True)'''


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


class Values(Statements):
    """Prints comparisons of one column with fixed values."""

    @property
    def pl(self) -> str:
        """The name of Polars."""
        return self.module("pl", "import polars as pl")

    def compare(self, column: str, op: str, value: Scalar) -> Piece:
        """Compare a column's code with a value; what comes out may be null, but is never wrongly true."""
        symbol = SYMBOLS[op]
        match kind(value):
            case "boolean":
                return Leaf(f"{column}.{op}({value})")
            case "number":
                return self.number(column, op, value)
            case "text" if not encodable(str(value)):
                return _unheard(column, op)
            case "date" if not _is_narrow(value):
                # As a date, it would overflow beside nanoseconds.
                value = dt.datetime.combine(value, dt.time())  # type: ignore[arg-type]
            case "datetime" | "instant" | "timedelta":
                return self.time(column, op, value)
        return Leaf(f"{column} {symbol} {self.scalar(value)}", loose=True)

    def number(self, column: str, op: str, value: Scalar) -> Piece:
        """Compare with a number, which NaN would be greater than."""
        shown = self.scalar(value)
        plain = Leaf(f"{column} {SYMBOLS[op]} {shown}", loose=True)
        if op not in ("gt", "ge", "ne"):
            return plain
        if isinstance(value, float):
            return Leaf(f"{column}.fill_nan(None) {SYMBOLS[op]} {shown}", loose=True)
        # An integer is compared with decimals too, which have no fill_nan().
        self.note(_NAN_NOTE)
        return Joined("&", [plain, Leaf(f'{column} <= float("inf")', loose=True)])

    def time(self, column: str, op: str, value: Scalar) -> Piece:
        """Compare exactly where units differ: operators round to the coarser unit, `is_in` doesn't."""
        same = Leaf(f"{column}.is_in([{self.scalar(value)}])")
        if op == "eq":
            return same
        if op == "ne":
            return Inverted(same, "")
        if kind(value) == "instant":
            column = f'{column}.dt.convert_time_zone("UTC")'
        coarse = nanoseconds(value) % 10**6 == 0
        if op in ("ge", "lt") and coarse:
            return Leaf(f"{column} {SYMBOLS[op]} {self.scalar(value)}", loose=True)
        limit = self.fine(value) if _is_narrow(value) else self.scalar(value)
        # Beside milliseconds, what is finer is rounded down, but negative durations are rounded up.
        rounded_up = isinstance(value, dt.timedelta) and value < dt.timedelta(0)
        if coarse or op in (("ge", "lt") if rounded_up else ("gt", "le")):
            return Leaf(f"{column} {SYMBOLS[op]} {limit}", loose=True)
        other = {"ge": "gt", "gt": "ge", "le": "lt", "lt": "le"}[op]
        test = Leaf(f"{column} {SYMBOLS[other]} {limit}", loose=True)
        return Joined("|", [test, same]) if op in ("ge", "le") else Joined("&", [test, Inverted(same, "")])

    def fine(self, value: Scalar) -> str:
        """Return a time in nanoseconds, so that a column in nanoseconds isn't rounded."""
        unit = {
            "timedelta": 'Duration("ns")',
            "datetime": 'Datetime("ns")',
            "instant": 'Datetime("ns", "UTC")',
        }
        return f"{self.pl}.lit({self.scalar(value)}, {self.pl}.{unit[kind(value)]})"

    def between(self, column: str, low: Scalar, high: Scalar) -> Piece:
        """Compare a column's code with two bounds, both included."""
        bounds = [self.scalar(value) for value in (low, high) if encodable(str(value))]
        word = kind(low)
        wide = word in ("datetime", "instant", "timedelta") or (
            word == "date" and not (_is_narrow(low) and _is_narrow(high))
        )
        if wide or len(bounds) < 2:  # noqa: PLR2004
            return Joined("&", [self.compare(column, "ge", low), self.compare(column, "le", high)])
        if word == "text":  # a bare text would be a column's name
            bounds = [f"{self.pl}.lit({bound})" for bound in bounds]
        return Leaf(f"{column}.is_between({', '.join(bounds)})")

    def among(self, column: str, values: Sequence[Scalar], *, key: bool = False) -> Piece:
        """Look a column's code up in a list.

        Parameters
        ----------
        column : str
        values : sequence of scalars
        key : bool
            Whether these are rows' keys: then integers are those of a column of integers.
        """
        word = kind(values[0]) if values else "text"
        if word == "number" and not (key and all(type(value) is int for value in values)):
            return self.numbers(column, values)
        if word == "date" and len(values) == 1:
            return self.compare(column, "eq", values[0])
        listed = [self.scalar(value) for value in values if _is_possible(value)]
        if word == "date":
            # Polars looks for dates among dates only, and the column may hold times.
            day = f"{column}.dt.date()"
            return Joined(
                "&", [Listing(f"{day}.is_in(", listed, ")"), Leaf(f"{column} == {day}", loose=True)]
            )
        return Listing(f"{column}.is_in(", listed, ")")

    def numbers(self, column: str, values: Sequence[Scalar]) -> Piece:
        """Look numbers up as floats: Polars looks only among values of the column's very type."""
        large = [value for value in values if _is_large(value)]
        if large and all(type(value) is int for value in values):
            # Only a column of integers tells these apart.
            return Listing(f"{column}.is_in(", [str(value) for value in values if _is_possible(value)], ")")
        small = [self.scalar(float(value)) for value in values if not _is_large(value)]  # type: ignore[arg-type]
        found: Piece = Listing(f"{column}.cast({self.pl}.Float64).is_in(", small, ")")
        if not large:
            return found
        return Joined("|", [found, *(self.compare(column, "eq", value) for value in large)])

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
        return f'{self.imported("Decimal", "decimal")}("{value}")'


def _unheard(column: str, op: str) -> Piece:
    """Compare with a text of half characters (lone surrogates), which Polars can't hold: nothing equals it."""
    if op == "eq":
        return Leaf(f"{column}.is_in([])")
    if op == "ne":
        return Leaf(f"{column}.is_not_null()")
    msg = f"Polars can't compare {column} with a text that is no valid Unicode (a lone surrogate): copy the rows as keys."
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

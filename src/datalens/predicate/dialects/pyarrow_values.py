"""Columns and values as expressions of pyarrow: exact for whatever type of number or unit of time a column has."""

from __future__ import annotations

import datetime as dt
import math
import struct
from decimal import Decimal
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate.chains import LONGEST, groups
from datalens.predicate.compare import encodable
from datalens.predicate.dialects.columns import Column, is_on_grid, on_grid
from datalens.predicate.dialects.layout import Call, Inverted, Joined, Leaf, Listing, Piece, chained, quote
from datalens.predicate.dialects.parts import Parts
from datalens.predicate.dialects.written import python_time
from datalens.predicate.nodes import SYMBOLS
from datalens.predicate.precision import rounded
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

MODULES = {"pc": "import pyarrow.compute as pc", "pa": "import pyarrow as pa"}
_SINGLE_NOTE = "# isin() compares in the column's own precision, which may be 32 bits."
#: Longer lists are joined in a loop.
_MANY = 10
#: Arrow refuses to compare floats of 32 bits with larger integers.
_SINGLE_INTEGER = 2**24


class Values(Parts):
    """Prints comparisons of one column with fixed values, exact or (where its type is not known) perhaps refused."""

    @property
    def pc(self) -> str:
        """The name of `pyarrow.compute`."""
        return self.module("pc", MODULES["pc"])

    @property
    def pa(self) -> str:
        """The name of pyarrow."""
        return self.module("pa", MODULES["pa"])

    def compare(self, column: Column, op: str, value: Scalar) -> Piece:
        """Compare a column with a value; what comes out may be null."""
        if isinstance(value, str) and not encodable(value):
            if op in ("eq", "ne"):
                return self.nothing() if op == "eq" else Leaf(f"{column.code}.is_valid()")
            msg = (
                f"pyarrow can't compare column {column.name!r} with a text that is no valid Unicode: copy the rows "
                "as keys."
            )
            raise NotExpressibleError(msg)
        if column.kind == "float":
            return self.real(column, op, value)  # type: ignore[arg-type]
        if column.kind in ("number", "decimal") or column.unit:
            return self.on_grid(column, op, _midnight(value) if kind(value) == "date" else value)
        if column.kind == "boolean":
            same = Leaf(column.code)
            return same if (op == "eq") == value else Inverted(same, "")
        if kind(value) == "number":
            return self.number(column.code, op, value)  # type: ignore[arg-type]
        return _test(
            self.moment(column.code) if kind(value) == "instant" else column.code, op, self.scalar(value)
        )

    def nothing(self) -> Leaf:
        """Return what matches no row."""
        return Leaf(f"{self.pc}.scalar(False)")

    def real(self, column: Column, op: str, value: float) -> Piece:
        """Compare a column of floats, in its own precision."""
        code, nearest = column.code, column.rounded(value)
        if column.is_called("Float16"):
            code, shown = as_double(code), self.scalar(float(nearest))
        elif nearest != value and not math.isinf(nearest):
            shown = f"{self.pa}.scalar({float(value)!r}, {self.pa}.float32())"
        else:
            shown = self.scalar(nearest if abs(nearest) < _SINGLE_INTEGER else float(nearest))
        test = _test(code, op, shown)
        return Joined("&", [test, Inverted(Leaf(f"{self.pc}.is_nan({code})"), "")]) if op == "ne" else test

    def on_grid(self, column: Column, op: str, value: Scalar) -> Piece:
        """Compare with what the column's own type can say: Arrow would have to bring the column to the literal's."""
        if isinstance(value, float) and SAFE_INTEGER <= abs(value) < math.inf:
            # Where integers are rounded to floats.
            return _test(as_double(column.code), op, self.scalar(value))
        found = on_grid(op, value, column)
        if isinstance(found, bool):
            return Leaf(f"{column.code}.is_valid()") if found else self.nothing()
        op, value = found
        return _test(self.in_utc(column), op, self.own(column, value))

    def own(self, column: Column, value: Scalar) -> str:
        """Print a value of a column's type."""
        if column.is_called("UInt64"):
            return f"{self.pa}.scalar({value}, {self.pa}.uint64())"
        return self.scalar(Decimal(value) if column.kind == "decimal" else value)  # type: ignore[arg-type]

    def number(self, code: str, op: str, value: float) -> Piece:
        """Compare a column of any type of number."""
        if type(value) is int and not -(2**63) <= value < 2**64:
            msg = (
                f"How {code} compares with {value}, which has more than 64 bits, pyarrow code can say only where it knows the "
                "column's type: give code(..., schema=) the table, or copy the rows as keys."
            )
            raise NotExpressibleError(msg)
        if isinstance(value, float) and rounded(value, 16) == value:
            # Exact in every precision. Arrow itself brings no integers beyond 2**24 to floats.
            code = as_double(code)
        plain = _test(code, op, self.scalar(value))
        nan = Leaf(f"{self.pc}.is_nan({code})")
        value = as_arrow_holds(value)
        nearest = single(value)
        if nearest != value:
            # Where a column has 32 bits, the number is compared as rounded to them.
            same: Piece = Leaf(f"{code}.isin([{self.scalar(value)}])")
            if not nearest:
                # Rounded to zero, of which it would find one alone.
                size = Leaf(f"{self.pc}.abs({code}).isin([{self.scalar(abs(value))}])")
                same = Joined("&", [size, Leaf(f"{code} {'>=' if value > 0 else '<='} 0", loose=True)])
            if op == "eq" or (op in ("gt", "lt") and (nearest > value) == (op == "gt")):
                self.note(_SINGLE_NOTE)
                return same if op == "eq" else Joined("&", [plain, Inverted(same, "")])
            if op == "ne" or (op in ("ge", "le") and (nearest > value) == (op == "le")):
                self.note(_SINGLE_NOTE)
                return Inverted(Joined("|", [nan, same]), "") if op == "ne" else Joined("|", [plain, same])
        return Joined("&", [plain, Inverted(nan, "")]) if op == "ne" else plain

    def among(self, column: Column, values: Sequence[Scalar], *, key: bool = False) -> Piece:
        """Look a column up in a list.

        Parameters
        ----------
        column : Column
        values : sequence of scalars
        key : bool
            Whether these are rows' keys: then integers are those of a column of integers.
        """
        values = [value for value in values if not isinstance(value, str) or encodable(value)]
        on_grid = column.kind in ("number", "decimal") or column.unit
        if on_grid:
            values = [_midnight(value) if kind(value) == "date" else value for value in values]
            values = [value for value in values if is_on_grid(value, column)]
        if not values:
            return self.nothing()
        if column.kind == "float":
            return self.floats(column, values)  # type: ignore[arg-type]
        if column.kind == "decimal":
            values = [Decimal(value) for value in values]  # type: ignore[arg-type]
        whole = [value for value in values if type(value) is int]
        if not on_grid and kind(values[0]) == "number" and not (key and len(whole) == len(values)):
            return self.numbers(column.code, values)  # type: ignore[arg-type]
        if len(whole) == len(values):
            return self.integers(column, whole)
        code = column.code
        if kind(values[0]) == "instant" and not on_grid:
            code = self.moment(code)
        return Listing(f"{code}.isin(", list(map(self.scalar, values)), ")")

    def integers(self, column: Column, values: Sequence[int]) -> Piece:
        """Look integers up: those beyond 2**63, or in a column of such, in a list of their type."""
        limit = 0 if column.is_called("UInt64") else 2**63
        small = [str(value) for value in values if -(2**63) <= value < limit]
        large = [str(value) for value in values if limit <= value < 2**64]
        found: list[Piece] = [Listing(f"{column.code}.isin(", small, ")")] if small else []
        if large:
            after = f", {self.pa}.uint64()))"
            found.append(Listing(f"{column.code}.isin({self.pa}.array(", large, after))
        return split("|", found, self.pc) if len(found) > 1 else found[0] if found else self.nothing()

    def floats(self, column: Column, values: Sequence[float]) -> Piece:
        """Look floats up, in the column's own precision; 0 isn't -0.0 to Arrow."""
        # What the column's precision rounds to zero is looked for as both zeros, too.
        wanted = [float(value) if column.rounded(value) else 0.0 for value in values]
        code = column.code
        if column.is_called("Float16"):
            code, wanted = as_double(code), [float(column.rounded(value)) for value in wanted]
        return Listing(f"{code}.isin(", self.with_zeros(wanted), ")")

    def with_zeros(self, values: Sequence[float]) -> list[str]:
        """Print floats, and beside zero its negative."""
        return [shown for value in values for shown in ([self.scalar(value)] if value else ["0.0", "-0.0"])]

    def numbers(self, code: str, values: Sequence[float]) -> Piece:
        """Look numbers up in a column of any type: a list of integers would make integers of floats."""
        if all(isinstance(value, int) for value in values):
            if len(values) > _MANY:
                reduce = self.module("reduce", "from functools import reduce")
                or_ = self.module("or_", "from operator import or_")
                shown = list(map(self.scalar, values))
                return Listing(f"{reduce}({or_}, ({code} == number for number in ", shown, "))")
            tests = [self.number(code, "eq", value) for value in values]
            return split("|", tests, self.pc) if len(tests) > 1 else tests[0]
        exact = [float(value) for value in values if rounded(value, 16) == value]
        found: list[Piece] = []
        if exact:
            found.append(Listing(f"{as_double(code)}.isin(", self.with_zeros(exact), ")"))
        found += [self.number(code, "eq", value) for value in values if rounded(value, 16) != value]
        return Joined("|", found) if len(found) > 1 else found[0]

    def moment(self, code: str) -> str:
        """Bring a column to UTC: Arrow compares no times of different zones and units."""
        return f'{code}.cast({self.pa}.timestamp("us", "UTC"))'

    def in_utc(self, column: Column) -> str:
        """Return a column's code, moments in UTC."""
        if column.zone in (None, "UTC"):
            return column.code
        return f'{column.code}.cast({self.pa}.timestamp("{column.unit}", "UTC"))'

    def scalar(self, value: Scalar) -> str:
        """Print a value."""
        if isinstance(value, str):
            return quote(value)
        if type(value) is int:
            if 2**63 <= value < 2**64:
                return f"{self.pa}.scalar({value}, {self.pa}.uint64())"
            return repr(as_arrow_holds(value))
        if isinstance(value, float) and math.isinf(value):
            return f'float("{value}")'
        if isinstance(value, Decimal):
            return f'{self.module("Decimal", "from decimal import Decimal")}("{value}")'
        if isinstance(value, (dt.date, dt.timedelta)):
            return python_time(self, value)
        return repr(value)


def split(sign: str, pieces: Sequence[Piece], pc: str) -> Piece:
    """Join conditions, of which Arrow makes one chain, whatever stands in brackets: it crashes where that is long.

    Examples
    --------
    >>> from datalens.predicate.dialects.layout import flat
    >>> flat(split("|", [Leaf("a")] * 2000, "pc"))[:30]
    'pc.coalesce(a | a | a | a | a '
    """
    if len(pieces) <= LONGEST:
        return chained(sign, pieces)
    parted = [split(sign, group, pc) for group in groups(pieces)]
    return Joined(sign, [Call(f"{pc}.coalesce(", piece, ")", "False") for piece in parted])


def as_double(code: str) -> str:
    """Bring a column to 64-bit floats: to what Arrow holds to be exact alone, it would refuse to."""
    return f'{code}.cast("double", safe=False)'


def as_arrow_holds(value: float) -> float:
    """Return an integer beyond 64 bits as a float, which compares alike with all that Arrow's columns hold.

    Examples
    --------
    >>> as_arrow_holds(3), as_arrow_holds(2**70)
    (3, 1.1805916207174113e+21)
    """
    return value if -(2**63) <= value < 2**64 else float(value)


def single(value: float) -> float:
    """Return the nearest float of 32 bits; integers as they are.

    Examples
    --------
    >>> single(0.5), single(0.1), single(3)
    (0.5, 0.10000000149011612, 3)
    """
    if isinstance(value, int) or math.isinf(value):
        return value
    try:
        nearest: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return nearest


def _midnight(day: Scalar) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())  # type: ignore[arg-type]


def _test(code: str, op: str, shown: str) -> Leaf:
    return Leaf(f"{code} {SYMBOLS[op]} {shown}", loose=True)

"""Predicates as an expression of pyarrow, for `table.filter(...)` and for `dataset.to_table(filter=...)`.

Types are not known while printing. Where Arrow would have to round a column to compare it (integers beyond 2**53 with
floats), it raises an error of its own; it never selects other rows.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
from decimal import Decimal
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate.compare import encodable
from datalens.predicate.dialects.layout import (
    Call,
    Inverted,
    Joined,
    Leaf,
    Listing,
    Piece,
    flat,
    lines,
    quote,
)
from datalens.predicate.dialects.statements import Statements, python_time, raw
from datalens.predicate.nodes import (
    SYMBOLS,
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Items,
    Keys,
    Linear,
    Matches,
    Member,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.operands import Arithmetic, Field, Length, Literal, Operand
from datalens.predicate.regex import emit
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate

_INSIDE = '''\
def {name}(x, y, polygon):
    """Say which points lie in the polygon (even-odd rule)."""
    x, y = x.cast("double", safe=False), y.cast("double", safe=False)
    xs, ys = zip(*polygon)
    box = (x >= min(xs)) & (x <= max(xs)) & (y >= min(ys)) & (y <= max(ys))
    odd = {pc}.scalar(False)
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if y1 != y2:
            crossing = {pc}.divide((y - y1) * (x2 - x1), y2 - y1) + x1
            odd = {pc}.xor(odd, {pc}.xor(y < y1, y < y2) & (x < crossing))
    return box & odd'''

_SINGLE_NOTE = "# isin() compares in the column's own precision, which may be 32 bits."
_LENGTH_NOTE = "# For a column of lists it is pc.list_value_length(pc.field(...))."


def render(node: Predicate, *, frame: str, result: str) -> str:
    """Print a predicate as statements that end in `result = ...`, an expression of pyarrow.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Names in the printed code; an expression names no frame, but keeps its name free.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> print(render(~(col("n") > 3), frame="table", result="selected"))
    import pyarrow.compute as pc
    <BLANKLINE>
    selected = ~pc.coalesce(pc.field("n") > 3, False)
    """
    printer = _Printer(frame.partition(".")[0], result)
    return printer.assemble("\n".join(lines(printer.piece(node), "", f"{result} = ")))


class _Printer(Statements):
    """Prints the tree. A column is the path to it: its name, and those of the fields of structs."""

    @property
    def pc(self) -> str:
        return self.module("pc", "import pyarrow.compute as pc")

    @property
    def pa(self) -> str:
        return self.module("pa", "import pyarrow as pa")

    def column(self, path: Sequence[str]) -> str:
        return f"{self.pc}.field({', '.join(map(quote, path))})"

    def piece(self, node: Predicate) -> Piece:
        match node:
            case And(of=parts) | Or(of=parts):
                sign = "&" if isinstance(node, And) else "|"
                pieces = [self.piece(part) for part in parts]
                flattened = [p.parts if isinstance(p, Joined) and p.sign == sign else [p] for p in pieces]
                return Joined(sign, [piece for group in flattened for piece in group])
            case Not(of=part):
                piece = self.piece(part)
                return Inverted(
                    Call(f"{self.pc}.coalesce(", piece, ")", "False") if _may_be_null(part) else piece, ""
                )
            case Everything():
                return Leaf(f"{self.pc}.scalar(True)")
            case Compare(left=Field(name=name)) if not node.is_computed and isinstance(node.right, Field):
                return self.pair(node, name, node.right.name)
            case Inside():
                inside = self.helper("inside", _INSIDE, pc=self.pc)
                lasso = self.listing("lasso", node.polygon, [f"({x!r}, {y!r})" for x, y in node.polygon])
                return Leaf(f"{inside}({self.column([node.x])}, {self.column([node.y])}, {lasso})")
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                return self.among(self.column(identity.columns), values)
            case Keys() | Linear():
                what = (
                    "A product of vectors" if isinstance(node, Linear) else "Rows named by content or number"
                )
                msg = f"{what} can't be said in an expression of pyarrow: copy the rows as keys, or the code as pandas."
                raise NotExpressibleError(msg)
        return self.leaf(node, ())

    def pair(self, node: Compare, left: str, right: str) -> Piece:
        a, b = self.column([left]), self.column([right])
        test = Leaf(f"{a} {SYMBOLS[node.op]} {b}", loose=True)
        if node.op != "ne":
            return test
        self.note("# NaN doesn't equal itself, and matches no comparison.")
        selves = [Leaf(f"{side} == {side}", loose=True) for side in dict.fromkeys((a, b))]
        return Joined("&", [*selves, test])

    def leaf(self, node: Predicate, within: tuple[str, ...]) -> Piece:
        """Print a condition on a column, or on the field at a path."""

        def at(name: str) -> str:
            return self.column(within or [name])

        match node:
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self.compare(at(name), op, value)
            case Compare(op=op, left=left, right=right) if node.is_computed:
                return self.computed(op, left, right, within)
            case Between(column=name, low=low, high=high):
                return Joined("&", [self.compare(at(name), "ge", low), self.compare(at(name), "le", high)])
            case IsIn(column=name, values=values):
                return self.among(at(name), values)
            case IsNull(column=name):
                return Leaf(f"{at(name)}.is_null(nan_is_null=True)")
            case Contains(value=value) | StartsWith(value=value) if not encodable(value):
                return Leaf(f"{self.pc}.scalar(False)")
            case Contains(column=name, value=value):
                return Leaf(f"{self.pc}.match_substring({self.text(at(name))}, {quote(value)})")
            case StartsWith(column=name, value=value):
                return Leaf(f"{self.pc}.starts_with({self.text(at(name))}, {quote(value)})")
            case Matches(column=name, pattern=pattern):
                return Leaf(
                    f"{self.pc}.match_substring_regex({self.text(at(name))}, {raw(emit(pattern, 're2'))})"
                )
            case Member(column=name, name=member, of=part):
                return self.leaf(part, (*(within or (name,)), member))
            case Items(column=name):
                msg = (
                    f"What is asked of the items of {name!r} can't be said in an expression of pyarrow: copy the rows "
                    "as keys, or the code as Polars."
                )
                raise NotExpressibleError(msg)
        msg = f"An expression of pyarrow can't say {type(node).__name__}: copy the rows as keys."
        raise NotExpressibleError(msg)

    def text(self, column: str) -> str:
        """Return a text column's code; categories have no functions for texts."""
        return f'{column}.cast("large_string")'

    def compare(self, column: str, op: str, value: Scalar) -> Piece:
        if isinstance(value, str) and not encodable(value):
            if op in ("eq", "ne"):
                return Leaf(f"{self.pc}.scalar(False)" if op == "eq" else f"{column}.is_valid()")
            msg = (
                f"pyarrow can't compare {column} with a text that is no valid Unicode: copy the rows as keys."
            )
            raise NotExpressibleError(msg)
        if kind(value) == "instant":
            column = self.moment(column)
        plain = Leaf(f"{column} {SYMBOLS[op]} {self.scalar(value)}", loose=True)
        if kind(value) != "number":
            return plain
        nan = Leaf(f"{self.pc}.is_nan({column})")
        value = as_arrow_holds(value)  # type: ignore[arg-type]
        nearest = single(value)
        if nearest != value:
            # Where a column has 32 bits, the number is compared as rounded to them.
            same = Leaf(f"{column}.isin([{self.scalar(value)}])")
            if op == "eq" or (op in ("gt", "lt") and (nearest > value) == (op == "gt")):
                self.note(_SINGLE_NOTE)
                return same if op == "eq" else Joined("&", [plain, Inverted(same, "")])
            if op == "ne" or (op in ("ge", "le") and (nearest > value) == (op == "le")):
                self.note(_SINGLE_NOTE)
                return Inverted(Joined("|", [nan, same]), "") if op == "ne" else Joined("|", [plain, same])
        return Joined("&", [plain, Inverted(nan, "")]) if op == "ne" else plain

    def among(self, column: str, values: Sequence[Scalar]) -> Piece:
        values = [value for value in values if not isinstance(value, str) or encodable(value)]
        if values and kind(values[0]) == "number":
            return self.numbers(column, values)  # type: ignore[arg-type]
        if not values:
            return Leaf(f"{self.pc}.scalar(False)")
        if kind(values[0]) == "instant":
            column = self.moment(column)
        return Listing(f"{column}.isin(", [self.scalar(value) for value in values], ")")

    def numbers(self, column: str, values: Sequence[float]) -> Piece:
        """Look numbers up: isin() rounds a list with fractions to the column's precision, and 0 isn't -0.0 to it."""
        if any(isinstance(value, float) or value == 0 for value in values) and not any(
            map(_is_large, values)
        ):
            floats = [self.scalar(float(value)) for value in values]
            listed = [
                shown for value in floats for shown in ((value, "-0.0") if value == "0.0" else (value,))
            ]
            return Listing(f'{column}.cast("double", safe=False).isin(', listed, ")")
        # Beside large integers a list stays one of integers, to which 0 is not -0.0 either.
        small = [
            value
            for value in values
            if value != 0 and (not isinstance(value, int) or -(2**63) <= value < 2**63)
        ]
        large = [str(value) for value in values if isinstance(value, int) and 2**63 <= value < 2**64]
        found: list[Piece] = [Listing(f"{column}.isin(", list(map(self.scalar, small)), ")")] if small else []
        if 0 in values:
            found.append(Leaf(f"{column} == 0", loose=True))
        if large:
            found.append(Listing(f"{column}.isin({self.pa}.array(", large, f", {self.pa}.uint64()))"))
        return (
            Joined("|", found) if len(found) > 1 else found[0] if found else Leaf(f"{self.pc}.scalar(False)")
        )

    def moment(self, column: str) -> str:
        """Bring a column to UTC: Arrow compares no times of different zones and units."""
        return f'{column}.cast({self.pa}.timestamp("us", "UTC"))'

    def computed(self, op: str, left: Operand, right: Operand, within: tuple[str, ...]) -> Piece:
        a, b = self.operand(left, within), self.operand(right, within)
        test = Joined(SYMBOLS[op], [a, b])
        if op != "ne":
            return test
        sides = [piece for side, piece in ((left, a), (right, b)) if isinstance(side, (Field, Arithmetic))]
        nans = [Inverted(Call(f"{self.pc}.is_nan(", piece, ")"), "") for piece in sides]
        return Joined("&", [test, *nans]) if nans else test

    def operand(self, side: Operand, within: tuple[str, ...], *, first: bool = False) -> Piece:
        """Print an operand; a number that stands first has to be an expression."""
        match side:
            case Literal(value=value):
                number = self.scalar(float(value))  # type: ignore[arg-type]
                return Leaf(f"{self.pc}.scalar({number})" if first else number)
            case Field(name=name):
                return Leaf(f'{self.column(within or [name])}.cast("double", safe=False)')
            case Length(name=name):
                self.note(_LENGTH_NOTE)
                text = self.text(self.column(within or [name]))
                return Leaf(f'{self.pc}.utf8_length({text}).cast("double")')
            case Arithmetic(op=op, left=left, right=right):
                a, b = self.operand(left, within, first=True), self.operand(right, within)
                if op == "div":  # the operator / raises an error where the divisor is zero
                    return Leaf(f"{self.pc}.divide({flat(a)}, {flat(b)})")
                return Joined(Arithmetic.signs[op], [a, b])

    def scalar(self, value: Scalar) -> str:
        if isinstance(value, str):
            return quote(value)
        if type(value) is int:
            if 2**63 <= value < 2**64:
                return f"{self.pa}.scalar({value}, {self.pa}.uint64())"
            return repr(as_arrow_holds(value))
        if isinstance(value, float) and math.isinf(value):
            return f'float("{value}")'
        if isinstance(value, Decimal):
            return f'{self.imported("Decimal", "decimal")}("{value}")'
        if isinstance(value, (dt.date, dt.timedelta)):
            return python_time(self, value)
        return repr(value)


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


def _is_large(value: float) -> bool:
    """Say whether floats can't tell an integer from its neighbours."""
    return isinstance(value, int) and abs(value) >= SAFE_INTEGER


def _may_be_null(node: Predicate) -> bool:
    match node:
        case And(of=parts) | Or(of=parts):
            return any(map(_may_be_null, parts))
        case Member(of=part):
            return _may_be_null(part)
        case Keys() | IsIn() | IsNull() | Everything() | Not():
            return False
    return True

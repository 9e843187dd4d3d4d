"""Predicates as pyarrow code: one `filter`, the same on tables and datasets.

Where no types are given and Arrow would have to round a column to compare it (integers beyond 2**53 with floats), it
raises an error of its own; it never selects other rows.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError, missing_column
from datalens.predicate.compare import encodable
from datalens.predicate.dialects.columns import Column, common_type, encoded_in, types_of
from datalens.predicate.dialects.layout import Call, Inverted, Joined, Leaf, Piece, flat, quote
from datalens.predicate.dialects.pyarrow_values import MODULES, Values, as_double, split
from datalens.predicate.dialects.written import ending, raw
from datalens.predicate.expression_types import UNITS
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
from datalens.predicate.polygon import box_sides
from datalens.predicate.regex import emit
from datalens.predicate.scalars import kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from datalens.predicate.base import Predicate

    #: From a column's name to how it is written.
    At = Callable[[str], Column]

_HELPERS = {
    "inside": '''\
def {inside}(x, y, polygon):
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
}
_LENGTH_NOTE = "# For a column of lists it is pc.list_value_length(pc.field(...))."
#: Digits of any integer of 64 bits.
_DIGITS = 20
#: Lengths are counted in 32 bits, or in 64.
_MAX_LENGTH = 2**31


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:
    """Print a predicate as statements that end in `result = frame.filter(...)`: a table of a table, as of a dataset.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Names in the printed code.
    schema : dataframe, lazy frame or pyarrow.Schema, optional
        Where the columns' types are read. With them the code is shorter, and Arrow refuses nothing.

    Returns
    -------
    str

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> print(render(~(col("n") > 3), frame="table", result="selected"))
    import pyarrow.compute as pc
    <BLANKLINE>
    selected = table.filter(~pc.coalesce(pc.field("n") > 3, False))
    >>> schema = pa.schema([("n", pa.int64())])
    >>> print(render(col("n") < 2.5, frame="table", result="selected", schema=schema))
    import pyarrow.compute as pc
    <BLANKLINE>
    selected = table.filter(pc.field("n") <= 2)
    """
    if isinstance(node, Everything):
        return f"{result} = {frame}"
    printer = _Printer([frame.partition(".")[0], result], schema)
    return printer.assemble(ending(f"{result} = {frame}.filter(", printer.piece(node), ")"))


class _Printer(Values):
    """Prints the tree.

    Parameters
    ----------
    taken : iterable of str
        Names of the caller's.
    schema : dataframe or pyarrow.Schema, optional
        Where the columns' types are read.
    """

    def __init__(self, taken: Iterable[str], schema: Any) -> None:
        super().__init__(taken)
        self.types = None if schema is None else types_of(schema)
        self.encoded = [] if schema is None else encoded_in(schema)

    def column(self, name: str) -> Column:
        if self.types is not None and name not in self.types:
            raise missing_column(name, self.types)
        column = Column(name, self.field([name]), (self.types or {}).get(name))
        # Of dictionaries Arrow's is_nan() knows nothing.
        is_encoded = name in self.encoded and column.kind == "float"
        return dataclasses.replace(column, code=as_double(column.code)) if is_encoded else column

    def field(self, path: Sequence[str]) -> str:
        """Return the code of a column, or of a field in structs, by the names that lead to it."""
        return f"{self.pc}.field({', '.join(map(quote, path))})"

    def piece(self, node: Predicate) -> Piece:
        match node:
            case And(of=parts) | Or(of=parts):
                sign = "&" if isinstance(node, And) else "|"
                return split(sign, [self.piece(part) for part in parts], self.pc)
            case Not(of=IsNull(column=name)) if self.column(name).kind not in ("", "float"):
                return Leaf(f"{self.column(name).code}.is_valid()")
            case Not(of=part):
                piece = self.piece(part)
                return Inverted(
                    Call(f"{self.pc}.coalesce(", piece, ")", "False") if self.may_be_null(part) else piece, ""
                )
            case Everything():
                return Leaf(f"{self.pc}.scalar(True)")
            case Compare(op=op, left=Field(name=left), right=Field(name=right)):
                return self.pair(op, self.column(left), self.column(right))
            case Inside() if node.is_box:
                sides = box_sides(node.x, node.y, node.polygon)
                tests = [
                    Joined(op, [self.operand(Field(x), self.column), Leaf(repr(v))]) for x, op, v in sides
                ]
                return Joined("&", tests)
            case Inside():
                inside = self.helper("inside", _HELPERS, MODULES)
                lasso = self.listing("lasso", node.polygon, [f"({x!r}, {y!r})" for x, y in node.polygon])
                return Leaf(f"{inside}({self.column(node.x).code}, {self.column(node.y).code}, {lasso})")
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                return self.among(self.column(identity.columns[0]), values, key=True)
            case Keys() | Linear():
                msg = (
                    "A product of vectors can't be said in an expression of pyarrow: copy the rows as keys, or the code "
                    "as pandas."
                    if isinstance(node, Linear)
                    else "Rows named by content or number can't be said in an expression of pyarrow, but in pandas code."
                )
                raise NotExpressibleError(msg)
        return self.leaf(node, self.column)

    def may_be_null(self, node: Predicate) -> bool:
        """Say whether what is printed for a condition may be null: what isin() says never is."""
        match node:
            case And(of=parts) | Or(of=parts):
                return any(map(self.may_be_null, parts))
            case Member(of=IsIn()):
                return True
            case Member(of=part):
                return self.may_be_null(part)
            case IsIn(column=name, values=values):
                return bool(values) and kind(values[0]) == "number" and not self.column(name).kind
            case Keys() | IsNull() | Everything() | Not():
                return False
        return True

    def pair(self, op: str, left: Column, right: Column) -> Piece:
        """Compare two columns, of which Arrow brings one to the other's type where that loses nothing."""
        sides, kinds = (left, right), {left.kind, right.kind}
        a, b = left.code, right.code
        if wide := common_type(left, right):
            a, b = (f"{side.code}.cast({self.pa}.{wide})".replace(", 0)", ")") for side in sides)
        elif kinds == {"float", "number"} or any(side.is_called("Float16") for side in sides):
            a, b = (side.code if side.is_called("Float64") else as_double(side.code) for side in sides)
        elif left.unit and right.unit and left.unit != right.unit:
            finer = min(UNITS[left.unit], UNITS[right.unit])
            self.note("# Counted in the finer unit, in which 64 bits may not be enough.")
            a, b = (self.counted(side, finer) for side in sides)
        elif left.zone != right.zone:
            a, b = map(self.in_utc, sides)
        test = Leaf(f"{a} {SYMBOLS[op]} {b}", loose=True)
        compared = [side for side in dict.fromkeys(sides) if side.kind in ("", "float")]
        shown = [as_double(c.code) if c.is_called("Float16") else c.code for c in compared]
        if op != "ne" or not compared:
            return test
        self.note("# NaN doesn't equal itself, and matches no comparison.")
        return Joined("&", [test, *(Leaf(f"{code} == {code}", loose=True) for code in shown)])

    def counted(self, column: Column, unit: int) -> str:
        """Count times in a unit of so many nanoseconds."""
        code = f'{column.code}.cast("int64").cast({self.pa}.decimal128({_DIGITS}))'
        times = UNITS[column.unit] // unit
        return (
            code
            if times == 1
            else f"{code} * {self.module('Decimal', 'from decimal import Decimal')}({times})"
        )

    def leaf(self, node: Predicate, at: At, path: tuple[str, ...] = ()) -> Piece:
        """Print a condition on a column, or on the field at a path."""
        match node:
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self.compare(at(name), op, value)
            case Compare(op=op, left=left, right=right) if node.is_computed:
                return self.computed(op, left, right, at)
            case Between(column=name, low=low, high=high):
                return Joined("&", [self.compare(at(name), "ge", low), self.compare(at(name), "le", high)])
            case IsIn(column=name, values=values):
                return self.among(at(name), values)
            case IsNull(column=name):
                nan = "nan_is_null=True" if at(name).kind in ("", "float") else ""
                return Leaf(f"{at(name).code}.is_null({nan})")
            case Contains(value=value) | StartsWith(value=value) if not encodable(value):
                return self.nothing()
            case Contains(column=name, value=value):
                return self.search("match_substring", at(name), quote(value))
            case StartsWith(column=name, value=value):
                return self.search("starts_with", at(name), quote(value))
            case Matches(column=name, pattern=pattern):
                return self.search("match_substring_regex", at(name), raw(emit(pattern, "re2")))
            case Member(column=name, name=member, of=part):
                inner = (*(path or (name,)), member)
                column = at(name).field(member, self.field(inner))
                return self.leaf(part, lambda _: column, inner)
            case Items(column=name):
                msg = (
                    f"What is asked of the items of {at(name).name!r} can't be said in an expression of pyarrow: copy the rows "
                    "as keys, or the code as Polars."
                )
                raise NotExpressibleError(msg)
        msg = f"An expression of pyarrow can't say {type(node).__name__}: copy the rows as keys."
        raise NotExpressibleError(msg)

    def search(self, function: str, column: Column, wanted: str) -> Piece:
        return Call(f"{self.pc}.{function}(", Leaf(self.text(column)), ")", wanted)

    def text(self, column: Column) -> str:
        """Return a text column's code; categories have no functions for texts."""
        return column.code if column.kind == "text" else f'{column.code}.cast("large_string")'

    def computed(self, op: str, left: Operand, right: Operand, at: At) -> Piece:
        """Compare what is computed, as floats."""
        match left, right:
            case Length(name=name), Literal(value=int() as value) if abs(value) < _MAX_LENGTH:
                return Joined(SYMBOLS[op], [Leaf(self.length(at(name))), Leaf(str(value))])
        a, b = self.operand(left, at), self.operand(right, at)
        test = Joined(SYMBOLS[op], [a, b])
        if op != "ne":
            return test
        sides = [piece for side, piece in ((left, a), (right, b)) if isinstance(side, (Field, Arithmetic))]
        nans = [Inverted(Call(f"{self.pc}.is_nan(", piece, ")"), "") for piece in sides]
        return Joined("&", [test, *nans]) if nans else test

    def operand(self, side: Operand, at: At, *, first: bool = False) -> Piece:
        """Print an operand; a number that stands first has to be an expression."""
        match side:
            case Literal(value=value):
                number = self.scalar(float(value))  # type: ignore[arg-type]
                return Leaf(f"{self.pc}.scalar({number})" if first else number)
            case Field(name=name):
                column = at(name)
                return Leaf(column.code if column.is_called("Float64") else as_double(column.code))
            case Length(name=name):
                return Leaf(f'{self.length(at(name))}.cast("double")')
            case Arithmetic(op=op, left=left, right=right):
                a, b = self.operand(left, at, first=True), self.operand(right, at)
                if op == "div":  # the operator / raises an error where the divisor is zero
                    return Leaf(f"{self.pc}.divide({flat(a)}, {flat(b)})")
                return Joined(Arithmetic.signs[op], [a, b])

    def length(self, column: Column) -> str:
        """Count characters, or items."""
        if column.is_called("List", "Array"):
            return f"{self.pc}.list_value_length({column.code})"
        if not column.kind:
            self.note(_LENGTH_NOTE)
        return f"{self.pc}.utf8_length({self.text(column)})"

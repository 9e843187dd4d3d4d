"""Predicates as Polars code: one `filter`, the same on eager and lazy frames.

Where no types are given, a number compared says that its column holds numbers, but a column compared with a column may
hold anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError, missing_column
from datalens.predicate.compare import encodable
from datalens.predicate.dialects.columns import Column, types_of
from datalens.predicate.dialects.layout import Call, Inverted, Joined, Leaf, Piece, chained, flat, quote
from datalens.predicate.dialects.polars_values import Values, folded, has_reciprocal, in_utc, is_pattern
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
from datalens.predicate.operands import Arithmetic, Field, Length, Literal, Operand, first_column
from datalens.predicate.polygon import box_sides
from datalens.predicate.regex import emit
from datalens.predicate.scalars import SAFE_INTEGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from datalens.predicate.base import Predicate

    #: From a column's name to how it is written.
    At = Callable[[str], Column]

#: The sides whose NaN would match, since Polars holds it to be the greatest number and equal to itself.
_GUARDED = {"gt": (0,), "ge": (0,), "eq": (0,), "lt": (1,), "le": (1,), "ne": (0, 1)}


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:
    """Print a predicate as Polars statements that end in `result = frame.filter(...)`.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Names in the printed code.
    schema : dataframe, lazy frame or pyarrow.Schema, optional
        Where the columns' types are read: what is printed is shorter then.

    Returns
    -------
    str

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datalens.predicate import col
    >>> node = (col("loss") < 3.2) & ~col("flag").is_null()
    >>> print(render(node, frame="df", result="selected"))
    import polars as pl
    import polars.selectors as cs
    <BLANKLINE>
    # Only columns of floats have NaN.
    selected = df.filter(
        (pl.col("loss") < 3.2)
        & ~pl.any_horizontal(pl.col("flag").is_null(), (cs.by_name("flag") & cs.float()).is_nan())
    )
    >>> schema = pa.schema([("loss", pa.float64()), ("flag", pa.bool_())])
    >>> print(render(node, frame="df", result="selected", schema=schema))
    import polars as pl
    <BLANKLINE>
    selected = df.filter((pl.col("loss") < 3.2) & pl.col("flag").is_not_null())
    """
    if isinstance(node, Everything):
        return f"{result} = {frame}"
    printer = _Printer([frame.partition(".")[0], result], None if schema is None else types_of(schema))
    condition = printer.piece(node)
    return printer.assemble(ending(f"{result} = {frame}.filter(", condition, ")"))


class _Printer(Values):
    """Prints the tree.

    Parameters
    ----------
    taken : iterable of str
        Names of the caller's.
    types : dict, optional
        From columns to their types.
    """

    def __init__(self, taken: Iterable[str], types: dict[str, Any] | None) -> None:
        super().__init__(taken)
        self.types = types

    def column(self, name: str) -> Column:
        if self.types is not None and name not in self.types:
            raise missing_column(name, self.types)
        code = f"{self.selectors}.by_name" if is_pattern(name) else f"{self.pl}.col"
        return Column(name, f"{code}({quote(name)})", (self.types or {}).get(name))

    @property
    def selectors(self) -> str:
        return self.module("cs", "import polars.selectors as cs")

    def piece(self, node: Predicate) -> Piece:
        match node:
            case And(of=parts):
                return chained("&", [self.piece(part) for part in parts])
            case Or(of=parts):
                return chained("|", [self.piece(part) for part in parts])
            case Not(of=IsNull(column=name)) if self.column(name).kind:
                column = self.column(name)
                there = Leaf(f"{column.code}.is_not_null()")
                if column.kind != "float":
                    return there
                return Joined("&", [there, Leaf(f"{column.code}.is_not_nan()")])
            case Not(of=part):
                piece = self.piece(part)
                if not _may_be_null(part):
                    return Inverted(piece, "")
                # A null would stay one, and filter() drops those.
                return Inverted(
                    Call("(", piece, ")") if isinstance(piece, Inverted) else piece, ".fill_null(False)"
                )
            case Everything():
                return Leaf(f"{self.pl}.lit(True)")
            case IsNull(column=name) if not self.column(name).kind:
                return self.missing(self.column(name))
            case Compare(op=op, left=Field(name=left), right=Field(name=right)):
                return self.pair(op, self.column(left), self.column(right))
            case Inside():
                return self.inside(node)
            case Keys():
                return self.keys(node)
            case Linear():
                return self.linear(node)
        return self.leaf(node, self.column)

    def missing(self, column: Column) -> Piece:
        """Say which values of a column of any type are null or NaN."""
        self.note("# Only columns of floats have NaN.")
        cs = self.selectors
        nan = f"({cs}.by_name({quote(column.name)}) & {cs}.float()).is_nan()"
        return Leaf(f"{self.pl}.any_horizontal({column.code}.is_null(), {nan})")

    def pair(self, op: str, left: Column, right: Column) -> Piece:
        """Compare two columns; NaN, which Polars holds to be the greatest number, matches nothing."""
        if not left.kind or not right.kind:
            exact = self.own("exact")
            function = f"lambda c: {exact}(c[0]) {SYMBOLS[op]} {exact}(c[1])"
            columns = Leaf(f"[{left.code}, {right.code}]")
            more = f"{function}, return_dtype={self.pl}.Boolean"
            return Call(f"{self.pl}.map_batches(", columns, ")", more)
        sides = (left, right)
        units = {_unit(side) for side in sides} - {0}
        if len(units) > 1:
            self.note("# Counted in the finer unit: Polars would round to the coarser one.")
            first, second = (self.counted(side, min(units)) for side in sides)
        elif left.zone != right.zone:
            first, second = map(in_utc, sides)
        elif left.dtype != right.dtype and any(side.kind.startswith("category ") for side in sides):
            first, second = (f"{side.code}.cast({self.pl}.String)" for side in sides)
        else:
            first, second = left.code, right.code
        compared = dict.fromkeys(sides[i] for i in _GUARDED[op])
        guards = [Leaf(f"{side.code}.is_not_nan()") for side in compared if side.kind == "float"]
        test = Leaf(f"{first} {SYMBOLS[op]} {second}", loose=True)
        return Joined("&", [test, *guards]) if guards else test

    def counted(self, column: Column, unit: int) -> str:
        """Count times in a unit of so many nanoseconds, in 128 bits since 64 end in the year 2262."""
        code = f"{column.code}.to_physical()"
        return code if _unit(column) == unit else f"{code}.cast({self.pl}.Int128) * {_unit(column) // unit}"

    def leaf(self, node: Predicate, at: At) -> Piece:
        """Print a condition on a column, an item or a field; `at` says how they are written."""
        match node:
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self.compare(at(name), op, value)
            case Compare(op=op, left=left, right=right) if node.is_computed:
                return self.computed(op, left, right, at)
            case Between(column=name, low=low, high=high):
                return self.between(at(name), low, high)
            case IsIn(column=name, values=values):
                return self.among(at(name), values)
            case IsNull(column=name):
                column = at(name)
                if not column.kind:
                    missing = self.own("missing")
                    return Leaf(f"{column.code}.map_batches({missing}, return_dtype={self.pl}.Boolean)")
                null = Leaf(f"{column.code}.is_null()")
                if column.kind != "float":
                    return null
                return Joined("|", [null, Leaf(f"{column.code}.is_nan()")])
            case Contains(column=name, value=value) | StartsWith(column=name, value=value):
                if not encodable(value):
                    return Leaf(f"{at(name).code}.is_in([])")
                shown = Leaf(quote(value))
                if isinstance(node, StartsWith):
                    return Call(f"{self.text(at(name))}.starts_with(", shown, ")")
                return Call(f"{self.text(at(name))}.contains(", shown, ")", "literal=True")
            case Matches(column=name, pattern=pattern):
                return Call(f"{self.text(at(name))}.contains(", Leaf(raw(emit(pattern, "rust"))), ")")
            case Items(column=name, which=which, of=part):
                return self.items(at(name), which, part)
            case Member(column=name, name=member, of=part):
                if is_pattern(member):
                    msg = (
                        f"Polars takes the field {member!r} of column {name!r} for a pattern: rename it, or copy the "
                        "rows as keys."
                    )
                    raise NotExpressibleError(msg)
                inner = at(name).field(member, f"{at(name).code}.struct.field({quote(member)})")
                return self.leaf(part, lambda _: inner)
        msg = f"Polars code can't express {type(node).__name__}: copy the rows as keys."
        raise NotExpressibleError(msg)

    def text(self, column: Column) -> str:
        """Return the functions for texts of a column; categories have none of their own."""
        return f"{column.code}.str" if column.kind == "text" else f"{column.code}.cast({self.pl}.String).str"

    def items(self, column: Column, which: str, part: Predicate) -> Piece:
        lists = f"{column.code}.arr" if column.is_called("Array") else f"{column.code}.list"
        match part:
            case Compare(op="eq", left=Field(), right=Literal(value=str(value))) if which == "any":
                if encodable(value):
                    return Leaf(f"{lists}.contains({quote(value)})")
        if column.is_called("Array"):
            lists = f"{lists}.to_list().list"
        element = column.item(f"{self.pl}.element()")
        condition = self.leaf(part, lambda _: element)
        if which == "all" and _may_be_null(part):
            # all() passes over nulls.
            condition = Call("(", condition, ").fill_null(False)")
        return Call(f"{lists}.eval(", condition, f").list.{which}()")

    def computed(self, op: str, left: Operand, right: Operand, at: At) -> Piece:
        """Compare what is computed, as floats; where NaN would be greatest or equal to itself, it becomes null."""
        sides = [self.operand(left, at), self.operand(right, at)]
        for i, side in enumerate((left, right)):
            if i in _GUARDED[op] and isinstance(side, Arithmetic):
                sides[i] = Call("(", sides[i], ").fill_nan(None)")
            elif i in _GUARDED[op] and isinstance(side, Field) and at(side.name).kind in ("", "float"):
                sides[i] = Leaf(f"{flat(sides[i])}.fill_nan(None)")
        return Joined(SYMBOLS[op], sides)

    def operand(self, side: Operand, at: At, *, term: bool = False, divides: bool = False) -> Piece:
        """Print an operand; as a term of arithmetic, lengths are floats too; where it divides, zeros have signs."""
        match side:
            case Literal(value=value):
                large = isinstance(value, int) and abs(value) > SAFE_INTEGER
                return Leaf(self.scalar(float(value) if large else value))  # type: ignore[arg-type]
            case Field(name=name):
                column = at(name)
                return Leaf(
                    column.code if column.is_called("Float64") else f"{column.code}.cast({self.pl}.Float64)"
                )
            case Length(name=name):
                counted = self.length(at(name))
                return Leaf(f"{counted}.cast({self.pl}.Float64)" if term else counted)
            case Arithmetic(op=op, left=left, right=right):
                parts = [
                    self.operand(left, at, term=True, divides=divides),
                    self.operand(right, at, term=True, divides=divides or op == "div"),
                ]
                if divides and (zero := folded(side)):
                    self.note(
                        "# clip() makes a column of the zero: Polars leaves a number out, so that -0.0 stays."
                    )
                    ones = f"{flat(self.operand(first_column(side), at, term=True))}.clip(1, 1)"
                    parts[0 if zero is left else 1] = Leaf(f"{ones} * {self.scalar(zero.value)}", loose=True)
                if op == "div" and isinstance(right, Literal) and not has_reciprocal(float(right.value)):  # type: ignore[arg-type]
                    self.note(
                        "# clip() makes a column of the divisor: by a number, Polars divides less exactly."
                    )
                    number, first = flat(parts[1]), flat(self.operand(first_column(left), at, term=True))
                    parts[1] = Leaf(f"{first}.clip({number}, {number})")
                return Joined(Arithmetic.signs[op], parts)

    def length(self, column: Column) -> str:
        """Count characters, or items."""
        if column.kind == "text" or column.kind.startswith("category "):
            return f"{self.text(column)}.len_chars()"
        if column.is_called("List", "Array"):
            return f"{column.code}.{'list' if column.is_called('List') else 'arr'}.len()"
        return f"{column.code}.map_batches({self.own('length')}, return_dtype={self.pl}.UInt32)"

    def inside(self, node: Inside) -> Piece:
        if node.is_box:
            sides = box_sides(node.x, node.y, node.polygon)
            low_x, high_x, low_y, high_y = (value for _, _, value in sides)
            tests = [
                Leaf(
                    f'{flat(self.operand(Field(name), self.column))}.is_between({low!r}, {high!r}, closed="left")'
                )
                for name, low, high in ((node.x, low_x, high_x), (node.y, low_y, high_y))
            ]
            return Joined("&", tests)
        inside = self.own("inside")
        lasso = self.listing("lasso", node.polygon, [f"({x!r}, {y!r})" for x, y in node.polygon])
        columns = Leaf(f"[{self.column(node.x).code}, {self.column(node.y).code}]")
        more = f"lambda points: {inside}(*points, {lasso}), return_dtype={self.pl}.Boolean"
        return Call(f"{self.pl}.map_batches(", columns, ")", more)

    def linear(self, node: Linear) -> Piece:
        product = self.own("cosine" if node.cosine else "product")
        weights = self.listing(
            "weights", ("weights", node.weights), [repr(weight) for weight in node.weights]
        )
        function = Leaf(f"lambda vectors: {product}(vectors, {weights})")
        before = f"{self.column(node.column).code}.map_batches("
        products = Call(before, function, ")", f"return_dtype={self.pl}.Float64")
        return Joined(SYMBOLS[node.op], [products, Leaf(repr(node.threshold))])

    def keys(self, node: Keys) -> Piece:
        identity = node.identity
        if identity.scheme == "column":
            return self.among(self.column(identity.columns[0]), node.values, key=True)
        named = "a hash of their content in pandas" if identity.scheme == "content" else "their number"
        msg = (
            f"Rows that are named by {named} can't be found in Polars code: copy them as pandas code, or give the lens "
            "a column of unique values as key=."
        )
        raise NotExpressibleError(msg)


def _unit(column: Column) -> int:
    """Return how many nanoseconds a column's times count in; Polars counts no seconds."""
    return UNITS["ms" if column.unit == "s" else column.unit] if column.unit else 0


def _may_be_null(node: Predicate) -> bool:
    match node:
        case And(of=parts) | Or(of=parts):
            return any(map(_may_be_null, parts))
        case Member(of=part):
            return _may_be_null(part)
        case Inside():
            return node.is_box
    return not isinstance(node, (Everything, IsNull, Not))

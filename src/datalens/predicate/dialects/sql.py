"""Predicates as SQL: one boolean expression for a WHERE, with what engines say differently left to their modules.

A WHERE takes null for false, so that a leaf may be null as long as nothing negates it; under a NOT the whole is put
into ``coalesce(..., false)`` once. Most engines hold NaN to be the greatest number: a leaf excludes it where that
matters.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from datalens.core.errors import missing_column
from datalens.predicate.dialects.columns import dtypes_of
from datalens.predicate.dialects.sql_formulas import Formulas
from datalens.predicate.dialects.sql_layout import (
    STRENGTH,
    Joined,
    Listing,
    Piece,
    Text,
    Wrapped,
    both,
    either,
    inverted,
    lines,
)
from datalens.predicate.dialects.sql_text import Column, field_type, to_single, within
from datalens.predicate.nodes import (
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
    column_names,
)
from datalens.predicate.operands import ITEM, Arithmetic, Field, Length, Literal, Operand
from datalens.predicate.polygon import bounds, edges
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Operator

SIGNS: dict[str, str] = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
#: A chain of more terms is bracketed in groups, since parsers go as deep as a chain is long.
CHAIN = 50
#: What no row matches.
NOTHING = Text("false", STRENGTH["atom"], null=False)


class Sql(Formulas):
    """Prints predicates for an engine; each module overrides what its engine says otherwise.

    Parameters
    ----------
    schema : dataframe, lazy frame or pyarrow.Schema, optional
        Where the columns' types are read. With them the code is shorter.
    """

    #: Comparisons that hold for NaN on the left, or on the right, though they must not.
    nan_left: ClassVar[frozenset[str]] = frozenset({"eq", "ne", "gt", "ge"})
    nan_right: ClassVar[frozenset[str]] = frozenset({"ne", "lt", "le"})

    def __init__(self, schema: Any = None) -> None:
        self.schema = None if schema is None else dtypes_of(schema)
        self.depth = 0
        self.negated = False

    def render(self, node: Predicate) -> str:
        """Return the whole condition."""
        return "\n".join(lines(self.piece(node)))

    def column(self, name: str) -> Column:
        if self.schema is None:
            return Column(name, self.identifier(name))
        if name not in self.schema:
            raise missing_column(name, self.schema)
        self.check_case(name, self.schema)
        return Column(name, self.identifier(name), self.schema[name])

    def folded(self, name: str) -> str:
        """Return what the engine tells names apart by."""
        return name

    def check_case(self, name: str, names: Iterable[str]) -> None:
        """Refuse a name that the engine takes for another, where it looks at no case."""
        folded = self.folded(name)
        if same := [other for other in names if other != name and self.folded(other) == folded]:
            self.cannot(f"{name!r} beside {same[0]!r}, which is the same name there")

    def piece(self, node: Predicate) -> Piece:
        """Return a condition that is true in the rows that match, and false or null in the others."""
        match node:
            case And(of=parts):
                return both(*map(self.piece, parts))
            case Or(of=parts):
                return either(*map(self.piece, parts))
            case Not(of=IsNull(column=name)) if not self.column(name).may_be_nan:
                return Text(
                    f"{self.column(name).sql} {self.null_sign(self.column(name), 'NOT ')}", null=False
                )
            case Not(of=part):
                before, self.negated = self.negated, True
                piece = self.piece(part)
                self.negated = before
                return inverted(piece)
            case Everything():
                return Text("true", STRENGTH["atom"], null=False)
            case Inside():
                return self.inside(node)
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                return self.among(self.column(identity.columns[0]), values)
            case Keys(identity=identity):
                what = "a hash of their content" if identity.scheme == "content" else "their number"
                self.cannot(
                    f"rows that are named by {what}", "give the lens a column of unique values as key="
                )
        return self.leaf(node, self.column)

    def leaf(self, node: Predicate, find: Callable[[str], Column]) -> Piece:
        """Return a condition on columns, items of lists or fields of structs."""
        match node:
            case Compare() if node.is_computed:
                return self.computed(node, find)
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self.literal(find(name), op, value)
            case Compare(op=op, left=Field(name=left), right=Field(name=right)):
                return self.pair(find(left), op, find(right))
            case Between(column=name, low=low, high=high):
                return self.between(find(name), low, high)
            case IsIn(column=name, values=values):
                return self.among(find(name), values)
            case IsNull(column=name):
                column = find(name)
                null = Text(f"{column.sql} {self.null_sign(column)}", null=False)
                return either(null, self.is_nan(column)) if column.may_be_nan else null
            case Contains(column=name, value=value):
                return self.contains(find(name), self.text(value))
            case StartsWith(column=name, value=value):
                return self.starts_with(find(name), self.text(value))
            case Matches(column=name, pattern=pattern):
                return self.matches(find(name), pattern)
            case Items(column=name, which=which, of=part):
                return self.items(find(name), which, part)
            case Member(column=name, name=member, of=part):
                column = find(name)
                self.check_case(member, [field.name for field in getattr(column.dtype, "fields", ())])
                field = self.member(column, member)
                return self.leaf(part, lambda _: field)
        name = next(column_names(node))
        product = "the cosine with" if isinstance(node, Linear) and node.cosine else "the dot product with"
        self.cannot(f"{product} the vectors in column {name!r}")
        return None

    # What is compared

    def literal(self, column: Column, op: Operator, value: Scalar) -> Piece:
        test: Piece = Text(f"{self.compared(column, op, value)} {SIGNS[op]} {self.scalar(value, column)}")
        if column.dtype is None and self.is_narrowed(value):
            test = self.narrowed(column.sql, op, value, test)  # type: ignore[arg-type]
        if kind(value) == "number" and op != "eq" and op in self.nan_left and column.may_be_nan:
            return both(test, self.is_number(column.sql))
        return test

    def narrowed(self, sql: str, op: Operator, value: float, test: Piece) -> Piece:
        """Have a 32-bit column compared in its own precision: only what a literal is rounded to is in doubt."""
        single, rounded = to_single(value), self.single(value)
        if op in ("eq", "le" if single > value else "ge"):
            return either(test, both(Text(self.is_single(sql, "=")), Text(f"{sql} = {rounded}")))
        if op in ("ne", "gt" if single > value else "lt"):
            return both(test, either(Text(self.is_single(sql, "<>")), Text(f"{sql} <> {rounded}")))
        return test

    def held(self, column: Column, op: Operator, value: Scalar) -> Piece | None:
        """Return all that is not null, or nothing, where a column holds no such value; None where it does."""
        known = within(column, op, value)
        there = Text(f"{column.sql} {self.null_sign(column, 'NOT ')}", null=False)
        return (there if known else NOTHING) if isinstance(known, bool) else None

    def compared(self, column: Column, op: Operator, value: Scalar) -> str:
        """Return a column as it is compared with a value."""
        return column.sql

    def pair(self, left: Column, op: Operator, right: Column) -> Piece:
        sides = [left.sql, right.sql]
        self.check_digits(left, right)
        if left.narrows(right) or right.narrows(left):
            sides = [self.as_double(side) for side in sides]
        parts = [self.pair_test(left, right, f"{sides[0]} {SIGNS[op]} {sides[1]}", SIGNS[op])]
        for side, guarded in ((left, self.nan_left), (right, self.nan_right)):
            if op in guarded and side.may_be_nan:
                parts.append(inverted(self.is_nan(side)))
        return both(*dict.fromkeys(parts))

    def pair_test(self, left: Column, right: Column, test: str, sign: str) -> Piece:
        """Return the comparison of two columns, of which one may be of 32-bit floats."""
        return Text(test)

    def between(self, column: Column, low: Scalar, high: Scalar) -> Piece:
        mixed = {type(low), type(high)} == {int, float} and not _are_near(low, high)
        unknown = column.dtype is None or str(column.dtype) == "Float32"
        narrowed = unknown and (self.is_narrowed(low) or self.is_narrowed(high))
        if mixed or narrowed:
            # Engines bring the three to one type, in which large integers and 32-bit floats are others.
            return both(self.literal(column, "ge", low), self.literal(column, "le", high))
        compared = self.compared(column, "ge", low)
        return Text(f"{compared} BETWEEN {self.scalar(low, column)} AND {self.scalar(high, column)}")

    def among(self, column: Column, values: Sequence[Scalar]) -> Piece:
        if not values:
            return NOTHING
        if kind(values[0]) != "number":
            return self.listed(column, values)
        if column.is_integer:
            values = [value for value in values if type(value) is int]  # no integer is a fraction
        if column.is_double or (column.is_float and self.widens):
            return self.listed(column, values)
        parts: list[Piece] = []
        brought = self.brought(values)
        if brought:
            parts.append(self.listed(replace(column, dtype=None), brought))
            values = [value for value in values if value not in brought]
        # As one list, integers beyond 2**53 and fractions would become one type.
        if whole := [value for value in values if type(value) is int]:
            parts.append(self.listed(column, whole))
        if rest := [value for value in values if type(value) is float]:
            parts.append((self.listed if column.is_float else self.listed_doubles)(column, rest))
        narrowed = [v for v in values if self.is_narrowed(v) or (v in rest and to_single(v) != v)]  # type: ignore[arg-type]
        narrowed = narrowed if column.dtype is None else []
        if narrowed:
            parts.append(both(Text(self.is_single(column.sql, "=")), self.listed(column.as_single, narrowed)))
        return either(*parts) if parts else NOTHING

    def listed(self, column: Column, values: Sequence[Any]) -> Piece:
        return Listing(f"{column.sql} IN ", [self.scalar(value, column) for value in values])

    def listed_doubles(self, column: Column, values: Sequence[float]) -> Piece:
        """Return whether a number is among floats, which are looked for with all of their 64 bits."""
        return Listing(f"{column.sql} IN ", [self.wide(value) for value in values])

    # What is computed, with 64-bit floats

    def computed(self, node: Compare, find: Callable[[str], Column]) -> Piece:
        left, right = self.side(node.left, find), self.side(node.right, find)
        if not isinstance(node.right, Literal):
            left, right = self.normal(left), self.normal(right)
        parts: list[Piece] = [Text(f"{left} {SIGNS[node.op]} {right}")]
        sides = ((node.left, left, self.nan_left), (node.right, right, self.nan_right))
        for operand, sql, guarded in sides:
            if node.op in guarded and isinstance(operand, (Arithmetic, Field)):
                if node.op == "eq" and not isinstance(node.right, (Arithmetic, Field)):
                    continue  # what equals a number is none
                parts.append(self.is_number(sql))
        return both(*dict.fromkeys(parts))

    def side(self, operand: Operand, find: Callable[[str], Column]) -> str:
        """Return a side of a comparison of what is computed."""
        match operand:
            case Literal(value=value):
                return self.scalar(value, Column("", ""))
            case Length(name=name):
                return self.length(find(name))
        return self.term(operand, find, 0)

    # Points in polygons

    def inside(self, node: Inside) -> Piece:
        """Return the formula of polygon.py, operation by operation: an odd number of crossings."""
        x, y = self.coordinate(self.column(node.x)), self.coordinate(self.column(node.y))
        x0, x1, y0, y1 = map(self.wide, bounds(node.polygon))
        if node.is_box:
            return both(*map(Text, (f"{x} >= {x0}", f"{x} < {x1}", f"{y} >= {y0}", f"{y} < {y1}")))
        box = both(Text(f"{x} BETWEEN {x0} AND {x1}"), Text(f"{y} BETWEEN {y0} AND {y1}"))
        crossings = [self.as_integer(self.crossing(x, y, *edge)) for edge in edges(node.polygon)]
        if not crossings:
            return NOTHING
        return self.odd(box, Wrapped("(", _summed(crossings), ") % 2 = 1"))

    def odd(self, box: Piece, odd: Piece) -> Piece:
        return both(box, odd)

    def crossing(self, x: str, y: str, x1: float, y1: float, x2: float, y2: float) -> Piece:
        low, high = sorted((y1, y2))
        # One piece, since it is one thing: broken into lines, an edge takes as few as it needs.
        beside = Text(f"{y} >= {self.wide(low)} AND {y} < {self.wide(high)}")
        if x1 == x2:
            return both(beside, Text(f"{x} < {self.wide(x1)}"))
        # The differences are rounded here as they would be there.
        rise = f"({y}{self.added(-y1)})" if y1 else y
        slope = f"{rise} * {self.double(x2 - x1)} / {self.divisor(y2 - y1)}"
        return both(beside, Text(f"{self.normal(x)} < {slope}{self.added(x1)}"))

    def added(self, value: float) -> str:
        if not value:
            return ""
        return f" - {self.double(-value)}" if value < 0 else f" + {self.double(value)}"

    def normal(self, sql: str) -> str:
        """Return a number so that -0.0 equals 0.0."""
        return sql

    def coordinate(self, column: Column) -> str:
        return column.sql

    def as_integer(self, condition: Piece) -> Piece:
        return Wrapped("CAST(", condition, " AS INT)", STRENGTH["atom"])

    # What is asked of a column

    def null_sign(self, column: Column, negation: str = "") -> str:
        return f"IS {negation}NULL"

    @abstractmethod
    def is_nan(self, column: Column) -> Piece:
        """Return whether a value is NaN, of any type where it is not known; never null where the value isn't."""

    def is_number(self, sql: str) -> Piece:
        """Return whether a number is not NaN."""
        return Text(f"NOT isnan({sql})", STRENGTH["NOT"])

    def contains(self, column: Column, text: str) -> Piece:
        return Text(f"contains({column.sql}, {text})", STRENGTH["atom"])

    def starts_with(self, column: Column, text: str) -> Piece:
        return Text(f"starts_with({column.sql}, {text})", STRENGTH["atom"])

    @abstractmethod
    def matches(self, column: Column, pattern: str) -> Piece:
        """Return whether a text matches a pattern."""

    @abstractmethod
    def items(self, column: Column, which: str, of: Predicate) -> Piece:
        """Return whether any, or all, of a list's items match."""

    def member(self, column: Column, name: str) -> Column:
        sql = f"{column.sql}.{self.identifier(name)}"
        return Column(f"{column.name}.{name}", sql, field_type(column, name))

    def item(self, column: Column, of: Predicate) -> tuple[str, Piece]:
        """Return what an item is called, and the condition on it."""
        self.depth += 1
        name = ITEM if self.depth == 1 else f"{ITEM}_{self.depth}"
        inner = Column(f"{column.name}[...]", name, column.dtype.inner if column.is_list else None)
        condition = self.leaf(of, lambda _: inner)
        self.depth -= 1
        return name, condition


def _are_near(*values: Any) -> bool:
    return all(abs(value) < SAFE_INTEGER for value in values)


def _summed(terms: Sequence[Piece]) -> Piece:
    pieces = list(terms)
    while len(pieces) > CHAIN:
        pieces = [Joined("+", pieces[i : i + CHAIN]) for i in range(0, len(pieces), CHAIN)]
    return pieces[0] if len(pieces) == 1 else Joined("+", pieces)

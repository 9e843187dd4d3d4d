"""Predicates as expressions of narwhals and polars.

Every leaf is made false on null and NaN before anything is negated, since engines differ in both.
"""

from __future__ import annotations

import datetime as dt
import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError, UnfitError
from datalens.predicate import expression_duckdb, regex
from datalens.predicate.compare import check_pair, encodable, nanoseconds
from datalens.predicate.dialects.polars_values import is_pattern
from datalens.predicate.expression_formulas import Formulas
from datalens.predicate.expression_types import (
    UNITS,
    balanced,
    by_counts,
    check_literal,
    fitted,
    in_polars,
    kind_of,
    plain_kind,
    valid_bound,
)
from datalens.predicate.nodes import (
    MIRRORED,
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
from datalens.predicate.operands import ITEM, Field, Literal
from datalens.predicate.polygon import bounds, edges

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar

#: Longer lists of numbers aren't unrolled.
MANY = 1000
#: How the engines that are known write regular expressions; the others get only what is written alike in all.
FLAVOURS: dict[str, regex.Flavour] = {"polars": "rust", "pyarrow": "re2", "duckdb": "re2"}


class Builder(Formulas):
    """Builds a tree with the module whose `col` it is given."""

    def build(self, node: Predicate) -> Any:
        """Return the expression of a tree, which is never null."""
        match node:
            case And(of=parts):
                return balanced(operator.and_, [self.build(part) for part in parts])
            case Or(of=parts):
                return balanced(operator.or_, [self.build(part) for part in parts])
            case Not(of=part):
                return ~self.build(part)
            case Everything():
                if not self.schema or self.api.__name__ == "polars":
                    return self.api.lit(True)
                # narwhals filters no lazy frame by a constant.
                column = self.col(next(iter(self.schema)))
                return column.is_null() | ~column.is_null()
            case Inside():
                return self.inside(node)
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                return self.among(identity.columns[0], values)
            case Keys():
                msg = (
                    "Rows that are selected by a hash of their content or by number can't be found in an expression: "
                    "collect the frame first, or give the lens a column of unique values as key=."
                )
                raise NotExpressibleError(msg)
            case Linear(column=name):
                msg = f"The product of the vectors in column {name!r} can't be an expression: collect the frame first."
                raise NotExpressibleError(msg)
        return self.leaf(node)

    def leaf(self, node: Predicate) -> Any:
        """Return the expression of a condition on columns, an item or a field."""
        match node:
            case Compare() if node.is_computed:
                return self.computed(node)
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self.literal(name, op, value)
            case Compare(left=Field(name=left), right=Field(name=right)):
                return self.pair(left, right, node)
            case Between(column=name, low=low, high=high):
                return self.literal(name, "ge", low) & self.literal(name, "le", high)
            case IsIn(column=name, values=values):
                return self.among(name, values)
            case IsNull(column=name):
                null = self.col(name).is_null()
                if kind_of(self.dtype(name, node)) == "float":
                    return null | self.col(name).is_nan().fill_null(False)
                return null
            case Contains(column=name, value=value):
                return self.search(name, value, "contains", literal=True)
            case StartsWith(column=name, value=value):
                return self.search(name, value, "starts_with")
            case Matches(column=name):
                return self.text(name, "").str.contains(self.pattern(node)).fill_null(False)
            case Member():
                return self.member(node)
            case Items():
                return self.items(node)
        msg = f"{type(node).__name__} can't be expressed: collect the frame first."
        raise NotExpressibleError(msg)

    def literal(self, name: str, op: str, value: Scalar) -> Any:
        """Compare a column with a value."""
        is_float = type(value) in (int, float)
        column = self.column(name)
        limit: Any = value
        if self.schema is not None:
            dtype = self.schema[name]
            is_float = kind_of(dtype) == "float"
            check_literal(name, dtype, value, ordered=op not in ("eq", "ne"))
            limit = fitted(value, dtype)
            always = expression_duckdb.known(name, op, value, dtype) if self.engine == "duckdb" else None
            if always is not None:
                return ~column.is_null() if always else column.is_null() & ~column.is_null()
            if self.engine == "polars" and hasattr(dtype, "time_unit"):
                return self.time(column, op, limit, dtype)
        if isinstance(value, str) and not encodable(value):
            if op in ("eq", "ne"):
                return column.is_null() & ~column.is_null() if op == "eq" else ~column.is_null()
            op, limit = valid_bound(op, value)
        matches = getattr(operator, op)(column, limit)
        # Polars and DuckDB hold NaN to be the greatest number.
        if is_float and op in ("gt", "ge", "ne"):
            matches = matches & ~column.is_nan()
        return matches.fill_null(False)

    def time(self, column: Any, op: str, value: Any, dtype: Any) -> Any:
        """Compare times in the column's own unit: polars rounds to the coarser of two."""
        unit = UNITS[dtype.time_unit]
        count, rest = divmod(nanoseconds(value), unit)
        if rest:  # between two values of the column
            if op in ("eq", "ne"):
                return ~column.is_null() if op == "ne" else column.is_null() & ~column.is_null()
            op = {"ge": "gt", "lt": "le"}.get(op, op)
            value = value - dt.timedelta(microseconds=rest // 1000)
        if unit == 1 and -(2**63) < count < 2**63:
            value = self.api.lit(value, dtype if self.api.__name__ == "narwhals" else in_polars(dtype))
        return getattr(operator, op)(column, value).fill_null(False)

    def among(self, name: str, values: tuple[Scalar, ...]) -> Any:
        """Look a column up in a list."""
        column = self.column(name)
        listed: list[Any] = [value for value in values if not isinstance(value, str) or encodable(value)]
        if self.schema is not None:
            dtype = self.schema[name]
            kind = kind_of(dtype).removeprefix("category ")
            for value in values:
                check_literal(name, dtype, value)
            # Polars looks only among values of the column's very type.
            if kind == "float":
                column = column.cast(self.api.Float64)
                listed = [float(fitted(value, dtype)) for value in listed]
            elif kind == "number":
                wide = self.api.UInt64 if dtype.is_unsigned_integer() else self.api.Int64
                low, high = (0, 2**64) if dtype.is_unsigned_integer() else (-(2**63), 2**63)
                column = column.cast(wide)
                listed = [value for value in listed if type(value) is int and low <= value < high]
            elif kind == "decimal":
                listed = [Decimal(value) for value in listed]
            listed = expression_duckdb.held(name, listed, dtype) if self.engine == "duckdb" else listed
            listed = [fitted(value, dtype) for value in listed]
        elif values and isinstance(values[0], (int, float)) and len(values) <= MANY:
            # Without the type: equality converts numbers, a list doesn't.
            return balanced(operator.or_, [column == value for value in values]).fill_null(False)
        if not listed:
            return column.is_null() & ~column.is_null()
        return column.is_in(listed).fill_null(False)

    def pair(self, left: str, right: str, node: Compare) -> Any:
        """Compare two columns."""
        dtypes = [self.dtype(name, node) for name in (left, right)]
        kinds = [plain_kind(dtype) for dtype in dtypes]
        ordered = node.op not in ("eq", "ne")
        for name, dtype in zip((left, right), dtypes, strict=True):
            if ordered and kind_of(dtype).startswith("category "):
                check_literal(name, dtype, "", ordered=True)
        check_pair(left, kinds[0], str(dtypes[0]), right, kinds[1], str(dtypes[1]), ordered=ordered)
        units = [UNITS.get(getattr(dtype, "time_unit", ""), 0) for dtype in dtypes]
        if self.engine == "polars" and units[0] != units[1] and all(units):
            return self.units(left, right, node.op, units)
        if self.engine == "duckdb":
            expression_duckdb.check_two(left, right, dtypes)
        a, b = self.column(left), self.column(right)
        if kinds[0] == kinds[1] == "instant" and self.engine == "polars":
            a, b = a.dt.convert_time_zone("UTC"), b.dt.convert_time_zone("UTC")
        if sorted(map(kind_of, dtypes)) == ["float", "number"]:
            # Engines round integers to floats of 32 bits.
            a, b = a.cast(self.api.Float64), b.cast(self.api.Float64)
        matches = getattr(operator, node.op)(a, b)
        for column, dtype in ((a, dtypes[0]), (b, dtypes[1])):
            if kind_of(dtype) == "float":
                matches = matches & ~column.is_nan()
        return matches.fill_null(False)

    def units(self, left: str, right: str, op: str, units: list[int]) -> Any:
        """Compare times of two units by their counts: polars rounds to the coarser unit, and overflows in the finer."""
        if units[0] < units[1]:
            return self.units(right, left, MIRRORED[op], units[::-1])
        a, b = (self.col(name).cast(self.api.Int64) for name in (left, right))
        return by_counts(a, op, b, units[0] // units[1]).fill_null(False)

    def search(self, name: str, value: str, method: str, **options: bool) -> Any:
        """Look for a text, which no column holds where it is no valid Unicode."""
        text = self.text(name, value)
        if not encodable(value):
            return text.is_null() & ~text.is_null()
        return getattr(text.str, method)(value, **options).fill_null(False)

    def pattern(self, node: Matches) -> str:
        """Return a pattern as the engine writes it."""
        if self.engine in FLAVOURS:
            return regex.emit(node.pattern, FLAVOURS[self.engine])
        written = {
            regex.emit(node.pattern, flavour, in_classes=True)
            for flavour in ("python", "re2", "rust", "java")
        }
        if len(written) > 1 or regex.needs_ascii(node.pattern):
            msg = (
                f"The pattern {node.pattern!r} for column {node.column!r} asks for the text's end, a word "
                f"boundary or alternatives, which {self.engine or 'an engine that is not known'} may write in another way: "
                "give expression(..., frame=) a frame of polars, pyarrow or DuckDB, or collect the frame first."
            )
            raise NotExpressibleError(msg)
        return written.pop()

    def member(self, node: Member) -> Any:
        """Ask a struct's field."""
        dtype = self.dtype(node.column, node)
        inner = {field.name: field.dtype for field in getattr(dtype, "fields", ())}.get(node.name)
        if inner is None or is_pattern(node.name):
            if inner is not None:
                msg = f"The field {node.name!r} of column {node.column!r} is a pattern to polars: rename it."
                raise NotExpressibleError(msg)
            msg = f"Column {node.column!r} ({dtype}) has no field {node.name!r}."
            raise UnfitError(msg)
        value = self.col(node.column).struct.field(node.name)
        return Builder(self.api, {ITEM: inner}, self.engine, value).leaf(node.of)

    def items(self, node: Items) -> Any:
        """Ask a list's items."""
        if self.api.__name__ != "polars":
            msg = f"What is asked of the items of {node.column!r} can't be said in narwhals: collect the frame first."
            raise NotExpressibleError(msg)
        column, dtype = self.col(node.column), self.dtype(node.column, node)
        inner = getattr(dtype, "inner", None)
        if inner is None:
            msg = f"Column {node.column!r} ({dtype}) holds no lists: it has no items."
            raise UnfitError(msg)
        if hasattr(dtype, "shape"):
            column = column.arr.to_list()
        condition = Builder(self.api, {ITEM: inner}, self.engine, self.api.element()).leaf(node.of)
        found = column.list.eval(condition).list
        return (found.any() if node.which == "any" else found.all()).fill_null(False)

    def inside(self, node: Inside) -> Any:
        """Say which points lie in a polygon."""
        # The formula of polygon.py, operation by operation. `!=` on booleans is XOR.
        x, y = (self.col(name).cast(self.api.Float64) for name in (node.x, node.y))
        x0, x1, y0, y1 = bounds(node.polygon)
        box = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        crossings = [
            ((y < b) != (y < d)) & (x < (y - b) * (c - a) / self.divisor(y, d - b) + a)
            for a, b, c, d in edges(node.polygon)
        ]
        if not crossings:
            return (box & ~box).fill_null(False)
        return (box & balanced(operator.ne, crossings)).fill_null(False)

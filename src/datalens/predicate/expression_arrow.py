"""Predicates as expressions of pyarrow, for tables and datasets: with the columns' types, what code can't know."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError, UnfitError
from datalens.predicate import regex
from datalens.predicate.chains import LONGEST, groups
from datalens.predicate.compare import check_pair, encodable, kind_in_words, nanoseconds
from datalens.predicate.dialects.columns import Column, common_type, is_on_grid, on_grid
from datalens.predicate.expression_types import (
    UNITS,
    balanced,
    by_parts,
    check_literal,
    check_number,
    fitted,
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
from datalens.predicate.operands import ITEM, Arithmetic, Field, Length, Literal, Operand
from datalens.predicate.polygon import bounds, edges
from datalens.predicate.scalars import SAFE_INTEGER
from datalens.predicate.scalars import kind as kind_of_scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar


class ArrowBuilder:
    """Builds expressions; what comes out of `build` is never null.

    Parameters
    ----------
    schema : dict, optional
        From columns to their types in narwhals.
    path : tuple of str
        Inside of a struct: the names that lead to the field.
    """

    def __init__(self, schema: dict[str, Any] | None, path: tuple[str, ...] = ()) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        self.pa, self.pc = pa, pc
        self.schema = schema
        self.path = path

    def build(self, node: Predicate) -> Any:
        """Return the expression of a tree."""
        match node:
            case And(of=parts):
                return self.joined(operator.and_, [self.build(part) for part in parts])
            case Or(of=parts):
                return self.joined(operator.or_, [self.build(part) for part in parts])
            case Not(of=part):
                return ~self.build(part)
            case Everything():
                return self.pc.scalar(True)
            case Inside():
                return self.sure(self.inside(node))
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                return self.among(identity.columns[0], values)
            case Keys() | Linear():
                what = (
                    "A product of vectors" if isinstance(node, Linear) else "Rows named by content or number"
                )
                msg = f"{what} can't be said in an expression of pyarrow: use predicate.mask(table)."
                raise NotExpressibleError(msg)
        return self.sure(self.leaf(node))

    def joined(self, join: Any, parts: Sequence[Any]) -> Any:
        """Join conditions; a null within a group is false, which keeps Arrow from making one chain of all of them."""
        if len(parts) > LONGEST:
            parts = [self.sure(self.joined(join, group)) for group in groups(parts)]
        return balanced(join, list(parts))

    def sure(self, expression: Any) -> Any:
        """Make null false."""
        return self.pc.coalesce(expression, False)

    def leaf(self, node: Predicate) -> Any:
        """Return the expression of a condition on columns or a field; it may be null."""
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
                return self.field(name).is_null(nan_is_null=True)
            case Contains(column=name, value=value):
                text = self.text(name)
                return self.pc.match_substring(text, value) if encodable(value) else self.nothing()
            case StartsWith(column=name, value=value):
                text = self.text(name)
                return self.pc.starts_with(text, value) if encodable(value) else self.nothing()
            case Matches(column=name, pattern=pattern):
                return self.pc.match_substring_regex(self.text(name), regex.emit(pattern, "re2"))
            case Member():
                return self.member(node)
            case Items(column=name):
                msg = (
                    f"What is asked of the items of {name!r} can't be said in an expression of pyarrow: "
                    "use predicate.mask(table)."
                )
                raise NotExpressibleError(msg)
        msg = f"An expression of pyarrow can't say {type(node).__name__}: use predicate.mask(table)."
        raise NotExpressibleError(msg)

    def nothing(self) -> Any:
        """Return what matches no row."""
        return self.pc.scalar(False)

    def dtype(self, name: str) -> Any:
        """Return a column's type, or None where it is not known."""
        return None if self.schema is None else self.schema[name]

    def field(self, name: str) -> Any:
        """Return a column, or the field that `ITEM` stands for."""
        column = self.pc.field(*self.path) if self.path else self.pc.field(name)
        # Arrow compares no floats of 16 bits.
        return column.cast("float") if str(self.dtype(name)) == "Float16" else column

    def text(self, name: str) -> Any:
        """Return a column of text; categories have no functions for texts."""
        if self.schema is not None:
            check_literal(name, self.schema[name], "")
        return self.field(name).cast("large_string")

    def moment(self, column: Any, unit: str = "us") -> Any:
        """Bring times to UTC: Arrow compares none of different zones and units."""
        return column.cast(self.pa.timestamp(unit, "UTC"))

    def fine(self, op: str, column: Any, value: Scalar) -> Any:
        """Compare times that are counted in nanoseconds, which reach fewer years than literals do."""
        count = nanoseconds(value)
        if -(2**63) <= count < 2**63:
            return getattr(operator, op)(column.cast("int64"), count)
        is_below = op == "ne" or op in (("lt", "le") if count > 0 else ("gt", "ge"))
        return column.is_valid() if is_below else self.nothing()

    def literal(self, name: str, op: str, value: Scalar) -> Any:
        """Compare a column with a value."""
        dtype, column = self.dtype(name), self.field(name)
        if dtype is not None:
            check_literal(name, dtype, value, ordered=op not in ("eq", "ne"))
        if isinstance(value, str) and not encodable(value):
            if op in ("eq", "ne"):
                return self.nothing() if op == "eq" else column.is_valid()
            op, value = valid_bound(op, value)
        word = kind_of_scalar(value)
        if getattr(dtype, "time_unit", None) == "ns":
            return self.fine(op, column, value)
        if word == "instant":
            column = self.moment(column)
        compare = getattr(operator, op)
        if word not in ("number", "decimal"):
            return compare(column, value)
        if dtype is not None and kind_of(dtype) in ("number", "decimal"):
            return self.counted(name, op, value)
        limit: Any = self.number(value, dtype)  # type: ignore[arg-type]
        matches = compare(column, limit)
        return matches & ~self.pc.is_nan(column) if op == "ne" else matches

    def counted(self, name: str, op: str, value: Scalar) -> Any:
        """Compare integers or decimals with a value of their own type: Arrow fails where it has to bring them to another."""
        dtype, column = self.dtype(name), self.field(name)
        if isinstance(value, float) and abs(value) >= SAFE_INTEGER:
            # Where integers are rounded to floats.
            return getattr(operator, op)(column.cast("double", safe=False), value)
        found = on_grid(op, value, Column(name, "", dtype))
        if isinstance(found, bool):
            return column.is_valid() if found else self.nothing()
        op, limit = found
        if kind_of(dtype) == "decimal":
            return getattr(operator, op)(column, Decimal(limit))
        wide = self.pa.uint64() if dtype.is_unsigned_integer() else self.pa.int64()
        return getattr(operator, op)(column, self.pa.scalar(limit, wide))

    def number(self, value: float, dtype: Any) -> Any:
        """Return a number as a column of floats compares with it: in its own precision."""
        if dtype is not None and kind_of(dtype) == "float":
            return float(fitted(value, dtype))
        if isinstance(value, int) and 2**63 <= value < 2**64:
            return self.pa.scalar(value, self.pa.uint64())
        return value if isinstance(value, float) or -(2**63) <= value < 2**63 else float(value)

    def among(self, name: str, values: Sequence[Scalar]) -> Any:
        """Look a column up in a list."""
        dtype, column = self.dtype(name), self.field(name)
        for value in values if dtype is not None else ():
            check_literal(name, dtype, value)
        wanted = [value for value in values if not isinstance(value, str) or encodable(value)]
        if not wanted:
            return self.nothing()
        word = kind_of_scalar(wanted[0])
        if getattr(dtype, "time_unit", None) == "ns":
            counts = [count for value in wanted if -(2**63) <= (count := nanoseconds(value)) < 2**63]
            return column.cast("int64").isin(self.pa.array(counts, "int64"))
        if word == "instant":
            column = self.moment(column)
        kind = None if dtype is None else kind_of(dtype)
        if word == "number" and kind != "decimal":
            if dtype is None:
                # Equality knows that 0 is -0.0, and rounds to no precision.
                return self.joined(operator.or_, [self.literal(name, "eq", value) for value in wanted])
            if kind == "float":
                floats = [float(fitted(value, dtype)) for value in wanted]
                floats += [-0.0] * (0 in floats)
                return column.cast("double").isin(self.pa.array(floats, self.pa.float64()))
            unsigned = dtype.is_unsigned_integer() if kind == "number" else False
            low, high = (0, 2**64) if unsigned else (-(2**63), 2**63)
            whole = [value for value in wanted if type(value) is int and low <= value < high]
            wide = self.pa.uint64() if unsigned else self.pa.int64()
            return column.cast(wide).isin(self.pa.array(whole, wide))
        if kind == "decimal":
            found = [Decimal(value) for value in wanted if is_on_grid(value, Column(name, "", dtype))]  # type: ignore[arg-type]
            return (
                self.joined(operator.or_, [column == value for value in found]) if found else self.nothing()
            )
        if kind == "null":
            return self.nothing()
        return column.isin(wanted)

    def pair(self, left: str, right: str, node: Compare) -> Any:
        """Compare two columns."""
        a, b = self.field(left), self.field(right)
        if self.schema is not None:
            dtypes = [self.schema[name] for name in (left, right)]
            kinds = [plain_kind(dtype) for dtype in dtypes]
            ordered = node.op not in ("eq", "ne")
            for name, dtype in zip((left, right), dtypes, strict=True):
                if ordered and kind_of(dtype).startswith("category "):
                    check_literal(name, dtype, "", ordered=True)
            check_pair(left, kinds[0], str(dtypes[0]), right, kinds[1], str(dtypes[1]), ordered=ordered)
            units = [UNITS.get(getattr(dtype, "time_unit", ""), 0) for dtype in dtypes]
            if units[0] != units[1] and all(units):
                return self.units(a, b, node.op, units)
            if kinds[0] == kinds[1] == "instant":
                unit = dtypes[0].time_unit
                a, b = self.moment(a, unit), self.moment(b, unit)
            elif {kind_of(dtype) for dtype in dtypes} == {"float", "number"}:
                a, b = a.cast("double", safe=False), b.cast("double", safe=False)
            elif wide := common_type(*(Column(name, "", self.schema[name]) for name in (left, right))):
                a, b = a.cast(wide), b.cast(wide)
        matches = getattr(operator, node.op)(a, b)
        # NaN doesn't equal itself.
        return matches & (a == a) & (b == b) if node.op == "ne" else matches  # noqa: PLR0124

    def units(self, a: Any, b: Any, op: str, units: list[int]) -> Any:
        """Compare times of two units as counts: not all that the coarser counts can be brought to the finer."""
        if units[0] < units[1]:
            return self.units(b, a, MIRRORED[op], units[::-1])
        ratio = self.pa.scalar(units[0] // units[1], self.pa.int64())
        counts = b.cast("int64")
        # divide() cuts off towards zero.
        cut = self.pc.divide(counts, ratio)
        rest = counts - cut * ratio
        whole = self.pc.if_else(rest < 0, cut - 1, cut)
        return by_parts(a.cast("int64"), op, whole, rest)

    def member(self, node: Member) -> Any:
        """Ask a struct's field."""
        inner = None
        if self.schema is not None:
            dtype = self.schema[node.column]
            inner = {field.name: field.dtype for field in getattr(dtype, "fields", ())}.get(node.name)
            if inner is None:
                msg = f"Column {node.column!r} ({dtype}) has no field {node.name!r}."
                raise UnfitError(msg)
        path = (*(self.path or (node.column,)), node.name)
        return ArrowBuilder(None if inner is None else {ITEM: inner}, path).leaf(node.of)

    def computed(self, node: Compare) -> Any:
        """Compare what is computed."""
        a, b = self.operand(node.left), self.operand(node.right)
        matches = getattr(operator, node.op)(a, b)
        if node.op == "ne":
            for side, built in ((node.left, a), (node.right, b)):
                if not isinstance(side, Literal):
                    matches = matches & ~self.pc.is_nan(built)
        return matches

    def operand(self, side: Operand) -> Any:
        """Return an operand as 64-bit floats."""
        match side:
            case Literal(value=value):
                return self.pc.scalar(float(value))  # type: ignore[arg-type]
            case Field(name=name):
                if self.schema is not None:
                    check_number(name, self.schema[name])
                return self.field(name).cast("double", safe=False)
            case Length(name=name):
                return self.length(name).cast("double")
            case Arithmetic(op=op, left=left, right=right):
                # pc.divide, since the operator / raises an error where the divisor is zero.
                join = {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": self.pc.divide}[
                    op
                ]
                return join(self.operand(left), self.operand(right))

    def length(self, name: str) -> Any:
        """Return a text's length in code points, or a list's."""
        if self.schema is None:
            msg = (
                f"Whether the length of {name!r} is that of a text or of a list depends on its type: "
                "give expression(..., frame=) the table."
            )
            raise ValueError(msg)
        dtype = self.schema[name]
        kind = plain_kind(dtype)
        if kind in ("text", "null"):
            return self.pc.utf8_length(self.text(name))
        if kind != "nested" or not hasattr(dtype, "inner"):
            msg = (
                f"Column {name!r} holds {kind_in_words(kind)} ({dtype}): only texts and lists have a length."
            )
            raise UnfitError(msg)
        return self.pc.list_value_length(self.field(name))

    def inside(self, node: Inside) -> Any:
        """Say which points lie in a polygon: the formula of polygon.py, operation by operation."""
        pc = self.pc
        x, y = (self.field(name).cast("double", safe=False) for name in (node.x, node.y))
        x0, x1, y0, y1 = bounds(node.polygon)
        box = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        crossings = [
            pc.xor(y < b, y < d) & (x < pc.divide((y - b) * (c - a), d - b) + a)
            for a, b, c, d in edges(node.polygon)
        ]
        # Without a height it has no inside.
        return box & (balanced(pc.xor, crossings) if crossings else pc.scalar(False))

"""Predicates as expressions of narwhals and polars: for lazy frames, and for pipelines of one's own.

Every leaf is made false on null and NaN before anything is negated, since engines differ in both.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from datalens.core.errors import NotExpressibleError, missing_column
from datalens.predicate.compare import check, check_pair
from datalens.predicate.nodes import (
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Keys,
    Not,
    Or,
    StartsWith,
    column_names,
)
from datalens.predicate.operands import Field, Literal
from datalens.predicate.polygon import bounds, edges

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar

DIALECTS = ("narwhals", "polars")
#: Longer lists of numbers aren't unrolled.
MANY = 1000


def expression(node: Predicate, dialect: str, frame: Any = None) -> Any:
    """Return a predicate as an expression.

    Parameters
    ----------
    node : Predicate
    dialect : {"narwhals", "polars"}
    frame : dataframe or lazy frame, optional
        Where the columns' types are read.

    Returns
    -------
    narwhals.Expr or polars.Expr
    """
    if dialect == "narwhals":
        import narwhals as nw

        api: Any = nw
    elif dialect == "polars":
        import polars as pl

        api = pl
    else:
        msg = f"There are no expressions for {dialect!r}; there are: {', '.join(DIALECTS)}."
        raise ValueError(msg)
    schema = None
    if frame is not None:
        import narwhals as nw

        schema = dict(nw.from_native(frame).collect_schema())
        for name in column_names(node):
            if name not in schema:
                raise missing_column(name, schema)
    return _Builder(api, schema).build(node)


class _Builder:
    """Builds with the module whose `col` it is given: narwhals' names are polars' own."""

    def __init__(self, api: Any, schema: dict[str, Any] | None) -> None:
        self.api = api
        self.schema = schema

    def build(self, node: Predicate) -> Any:
        match node:
            case And(of=parts):
                return _balanced(operator.and_, [self.build(part) for part in parts])
            case Or(of=parts):
                return _balanced(operator.or_, [self.build(part) for part in parts])
            case Not(of=part):
                return ~self.build(part)
            case Everything():
                return self.api.lit(True)
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self.literal(name, op, value)
            case Compare(left=Field(name=left), right=Field(name=right)):
                return self.pair(left, right, node)
            case Between(column=name, low=low, high=high):
                return self.literal(name, "ge", low) & self.literal(name, "le", high)
            case IsIn(column=name, values=values):
                return self.among(name, values)
            case IsNull(column=name):
                kind = self.kind(name, node)
                null = self.api.col(name).is_null()
                return null | self.api.col(name).is_nan().fill_null(False) if kind == "float" else null
            case Contains(column=name, value=value):
                self.text(name, node)
                return self.column(name).str.contains(value, literal=True).fill_null(False)
            case StartsWith(column=name, value=value):
                self.text(name, node)
                return self.column(name).str.starts_with(value).fill_null(False)
            case Inside():
                return self.inside(node)
            case Keys(identity=identity, values=values) if identity.scheme == "column":
                return self.among(identity.columns[0], values)
            case Keys():
                msg = (
                    "Rows that are selected by a hash of their content or by number can't be found in an expression: "
                    "collect the frame first, or give the lens a column of unique values as key=."
                )
                raise TypeError(msg)
        msg = f"{type(node).__name__} can't be expressed."
        raise NotExpressibleError(msg)

    def kind(self, name: str, node: Predicate) -> str:
        """Return the kind of a column from its type, "float" apart from "number"."""
        if self.schema is None:
            msg = (
                f"{node!r:.200} depends on the types of its columns (only numbers can be NaN): "
                "give expression(..., frame=) the frame."
            )
            raise ValueError(msg)
        return _kind(self.schema[name])

    def literal(self, name: str, op: str, value: Scalar) -> Any:
        is_float = type(value) in (int, float)
        if self.schema is not None:
            dtype = self.schema[name]
            kind = _kind(dtype)
            is_float = kind == "float"
            check(
                name,
                "number" if is_float else kind.removeprefix("category "),
                str(dtype),
                value,
                ordered=op not in ("eq", "ne"),
                category=kind.startswith("category "),
            )
            value = _fitted(value, dtype)
        column = self.column(name)
        matches = getattr(operator, op)(column, value)
        # Polars and DuckDB hold NaN to be the greatest number.
        if is_float and op in ("gt", "ge", "ne"):
            matches = matches & ~column.is_nan()
        return matches.fill_null(False)

    def among(self, name: str, values: tuple[Scalar, ...]) -> Any:
        column = self.column(name)
        listed: list[Any] = list(values)
        if self.schema is not None:
            dtype = self.schema[name]
            kind = _kind(dtype).removeprefix("category ")
            for value in values:
                check(name, "number" if kind == "float" else kind, str(dtype), value)
            # Polars looks only among values of the column's very type.
            if kind == "float":
                column, listed = column.cast(self.api.Float64), [float(value) for value in listed]
            elif kind == "number":
                wide = self.api.UInt64 if dtype.is_unsigned_integer() else self.api.Int64
                low, high = (0, 2**64) if dtype.is_unsigned_integer() else (-(2**63), 2**63)
                column = column.cast(wide)
                listed = [value for value in listed if type(value) is int and low <= value < high]
            elif kind == "decimal":
                listed = [Decimal(value) for value in listed]
            listed = [_fitted(value, dtype) for value in listed]
        elif values and isinstance(values[0], (int, float)) and len(values) <= MANY:
            # Without the type: equality converts numbers, a list doesn't.
            return _balanced(operator.or_, [column == value for value in values]).fill_null(False)
        if not listed:
            return column.is_null() & ~column.is_null()
        return column.is_in(listed).fill_null(False)

    def column(self, name: str) -> Any:
        column = self.api.col(name)
        is_category = self.schema is not None and _kind(self.schema[name]).startswith("category ")
        return column.cast(self.api.String) if is_category else column

    def pair(self, left: str, right: str, node: Compare) -> Any:
        kinds = [self.kind(name, node) for name in (left, right)]
        dtypes = [str((self.schema or {})[name]) for name in (left, right)]
        ordered = node.op not in ("eq", "ne")
        plain = ["number" if kind == "float" else kind.removeprefix("category ") for kind in kinds]
        for name, kind, dtype in zip((left, right), kinds, dtypes, strict=True):
            if ordered and kind.startswith("category "):
                check(name, plain[0], dtype, "", ordered=True, category=True)
        check_pair(left, plain[0], dtypes[0], right, plain[1], dtypes[1], ordered=ordered)
        a, b = self.column(left), self.column(right)
        matches = getattr(operator, node.op)(a, b)
        for column, kind in ((a, kinds[0]), (b, kinds[1])):
            if kind == "float":
                matches = matches & ~column.is_nan()
        return matches.fill_null(False)

    def text(self, name: str, node: Contains | StartsWith) -> None:
        if self.schema is not None:
            check(
                name, _kind(self.schema[name]).removeprefix("category "), str(self.schema[name]), node.value
            )

    def inside(self, node: Inside) -> Any:
        # The formula of polygon.py, operation by operation. `!=` on booleans is XOR.
        x, y = (self.api.col(name).cast(self.api.Float64) for name in (node.x, node.y))
        x0, x1, y0, y1 = bounds(node.polygon)
        box = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        crossings = [
            ((y < b) != (y < d)) & (x < (y - b) * (c - a) / (d - b) + a) for a, b, c, d in edges(node.polygon)
        ]
        if not crossings:
            return (box & ~box).fill_null(False)
        return (box & _balanced(operator.ne, crossings)).fill_null(False)


def _balanced(join: Any, parts: list[Any]) -> Any:
    """Join pairs, then pairs of pairs: a chain would be as deep as it is long."""
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [functools.reduce(join, pair) for pair in pairs]
    return parts[0]


def _fitted(value: Any, dtype: Any) -> Any:
    """Bring a moment to the column's time zone, and a date to its midnight: polars compares only what is alike."""
    import narwhals as nw

    zone = getattr(dtype, "time_zone", None)
    if isinstance(value, dt.datetime):
        return value.astimezone(ZoneInfo(zone)) if value.tzinfo is not None and zone else value
    if isinstance(value, dt.date) and dtype == nw.Datetime:
        return dt.datetime.combine(value, dt.time())
    return value


def _kind(dtype: Any) -> str:
    import narwhals as nw

    if dtype in (nw.Categorical, nw.Enum):
        return "category text"
    if dtype == nw.Datetime:
        return "datetime" if getattr(dtype, "time_zone", None) is None else "instant"
    if dtype == nw.Decimal:
        return "decimal"
    if dtype.is_float():
        return "float"
    if dtype.is_integer():
        return "number"
    names: dict[Any, str] = {
        nw.String: "text",
        nw.Boolean: "boolean",
        nw.Date: "date",
        nw.Duration: "timedelta",
    }
    return next(
        (kind for known, kind in names.items() if dtype == known), "nested" if dtype.is_nested() else "other"
    )

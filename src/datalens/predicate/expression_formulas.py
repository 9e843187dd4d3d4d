"""What is computed of columns, as expressions of narwhals and polars: with 64-bit floats."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError, UnfitError
from datalens.predicate.compare import kind_in_words
from datalens.predicate.dialects.polars_values import folded, has_reciprocal, is_pattern
from datalens.predicate.expression_types import check_literal, check_number, kind_of, plain_kind
from datalens.predicate.operands import Arithmetic, Field, Length, Literal, Operand, first_column

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Compare


class Formulas:
    """Builds with the module whose `col` it is given: narwhals' names are polars' own.

    Parameters
    ----------
    api : module
        narwhals or polars.
    schema : dict, optional
        From columns to their types in narwhals.
    engine : str, optional
        What computes: "polars", "duckdb" and so on; None where that is not known.
    inner : expression, optional
        What the one column is, inside of lists and structs.
    """

    def __init__(
        self, api: Any, schema: dict[str, Any] | None, engine: str | None, inner: Any = None
    ) -> None:
        self.api = api
        self.schema = schema
        self.engine = engine
        self.inner = inner

    @property
    def is_polars(self) -> bool:
        """Whether polars computes, or may."""
        return self.engine in ("polars", None)

    def dtype(self, name: str, node: Predicate) -> Any:
        """Return a column's type, which has to be known."""
        if self.schema is None:
            msg = (
                f"{node!r:.200} depends on the types of its columns (only numbers can be NaN): "
                "give expression(..., frame=) the frame."
            )
            raise ValueError(msg)
        return self.schema[name]

    def col(self, name: str) -> Any:
        """Return a column."""
        if self.inner is not None:
            return self.inner
        if not is_pattern(name):
            return self.api.col(name)
        # Polars would take the name for several columns.
        if self.schema is None:
            msg = f"The name {name!r} is a pattern to polars: give expression(..., frame=) the frame."
            raise NotExpressibleError(msg)
        return self.api.nth(list(self.schema).index(name))

    def column(self, name: str) -> Any:
        """Return a column, a category as text."""
        is_category = self.schema is not None and kind_of(self.schema[name]).startswith("category ")
        return self.col(name).cast(self.api.String) if is_category else self.col(name)

    def text(self, name: str, value: str) -> Any:
        """Return a column of text."""
        if self.schema is None:
            return self.col(name)
        check_literal(name, self.schema[name], value)
        is_text = kind_of(self.schema[name]) == "text"
        return self.col(name) if is_text else self.col(name).cast(self.api.String)

    def computed(self, node: Compare) -> Any:
        """Compare what is computed."""
        sides = [self.operand(side, node) for side in (node.left, node.right)]
        matches = getattr(operator, node.op)(*sides)
        for side, built in zip((node.left, node.right), sides, strict=True):
            if isinstance(side, (Field, Arithmetic)):
                matches = matches & ~built.is_nan()
        return matches.fill_null(False)

    def operand(self, side: Operand, node: Compare, *, divides: bool = False) -> Any:
        """Return an operand as 64-bit floats; where it divides, the sign of a zero matters."""
        match side:
            case Literal(value=value):
                return float(value)  # type: ignore[arg-type]
            case Field(name=name):
                if self.schema is not None:
                    check_number(name, self.schema[name])
                return self.col(name).cast(self.api.Float64)
            case Length(name=name):
                return self.length(name, node).cast(self.api.Float64)
            case Arithmetic(op=op, left=left, right=right):
                join = getattr(operator, {"div": "truediv"}.get(op, op))
                a = self.operand(left, node, divides=divides)
                b = self.operand(right, node, divides=divides or op == "div")
                if op == "div" and isinstance(right, Literal) and not has_reciprocal(b):
                    b = self.divisor(self.operand(first_column(left), node), b)
                if divides and self.is_polars and (zero := folded(side)):
                    told = self.operand(first_column(side), node).clip(1.0, 1.0) * zero.value
                    a, b = (told if part is zero else built for part, built in ((left, a), (right, b)))
                return join(a, b)

    def divisor(self, column: Any, number: float) -> Any:
        """Return a number as a column: by a number, polars multiplies with its reciprocal, which rounds otherwise."""
        return column.clip(number, number) if self.is_polars else number

    def length(self, name: str, node: Compare) -> Any:
        """Return a text's length in code points, or a list's."""
        dtype = self.dtype(name, node)
        kind = plain_kind(dtype)
        if kind in ("text", "null"):
            return self.text(name, "").str.len_chars()
        if kind != "nested" or not hasattr(dtype, "inner"):
            msg = (
                f"Column {name!r} holds {kind_in_words(kind)} ({dtype}): only texts and lists have a length."
            )
            raise UnfitError(msg)
        if not hasattr(dtype, "shape"):
            return self.col(name).list.len()
        if self.api.__name__ == "polars":
            return self.col(name).arr.len()
        # narwhals measures no lists of a fixed size.
        return self.col(name).cast(self.api.List(dtype.inner)).list.len()

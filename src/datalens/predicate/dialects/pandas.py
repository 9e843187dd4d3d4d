"""Predicates as pandas code: boolean masks, right on default, nullable and Arrow-backed columns alike."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate import regex
from datalens.predicate.dialects.layout import (
    INDENT,
    Inverted,
    Joined,
    Leaf,
    Listing,
    Piece,
    flat,
    lines,
    quote,
    returned,
)
from datalens.predicate.dialects.pandas_helpers import HELPERS, MODULES
from datalens.predicate.dialects.pandas_masks import beyond_arrow, may_be_null, text_first
from datalens.predicate.dialects.parts import Parts, variable
from datalens.predicate.dialects.rows import Conditions, raw
from datalens.predicate.dialects.rows_numbers import is_beyond
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
from datalens.predicate.scalars import SAFE_INTEGER, Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.base import Predicate

_NOT_NULL_NOTE = "# A value equals itself unless it is null or NaN, which match no comparison."
_OBJECT_NOTE = "# As objects, because isna() passes over the NaN in Arrow columns."

_INSIDE = '''\
def {inside}(x, y, polygon):
    """Say which points lie in the polygon (even-odd rule)."""
    x = x.to_numpy("float64", na_value=np.nan)
    y = y.to_numpy("float64", na_value=np.nan)
    (x0, y0), (x1, y1) = np.min(polygon, axis=0), np.max(polygon, axis=0)
    mask = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    x, y = x[mask], y[mask]
    odd = np.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if y1 != y2:
            crossing = (x2 - x1) * (y - y1) / (y2 - y1) + x1
            odd ^= ((y < y1) != (y < y2)) & (x < crossing)
    mask[mask] = odd
    return mask'''

_HASHABLE = '''\
def {plain}(value):
    """Turn arrays and sets into lists, whose repr is exact."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {{key: {plain}(item) for key, item in value.items()}}
    if isinstance(value, (set, frozenset)):
        return sorted(repr({plain}(item)) for item in value)
    return [{plain}(item) for item in value] if isinstance(value, (list, tuple)) else value


def {hashable}(column):
    """Turn lists, arrays, dicts and other objects into text, which has a hash."""
    if isinstance(column.dtype, pd.ArrowDtype):
        import pyarrow as pa

        kind = column.dtype.pyarrow_dtype
        nested = pa.types.is_nested(kind) or "view" in str(kind)
    elif column.dtype == object:
        kind = pd.api.types.infer_dtype(column, skipna=True)
        nested = kind not in ("string", "empty")
        try:
            for text in column:
                if isinstance(text, str):
                    text.encode()
        except UnicodeEncodeError:  # lone surrogates
            nested = True
    else:
        nested = False
    return column.map(lambda value: repr({plain}(value))) if nested else column


def {content_keys}(frame):
    """Name each row by a hash of its content and how many equal rows stand before it."""
    content = pd.DataFrame({{name: {hashable}(frame[name]) for name in frame}})
    rows = pd.util.hash_pandas_object(content, index=False)
    equal = rows.groupby(rows).cumcount()
    names = [f"{{row:016x}}-{{n}}" for row, n in zip(rows, equal)]
    return pd.Series(names, index=frame.index, dtype=object)'''

_ZERO_NOTE = "# Zero by itself, because isin() tells 0.0 from -0.0 in Arrow columns."


def render(node: Predicate, *, frame: str, result: str) -> str:
    """Print a predicate as pandas statements that end in `result = frame[...]`.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Names in the printed code.

    Returns
    -------
    str

    Examples
    --------
    >>> from datalens.predicate import col
    >>> print(render(~col("text").contains("cookie"), frame="df", result="selected"))
    selected = df[~df["text"].str.contains("cookie", regex=False, na=False)]
    """
    if isinstance(node, Everything):
        return f"{result} = {frame}"
    printer = _Printer(frame, result)
    condition = printer.piece(node)
    flat_line = f"{result} = {frame}[{flat(condition)}]"
    last = lines(Leaf(flat_line), "")
    if len(flat_line) > 88 or "\n" in flat_line:  # noqa: PLR2004
        if isinstance(condition, Listing):
            last = lines(condition, "", f"{result} = {frame}[", "]")
        else:
            last = [f"{result} = {frame}[", *lines(condition, INDENT), "]"]
    return printer.assemble("\n".join(last))


class _Printer(Parts):
    """Prints conditions as masks, and collects what has to stand before the last statement."""

    def __init__(self, frame: str, result: str) -> None:
        super().__init__([frame.partition(".")[0], result])
        self.frame = frame

    def column(self, name: str) -> str:
        return f"{self.frame}[{quote(name)}]"

    def piece(self, node: Predicate) -> Piece:
        match node:
            case And(of=parts):
                pieces = [self.piece(part) for part in text_first(parts)]
                flattened = [p.parts if isinstance(p, Joined) and p.sign == "&" else [p] for p in pieces]
                return Joined("&", [piece for group in flattened for piece in group])
            case Or(of=parts):
                return Joined("|", [self.piece(part) for part in text_first(parts)])
            case Not(of=part):
                return Inverted(self.piece(part), ".fillna(False)" if may_be_null(part) else "")
            case Everything():
                return Leaf(
                    f"{self.module('pd', 'import pandas as pd')}.Series(True, index={self.frame}.index)"
                )
            case Compare():
                return self.compare(node)
            case Between(column=name, low=low, high=high):
                column = self.comparable(name, high if beyond_arrow(high) else low)
                return Leaf(f"{column}.between({self.bound(name, low)}, {self.bound(name, high)})")
            case IsIn(column=name, values=values):
                return self.among(name, values)
            case IsNull(column=name):
                self.notes[_OBJECT_NOTE] = None
                return Leaf(f"{self.column(name)}.astype(object).isna()")
            case Contains(column=name, value=value):
                column = self.comparable(name, value)
                return Leaf(f"{column}.str.contains({quote(value)}, regex=False, na=False)")
            case StartsWith(column=name, value=value):
                return Leaf(f"{self.comparable(name, value)}.str.startswith({quote(value)}, na=False)")
            case Matches(column=name, pattern=pattern):
                return self.matches(name, pattern)
            case Items(column=name) | Member(column=name):
                return self.within(name, node)
            case Linear():
                return self.linear(node)
            case Inside():
                return self.inside(node)
            case Keys():
                return self.keys(node)
        msg = f"pandas code can't express {type(node).__name__}."
        raise NotExpressibleError(msg)

    def compare(self, node: Compare) -> Piece:
        if not isinstance(node.left, Field) or not isinstance(node.right, (Field, Literal)):
            return self.computed(node)
        left = self.column(node.left.name)
        if isinstance(node.right, Field):
            right = self.column(node.right.name)
            test = Leaf(f"{left} {SYMBOLS[node.op]} {right}", loose=True)
            if node.op != "ne":
                return test
            self.notes[_NOT_NULL_NOTE] = None
            selves = [Leaf(f"{column} == {column}", loose=True) for column in dict.fromkeys((left, right))]
            return Joined("&", [*selves, test])
        value = node.right.value
        compared = self.comparable(node.left.name, value)
        if isinstance(value, bool):
            test = Leaf(f"{compared}.{node.op}({value})")
        else:
            test = Leaf(f"{compared} {SYMBOLS[node.op]} {self.bound(node.left.name, value)}", loose=True)
        if node.op != "ne":
            return test
        if kind(value) in ("number", "decimal"):
            self.notes[_NOT_NULL_NOTE] = None
            return Joined("&", [Leaf(f"{left} == {left}", loose=True), test])
        return Joined("&", [Leaf(f"{left}.notna()"), test])

    def computed(self, node: Compare) -> Piece:
        left, right = self.number(node.left)[0], self.number(node.right)[0]
        if node.op != "ne":
            return Leaf(f"{left} {SYMBOLS[node.op]} {right}", loose=True)
        self.notes[_NOT_NULL_NOTE] = None
        tests = []
        for side, shown in ((node.left, left), (node.right, right)):
            if not isinstance(side, Literal):
                value = self.name("value", side)
                self.before[value] = f"{value} = {shown}"
                tests.append(Leaf(f"{value} == {value}", loose=True))
        sides = [self.names.get(side, shown) for side, shown in ((node.left, left), (node.right, right))]
        return Joined("&", [*tests, Leaf(" != ".join(sides), loose=True)])

    def number(self, side: Operand) -> tuple[str, int]:
        """Return an operand as 64-bit floats, and how tightly it binds: a sum 0, a product 1, a call 2."""
        match side:
            case Field(name=name):
                return f'{self.column(name)}.astype("float64")', 2
            case Length(name=name):
                return f"{self.helper('lengths', HELPERS, MODULES)}({self.column(name)})", 2
            case Literal(value=value):
                big = isinstance(value, int) and abs(value) > SAFE_INTEGER
                return self.scalar(float(value) if big else value), 2  # type: ignore[arg-type]
            case Arithmetic(op=op):
                (left, left_binds), (right, right_binds) = self.number(side.left), self.number(side.right)
                binds = 1 if op in ("mul", "div") else 0
                left = left if left_binds >= binds else f"({left})"
                right = right if right_binds > binds else f"({right})"
                return f"{left} {side.signs[op]} {right}", binds

    def matches(self, name: str, pattern: str) -> Piece:
        printed = raw(regex.emit(pattern, "python"))
        if regex.needs_ascii(pattern) or regex.is_anchored(pattern):
            # Arrow's texts are searched by RE2, which writes edges in other ways; objects by Python.
            flags = f", flags={self.module('re', 'import re')}.ASCII"
            return Leaf(f"{self.column(name)}.astype(object).str.contains({printed}{flags}, na=False)")
        return Leaf(f"{self.column(name)}.str.contains({printed}, na=False)")

    def within(self, name: str, node: Items | Member) -> Piece:
        """Return which lists or structs match, by a function of one that stands above."""
        value = variable(name)
        condition = Conditions(self).leaf(node, {name: self.name(value, ("value", name))})
        value = self.names["value", name]
        function = self.name(f"matches_{value}", node)
        body = "\n".join(returned(condition, INDENT))
        self.helpers[function] = f"def {function}({value}):\n{body}"
        values = self.helper("python_values", HELPERS, MODULES)
        return Leaf(f"{values}({self.column(name)}).map({function}).astype(bool)")

    def linear(self, node: Linear) -> Piece:
        weights = self.name("weights", ("weights", node.weights))
        shown = Listing(f"{weights} = ", [repr(weight) for weight in node.weights], "")
        self.before[weights] = "\n".join(lines(shown, ""))
        product = self.helper("cosine" if node.cosine else "product", HELPERS, MODULES)
        test = f"{product}({self.column(node.column)}, {weights}) {SYMBOLS[node.op]} {node.threshold!r}"
        return Leaf(test, loose=True)

    def comparable(self, name: str, value: Scalar) -> str:
        if kind(value) == "date":
            # Columns of dates (objects, or Arrow's date32) don't compare with a Timestamp by themselves.
            return f"{self.module('pd', 'import pandas as pd')}.to_datetime({self.column(name)})"
        if beyond_arrow(value):
            return f"{self.column(name)}.astype(object)"
        return self.column(name)

    def bound(self, name: str, value: Scalar) -> str:
        """Return a literal, as it is compared with `comparable`'s column."""
        if isinstance(value, int) and is_beyond(value):
            # Objects compare exactly; beside floats an integer is rounded to one.
            return f'({float(value)!r} if {self.column(name)}.dtype.kind == "f" else {value})'
        return self.scalar(value)

    def among(self, name: str, values: Sequence[Scalar]) -> Piece:
        if 0 in values and kind(values[0]) == "number":
            self.notes[_ZERO_NOTE] = None
            zero = Leaf(f"{self.column(name)} == 0", loose=True)
            others = tuple(value for value in values if value != 0)
            return Joined("|", [zero, self.among(name, others)]) if others else zero
        if any(map(is_beyond, values)):
            return self.among_large(name, values)
        hardest = next(filter(beyond_arrow, values), values[0] if values else "")
        column = self.comparable(name, hardest)
        return Listing(f"{column}.isin(", [self.scalar(value) for value in values], ")")

    def among_large(self, name: str, values: Sequence[Scalar]) -> Piece:
        """Look for integers among integers only, exactly, and among floats for what they are rounded to."""
        column = self.column(name)
        wanted = self.name("wanted", ("wanted", tuple(values)))
        whole = [str(value) for value in values if isinstance(value, int)]
        self.before[wanted] = "\n".join(lines(Listing(f"{wanted} = ", whole, ""), ""))
        floats = [f"*map(float, {wanted})", *(self.scalar(v) for v in values if not isinstance(v, int))]
        choice = f'[{", ".join(floats)}] if {column}.dtype.kind == "f" else {wanted}'
        return Leaf(f"{column}.astype(object).isin({choice})")

    def inside(self, node: Inside) -> Piece:
        function = self.helper("inside", HELPERS, MODULES)
        polygon = self.name("lasso", node.polygon)
        points = [f"({x!r}, {y!r})" for x, y in node.polygon]
        self.before[polygon] = "\n".join(lines(Listing(f"{polygon} = ", points, ""), ""))
        return Leaf(f"{function}({self.column(node.x)}, {self.column(node.y)}, {polygon})")

    def keys(self, node: Keys) -> Piece:
        identity = node.identity
        if identity.scheme == "column":
            return self.among(identity.columns[0], node.values)
        if identity.scheme == "row":
            np = self.module("np", "import numpy as np")
            rows = f"{identity.rows:,}"
            sentence = (
                f"These rows are numbered in a table of {rows} rows, but {{len({self.frame}):,}} are here."
            )
            self.before[f"rows {rows}"] = "\n".join(
                [f"if len({self.frame}) != {identity.rows}:", f'{INDENT}raise ValueError(f"{sentence}")']
            )
            return Listing(f"{np}.isin({np}.arange(len({self.frame})), ", [str(v) for v in node.values], ")")
        content = self.helper("content_keys", HELPERS, MODULES)
        row_keys = self.name("row_keys", identity)
        names = ", ".join(quote(name) for name in identity.columns)
        call = Listing(f"{row_keys} = {content}({self.frame}[", [names], "])")
        self.before[row_keys] = "\n".join(lines(call, ""))
        return Listing(f"{row_keys}.isin(", [self.scalar(value) for value in node.values], ")")

    def scalar(self, value: Scalar) -> str:
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            return f'float("{value}")'
        if isinstance(value, Decimal):
            return f'{self.module("Decimal", "from decimal import Decimal")}("{value}")'
        if isinstance(value, dt.timedelta):
            pd = self.module("pd", "import pandas as pd")
            return f'{pd}.Timedelta({value // dt.timedelta(microseconds=1)}, "us")'
        if isinstance(value, dt.date):
            text = value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
            return f'{self.module("pd", "import pandas as pd")}.Timestamp("{text}")'
        return repr(value)

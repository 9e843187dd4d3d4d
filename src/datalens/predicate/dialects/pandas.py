"""Predicates as pandas code: boolean masks, right on default, nullable and Arrow-backed columns alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError
from datalens.predicate import regex
from datalens.predicate.dialects import pandas_masks as masks
from datalens.predicate.dialects.layout import (
    INDENT,
    Call,
    Inverted,
    Joined,
    Leaf,
    Listing,
    Piece,
    chained,
    flat,
    grouped,
    lines,
    quote,
    returned,
)
from datalens.predicate.dialects.pandas_cells import Cells, is_short
from datalens.predicate.dialects.pandas_helpers import HELPERS, MODULES
from datalens.predicate.dialects.pandas_order import fails_beside, text_first
from datalens.predicate.dialects.pandas_pairs import pair
from datalens.predicate.dialects.pandas_types import Types
from datalens.predicate.dialects.pandas_values import Values
from datalens.predicate.dialects.parts import variable
from datalens.predicate.dialects.rows import Conditions, matches_null, raw
from datalens.predicate.dialects.rows_joined import inverted
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
from datalens.predicate.precision import in_column_precision
from datalens.predicate.scalars import SAFE_INTEGER, kind

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate


#: Longer conditions on one cell stand in a function.
_LONGEST_LAMBDA = 72
#: Longer calls that count items stand above.
_LONGEST_COUNTS = 44


def render(node: Predicate, *, frame: str, result: str, schema: Any = None) -> str:
    """Print a predicate as pandas statements that end in `result = frame[...]`.

    Parameters
    ----------
    node : Predicate
    frame, result : str
        Names in the printed code.
    schema : dataframe or pyarrow.Schema, optional
        The columns' types, which make the code shorter.

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
    types = Types(schema)
    if types.of:
        node = in_column_precision(node, types.schema)
    printer = _Printer(frame, result, types)
    condition = printer.piece(node)
    flat_line = f"{result} = {frame}[{flat(condition)}]"
    last = lines(Leaf(flat_line), "")
    if len(flat_line) > 88 or "\n" in flat_line:  # noqa: PLR2004
        if isinstance(condition, Listing):
            last = lines(condition, "", f"{result} = {frame}[", "]")
        else:
            last = [f"{result} = {frame}[", *lines(condition, INDENT), "]"]
    return printer.assemble("\n".join(last))


class _Printer(Values):
    """Prints conditions as masks, and collects what has to stand before the last statement."""

    def piece(self, node: Predicate) -> Piece:
        match node:
            case And():
                return chained("&", self.ordered(node))
            case Or():
                return grouped("|", self.ordered(node))
            case Not(of=Member(column=name) as part) if matches_null(part):
                inner = self.within(name, part)
                return inner.part if isinstance(inner, Inverted) else Inverted(inner, "")
            case Not(of=part):
                return Inverted(
                    self.piece(part), ".fillna(False)" if masks.may_be_null(part, self.types) else ""
                )
            case Everything():
                return Leaf(
                    f"{self.module('pd', 'import pandas as pd')}.Series(True, index={self.frame}.index)"
                )
            case Compare():
                return self.compare(node)
            case Between(column=name, low=low, high=high):
                column = self.comparable(name, high if self.is_beyond(name, high) else low)
                return Leaf(f"{column}.between({self.bound(name, low)}, {self.bound(name, high)})")
            case IsIn(column=name, values=values):
                return self.among(name, values)
            case IsNull(column=name):
                return self.is_null(name)
            case Contains(column=name, value=value):
                return Leaf(f"{self.texts(name, value)}.contains({quote(value)}, regex=False, na=False)")
            case StartsWith(column=name, value=value):
                return Leaf(f"{self.texts(name, value)}.startswith({quote(value)}, na=False)")
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
            return pair(self, self.types, self.column, node.op, (node.left.name, node.right.name))
        value = node.right.value
        compared = self.comparable(node.left.name, value)
        if isinstance(value, bool):
            test = Leaf(f"{compared}.{node.op}({value})")
        else:
            test = Leaf(f"{compared} {SYMBOLS[node.op]} {self.bound(node.left.name, value)}", loose=True)
        if node.op != "ne":
            return test
        if kind(value) in ("number", "decimal"):
            return Joined("&", [masks.is_there(self, self.types, node.left.name, left), test])
        return Joined("&", [Leaf(f"{left}.notna()"), test])

    def ordered(self, node: And | Or) -> list[Piece]:
        """Return parts in the order in which pandas can apply them to one another: as given, if it can."""
        if self.types.in_numpy:
            return [self.piece(part) for part in node.of]
        parts = text_first(node)
        return [
            Inverted(self.piece(part), ".fillna(False)", "")
            if fails_beside(parts[:i], part, self.types)
            else self.piece(part)
            for i, part in enumerate(parts)
        ]

    def is_null(self, name: str) -> Piece:
        if not self.types.of.get(name) and not self.types.in_numpy:
            self.notes[masks.NAN_NOTE] = None
            pd = self.module("pd", "import pandas as pd")
            return Leaf(f"{pd}.isna({self.column(name)}.to_numpy())")
        if self.types.holds_nan(name):
            self.notes[masks.NAN_NOTE] = None
            return Leaf(f'{self.column(name)}.astype("float64").isna()')
        return Leaf(f"{self.column(name)}.isna()")

    def computed(self, node: Compare) -> Piece:
        if isinstance(node.left, Length) and isinstance(node.right, Literal):
            name = node.left.name
            if self.types.is_text(name):
                text = f"{self.column(name)}.str.len() {SYMBOLS[node.op]} {self.number(node.right)[0]}"
                test = Leaf(text, loose=True)
                there = Leaf(f"{self.column(name)}.notna()")
                return Joined("&", [there, test]) if node.op == "ne" else test
        left, right = self.number(node.left)[0], self.number(node.right)[0]
        if node.op != "ne":
            return Leaf(f"{left} {SYMBOLS[node.op]} {right}", loose=True)
        self.notes[masks.NOT_NULL_NOTE] = None
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
                wide = self.types.in_numpy and self.types.is_wide(name)
                return self.column(name) + ("" if wide else '.astype("float64")'), 2
            case Length(name=name):
                nan = f"{self.module('np', 'import numpy as np')}.nan"
                counts = f'{self.column(name)}.map(len, na_action="ignore")'
                if len(counts) > _LONGEST_COUNTS:
                    long, counts = counts, self.name("counts", ("counts", name))
                    self.before[counts] = f"{counts} = {long}"
                return f'{counts}.to_numpy("float64", na_value={nan})', 2
            case Literal(value=value):
                big = isinstance(value, int) and abs(value) > SAFE_INTEGER
                return self.scalar(float(value) if big else value), 2  # type: ignore[arg-type]
            case Arithmetic(op=op):
                (left, left_binds), (right, right_binds) = self.term(side.left), self.term(side.right)
                binds = 1 if op in ("mul", "div") else 0
                left = left if left_binds >= binds else f"({left})"
                right = right if right_binds > binds else f"({right})"
                return f"{left} {side.signs[op]} {right}", binds

    def term(self, side: Operand) -> tuple[str, int]:
        """Return an operand of a sum, product or quotient: a column, since numpy warns of a division by zero."""
        shown, binds = self.number(side)
        if not isinstance(side, Length):
            return shown, binds
        lengths = self.name("lengths", ("lengths", side))
        pd = self.module("pd", "import pandas as pd")
        call = Call(f"{lengths} = {pd}.Series(", Leaf(shown), ")", f"index={self.frame}.index")
        self.before[lengths] = "\n".join(lines(call, ""))
        return lengths, binds

    def texts(self, name: str, value: str = "") -> str:
        """Return what searches a column's texts for a value."""
        if self.types.is_category(name) and not self.types.in_numpy:
            return f"{self.column(name)}.astype(object).str"  # Arrow's have no .str
        return f"{self.comparable(name, value)}.str"

    def matches(self, name: str, pattern: str) -> Piece:
        if regex.needs_ascii(pattern) or regex.is_anchored(pattern):
            # Arrow's texts are searched by RE2, which writes edges in other ways; objects by Python.
            texts, printed = f"{self.column(name)}.astype(object).str", regex.emit(pattern, "python")
        else:
            texts, printed = self.texts(name), regex.emit(pattern, "pandas")
        flags = f"flags={self.module('re', 'import re')}.ASCII, " if regex.needs_ascii(pattern) else ""
        return Call(f"{texts}.contains(", Leaf(raw(printed)), ")", f"{flags}na=False")

    def within(self, name: str, node: Items | Member) -> Piece:
        """Return which lists or structs match, by a function of one."""
        short = is_short(node, self.types.of.get(name))
        value = self.name(variable(name), ("value", name))
        printer = Cells(self, node, self.types.of.get(name)) if short else Conditions(self)
        condition = printer.leaf(node, {name: value})
        if short and matches_null(node):
            # No function is asked of a null struct, whose fields are null.
            condition = inverted(condition)
        call = f"lambda {value}: {flat(condition)}"
        if not short or len(call) > _LONGEST_LAMBDA:
            call = self.name(f"matches_{value}", node)
            body = "\n".join(returned(condition, INDENT))
            self.helpers[call] = f"def {call}({value}):\n{body}"
        if short:
            test = Call(f"{self.column(name)}.map(", Leaf(call), ").eq(True)", 'na_action="ignore"')
            after = "" if self.types.in_numpy else ".fillna(False)"
            return Inverted(test, after) if matches_null(node) else test
        values = self.helper("python_values", HELPERS, MODULES)
        return Leaf(f"{values}({self.column(name)}).map({call}).astype(bool)")

    def linear(self, node: Linear) -> Piece:
        weights = self.name("weights", ("weights", node.weights))
        shown = Listing(f"{weights} = ", [repr(weight) for weight in node.weights], "")
        self.before[weights] = "\n".join(lines(shown, ""))
        product = self.helper("cosine" if node.cosine else "product", HELPERS, MODULES)
        test = f"{product}({self.column(node.column)}, {weights}) {SYMBOLS[node.op]} {node.threshold!r}"
        return Leaf(test, loose=True)

    def inside(self, node: Inside) -> Piece:
        if node.is_box:
            sides = box_sides(node.x, node.y, node.polygon)
            return Joined(
                "&", [Leaf(f"{self.number(Field(x))[0]} {op} {v!r}", loose=True) for x, op, v in sides]
            )
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

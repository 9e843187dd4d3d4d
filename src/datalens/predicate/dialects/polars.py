"""Predicates as Polars code: one `filter`, the same on eager and lazy frames.

Types are not known while printing. A number compared says that its column holds numbers, but a column compared with a
column may hold anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate.compare import encodable
from datalens.predicate.dialects.layout import Call, Inverted, Joined, Leaf, Piece, flat, quote
from datalens.predicate.dialects.polars_values import (
    INSIDE,
    LENGTH,
    MISSING,
    PRODUCT,
    Values,
    has_reciprocal,
    is_pattern,
)
from datalens.predicate.dialects.statements import ending, raw
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
from datalens.predicate.regex import emit
from datalens.predicate.scalars import SAFE_INTEGER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datalens.predicate.base import Predicate

    #: From a column's name to the code of an expression.
    At = Callable[[str], str]

#: The sides whose NaN would match, since Polars holds it to be the greatest number and equal to itself.
_GUARDED = {"gt": (0,), "ge": (0,), "eq": (0,), "lt": (1,), "le": (1,), "ne": (0, 1)}


def render(node: Predicate, *, frame: str, result: str) -> str:
    """Print a predicate as Polars statements that end in `result = frame.filter(...)`.

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
    >>> print(render((col("loss") < 3.2) & ~col("flag").is_null(), frame="df", result="selected"))
    import polars as pl
    import polars.selectors as cs
    <BLANKLINE>
    # Only columns of floats have NaN.
    selected = df.filter(
        (pl.col("loss") < 3.2)
        & ~pl.any_horizontal(pl.col("flag").is_null(), (cs.by_name("flag") & cs.float()).is_nan())
    )
    """
    if isinstance(node, Everything):
        return f"{result} = {frame}"
    printer = _Printer(frame.partition(".")[0], result)
    condition = printer.piece(node)
    return printer.assemble(ending(f"{result} = {frame}.filter(", condition, ")"))


class _Printer(Values):
    """Prints the tree."""

    def column(self, name: str) -> str:
        if is_pattern(name):
            return f"{self.selectors}.by_name({quote(name)})"
        return f"{self.pl}.col({quote(name)})"

    @property
    def selectors(self) -> str:
        return self.module("cs", "import polars.selectors as cs")

    def piece(self, node: Predicate) -> Piece:
        match node:
            case And(of=parts):
                return Joined("&", _flattened("&", [self.piece(part) for part in parts]))
            case Or(of=parts):
                return Joined("|", _flattened("|", [self.piece(part) for part in parts]))
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
            case IsNull(column=name):
                missing = self.nan(name)
                return Leaf(f"{self.pl}.any_horizontal({self.column(name)}.is_null(), {missing})")
            case Compare(op=op, left=Field(name=left), right=Field(name=right)):
                test = Leaf(f"{self.column(left)} {SYMBOLS[op]} {self.column(right)}", loose=True)
                compared = dict.fromkeys((left, right)[i] for i in _GUARDED[op])
                guards = [f"{self.pl}.any_horizontal({self.nan(name)})" for name in compared]
                return Joined("&", [test, *(Inverted(Leaf(part), "") for part in guards)])
            case Inside():
                return self.inside(node)
            case Keys():
                return self.keys(node)
            case Linear():
                return self.linear(node)
        return self.leaf(node, self.column)

    def nan(self, name: str) -> str:
        self.note("# Only columns of floats have NaN.")
        cs = self.selectors
        return f"({cs}.by_name({quote(name)}) & {cs}.float()).is_nan()"

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
                missing = self.helper("missing", MISSING)
                return Leaf(f"{at(name)}.map_batches({missing}, return_dtype={self.pl}.Boolean)")
            case Contains(column=name, value=value) | StartsWith(column=name, value=value):
                if not encodable(value):
                    return Leaf(f"{at(name)}.is_in([])")
                # Categories have no .str of their own.
                text = f"{at(name)}.cast({self.pl}.String).str"
                if isinstance(node, StartsWith):
                    return Leaf(f"{text}.starts_with({quote(value)})")
                return Leaf(f"{text}.contains({quote(value)}, literal=True)")
            case Matches(column=name, pattern=pattern):
                found = raw(emit(pattern, "rust"))
                return Leaf(f"{at(name)}.cast({self.pl}.String).str.contains({found})")
            case Items(column=name, which=which, of=part):
                return self.items(at(name), which, part)
            case Member(column=name, name=member, of=part):
                if is_pattern(member):
                    msg = (
                        f"Polars takes the field {member!r} of column {name!r} for a pattern: rename it, or copy the "
                        "rows as keys."
                    )
                    raise NotExpressibleError(msg)
                value = f"{at(name)}.struct.field({quote(member)})"
                return self.leaf(part, lambda _: value)
        msg = f"Polars code can't express {type(node).__name__}: copy the rows as keys."
        raise NotExpressibleError(msg)

    def items(self, column: str, which: str, part: Predicate) -> Piece:
        element = f"{self.pl}.element()"
        condition = self.leaf(part, lambda _: element)
        if which == "all" and _may_be_null(part):
            # all() passes over nulls.
            condition = Call("(", condition, ").fill_null(False)")
        return Call(f"{column}.list.eval(", condition, f").list.{which}()")

    def computed(self, op: str, left: Operand, right: Operand, at: At) -> Piece:
        """Compare what is computed, as floats; where NaN would be greatest or equal to itself, it becomes null."""
        sides = [self.operand(left, at), self.operand(right, at)]
        for i, side in enumerate((left, right)):
            if i in _GUARDED[op] and isinstance(side, Arithmetic):
                sides[i] = Call("(", sides[i], ").fill_nan(None)")
            elif i in _GUARDED[op] and isinstance(side, Field):
                sides[i] = Leaf(f"{flat(sides[i])}.fill_nan(None)")
        return Joined(SYMBOLS[op], sides)

    def operand(self, side: Operand, at: At, *, term: bool = False) -> Piece:
        """Print an operand; as a term of arithmetic, lengths are floats too."""
        match side:
            case Literal(value=value):
                large = isinstance(value, int) and abs(value) > SAFE_INTEGER
                return Leaf(self.scalar(float(value) if large else value))  # type: ignore[arg-type]
            case Field(name=name):
                return Leaf(f"{at(name)}.cast({self.pl}.Float64)")
            case Length(name=name):
                length = self.helper("length", LENGTH, pl=self.pl)
                counted = f"{at(name)}.map_batches({length}, return_dtype={self.pl}.UInt32)"
                return Leaf(f"{counted}.cast({self.pl}.Float64)" if term else counted)
            case Arithmetic(op=op, left=left, right=right):
                parts = [self.operand(left, at, term=True), self.operand(right, at, term=True)]
                if op == "div" and isinstance(right, Literal) and not has_reciprocal(float(right.value)):  # type: ignore[arg-type]
                    self.note(
                        "# clip() makes a column of the divisor: by a number, Polars divides less exactly."
                    )
                    number, column = flat(parts[1]), flat(self.operand(first_column(left), at, term=True))
                    parts[1] = Leaf(f"{column}.clip({number}, {number})")
                return Joined(Arithmetic.signs[op], parts)

    def inside(self, node: Inside) -> Piece:
        np = self.module("np", "import numpy as np")
        inside = self.helper("inside", INSIDE, np=np, pl=self.pl)
        lasso = self.listing("lasso", node.polygon, [f"({x!r}, {y!r})" for x, y in node.polygon])
        columns = f"[{self.column(node.x)}, {self.column(node.y)}]"
        function = f"lambda points: {inside}(*points, {lasso})"
        arguments = Leaf(f"{columns}, {function}, return_dtype={self.pl}.Boolean")
        return Call(f"{self.pl}.map_batches(", arguments, ")")

    def linear(self, node: Linear) -> Piece:
        np = self.module("np", "import numpy as np")
        divide = f" / {np}.sqrt((matrix * matrix).sum(axis=1))" if node.cosine else ""
        text = PRODUCT.replace("{divide}", divide).replace("{cosine}", "")
        product = self.helper("cosine" if node.cosine else "product", text, np=np, pl=self.pl)
        weights = self.listing(
            "weights", ("weights", node.weights), [repr(weight) for weight in node.weights]
        )
        function = f"lambda vectors: {product}(vectors, {weights})"
        arguments = Leaf(f"{function}, return_dtype={self.pl}.Float64")
        products = Call(f"{self.column(node.column)}.map_batches(", arguments, ")")
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


def _flattened(sign: str, pieces: list[Piece]) -> Sequence[Piece]:
    groups = [
        piece.parts if isinstance(piece, Joined) and piece.sign == sign else [piece] for piece in pieces
    ]
    return [piece for group in groups for piece in group]


def _may_be_null(node: Predicate) -> bool:
    match node:
        case And(of=parts) | Or(of=parts):
            return any(map(_may_be_null, parts))
        case Member(of=part):
            return _may_be_null(part)
    return not isinstance(node, (Everything, IsNull, Inside, Not))

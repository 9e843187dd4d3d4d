"""The sides of comparisons in pandas code: columns of one frame, what is computed of them, values."""

from __future__ import annotations

import ast
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from datalens.predicate.nodes import Compare
from datalens.predicate.operands import Arithmetic, Field, Length, Literal
from datalens.predicate.parse import pairs
from datalens.predicate.parse.code import Code, last_name
from datalens.predicate.parse.reading import Product
from datalens.predicate.parse.source import SUMS

if TYPE_CHECKING:
    from collections.abc import Collection

    from datalens.predicate.base import Predicate

#: The functions that printed code calls, with a number where their name was taken.
_HELPER = re.compile(r"(inside|product|cosine|content_keys|python_values|in_utc|nanoseconds)(_\d+)?")


class Sides(Code):
    """Reads what is compared.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are.
    """

    def __init__(self, text: str, columns: Collection[str] | None) -> None:
        super().__init__(text, columns)
        self.frame = ""
        #: Lists and numbers that stand in lines above, by their names.
        self.lists: dict[str, ast.expr] = {}
        self.numbers: dict[str, ast.expr] = {}
        #: Names of types of decimals, that columns are brought to.
        self.exact: set[str] = set()
        #: Functions that are defined in the code.
        self.helpers: dict[str, ast.FunctionDef] = {}

    def helper(self, name: str) -> str:
        """Return which of the printed helpers a name stands for; nothing for any other function.

        What is defined in the code is compared with what is printed, when the whole is read.
        """
        match = _HELPER.fullmatch(name)
        return match[1] if match is not None and (name in self.helpers or not match[2]) else ""

    def frame_is(self, node: ast.expr) -> None:
        """Take the frame's name; there is one."""
        if not isinstance(node, (ast.Name, ast.Attribute)):
            raise self.error_at(node, "The name of a frame was expected.")
        name = ast.unparse(node)
        if self.frame not in ("", name):
            raise self.error_at(node, f"All columns are of one frame, {self.frame!r}.")
        self.frame = name

    def column_at(self, node: ast.expr) -> Any:
        """Return the column whose name stands here."""
        return self.column(self.text_of(node), self.position(node))

    def side(self, node: ast.expr) -> Any:
        """Return a column, its length, what is computed, a product of vectors, or a value."""
        self.down(node)
        made: Any
        match node:
            case ast.Name(id=name) if name in self.numbers:
                made = self.side(self.numbers[name])
            case ast.BinOp(op=op, left=left, right=right) if type(op) in SUMS:
                made = self.build(node, Arithmetic, SUMS[type(op)], self.side(left), self.side(right))
            # The helpers that are printed: `check_helpers` says whether they are.
            case ast.Call(func=ast.Name(id=function), args=[of, weights], keywords=[]) if self.helper(
                function
            ) in ("product", "cosine"):
                listed = self.lists.get(weights.id) if isinstance(weights, ast.Name) else weights
                numbers = tuple(self.values(listed if listed is not None else weights))
                made = Product(self.name(of), numbers, cosine=self.helper(function) == "cosine")
            case ast.Call(func=ast.Name(id=function), args=[of], keywords=[]) if (
                self.helper(function) == "in_utc"
            ):
                made = Field(self.name(of))
            case ast.Call(
                func=ast.Attribute(attr="Series"),
                args=[inner],
                keywords=[ast.keyword(arg="index", value=ast.Attribute(value=frame, attr="index"))],
            ):
                self.frame_is(frame)
                made = self.side(inner)
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Attribute(attr="map")) as inner, attr="to_numpy"),
                args=[ast.Constant(value="float64")],
                keywords=[ast.keyword(arg="na_value", value=ast.Attribute(attr="nan"))],
            ):
                made = self.side(inner)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="to_numpy"),
                args=[ast.Constant(value="float64")],
                keywords=[ast.keyword(arg="na_value", value=ast.Attribute(attr="nan"))],
            ) if isinstance(counts := self.side(self.numbers.get(name, node.func)), Length):
                made = counts
            case ast.Call(func=ast.Attribute(value=of, attr="astype"), args=[ast.Constant(value="float64")]):
                made = Field(self.name(of))
            case ast.Call(
                func=ast.Attribute(value=of, attr="map"),
                args=[ast.Name(id="len")],
                keywords=[ast.keyword(arg="na_action", value=ast.Constant(value="ignore"))],
            ):
                made = Length(self.name(of))
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=of, attr="str"), attr="len"),
                args=[],
                keywords=[],
            ):
                made = Length(self.name(of))
            case ast.Call(func=ast.Attribute(attr="to_datetime" | "astype" | "tz_convert")) | ast.Subscript():
                made = Field(self.name(node))
            case _:
                made = Literal(self.value(node))
        self.up()
        return made

    def value(self, node: ast.expr) -> Any:
        """Return a value; a large integer may be printed as ``(1e30 if df["a"].dtype.kind == "f" else 10**30)``."""
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse) if is_float_test(test):
                rounded, whole = self.value(body), self.value(orelse)
                if type(whole) is not int or type(rounded) is not float or float(whole) != rounded:
                    raise self.error_at(node, "The float and the integer aren't the same number.")
                return whole
        return super().value(node)

    def name(self, node: ast.expr) -> str:
        """Return the column of ``df["a"]``, ``df["a"].astype(object)``, ``pd.to_datetime(df["a"])``."""
        match node:
            case ast.Subscript(value=frame, slice=ast.Constant(value=str()) as name):
                self.frame_is(frame)
                return str(self.column_at(name).name)
            case ast.Call(
                func=ast.Attribute(value=of, attr="astype"), args=[ast.Name(id="object")], keywords=[]
            ):
                return self.name(of)
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr="to_datetime"), args=[of], keywords=[]):
                return self.name(of)
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=of, attr="dt"), attr="tz_convert"),
                args=[ast.Constant(value="UTC")],
                keywords=[],
            ):
                return self.name(of)
        raise self.error_at(node, 'A column was expected, such as df["loss"].')

    def compared(self, node: ast.expr, op: Any, left: ast.expr, right: ast.expr) -> Predicate:
        """Return a comparison of two sides."""
        if (names := pairs.columns(self, left, right)) is not None:
            return self.build(node, Compare, op, *map(Field, names))
        sides = [self.side(left), self.side(right)]
        if isinstance(sides[0], Product) and isinstance(sides[1], Literal):
            return self.build(node, sides[0].compare, op, sides[1].value)
        if any(map(is_dated, (left, right))):
            sides = [
                Literal(self.as_date(side.value, node)) if isinstance(side, Literal) else side
                for side in sides
            ]
        compared = self.build(node, Compare, op, *sides)
        if any(is_float(side) for side in (left, right)) and not compared.is_computed:
            raise self.error_at(
                node, '.astype("float64") is read in sums, where all numbers are such floats.'
            )
        (a, at), (b, other) = ((side, self.position(x)) for side, x in zip(sides, (left, right), strict=True))
        if isinstance(a, Literal) or isinstance(b, Literal):
            value, column = (at, other) if isinstance(a, Literal) else (other, at)
            self.place(compared, column, [(lambda _: compared, None, value)])
        return compared

    def either(self, node: ast.IfExp) -> list[Any]:
        """Return the values of ``[floats] if df["a"].dtype.kind == "f" else [integers]``."""
        if not is_float_test(node.test):
            raise self.error_at(node, "A list of values was expected.")
        whole = self.values(
            self.lists.get(node.orelse.id, node.orelse) if isinstance(node.orelse, ast.Name) else node.orelse
        )
        match node.body:
            case ast.List(
                elts=[
                    ast.Starred(value=ast.Call(func=ast.Name(id="map"), args=[ast.Name(id="float"), of])),
                    *rest,
                ]
            ) if ast.dump(of) == ast.dump(node.orelse):
                return [*whole, *map(self.value, rest)]
        floats = self.values(node.body)
        rounded = {float(value) for value in whole}
        others = [value for value in floats if value not in rounded]
        if not rounded.issubset(floats) or any(abs(value) >= 2**63 for value in others):
            raise self.error_at(node, "These lists for floats and for integers aren't of the same values.")
        return [*whole, *others]

    def as_date(self, value: Any, node: ast.expr) -> Any:
        """Return a midnight as the date that it was printed for."""
        if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time():
            return value.date()
        raise self.error_at(node, "pd.to_datetime(...) is read where the value is a day's midnight.")


def bare(node: ast.expr) -> str | None:
    """Return the text of a column or variable, whatever the column was made of; nothing for a value.

    Examples
    --------
    >>> bare(ast.parse('df["a"].astype(object)', mode="eval").body)
    "df['a']"
    """
    match node:
        case ast.Subscript() | ast.Name():
            return ast.unparse(node)
        case ast.Call(func=ast.Attribute(value=of, attr="astype")):
            return bare(of)
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=of), attr="tz_convert" | "len")):
            return bare(of)
        case ast.Call(func=ast.Attribute(attr="to_datetime"), args=[of]):
            return bare(of)
        case ast.Call(func=ast.Name(), args=[of]):
            return bare(of)
    return None


def guard(node: ast.expr) -> str | None:
    """Return the column or variable of ``a == a`` or ``a.notna()``.

    Examples
    --------
    >>> guard(ast.parse("value == value", mode="eval").body)
    'value'
    """
    match node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return bare(left) if ast.dump(left) == ast.dump(right) else None
        case ast.Call(func=ast.Attribute(value=of, attr="notna"), args=[]) if isinstance(
            uncast(of), ast.Subscript
        ):
            return ast.unparse(uncast(of))
    return None


def is_float_test(node: ast.expr) -> bool:
    """Say whether code asks if a column holds floats.

    Examples
    --------
    >>> is_float_test(ast.parse('df["a"].dtype.kind == "f"', mode="eval").body)
    True
    """
    match node:
        case ast.Compare(
            left=ast.Attribute(value=ast.Attribute(value=ast.Subscript(), attr="dtype"), attr="kind"),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value="f")],
        ):
            return True
    return False


def is_dated(node: ast.expr) -> bool:
    """Say whether a side is a column of dates as times.

    Examples
    --------
    >>> is_dated(ast.parse('pd.to_datetime(df["a"]).astype(object)', mode="eval").body)
    True
    """
    match node:
        case ast.Call(func=ast.Attribute(value=of, attr="astype")):
            return is_dated(of)
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="to_datetime")):
            return True
    return False


def is_float(node: ast.expr) -> bool:
    """Say whether a side is a column as 64-bit floats.

    Examples
    --------
    >>> is_float(ast.parse('df["a"].astype("float64")', mode="eval").body)
    True
    """
    match node:
        case ast.Call(func=ast.Attribute(attr="astype"), args=[ast.Constant()]):
            return True
    return False


def uncast(node: ast.expr) -> ast.expr:
    """Return the column that code makes one of 64-bit floats; other code as it is.

    Examples
    --------
    >>> ast.unparse(uncast(ast.parse('df["a"].astype("float64")', mode="eval").body))
    "df['a']"
    """
    if is_float(node) and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.value
    return node


def is_rounded(node: ast.expr, name: str) -> bool:
    """Say whether a list of a name is made a series of a column's type.

    Examples
    --------
    >>> is_rounded(ast.parse('pd.Series(a, dtype="float64").astype(df["x"].dtype)', mode="eval").body, "a")
    True
    """
    match node:
        case ast.Call(
            func=ast.Attribute(value=of, attr="astype"), args=[ast.Attribute(attr="dtype")], keywords=[]
        ):
            dtype: type[ast.expr] = ast.Constant
        case _:
            of, dtype = node, ast.Attribute
    match of:
        case ast.Call(
            func=ast.Attribute(attr="Series"),
            args=[ast.Name(id=same)],
            keywords=[ast.keyword(arg="dtype", value=kind)],
        ):
            return same == name and isinstance(kind, dtype)
    return False


def is_mapped(node: ast.expr) -> bool:
    """Say whether this is what a function makes of every value, or a mask of that; not the values' lengths.

    Examples
    --------
    >>> is_mapped(ast.parse('df["a"].map(is_one).eq(True)', mode="eval").body)
    True
    """
    match node:
        case ast.Call(func=ast.Attribute(value=of, attr="eq" | "fillna"), args=[ast.Constant()]):
            return is_mapped(of)
        case ast.Call(func=ast.Attribute(attr="map"), args=[ast.Name(id="len")]):
            return False
    return isinstance(node, ast.Call) and last_name(node.func) == "map"

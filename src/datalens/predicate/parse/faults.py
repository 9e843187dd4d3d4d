"""What people write in pandas code that no mask is read from: found in code that was refused, for a caret at the token."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from datalens.predicate.parse.source import OPERATORS, SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datalens.predicate.parse.code import Code
    from datalens.predicate.parse.errors import ParseError

_JOINED = "join masks by & and |, each comparison in brackets: (df['a'] > 1) & (df['b'] < 2)."
_READ = "read are comparisons, .isin, .between, .isna, .notna, .str.contains, .str.startswith, .str.len, and & | ~."
_FIELD = "In pandas code no field of a struct is read so"
_ROWS = "Only a choice of rows is read: df[mask], or the mask alone."
_SIGNS: dict[type[ast.AST], str] = {
    ast.Pow: "**", ast.Mod: "%", ast.FloorDiv: "//", ast.MatMult: "@", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.BitAnd: "&", ast.BitOr: "|", ast.In: "in", ast.NotIn: "not", ast.Is: "is", ast.IsNot: "is", ast.And: "and",
    ast.Or: "or", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_WORDS: dict[type[ast.AST], str] = {
    ast.In: "Whether a column's value is among some is asked by df['a'].isin([1, 2]).",
    ast.NotIn: "Whether a column's value is among none of some is asked by ~df['a'].isin([1, 2]).",
    ast.Is: "Whether a value is missing is asked by df['a'].isna().",
    ast.IsNot: "Whether a value isn't missing is asked by df['a'].notna().",
}
#: Attributes of columns that are read somewhere.
_KNOWN = frozenset(
    {
        "astype", "between", "contains", "dt", "dtype", "eq", "fillna", "ge", "gt", "index", "isin", "isna", "isnull", "kind",
        "le", "len", "lt", "map", "ne", "notna", "notnull", "startswith", "str", "to_numpy", "tolist", "tz_convert",
    }
)  # fmt: skip
_OTHERS = {"pl": "Polars'", "pc": "pyarrow's", "ds": "pyarrow's", "pa": "pyarrow's", "F": "Spark's"}


def fault(code: Code) -> ParseError | None:
    """Return the error for the first part of refused code that nothing is read from, where one is known.

    Parameters
    ----------
    code : Code
        Which was refused.

    Examples
    --------
    >>> from datalens.predicate.parse.pandas import Pandas
    >>> fault(Pandas("df['a'] > 1 and df['b'] < 2", None)).position
    12
    """
    frames = {"df"}
    for statement in code.body:
        for node in ast.walk(statement):
            match node:
                case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                    frames.add(name)
                case ast.Attribute(value=ast.Name(id=name), attr="query" | "eval" | "loc" | "iloc"):
                    frames.add(name)
    for statement in code.body:
        for node in _parts(statement):
            if (found := _fault(code, node, frames)) is not None:
                return code.error(*found)
    return None


def _parts(root: ast.AST) -> Iterator[ast.AST]:
    """Yield a tree's parts, each before what is in it; functions are compared as they are with what is printed."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.Import, ast.ImportFrom)):
            continue
        yield node
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _fault(code: Code, node: ast.AST, frames: set[str]) -> tuple[int, str] | None:
    """Return where a part is wrong, and what is."""
    match node:
        case ast.BoolOp(op=op, values=[first, *_]):
            return code.after(first, _SIGNS[type(op)]), f"In pandas code, {_JOINED}"
        case ast.UnaryOp(op=ast.Not()):
            return code.position(node), "In pandas code, a mask is negated by ~: ~(df['a'] > 1)."
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Subscript() | ast.Attribute()):
            return code.position(node), "A sign is read before numbers: write 0 - df['a']."
        case ast.Compare():
            return _compared(code, node)
        case ast.BinOp(left=left, op=op) if type(op) not in SUMS and not isinstance(
            op, (ast.BitAnd, ast.BitOr)
        ):
            sign = _SIGNS[type(op)]
            return code.after(
                left, sign
            ), f"There is no {sign} here: computed is with + - * /, masks have & | ~."
        case ast.Subscript():
            return _subscript(code, node, frames)
        case ast.Attribute():
            return _attribute(code, node, frames)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="isnan")):
            return code.position(node), "Predicates don't tell NaN from null: write df['a'].isna()."
        case ast.Call(func=ast.Attribute(value=of, attr=method), keywords=keywords) if (
            method in _KNOWN and _root(of) in frames
        ):
            for keyword in keywords:
                if keyword.arg not in ("regex", "na", "flags", "na_action", "na_value"):
                    return code.position(keyword), f"{keyword.arg}= isn't read here."
    return None


def _compared(code: Code, node: ast.Compare) -> tuple[int, str] | None:
    for side in (node.left, *node.comparators):
        match side:
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as op) if not _is_in_brackets(code, side):
                sign = _SIGNS[type(op)]
                sentence = f"In Python {sign} holds together more strongly than a comparison: {_JOINED}"
                return code.after(left, sign), sentence
    sides = [node.left, *node.comparators]
    for i, compares in enumerate(node.ops):
        if type(compares) not in OPERATORS or i:
            sentence = _WORDS.get(type(compares), f"pandas has no chains of comparisons: {_JOINED}")
            return code.after(sides[i], _SIGNS[type(compares)]), sentence
    return None


def _subscript(code: Code, node: ast.Subscript, frames: set[str]) -> tuple[int, str] | None:
    match node:
        case ast.Subscript(value=ast.Attribute(attr="loc"), slice=ast.Tuple(elts=[rows, *_])):
            return code.after(rows, ","), _ROWS
        case ast.Subscript(value=ast.Attribute(value=of, attr="iloc" | "at" | "iat" as name)):
            return code.after(of, "."), f"Rows by their number (.{name}) aren't read: {_READ}"
        case ast.Subscript(
            value=ast.Subscript(slice=ast.Constant(value=str(column))), slice=ast.Constant(value=str(field))
        ):
            return code.after(
                node.value, "["
            ), f"{_FIELD}: type it in the bar, as {column}.{field} > 3, or give SQL."
        case ast.Subscript(value=ast.Subscript(slice=inner)) if not isinstance(inner, ast.Constant):
            return code.after(node.value, "["), _ROWS
        case ast.Subscript(value=ast.Attribute(attr="str")):
            return code.after(node.value, "["), f"No part of a text is read: {_READ}"
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[first, *_])) if name in frames:
            return code.after(first, ","), f"In pandas code, {_JOINED}"
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice() as rows) if name in frames:
            return code.after(node.value, "["), f"Rows by their number aren't read: {_READ}"
    return None


def _attribute(code: Code, node: ast.Attribute, frames: set[str]) -> tuple[int, str] | None:
    name = node.attr
    if isinstance(node.value, ast.Name):
        root = node.value.id
        if root in _OTHERS and name in ("col", "field"):
            return code.position(
                node
            ), f"{_OTHERS[root]} expressions aren't read: give pandas code, SQL, or a repr."
        if root not in frames or name in ("loc", "iloc", "at", "iat", "index"):
            return None
        place = code.after(node.value, ".")
        if name in ("query", "eval"):
            return place, f"What stands in .{name}() is read by itself, as it is typed in the bar."
        if code.text[code.end(node) :].lstrip().startswith("("):
            return place, f"There is no .{name[:40]}() of a frame here: {_READ}"
        return place, f"A column is read as {root}[{name[:40]!r}]."
    if name in _KNOWN or _root(node.value) not in frames:
        return None
    place = code.after(node.value, ".")
    if isinstance(node.value, ast.Attribute) and node.value.attr == "struct":
        return code.after(node.value.value, "."), f"{_FIELD}: type it in the bar, as a.b > 3, or give SQL."
    if isinstance(node.value, ast.Subscript) and not isinstance(node.value.slice, ast.Constant):
        return place, _ROWS
    return place, f"There is no .{name[:40]} here: {_READ}"


def _root(node: ast.AST) -> str:
    """Return the name that a chain of attributes, brackets and calls begins with."""
    while True:
        match node:
            case ast.Attribute(value=of) | ast.Subscript(value=of) | ast.Call(func=of):
                node = of
            case ast.Name(id=name):
                return name
            case _:
                return ""


def _is_in_brackets(code: Code, node: ast.AST) -> bool:
    return code.text[: code.position(node)].rstrip().endswith("(") and code.text[
        code.end(node) :
    ].lstrip().startswith(")")

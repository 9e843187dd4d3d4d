"""Python code cut up by `ast`, and the values written in it. Nothing is run, compiled or imported."""

from __future__ import annotations

import ast
import datetime as dt
import math
import re
import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.predicate.chains import ungrouped
from datalens.predicate.parse.errors import ParseError
from datalens.predicate.parse.reading import Made, Reading
from datalens.predicate.parse.scalars import TOO_LARGE, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import And, Or

#: Deeper than what we print; every level takes some of Python's own frames.
MAX_LEVELS = 150

_LINE_END = re.compile(r"\r\n|\r|\n")
_TIMES: dict[str, Any] = {
    "date": dt.date,
    "datetime": dt.datetime,
    "timedelta": dt.timedelta,
    "Timedelta": dt.timedelta,
}


class NotCodeError(ParseError):
    """A text is not Python at all."""


class Code(Reading):
    """Python code: its tree, places in it, the values in it.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are.
    """

    def __init__(self, text: str, columns: Collection[str] | None) -> None:
        super().__init__(text, columns)
        self.levels = 0
        self._starts: list[int] = []
        self.body = self._cut()

    def _cut(self) -> list[ast.stmt]:
        """Return the statements; an expression may go over several lines without brackets."""
        try:
            return _tree(self.text).body
        except SyntaxError as error:
            first = error
        try:
            body = _tree(f"({self.text}\n)").body
        except SyntaxError:
            lines = self.text.split("\n")
            line = min(max(first.lineno or 1, 1), len(lines))
            at = sum(len(before) + 1 for before in lines[: line - 1])
            at += min((first.offset or 1) - 1, len(lines[line - 1]))
            msg = f"This is not Python: {first.msg}."
            raise NotCodeError(msg, self.text, at) from None
        # The bracket in front moved the first line by one.
        for node in ast.walk(body[0]):
            if getattr(node, "lineno", 0) == 1:
                node.col_offset -= 1  # type: ignore[attr-defined]
            if getattr(node, "end_lineno", 0) == 1:
                node.end_col_offset -= 1  # type: ignore[attr-defined]
        return body

    def position(self, node: ast.AST) -> int:
        """Return the character at which a part begins."""
        return self._character(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))

    def end(self, node: ast.AST) -> int:
        """Return the character behind a part."""
        return self._character(getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0))

    def after(self, node: ast.AST, sign: str) -> int:
        """Return where a sign stands behind a part, perhaps behind brackets that close around it."""
        at = self.end(node)
        found = re.compile(rf"[\s)\\]*{re.escape(sign)}").match(self.text, at)
        return found.end() - len(sign) if found is not None else at

    def _character(self, line: int, column: int) -> int:
        """Return where a character stands; Python counts lines, and bytes in them."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        start = self._starts[min(line, len(self._starts)) - 1]
        # No character has fewer bytes than one.
        return start + len(
            self.text[start : start + column].encode("utf-8", "replace")[:column].decode("utf-8", "ignore")
        )

    def error_at(self, node: ast.AST, sentence: str) -> ParseError:
        """Return the error for a part, to be raised."""
        return self.error(self.position(node), sentence)

    def build(self, node: ast.AST, how: Callable[..., Made], *given: Any) -> Made:
        """Return what a builder builds; where it refuses, its sentence with a place."""
        try:
            return how(*given)
        except ParseError:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise ParseError(str(error), self.text, self.position(node)) from error

    def down(self, node: ast.AST) -> None:
        """Count a level."""
        self.levels += 1
        if self.levels > MAX_LEVELS:
            raise self.error_at(node, f"This is nested more than {MAX_LEVELS} deep.")

    def up(self) -> None:
        """Leave a level."""
        self.levels -= 1

    def chain(self, node: ast.BinOp) -> list[ast.expr]:
        """Return the parts of ``a & b & c``, in their order; Python's tree of it is as deep as it is long."""
        parts: list[ast.expr] = []
        left: ast.expr = node
        start = (node.lineno, node.col_offset)
        # What begins later stands in brackets of its own.
        while (
            isinstance(left, ast.BinOp)
            and type(left.op) is type(node.op)
            and (left.lineno, left.col_offset) == start
        ):
            parts.append(left.right)
            left = left.left
        return [left, *reversed(parts)]

    def join(self, node: ast.expr, kind: type[And | Or], parts: list[Predicate]) -> Predicate:
        """Return conditions joined by one word; a chain that was printed in groups is one again."""
        return self.build(node, kind, ungrouped(kind, parts))

    def value(self, node: ast.expr) -> Any:
        """Return a value that is written in code: text, numbers, times, decimals."""
        match node:
            case (
                ast.Constant(value=float() as value)
                | ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=float() as value))
            ) if math.isinf(value):
                raise self.error_at(node, TOO_LARGE.replace("float 'inf'", "float('inf')"))
            case ast.Constant(value=bool() | str() | int() | float() as value):
                return value
            case ast.UnaryOp(
                op=ast.USub() | ast.UAdd(), operand=ast.Constant(value=int() | float() as value)
            ):
                return -value if isinstance(node.op, ast.USub) else value
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Call() as call):
                inner = self.value(call)
                if isinstance(inner, (int, float, Decimal, dt.timedelta)):
                    return -inner if isinstance(node.op, ast.USub) else inner
            case ast.Call(func=function, args=args, keywords=keywords):
                name = last_name(function)
                if name in ("float", "Decimal") and len(args) == 1 and not keywords:
                    kind = "float" if name == "float" else "decimal"
                    return self.build(node, typed, kind, str(self.value(args[0])))
                return self.time(node, name)
            case ast.Constant(value=None):
                raise self.error_at(node, "Nothing equals None: ask whether it is null.")
        raise self.error_at(node, "A value was expected: text, a number, a time, a decimal.")

    def time(self, node: ast.Call, name: str) -> Any:
        """Return a time that is written as a call: of datetime, or of pandas."""
        args = [self.value(arg) for arg in node.args]
        if name == "Timestamp" and len(args) == 1 and isinstance(args[0], str) and not node.keywords:
            return self.build(node, typed, "timestamp", args[0])
        if name == "Timedelta" and len(args) == 2 and type(args[0]) is int and args[1] == "us":  # noqa: PLR2004
            return self.build(node, lambda: args[0] * dt.timedelta(microseconds=1))
        if name in _TIMES or (name == "Timedelta" and not args):
            named: dict[str, Any] = {}
            for keyword in node.keywords:
                if keyword.arg == "tzinfo":
                    if last_name(keyword.value).lower() != "utc":
                        raise self.error_at(keyword.value, "A time zone is read where it is UTC.")
                    named["tzinfo"] = dt.UTC
                else:
                    named[str(keyword.arg)] = self.value(keyword.value)
            return self.build(node, lambda: _TIMES[name](*args, **named))
        raise self.error_at(node, "This function gives no value that is read here.")

    def values(self, node: ast.expr) -> list[Any]:
        """Return the values in a list or tuple."""
        if not isinstance(node, (ast.List, ast.Tuple)):
            raise self.error_at(node, "A list of values was expected.")
        return [self.value(item) for item in node.elts]

    def points(self, node: ast.expr) -> list[list[Any]]:
        """Return the points in a list of pairs."""
        if not isinstance(node, (ast.List, ast.Tuple)):
            raise self.error_at(node, "A list of points was expected.")
        return [self.values(item) for item in node.elts]

    def text_of(self, node: ast.expr) -> str:
        """Return a text."""
        value = self.value(node)
        if not isinstance(value, str):
            raise self.error_at(node, "A text was expected.")
        return value


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        # Of backslashes in texts that people paste.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError:
            raise
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            # NUL, lone surrogates, thousands of digits, brackets in brackets.
            msg = f"{type(error).__name__} {str(error)[:100]}"
            raise SyntaxError(msg) from None


def last_name(node: ast.expr) -> str:
    """Return the name, or the last of a dotted one; nothing for anything else.

    Examples
    --------
    >>> last_name(ast.parse("datetime.timezone.utc", mode="eval").body)
    'utc'
    """
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

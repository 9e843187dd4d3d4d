"""Reading a predicate's repr: the code with which `col`, `inside` and `keys` build it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.predicate.base import Predicate
from datalens.predicate.builder import Column
from datalens.predicate.formula import Value
from datalens.predicate.nodes import MIRRORED, And, Everything, Inside, Keys, Not, Or
from datalens.predicate.parse.code import Code, last_name
from datalens.predicate.parse.reading import Product, cosine

if TYPE_CHECKING:
    from collections.abc import Callable

OPERATORS = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge",
}  # fmt: skip
SUMS = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}


class Source(Code):
    """Reads ``(dl.col('loss') > 3) & dl.col('text').contains('a')``."""

    def read(self) -> Predicate:
        """Return the predicate."""
        if len(self.body) != 1 or not isinstance(self.body[0], ast.Expr):
            raise self.error(0, "One expression was expected, such as dl.col('loss') > 3.")
        predicate = self.truth(self.body[0].value)
        self.check_names()
        return predicate

    def truth(self, node: ast.expr) -> Predicate:
        """Return a condition."""
        self.down(node)
        made = self.part(node)
        self.up()
        if not isinstance(made, Predicate):
            raise self.error_at(node, "A condition was expected, such as dl.col('loss') > 3.")
        return made

    def part(self, node: ast.expr) -> Any:
        """Return a condition, a column, what is computed of columns, or a value."""
        match node:
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr() as op):
                parts = [self.truth(part) for part in self.chain(node)]
                return self.join(node, And if isinstance(op, ast.BitAnd) else Or, parts)
            case ast.UnaryOp(op=ast.Invert(), operand=of):
                return self.build(node, Not, self.truth(of))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                return self.compared(node, OPERATORS[type(op)], self.side(left), self.side(right))
            case ast.BinOp(op=op) if type(op) in SUMS:
                return self.sum(node, SUMS[type(op)])
            case ast.Call(func=ast.Attribute(value=of, attr=method), args=args) if not node.keywords:
                if isinstance(of, ast.Name) and of.id in ("datetime", "dt", "decimal"):
                    return self.value(node)
                if last_name(of) != "dl":
                    return self.method(node, of, method, args)
                return self.function(node, method, args)
            case ast.Call(func=ast.Name(id=name), args=args) if name in _FUNCTIONS and not node.keywords:
                return self.function(node, name, args)
        return self.value(node)

    def side(self, node: ast.expr) -> Any:
        """Return a side of a comparison."""
        self.down(node)
        made = self.part(node)
        self.up()
        if isinstance(made, Predicate):
            raise self.error_at(node, "A column or a value was expected, not a condition.")
        return made

    def compared(self, node: ast.expr, op: Any, left: Any, right: Any) -> Predicate:
        """Return a comparison of two sides."""
        if isinstance(right, (Value, Product)) and not isinstance(left, (Value, Product)):
            left, right, op = right, left, MIRRORED[op]
        if isinstance(left, Product) and type(right) in (int, float):
            made: Predicate = self.build(node, left.compare, op, right)
        elif isinstance(left, Value) and not isinstance(right, Product):
            made = self.build(node, left._compare, op, right)  # noqa: SLF001
        else:
            raise self.error_at(node, "A comparison is between columns and values.")
        return made

    def sum(self, node: ast.BinOp, op: str) -> Value:
        """Return what is computed of columns and numbers."""
        left, right = self.side(node.left), self.side(node.right)
        join, other = (left, right) if isinstance(left, Value) else (right, left)
        if not isinstance(join, Value):
            raise self.error_at(node, "Write the result of two numbers itself.")
        return self.build(node, lambda: join._join(op, other, swapped=join is not left))  # noqa: SLF001

    def method(self, node: ast.Call, of: ast.expr, method: str, args: list[ast.expr]) -> Any:
        """Return what a column's method gives."""
        on = self.side(of)
        if isinstance(on, Column) and method in _METHODS and len(args) == _METHODS[method]:
            match method:
                case "any" | "all":
                    return self.build(node, self.step, on, method)
                case "field":
                    return self.build(node, self.step, on, "field", self.text_of(args[0]))
                case "dot" | "cosine":
                    return self.product(node, on, method, args[0])
                case "is_in":
                    return self.build(node, on.is_in, self.values(args[0]))
            return self.build(node, getattr(on, method), *map(self.value, args))
        if isinstance(on, Value) and method == "between" and len(args) == _METHODS["between"]:
            return self.build(node, on.between, *map(self.value, args))
        raise self.error_at(node, f"There is no {method[:40]}() with {len(args)} arguments here.")

    def product(self, node: ast.Call, on: Column, method: str, weights: ast.expr) -> Product:
        """Return a product of vectors."""
        numbers = self.build(node, lambda: tuple(float(weight) for weight in self.values(weights)))
        self.build(node, getattr(on, method), numbers)  # which says what it can't be taken of
        if method == "cosine":
            return self.build(node, cosine, on.name, numbers)
        return Product(on.name, numbers, cosine=False)

    def function(self, node: ast.Call, name: str, args: list[ast.expr]) -> Any:
        """Return what a function of the package gives."""
        if name not in _FUNCTIONS or len(args) != _FUNCTIONS[name]:
            raise self.error_at(node, f"There is no dl.{name[:40]}() with {len(args)} arguments here.")
        match name:
            case "col":
                return self.column(self.text_of(args[0]), self.position(args[0]))
            case "inside":
                x, y = (self.column(self.text_of(arg), self.position(arg)).name for arg in args[:2])
                return self.build(node, Inside, x, y, self.points(args[2]))
            case "keys":
                return self.build(node, Keys, self.identity(args[1]), self.values(args[0]))
        return Everything()

    def identity(self, node: ast.expr) -> Identity:
        """Return what rows are named by."""
        if not isinstance(node, ast.Call) or last_name(node.func) != "Identity":
            raise self.error_at(node, "Identity(...) was expected.")
        names = ("scheme", "columns", "rows", "file", "fingerprint")
        given = dict(zip(names, node.args, strict=False))
        given |= {str(keyword.arg): keyword.value for keyword in node.keywords}
        read: dict[str, Any] = {}
        for name, part in given.items():
            read[name] = tuple(self.values(part)) if name == "columns" else self.value(part)
            if name not in names or type(read[name]) is not _IDENTITY[name]:
                raise self.error_at(part, f"Identity(...) takes {', '.join(names)}.")
        for column in read.get("columns", ()):
            self.column(str(column), self.position(node))
        return self.build(node, lambda: Identity(**read))


_IDENTITY: dict[str, Callable[..., Any]] = {
    "scheme": str, "columns": tuple, "rows": int, "file": str, "fingerprint": str,
}  # fmt: skip
#: How many arguments each takes.
_FUNCTIONS = {"col": 1, "inside": 3, "keys": 2, "everything": 0}
_METHODS = {
    "any": 0, "all": 0, "field": 1, "length": 0, "dot": 1, "cosine": 1, "between": 2, "is_in": 1, "is_null": 0,
    "contains": 1, "starts_with": 1, "matches": 1,
}  # fmt: skip

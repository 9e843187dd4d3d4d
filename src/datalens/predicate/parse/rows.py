"""Conditions within lists and structs in printed pandas code: functions of one value, read loosely.

The caller prints what was read again and compares the functions word for word, so that nothing is left out here that
says more than it seems to: questions about a value's type are passed over.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from datalens.predicate.formula import Value
from datalens.predicate.nodes import MIRRORED, And, Compare, Items, Member, Not, Or
from datalens.predicate.operands import Arithmetic, Literal
from datalens.predicate.parse.code import Code, last_name
from datalens.predicate.parse.patterns import original
from datalens.predicate.parse.source import OPERATORS, SUMS
from datalens.predicate.parse.tidy import single

if TYPE_CHECKING:
    import pyarrow as pa

    from datalens.predicate.base import Predicate
    from datalens.predicate.builder import Column

_SIDES = 2


class Rows:
    """Reads the function of one value that stands above a mask.

    Parameters
    ----------
    code : Code
        The whole.
    values : dict
        What is assigned in lines above, by its name.
    """

    def __init__(self, code: Code, values: dict[str, ast.expr]) -> None:
        self.code = code
        self.values = values
        self.names: dict[str, Column] = {}
        #: What is asked whether it is a text.
        self.texts: set[str] = set()

    def condition(self, function: ast.FunctionDef | ast.Lambda, column: Column) -> Predicate:
        """Return the condition on a column that a function of its values returns."""
        match function:
            case (
                ast.FunctionDef(
                    args=ast.arguments(args=[ast.arg(arg=name)]), body=[ast.Return(value=ast.expr() as value)]
                )
                | ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)]), body=value)
            ):
                self.names = {name: column}
                opposite = _opposite(value)
                if opposite is not None:
                    null = self.part(opposite)
                    if null is not None:
                        return Not(null)
                made = self.part(value)
                if made is not None:
                    return made
        raise self.code.error_at(function, "This function is none that a predicate is printed with.")

    def part(self, node: ast.expr) -> Predicate | None:
        """Return a condition; nothing where it only asks for a value's type."""
        self.code.down(node)
        made = self._part(node)
        self.code.up()
        return made

    def _part(self, node: ast.expr) -> Predicate | None:
        match node:
            case ast.BoolOp(values=parts):
                for part in parts:
                    self.note_text(part)
                read = [part for part in map(self.part, parts) if part is not None]
                return self._merged(node, read)
            case ast.UnaryOp(op=ast.Not(), operand=of):
                # Only null and other types are asked for with a not.
                self.part(of)
                return None
            case ast.Call(func=ast.Name(id="isinstance")):
                return None
            case ast.Call(
                func=ast.Name(id=("any" | "all") as which),
                args=[
                    ast.GeneratorExp(
                        elt=condition, generators=[ast.comprehension(target=ast.Name(id=name), iter=items)]
                    )
                ],
            ):
                outer = dict(self.names)
                self.names[name] = self.code.build(node, self.code.step, self.column(items), which)
                made = self.part(condition)
                self.names = outer
                return made
            case ast.Call(func=ast.Name(id=name), args=[of]) if name.startswith("is_null"):
                return self.column(of).is_null()
            case ast.Call(func=ast.Name(id=name), args=[left, ast.Name(id=op), right]) if name.startswith(
                "compare"
            ):
                return self.compared(node, op.partition("_")[0], left, right)
            case ast.Call(func=ast.Name(id=name), args=[left, right]) if name.startswith("differ"):
                return self.compared(node, "ne", left, right)
            case ast.Call(func=ast.Attribute(value=of, attr="startswith"), args=[text]):
                return self.code.build(node, self.column(of).starts_with, self.code.text_of(text))
            case ast.Compare(left=ast.Call(func=ast.Attribute(value=pattern, attr="search"), args=[of])):
                return self.code.build(node, self.column(of).matches, self.pattern(pattern))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.comparison(node, op, left, right)
            case ast.Compare(left=low, ops=[ast.LtE(), ast.LtE()], comparators=[of, high]):
                return self.code.build(node, self.column(of).between, self.bound(low), self.bound(high))
        raise self.code.error_at(node, "A condition was expected, as it is printed.")

    def note_text(self, node: ast.expr) -> None:
        """Take what ``isinstance(item, str)`` asks: in what is a list, ``in`` asks for an item."""
        match node:
            case ast.Call(func=ast.Name(id="isinstance"), args=[of, ast.Name(id="str")]):
                self.texts.add(ast.dump(of))

    def comparison(
        self, node: ast.Compare, op: ast.cmpop, left: ast.expr, right: ast.expr
    ) -> Predicate | None:
        """Return a comparison with one sign."""
        match op, right:
            case ast.IsNot(), ast.Constant(value=None):
                return None
            case ast.Is(), ast.Constant(value=None):
                return self.column(left).is_null()
            case ((ast.Eq() | ast.NotEq()), _) if ast.dump(left) == ast.dump(right):
                # NaN is no number, and isn't itself.
                return None if isinstance(op, ast.Eq) else self.column(left).is_null()
            case ast.Is(), ast.Constant(value=bool() as wanted):
                return self.column(left) == wanted
            case ast.In(), _ if ast.dump(right) in self.texts:
                return self.code.build(node, self.column(right).contains, self.code.text_of(left))
            case ast.In(), _ if isinstance(left, ast.Constant | ast.UnaryOp):
                items = self.code.build(node, self.code.step, self.column(right), "any")
                return self.code.build(node, items._compare, "eq", self.code.value(left))  # noqa: SLF001
            case ast.In(), _:
                return self.code.build(node, self.column(left).is_in, self.listed(right))
        if type(op) in OPERATORS:
            return self.compared(node, OPERATORS[type(op)], left, right)
        raise self.code.error_at(node, "A condition was expected, as it is printed.")

    def compared(self, node: ast.expr, op: Any, left: ast.expr, right: ast.expr) -> Predicate:
        """Return a comparison of two sides."""
        sides = [self.side(left), self.side(right)]
        if not isinstance(sides[0], Value):
            sides.reverse()
            op = MIRRORED[op]
        if not isinstance(sides[0], Value):
            raise self.code.error_at(node, "A comparison is between columns and values.")
        is_date = any(
            isinstance(side, ast.Call) and last_name(side.func).startswith("as_time")
            for side in (left, right)
        )
        if is_date and hasattr(sides[1], "date"):
            sides[1] = sides[1].date()
        return self.code.build(node, sides[0]._compare, op, sides[1])  # noqa: SLF001

    def bound(self, node: ast.expr) -> Any:
        """Return a value, which may be brought to the type of what is inside: ``type(item)(9007199254740993)``."""
        match node:
            case ast.Call(func=ast.Call(func=ast.Name(id="type")), args=[value]):
                return self.code.value(value)
        return self.code.value(node)

    def column(self, node: ast.expr) -> Column:
        """Return the column, item or field that an expression stands for, whatever its type is made."""
        match node:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Call(func=ast.Attribute(value=of, attr="get"), args=[name]):
                return self.code.build(
                    node, self.code.step, self.column(of), "field", self.code.text_of(name)
                )
            case ast.Call(func=ast.Attribute(value=of, attr="astimezone")):
                return self.column(of)
            case ast.Call(func=ast.Name(id=name), args=[of]) if name == "float" or name.startswith("as_time"):
                return self.column(of)
        raise self.code.error_at(node, "An item or a field was expected.")

    def side(self, node: ast.expr) -> Any:
        """Return a side of a comparison: what is inside, what is computed of it, or a value."""
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[of]):
                return self.column(of).length()
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str())]):
                return self.code.value(node)
            case ast.Call(func=ast.Name(id="float"), args=[of]):
                inner = self.side(of)
                return Value(inner._operand, inner._wrap) if isinstance(inner, Value) else inner  # noqa: SLF001
            case ast.Call(func=ast.Name(id=name), args=[left, right]) if name.startswith("divide"):
                return self.computed(node, "div", left, right)
            case ast.BinOp(op=op, left=left, right=right) if type(op) in SUMS:
                return self.computed(node, SUMS[type(op)], left, right)
        try:
            return self.column(node)
        except ValueError:
            return self.bound(node)

    def computed(self, node: ast.expr, op: Any, left: ast.expr, right: ast.expr) -> Value:
        """Return what is computed of two sides."""
        sides = [self.side(left), self.side(right)]
        on = next((side for side in sides if isinstance(side, Value)), None)
        if on is None:
            raise self.code.error_at(node, "Write the result of two numbers itself.")
        operands = [side._operand if isinstance(side, Value) else Literal(side) for side in sides]  # noqa: SLF001
        return Value(self.code.build(node, Arithmetic, op, *operands), on._wrap)  # noqa: SLF001

    def pattern(self, node: ast.expr) -> str:
        """Return the pattern of ``re.compile(...)`` in a line above."""
        compiled = self.values.get(node.id) if isinstance(node, ast.Name) else None
        match compiled:
            case ast.Call(func=ast.Attribute(attr="compile"), args=[text, *_]):
                return self.code.build(node, original, self.code.text_of(text))
        raise self.code.error_at(node, "A pattern was expected, in a line above.")

    def listed(self, node: ast.expr) -> list[Any]:
        """Return the values of a set, here or in a line above; of two for floats and for integers, both."""
        match node:
            case ast.Name(id=name) if name in self.values:
                return self.listed(self.values[name])
            case ast.Call(func=ast.Name(id="frozenset"), args=[of]):
                return self.listed(of)
            case ast.IfExp(body=floats, orelse=whole):
                exact = self.listed(whole)
                rounded = set(map(float, exact))
                return [*exact, *(value for value in self.listed(floats) if value not in rounded)]
            case ast.Set(elts=elements) | ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self.code.value(element) for element in elements]
        raise self.code.error_at(node, "A set of values was expected.")

    def _merged(self, node: ast.expr, read: list[Predicate]) -> Predicate | None:
        read = list(dict.fromkeys(read))
        if len(read) < _SIDES:
            return read[0] if read else None
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            # Nothing is in a struct that is null: the last is what is asked for.
            return read[-1]
        leaves = [_unwrapped(part) for part in read]
        both = single(And(tuple(leaves))) if all(isinstance(leaf, Compare) for leaf in leaves) else None
        if both is None or isinstance(both, And):
            raise self.code.error_at(node, "Within lists and structs there is one condition.")
        return _rewrapped(read[0], both)


def likely_types(predicate: Predicate) -> list[pa.Schema]:
    """Return the types of lists and structs that a predicate may have been printed for.

    What is null in them is asked of texts in other words than of numbers.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> [str(types.field("tags").type) for types in likely_types(col("tags").any().is_null())]
    ['list<item: string>', 'list<item: double>']
    >>> likely_types(col("loss") > 3)
    []
    """
    import pyarrow as pa

    within: dict[str, list[Predicate]] = {}
    for leaf in _leaves(predicate):
        if isinstance(leaf, (Items, Member)):
            within.setdefault(leaf.column, []).append(leaf)
    if not within:
        return []
    return [
        pa.schema([(name, _type_of(leaves, kind)) for name, leaves in within.items()])
        for kind in (pa.string(), pa.float64())
    ]


def _leaves(node: Predicate) -> list[Predicate]:
    match node:
        case And(of=parts) | Or(of=parts):
            return [leaf for part in parts for leaf in _leaves(part)]
        case Not(of=part):
            return _leaves(part)
    return [node]


def _type_of(nodes: list[Predicate], kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    items = [node.of for node in nodes if isinstance(node, Items)]
    if items:
        return pa.list_(_type_of(items, kind))
    fields: dict[str, list[Predicate]] = {}
    for node in nodes:
        if isinstance(node, Member):
            fields.setdefault(node.name, []).append(node.of)
    if fields:
        return pa.struct([(name, _type_of(inner, kind)) for name, inner in fields.items()])
    return kind


def _opposite(node: ast.expr) -> ast.expr | None:
    """Return what is denied by a condition."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=of):
            return of
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None) as right]):
            return ast.copy_location(ast.Compare(left, [ast.Is()], [right]), node)
    return None


def _unwrapped(node: Predicate) -> Predicate:
    while hasattr(node, "of") and hasattr(node, "column"):
        node = node.of
    return node


def _rewrapped(node: Predicate, inner: Predicate) -> Predicate:
    """Put another condition where a condition within lists and structs stands."""
    import dataclasses

    if hasattr(node, "of") and hasattr(node, "column"):
        return dataclasses.replace(node, of=_rewrapped(node.of, inner))  # type: ignore[type-var]
    return inner

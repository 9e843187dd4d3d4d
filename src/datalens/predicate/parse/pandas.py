"""Reading pandas code as `code("pandas")` prints it, and as people write masks."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from datalens.core.keys import Identity
from datalens.predicate.nodes import (
    MAX_COORDINATE,
    And,
    Between,
    Compare,
    Contains,
    Everything,
    Inside,
    IsIn,
    IsNull,
    Keys,
    Matches,
    Not,
    Or,
    StartsWith,
)
from datalens.predicate.operands import Field, Literal
from datalens.predicate.parse.code import last_name
from datalens.predicate.parse.frame import (
    Sides,
    bare,
    guard,
    is_dated,
    is_float,
    is_float_test,
    is_mapped,
    is_rounded,
    uncast,
)
from datalens.predicate.parse.pairs import is_exact
from datalens.predicate.parse.patterns import original
from datalens.predicate.parse.polygons import rectangle
from datalens.predicate.parse.printed import JOINS, printed_functions
from datalens.predicate.parse.rows import Rows
from datalens.predicate.parse.source import OPERATORS
from datalens.predicate.scalars import SAFE_INTEGER

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.nodes import Operator

#: Of a rectangle.
_SIDES = 4
_UNEQUAL = (
    "In pandas it depends on the column's type whether a null is unequal to a value: write "
    '(df["a"] == df["a"]) & (df["a"] != 3) to leave nulls out, ~(df["a"] == 3) to keep them.'
)


class Pandas(Sides):
    """Reads statements that end in ``selected = df[...]``, or a mask alone."""

    def read(self) -> Predicate:
        """Return the predicate."""
        self.contents: dict[str, tuple[str, ...]] = {}
        self.rows: int | None = None
        self.functions: list[ast.FunctionDef | ast.Lambda] = []
        if not self.body:
            raise self.error(0, 'A mask was expected, such as df["loss"] > 3.')
        for statement in self.body[:-1]:
            self.statement(statement)
        predicate, result = self.last(self.body[-1])
        self.check_helpers(predicate, result)
        self.check_names()
        return predicate

    def statement(self, node: ast.stmt) -> None:
        """Take what stands before the mask: imports, helpers, polygons, a check of the number of rows."""
        match node:
            case ast.Import() | ast.ImportFrom():
                return
            case ast.FunctionDef():
                self.helpers[node.name] = node
                return
            case ast.Assign(targets=[ast.Name()]) if JOINS.fullmatch(written := ast.unparse(node)):
                if written.endswith(", axis=1)"):
                    self.frame = ""  # from here on, what both are
                return
            case ast.Assign(
                value=ast.Subscript(value=ast.Call(func=ast.Attribute(attr="read_parquet")) as file)
            ):
                raise self.error_at(
                    file, "The keys are in a file, which is not read: give the code with the keys in it."
                )
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Tuple() as items):
                self.lists[name] = items
                return
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(
                    func=ast.Name(id=function), args=[ast.Subscript(value=frame, slice=ast.List() as names)]
                ),
            ) if self.helper(function) == "content_keys":
                self.frame_is(frame)
                self.contents[name] = tuple(self.column_at(part).name for part in names.elts)
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function) as call) if last_name(
                function
            ) in ("compile", "frozenset"):
                self.lists[name] = call
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=dtype) if is_exact(dtype):
                self.exact.add(name)
                return
            case ast.Assign(
                targets=[ast.Name(id=name)], value=(ast.BinOp() | ast.Call() | ast.Subscript()) as number
            ):
                self.side(number)
                self.numbers[name] = number
                return
            # A list as the column rounds it, where that holds floats.
            case ast.If(
                test=test,
                body=[
                    ast.Assign(
                        targets=[ast.Name(id=name)],
                        value=ast.Call(func=ast.Attribute(value=rounded, attr="tolist"), args=[]),
                    )
                ],
                orelse=[],
            ) if is_float_test(test) and name in self.lists and is_rounded(rounded, name):
                return
            case ast.If(
                test=ast.Compare(
                    left=ast.Call(func=ast.Name(id="len"), args=[frame]),
                    ops=[ast.NotEq()],
                    comparators=[ast.Constant(value=int() as rows)],
                ),
                body=[ast.Raise()],
                orelse=[],
            ):
                self.frame_is(frame)
                self.rows = rows
                return
        raise self.error_at(node, "This statement is none that a predicate is printed with.")

    def last(self, node: ast.stmt) -> tuple[Predicate, str]:
        """Return the predicate of the last statement, and the name that it is given."""
        match node:
            case ast.Expr(value=mask):
                result = "selected"
            case ast.Assign(targets=[ast.Name(id=result)], value=mask):
                pass
            case ast.Assign(
                targets=[
                    ast.Subscript(
                        value=ast.Name(id=struct), slice=ast.Constant(value=str() as field)
                    ) as target
                ]
            ):
                raise self.error(
                    self.after(target, "="),
                    f"A struct's field is written {struct}.{field}, or with dialect='duckdb' as here; in pandas "
                    "code == compares.",
                )
            case _:
                raise self.error_at(
                    node, 'The last statement is selected = df[...], or a mask such as df["loss"] > 3.'
                )
        match mask:
            case ast.Name() | ast.Attribute() if isinstance(node, ast.Assign):
                self.frame = ast.unparse(mask)
                return Everything(), result
            # The frame's rows, not its column of a name.
            case ast.Subscript(value=(ast.Name() | ast.Attribute()) as frame, slice=inner) if not isinstance(
                inner, ast.Constant
            ):
                self.frame_is(
                    frame.value if isinstance(frame, ast.Attribute) and frame.attr == "loc" else frame
                )
                return self.truth(inner), result
        return self.truth(mask), result

    def check_helpers(self, predicate: Predicate, result: str) -> None:
        """Fail where a function isn't, word for word, one that is printed: its name says nothing of what it does."""
        functions = [*self.helpers.values(), *self.functions]
        if not functions:
            return
        named = [Keys(Identity("content", names), (f"{0:016x}-0",)) for names in self.contents.values()]
        printed = printed_functions([predicate, *named], self.frame or "df", result)
        for function in functions:
            if ast.dump(function) not in printed:
                what = f"function {function.name!r}" if isinstance(function, ast.FunctionDef) else "lambda"
                raise self.error_at(function, f"The {what} isn't the one that a predicate is printed with.")

    def truth(self, node: ast.expr) -> Predicate:
        """Return the condition that a mask is."""
        self.down(node)
        made = self.condition(node)
        self.up()
        return made

    def condition(self, node: ast.expr) -> Predicate:
        """Return the condition of one level."""
        match node:
            case ast.BinOp(op=ast.BitAnd()):
                parts = self.unequal(self.chain(node))
                return parts[0] if len(parts) == 1 else self.join(node, And, parts)
            case ast.BinOp(op=ast.BitOr()):
                return self.join(node, Or, [self.truth(part) for part in self.chain(node)])
            case ast.UnaryOp(op=ast.Invert(), operand=of):
                inner = self.truth(of)
                # What a null struct matches is printed as what it doesn't.
                return inner.of if is_mapped(of) and isinstance(inner, Not) else self.build(node, Not, inner)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                if isinstance(op, ast.NotEq):
                    raise self.error(self.after(left, "!="), _UNEQUAL)
                return self.compared(node, OPERATORS[type(op)], left, right)
            case ast.Call(func=ast.Attribute(value=of, attr="fillna"), args=[ast.Constant(value=False)]):
                return self.truth(of)
            case ast.Call(func=ast.Attribute(value=of, attr=method), args=args, keywords=keywords):
                named = {str(keyword.arg): keyword.value for keyword in keywords}
                return self.method(node, of, method, args, named)
            case ast.Call(func=ast.Name(id=function), args=[x, y, polygon], keywords=[]) if (
                self.helper(function) == "inside"
            ):
                listed = self.lists.get(polygon.id) if isinstance(polygon, ast.Name) else polygon
                if listed is None:
                    raise self.error_at(polygon, "The polygon is a list of points, here or in a line above.")
                return self.build(node, Inside, self.name(x), self.name(y), self.points(listed))
            case ast.Subscript():
                return self.build(node, Compare, "eq", Field(self.name(node)), Literal(True))
        raise self.error_at(node, 'A condition was expected, such as df["loss"] > 3.')

    def unequal(self, parts: list[ast.expr]) -> list[Predicate]:
        """Return the parts of an *and*, where a column that equals itself, or isn't null, stands before a !=."""
        found: list[Predicate] = []
        at = 0
        while at < len(parts):
            if (whole := self.box(parts[at : at + 4])) is not None:
                found.append(whole)
                at += 4
                continue
            for guards in (1, 2):
                inner = self.guarded(parts[at : at + guards], parts[at + guards : at + guards + 1])
                if inner is not None:
                    found.append(inner)
                    at += guards + 1
                    break
            else:
                found.append(self.truth(parts[at]))
                at += 1
        return found

    def box(self, parts: list[ast.expr]) -> Predicate | None:
        """Return the rectangle that four comparisons are, if one of them is of 64-bit floats: no other is printed so."""
        if len(parts) != _SIDES or not any(
            isinstance(part, ast.Compare) and is_float(part.left) for part in parts
        ):
            return None
        sides: list[Predicate] = []
        for part in parts:
            match part:
                case ast.Compare(
                    left=ast.Call(
                        func=ast.Attribute(value=of, attr="astype"), args=[ast.Constant(value="float64")]
                    )
                    | (ast.Subscript() as of),
                    ops=[ast.GtE() | ast.Lt() as op],
                    comparators=[ast.Constant() | ast.UnaryOp(operand=ast.Constant()) as right],
                ):
                    sign: Operator = "ge" if isinstance(op, ast.GtE) else "lt"
                    sides.append(Compare(sign, Field(self.name(of)), Literal(self.value(right))))
                case _:
                    return None
        return rectangle(sides, MAX_COORDINATE, on_one=True)

    def guarded(self, guards: list[ast.expr], rest: list[ast.expr]) -> Predicate | None:
        """Return the comparison of ``(a == a) & (a != 3)``, if this is one."""
        names = [guard(node) for node in guards]
        match rest:
            case [ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]) as node]:
                pass
            case [ast.Call(func=ast.Attribute(value=left, attr="ne"), args=[right], keywords=[]) as node]:
                pass
            case _:
                return None
        sides = list(dict.fromkeys(side for side in map(bare, (left, right)) if side is not None))
        # A variable that is compared with itself is asked twice.
        if names != sides and not (names == sides * 2 and sides[0] in self.numbers):
            return None
        return self.compared(node, "ne", left, right)

    def method(
        self, node: ast.Call, of: ast.expr, method: str, args: list[ast.expr], named: dict[str, ast.expr]
    ) -> Predicate:
        """Return the condition that a method gives."""
        as_dates = is_dated(of)
        match method, args:
            case "eq", [ast.Constant(value=True)] if is_mapped(of):
                return self.within(of)
            case (("eq" | "lt" | "le" | "gt" | "ge"), [other]) if not named:
                return self.compared(node, method, of, other)
            case "ne", [_]:
                raise self.error(self.after(of, "."), _UNEQUAL)
            case "between", [low, high] if not named:
                bounds = [
                    self.as_date(self.value(end), end) if as_dates else self.value(end) for end in (low, high)
                ]
                return self.build(node, Between, self.name(of), *bounds)
            case "isin", [values] if not named and last_name(of) not in ("np", "numpy"):
                return self.among(node, of, values, as_dates=as_dates)
            case "isna", [ast.Call(func=ast.Attribute(value=column, attr="to_numpy"), args=[], keywords=[])]:
                return self.build(node, IsNull, self.name(column))
            case "isna" | "isnull", [ast.Subscript() as column] if last_name(of) in ("pd", "pandas"):
                return self.build(node, IsNull, self.name(column))
            case (("isna" | "isnull"), []):
                return self.build(node, IsNull, self.name(uncast(of)))
            case (("notna" | "notnull"), []):
                return self.build(node, lambda: Not(IsNull(self.name(uncast(of)))))
            case (("contains" | "startswith"), [text]) if isinstance(of, ast.Attribute) and of.attr == "str":
                return self.search(node, of.value, method, text, named)
            case "isin", [ast.Call(func=ast.Attribute(attr="arange")), values] if not named:
                if self.rows is None:
                    raise self.error_at(node, "How many rows there are is to be checked in a line above.")
                identity = Identity("row", (), self.rows)
                return self.build(node, Keys, identity, self.values(values))
            case "astype", [ast.Name(id="bool")]:
                return self.within(of)
            case "Series", [ast.Constant(value=bool() as everything)] if set(named) == {"index"}:
                return Everything() if everything else Not(Everything())
        raise self.error_at(node, f"There is no condition {method[:40]}() that is read here.")

    def within(self, node: ast.expr) -> Predicate:
        """Return the condition of ``df["tags"].map(lambda tags: "web" in tags, na_action="ignore")``.

        Of what numpy's values don't say alike it is ``python_values(df["tags"]).map(matches_tags)``.
        """
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Call(func=ast.Name(id=values), args=[column]), attr="map"),
                args=[called],
                keywords=[],
            ) if self.helper(values) == "python_values":
                pass
            case ast.Call(
                func=ast.Attribute(value=column, attr="map"),
                args=[called],
                keywords=[ast.keyword(arg="na_action", value=ast.Constant(value="ignore"))],
            ):
                pass
            case _:
                raise self.error_at(node, "A condition within lists or structs is read as it is printed.")
        function = self.helpers.get(called.id) if isinstance(called, ast.Name) else called
        if not isinstance(function, (ast.Lambda, ast.FunctionDef)):
            raise self.error_at(node, "A condition within lists or structs is read as it is printed.")
        name = self.name(column)
        on = self.column(name, self.named[name])
        self.functions.append(function)
        return Rows(self, self.lists).condition(function, on)

    def among(self, node: ast.Call, of: ast.expr, values: ast.expr, *, as_dates: bool) -> Predicate:
        """Return the condition of ``.isin([...])``."""
        if isinstance(values, ast.Name):
            values = self.lists.get(values.id, values)
        listed = self.either(values) if isinstance(values, ast.IfExp) else self.values(values)
        if as_dates:
            listed = [self.as_date(value, values) for value in listed]
        # Of these whole numbers no two are one float.
        if all(isinstance(value, (int, float)) and abs(value) < SAFE_INTEGER for value in listed):
            of = uncast(of)
        if isinstance(of, ast.Name) and of.id in self.contents:
            return self.build(node, Keys, Identity("content", self.contents[of.id]), listed)
        return self.build(node, IsIn, self.name(of), listed)

    def search(
        self, node: ast.Call, of: ast.expr, method: str, text: ast.expr, named: dict[str, ast.expr]
    ) -> Predicate:
        """Return the condition of ``.str.contains(...)`` or ``.str.startswith(...)``."""
        options = {
            name: value.value if isinstance(value, ast.Constant) else ast.unparse(value)
            for name, value in named.items()
        }
        if options.pop("na", False) is not False:
            raise self.error_at(node, "na=False is expected: a null matches nothing.")
        regex = options.pop("regex", True)
        flags = str(options.pop("flags", "re.ASCII"))
        if options or flags.partition(".")[2] not in ("ASCII", "A"):
            raise self.error_at(node, "Only regex=, na= and flags=re.ASCII are read.")
        if method == "startswith":
            return self.build(node, StartsWith, self.name(of), self.text_of(text))
        if regex is False:
            return self.build(node, Contains, self.name(of), self.text_of(text))
        return self.build(node, Matches, self.name(of), self.build(text, original, self.text_of(text)))

"""Reading pandas code as `code("pandas")` prints it, and as people write masks."""

from __future__ import annotations

import ast
import datetime as dt
from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.predicate.nodes import (
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
from datalens.predicate.operands import Arithmetic, Field, Length, Literal
from datalens.predicate.parse.code import Code, last_name
from datalens.predicate.parse.patterns import original
from datalens.predicate.parse.source import OPERATORS, SUMS

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate

_UNEQUAL = (
    "In pandas it depends on the column's type whether a null is unequal to a value: write "
    '(df["a"] == df["a"]) & (df["a"] != 3) to leave nulls out, ~(df["a"] == 3) to keep them.'
)


class Pandas(Code):
    """Reads statements that end in ``selected = df[...]``, or a mask alone."""

    def read(self) -> Predicate:
        """Return the predicate."""
        self.lists: dict[str, ast.expr] = {}
        self.contents: dict[str, tuple[str, ...]] = {}
        self.helpers: list[ast.FunctionDef] = []
        self.rows: int | None = None
        self.frame = ""
        if not self.body:
            self.fail('A mask was expected, such as df["loss"] > 3.', 0)
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
                self.helpers.append(node)
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Tuple() as items):
                self.lists[name] = items
                return
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(), args=[ast.Subscript(value=frame, slice=ast.List() as names)]),
            ):
                self.frame_is(frame)
                self.contents[name] = tuple(self.column_at(part).name for part in names.elts)
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
        self.refuse("This statement is none that a predicate is printed with.", node)

    def last(self, node: ast.stmt) -> tuple[Predicate, str]:
        """Return the predicate of the last statement, and the name that it is given."""
        match node:
            case ast.Expr(value=mask):
                result = "selected"
            case ast.Assign(targets=[ast.Name(id=result)], value=mask):
                pass
            case _:
                self.refuse(
                    'The last statement is selected = df[...], or a mask such as df["loss"] > 3.', node
                )
        match mask:
            case ast.Name() | ast.Attribute() if isinstance(node, ast.Assign):
                self.frame = ast.unparse(mask)
                return Everything(), result
            # The frame's rows, not its column of a name.
            case ast.Subscript(value=(ast.Name() | ast.Attribute()) as frame, slice=inner) if not isinstance(
                inner, ast.Constant
            ):
                self.frame_is(frame)
                return self.truth(inner), result
        return self.truth(mask), result

    def check_helpers(self, predicate: Predicate, result: str) -> None:
        """Fail where a helper isn't, word for word, the one that is printed: its name says nothing of what it does."""
        if not self.helpers:
            return
        printed = {
            ast.dump(node)
            for node in ast.parse(predicate.code("pandas", frame=self.frame or "df", result=result)).body
            if isinstance(node, ast.FunctionDef)
        }
        for helper in self.helpers:
            if ast.dump(helper) not in printed:
                self.refuse(
                    f"The function {helper.name!r} isn't the one that a predicate is printed with.", helper
                )

    def frame_is(self, node: ast.expr) -> None:
        """Take the frame's name; there is one."""
        if not isinstance(node, (ast.Name, ast.Attribute)):
            self.refuse("The name of a frame was expected.", node)
        name = ast.unparse(node)
        if self.frame not in ("", name):
            self.refuse(f"All columns are of one frame, {self.frame!r}.", node)
        self.frame = name

    def column_at(self, node: ast.expr) -> Any:
        """Return the column whose name stands here."""
        return self.column(self.text_of(node), self.position(node))

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
                return parts[0] if len(parts) == 1 else self.build(node, And, tuple(parts))
            case ast.BinOp(op=ast.BitOr()):
                return self.build(node, Or, tuple(self.truth(part) for part in self.chain(node)))
            case ast.UnaryOp(op=ast.Invert(), operand=of):
                return self.build(node, Not, self.truth(of))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                if isinstance(op, ast.NotEq):
                    self.refuse(_UNEQUAL, node)
                return self.compared(node, OPERATORS[type(op)], left, right)
            case ast.Call(func=ast.Attribute(value=of, attr="fillna"), args=[ast.Constant(value=False)]):
                return self.truth(of)
            case ast.Call(func=ast.Attribute(value=of, attr=method), args=args, keywords=keywords):
                named = {str(keyword.arg): keyword.value for keyword in keywords}
                return self.method(node, of, method, args, named)
            case ast.Call(func=ast.Name(), args=[x, y, polygon], keywords=[]):
                listed = self.lists.get(polygon.id) if isinstance(polygon, ast.Name) else polygon
                if listed is None:
                    self.refuse("The polygon is a list of points, here or in a line above.", polygon)
                return self.build(node, Inside, self.name(x), self.name(y), self.points(listed))
            case ast.Subscript():
                return self.build(node, Compare, "eq", Field(self.name(node)), Literal(True))
        self.refuse('A condition was expected, such as df["loss"] > 3.', node)
        return None

    def unequal(self, parts: list[ast.expr]) -> list[Predicate]:
        """Return the parts of an *and*, where a column that equals itself, or isn't null, stands before a !=."""
        found: list[Predicate] = []
        at = 0
        while at < len(parts):
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

    def guarded(self, guards: list[ast.expr], rest: list[ast.expr]) -> Predicate | None:
        """Return the comparison of ``(a == a) & (a != 3)``, if this is one."""
        names = [_guard(guard) for guard in guards]
        match rest:
            case [ast.Compare(left=left, ops=[ast.NotEq()], comparators=[right]) as node]:
                pass
            case [ast.Call(func=ast.Attribute(value=left, attr="ne"), args=[right], keywords=[]) as node]:
                pass
            case _:
                return None
        sides = dict.fromkeys(_bare(side) for side in (left, right))
        if names != [side for side in sides if side is not None]:
            return None
        return self.compared(node, "ne", left, right)

    def compared(self, node: ast.expr, op: Any, left: ast.expr, right: ast.expr) -> Predicate:
        """Return a comparison of two sides."""
        sides = [self.side(left), self.side(right)]
        as_dates = any(
            isinstance(side, ast.Call) and last_name(side.func) == "to_datetime" for side in (left, right)
        )
        for i, side in enumerate(sides):
            if as_dates and isinstance(side, Literal):
                sides[i] = Literal(self.as_date(side.value, node))
        return self.build(node, Compare, op, *sides)

    def side(self, node: ast.expr) -> Any:
        """Return a column, its length, what is computed, or a value."""
        self.down(node)
        made: Any
        match node:
            case ast.BinOp(op=op, left=left, right=right) if type(op) in SUMS:
                made = self.build(node, Arithmetic, SUMS[type(op)], self.side(left), self.side(right))
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=of, attr="str"), attr="len"), args=[]):
                made = Length(self.name(of))
            case ast.Call(func=ast.Attribute(attr="to_datetime" | "astype")) | ast.Subscript():
                made = Field(self.name(node))
            case _:
                made = Literal(self.value(node))
        self.up()
        return made

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
        self.refuse('A column was expected, such as df["loss"].', node)
        return None

    def method(
        self, node: ast.Call, of: ast.expr, method: str, args: list[ast.expr], named: dict[str, ast.expr]
    ) -> Predicate:
        """Return the condition that a method gives."""
        as_dates = isinstance(of, ast.Call) and last_name(of.func) == "to_datetime"
        match method, args:
            case (("eq" | "lt" | "le" | "gt" | "ge"), [other]) if not named:
                return self.compared(node, method, of, other)
            case "ne", [_]:
                self.refuse(_UNEQUAL, node)
            case "between", [low, high] if not named:
                bounds = [
                    self.as_date(self.value(end), end) if as_dates else self.value(end) for end in (low, high)
                ]
                return self.build(node, Between, self.name(of), *bounds)
            case "isin", [values] if not named and last_name(of) not in ("np", "numpy"):
                return self.among(node, of, values, as_dates=as_dates)
            case (("isna" | "isnull"), []):
                return self.build(node, IsNull, self.name(of))
            case (("notna" | "notnull"), []):
                return self.build(node, lambda: Not(IsNull(self.name(of))))
            case (("contains" | "startswith"), [text]) if isinstance(of, ast.Attribute) and of.attr == "str":
                return self.search(node, of.value, method, text, named)
            case "isin", [ast.Call(func=ast.Attribute(attr="arange")), values] if not named:
                if self.rows is None:
                    self.refuse("How many rows there are is to be checked in a line above.", node)
                identity = Identity("row", (), self.rows)
                return self.build(node, Keys, identity, self.values(values))
            case "Series", [ast.Constant(value=bool() as everything)] if set(named) == {"index"}:
                return Everything() if everything else Not(Everything())
        self.refuse(f"There is no condition {method[:40]}() that is read here.", node)
        return None

    def among(self, node: ast.Call, of: ast.expr, values: ast.expr, *, as_dates: bool) -> Predicate:
        """Return the condition of ``.isin([...])``."""
        listed = self.values(values)
        if as_dates:
            listed = [self.as_date(value, values) for value in listed]
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
            self.refuse("na=False is expected: a null matches nothing.", node)
        regex = options.pop("regex", True)
        flags = str(options.pop("flags", "re.ASCII"))
        if options or flags not in ("re.ASCII", "re.A"):
            self.refuse("Only regex=, na= and flags=re.ASCII are read.", node)
        if method == "startswith":
            return self.build(node, StartsWith, self.name(of), self.text_of(text))
        if regex is False:
            return self.build(node, Contains, self.name(of), self.text_of(text))
        return self.build(
            node, Matches, self.name(of), self.build(text, original, self.text_of(text), "python")
        )

    def as_date(self, value: Any, node: ast.expr) -> Any:
        """Return a midnight as the date that it was printed for."""
        if isinstance(value, dt.datetime) and value.tzinfo is None and value.time() == dt.time():
            return value.date()
        self.refuse("pd.to_datetime(...) is read where the value is a day's midnight.", node)
        return None


def _bare(node: ast.expr) -> str | None:
    """Return the text of a column, whatever it was made of; nothing for a value."""
    match node:
        case ast.Subscript():
            return ast.unparse(node)
        case ast.Call(func=ast.Attribute(value=of, attr="astype")):
            return _bare(of)
        case ast.Call(func=ast.Attribute(attr="to_datetime"), args=[of]):
            return _bare(of)
    return None


def _guard(node: ast.expr) -> str | None:
    """Return the column of ``a == a`` or ``a.notna()``."""
    match node:
        case ast.Compare(left=ast.Subscript() as left, ops=[ast.Eq()], comparators=[right]):
            return ast.unparse(left) if ast.dump(left) == ast.dump(right) else None
        case ast.Call(func=ast.Attribute(value=ast.Subscript() as of, attr="notna"), args=[]):
            return ast.unparse(of)
    return None

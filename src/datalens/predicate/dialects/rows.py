"""Conditions on Python's own values, as expressions: rows as dicts, documents, items of lists, fields of structs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.core.errors import NotExpressibleError
from datalens.predicate import regex
from datalens.predicate.dialects.layout import (
    Each,
    Leaf,
    Listing,
    Piece,
    lines,
    quote,
)
from datalens.predicate.dialects.rows_helpers import HELPERS, MODULES
from datalens.predicate.dialects.rows_joined import all_of, any_of, inverted
from datalens.predicate.dialects.rows_numbers import SIZED, box, exact_form, is_beyond, number
from datalens.predicate.dialects.written import duration
from datalens.predicate.expression_types import kind_of
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
from datalens.predicate.operands import ITEM, Field, Literal
from datalens.predicate.polygon import bounds
from datalens.predicate.scalars import Scalar, kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datalens.predicate.base import Predicate
    from datalens.predicate.dialects.parts import Parts

#: Longer sets stand above the function, under a name.
SHORT_SET = 60
#: What a value's type is called where only values of that type are compared.
_TYPES = {
    "text": "str",
    "date": "date",
    "datetime": "datetime",
    "instant": "datetime",
    "timedelta": "timedelta",
}


class Conditions:
    """Prints conditions on values that are None, bool, int, float, str, Decimal, list, dict or times.

    Parameters
    ----------
    parts : Parts
        Where imports, helpers and fixed values are collected.
    sized : str, optional
        Whether something has a length, with `{}` in its place.
    types : dict, optional
        The columns' types, as narwhals has them: what is compared with another column is shorter then.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> from datalens.predicate.dialects.layout import flat
    >>> from datalens.predicate.dialects.parts import Parts
    >>> flat(Conditions(Parts([])).piece(col("loss") > 3.2, {"loss": "loss"}))
    'loss is not None and loss > 3.2'
    """

    def __init__(self, parts: Parts, sized: str = SIZED, types: Mapping[str, Any] | None = None) -> None:
        self.parts = parts
        self.types = types or {}
        self.sized = sized
        self.depth = 0
        #: How deep in a list or struct the condition stands that is printed.
        self.level = 0

    def _helper(self, name: str) -> str:
        return self.parts.helper(name, HELPERS, MODULES)

    def _module(self, alias: str) -> str:
        return self.parts.module(alias, MODULES[alias])

    def piece(self, node: Predicate, names: Mapping[str, str]) -> Piece:
        """Return a condition, where `names` are the expressions for the columns' values.

        True for no value that is None, apart from `is_null`.
        """
        match node:
            case And(of=parts):
                return all_of(*(self.piece(part, names) for part in parts))
            case Or(of=parts):
                return any_of(*(self.piece(part, names) for part in parts))
            case Not(of=part):
                return inverted(self.piece(part, names))
            case Everything():
                return Leaf("True")
            case Inside():
                return self._inside(node, names)
            case Keys(identity=identity, values=values):
                if identity.scheme != "column":
                    msg = (
                        f"A function of one row can't express keys by {identity.scheme}: they are known over the "
                        'whole table. Use selection.code("pandas", form="keys").'
                    )
                    raise NotExpressibleError(msg)
                return self._among(names[identity.columns[0]], values, "keys")
        return self.leaf(node, names)

    def leaf(self, node: Predicate, names: Mapping[str, str]) -> Piece:
        """Return a condition on one value, such as an item of a list."""
        match node:
            case Compare() if node.is_computed:
                return self._computed(node, names)
            case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
                return self._literal(names[name], op, value)
            case Compare(op=op, left=Field(name=left), right=Field(name=right)):
                return self._columns(op, left, right, names)
            case Between(column=name, low=low, high=high):
                return self._between(names[name], low, high)
            case IsIn(column=name, values=values):
                return self._among(names[name], values, "wanted")
            case IsNull(column=name):
                return self.is_null(names[name])
            case Contains(column=name, value=value):
                return all_of(self._of_type(names[name], "text"), Leaf(f"{quote(value)} in {names[name]}"))
            case StartsWith(column=name, value=value):
                test = Leaf(f"{names[name]}.startswith({quote(value)})")
                return all_of(self._of_type(names[name], "text"), test)
            case Matches(column=name, pattern=pattern):
                test = Leaf(f"{self._pattern(pattern)}.search({names[name]}) is not None")
                return all_of(self._of_type(names[name], "text"), test)
            case Items(column=name, which=which, of=part):
                return self._items(names[name], which, part)
            case Member(column=name, name=member, of=part):
                there = self.is_there(names[name], "dict")
                self.level += 1
                inner = self.leaf(part, {ITEM: f"{names[name]}.get({quote(member)})"})
                self.level -= 1
                if matches_null(part):
                    return any_of(*map(inverted, there), inner)
                return all_of(*there, inner)
            case Linear():
                return self._linear(node, names)
        msg = f"Python code can't express {type(node).__name__}."
        raise NotExpressibleError(msg)

    def _of_type(self, value: str, kind: str) -> Piece:
        """Return what is False for null, NaN and values of other types."""
        name = _TYPES[kind]
        return Leaf(f"isinstance({value}, {self._module(name) if name in MODULES else name})")

    def _guard(self, value: str, kind: str) -> Piece:
        """Return what is False where a value can't be compared with a literal of a kind."""
        return self._of_type(value, kind) if kind in _TYPES else Leaf(f"{value} is not None")

    def _guards(self, value: str, kind: str) -> list[Piece]:
        """Return what is False where a value can't be brought to UTC: what pandas has for a missing time is a time, too."""
        missing = [self.is_null(value, negated=True)] if kind == "instant" else []
        return [self._guard(value, kind), *missing]

    def _literal(self, value: str, op: str, literal: Scalar) -> Piece:
        what = kind(literal)
        if isinstance(literal, bool):
            return Leaf(f"{value} is {literal if op == 'eq' else not literal}")
        compared, shown = self._form(value, literal, exact=op in ("eq", "ne"))
        test = Leaf(f"{compared} {SYMBOLS[op]} {shown}")
        if op == "eq" and compared == value and value not in shown:
            return test
        if op == "ne" and what != "text":
            return all_of(self.is_null(value, negated=True), test)
        if op == "eq":
            return all_of(*self._guards(value, what), test)
        return all_of(self._guard(value, what), test)

    def _columns(self, op: str, left: str, right: str, names: Mapping[str, str]) -> Piece:
        a, b = names[left], names[right]
        first, second = (_family(self.types.get(name)) for name in (left, right))
        families = {first, second}
        if families == {"text"}:
            return all_of(self._of_type(a, "text"), self._of_type(b, "text"), Leaf(f"{a} {SYMBOLS[op]} {b}"))
        # NaN differs from all, also in rows that hold it in place of None.
        if not families <= {"int", "float"} or op == "ne":
            sign = self.parts.module(op, f"from operator import {op}")
            return Leaf(f"{self._helper('compare')}({a}, {sign}, {b})")
        # Python compares integers with floats as they are, and not as the floats that they are rounded to.
        c, d = (
            f"float({value})" if family == "int" and "float" in families else value
            for value, family in ((a, first), (b, second))
        )
        there = (Leaf(f"{value} is not None") for value in (a, b))
        return all_of(*there, Leaf(f"{c} {SYMBOLS[op]} {d}"))

    def _between(self, value: str, low: Scalar, high: Scalar) -> Piece:
        (first, below), (second, above) = self._form(value, low), self._form(value, high)
        test = Leaf(f"{below} <= {first} <= {above}")
        if first == second:
            return all_of(self._guard(value, kind(low)), test)
        return all_of(self._literal(value, "ge", low), self._literal(value, "le", high))

    def _form(self, value: str, literal: Scalar, *, exact: bool = False) -> tuple[str, str]:
        """Return a value and a literal as they are compared."""
        match kind(literal):
            case "date":
                return f"{self._helper('as_time')}({value})", self.scalar(literal)
            case "instant" if exact:
                # Times in different zones are never equal in the hour that the clock repeats.
                return f"{value}.astimezone({self._module('timezone')}.utc)", self.scalar(literal)
            case "number" if isinstance(literal, (int, float)):
                return exact_form(value, literal)
        return value, self.scalar(literal)

    def _among(self, value: str, values: Sequence[Scalar], name: str) -> Piece:
        if not values:
            return Leaf("False")
        what = kind(values[0])
        if what == "number" and any(map(is_beyond, values)):
            # Beyond 2**53 only integers equal integers, and floats what the literal is rounded to.
            floats = tuple(dict.fromkeys(float(v) for v in values if isinstance(v, (int, float))))
            whole = tuple(v for v in values if isinstance(v, int))
            parts = [self._set_of(part, name, SHORT_SET // 3) if part else "()" for part in (floats, whole)]
            return Leaf(f"{value} in ({parts[0]} if isinstance({value}, float) else {parts[1]})")
        compared, _ = self._form(value, values[0], exact=True)
        test = Leaf(f"{compared} in {self._set_of(values, name)}")
        return test if compared == value else all_of(*self._guards(value, what), test)

    def _set_of(self, values: Sequence[Scalar], name: str, short: int = SHORT_SET) -> str:
        """Return a set, or the name of one that stands above the function."""
        shown = [self.scalar(value) for value in values]
        whole = f"{{{', '.join(shown)}}}"
        if len(whole) <= short:
            return whole
        named = self.parts.name(name, (name, tuple(map(repr, values))))
        self.parts.before[named] = "\n".join(lines(Listing(f"{named} = frozenset(", shown, ")"), ""))
        return named

    def _pattern(self, pattern: str) -> str:
        module = self.parts.module("re", "import re")
        name = self.parts.name("pattern", ("pattern", pattern))
        flags = f", {module}.ASCII" if regex.needs_ascii(pattern) else ""
        self.parts.before[name] = f"{name} = {module}.compile({raw(regex.emit(pattern, 'python'))}{flags})"
        return name

    def _items(self, value: str, which: str, of: Predicate) -> Piece:
        there = self.is_there(value, "list")
        self.level += 1
        loop = self.loop(value, which, of)
        self.level -= 1
        return all_of(*there, loop)

    def loop(self, value: str, which: str, of: Predicate) -> Piece:
        """Return whether any or all of a list's items match."""
        self.depth += 1
        item = self.parts.name("item", ("item", self.depth))
        loop = Each(which, self.leaf(of, {ITEM: item}), f"for {item} in {value}")
        self.depth -= 1
        return loop

    def is_there(self, value: str, kind: str) -> list[Piece]:
        """Return what is False where there is no list or no dict."""
        return [Leaf(f"isinstance({value}, {kind})")]

    def is_null(self, value: str, *, negated: bool = False) -> Piece:
        """Return whether a value is None or NaN, or that it is neither."""
        return Leaf(f"{'not ' if negated else ''}{self._helper('is_null')}({value})")

    def _computed(self, node: Compare, names: Mapping[str, str]) -> Piece:
        guards: dict[str, None] = {}
        left, right = (
            number(side, names, self._helper, guards, self.sized) for side in (node.left, node.right)
        )
        if node.op == "ne":
            test = Leaf(f"{self._helper('differ')}({left}, {right})")
        else:
            test = Leaf(f"{left} {SYMBOLS[node.op]} {right}")
        return all_of(*map(Leaf, guards), test)

    def _inside(self, node: Inside, names: Mapping[str, str]) -> Piece:
        if node.is_box:
            return all_of(*map(Leaf, box(names[node.x], names[node.y], bounds(node.polygon))))
        polygon = self.parts.name("lasso", node.polygon)
        points = [f"({x!r}, {y!r})" for x, y in node.polygon]
        self.parts.before[polygon] = "\n".join(lines(Listing(f"{polygon} = ", points, ""), ""))
        return Leaf(f"{self._helper('inside')}({names[node.x]}, {names[node.y]}, {polygon})")

    def _linear(self, node: Linear, names: Mapping[str, str]) -> Piece:
        weights = self.parts.name("weights", ("weights", node.weights))
        shown = Listing(f"{weights} = ", [repr(weight) for weight in node.weights], "")
        self.parts.before[weights] = "\n".join(lines(shown, ""))
        helper = self._helper("cosine" if node.cosine else "product")
        return Leaf(f"{helper}({names[node.column]}, {weights}) {SYMBOLS[node.op]} {node.threshold!r}")

    def scalar(self, value: Scalar) -> str:
        """Return a literal; a date is the midnight it begins with."""
        if isinstance(value, str):
            return quote(value)
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            return f'float("{value}")'
        if isinstance(value, Decimal):
            return f'{self.parts.module("Decimal", "from decimal import Decimal")}("{value}")'
        if isinstance(value, dt.timedelta):
            return f"{self._module('timedelta')}({duration(value)})"
        if isinstance(value, dt.date):
            return self._time(value)
        return repr(value)

    def _time(self, value: dt.date) -> str:
        numbers = [value.year, value.month, value.day]
        zone = ""
        if isinstance(value, dt.datetime):
            clock = [value.hour, value.minute, value.second, value.microsecond]
            while clock and not clock[-1]:
                clock.pop()
            numbers += clock
            zone = f", tzinfo={self._module('timezone')}.utc" if value.tzinfo else ""
        return f"{self._module('datetime')}({', '.join(map(str, numbers))}{zone})"


def _family(dtype: Any) -> str:
    """Return what values of a type are to Python where it compares them as we do, else nothing."""
    if dtype is None:
        return ""
    if dtype.is_integer():
        return "int"
    return "float" if dtype.is_float() else "text" * (kind_of(dtype) == "text")


def raw(text: str) -> str:
    r"""Return a text as a raw literal in Python where it can be one.

    Examples
    --------
    >>> print(raw(r"\d+"), raw('"'), raw("a"))
    r"\d+" '"' "a"
    """
    if "\\" in text and '"' not in text and text.isprintable() and not text.endswith("\\"):
        return f'r"{text}"'
    return quote(text)


def matches_null(node: Predicate) -> bool:
    """Say whether a condition on what is inside matches where there is nothing inside.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> matches_null(col("meta").field("url").is_null()), matches_null(col("meta").field("url") == "a")
    (True, False)
    """
    return isinstance(node, IsNull) or (isinstance(node, Member) and matches_null(node.of))

"""What a predicate means, in plain Python, row by row: slow, and with nothing of how it is evaluated elsewhere."""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from typing import Any

import numpy as np
import pyarrow as pa

from datalens.predicate import (
    ITEM,
    And,
    Arithmetic,
    Between,
    Compare,
    Contains,
    Everything,
    Field,
    Inside,
    IsIn,
    IsNull,
    Items,
    Keys,
    Length,
    Linear,
    Literal,
    Matches,
    Member,
    Not,
    Or,
    Predicate,
    StartsWith,
)

Types = dict[str, Any]


def selected(predicate: Predicate, table: pa.Table) -> list[bool]:
    """Say which rows of a table a predicate selects."""
    types = {field.name: field.type for field in table.schema}
    return [holds(predicate, row, types) for row in rows(table)]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Return a table's rows, also of a table whose columns are all that it is known by."""
    columns = {name: table[name].to_pylist() for name in table.column_names}
    return [{name: values[i] for name, values in columns.items()} for i in range(table.num_rows)]


def holds(node: Predicate, row: dict[str, Any], types: Types) -> bool:
    """Say whether a row is selected."""
    match node:
        case And(of=parts):
            return all(holds(part, row, types) for part in parts)
        case Or(of=parts):
            return any(holds(part, row, types) for part in parts)
        case Not(of=part):
            return not holds(part, row, types)
        case Everything():
            return True
        case Inside(x=x, y=y, polygon=polygon):
            return not (is_missing(row[x]) or is_missing(row[y])) and _inside(
                float(row[x]), float(row[y]), polygon
            )
        case Compare(op=op, left=left, right=right) if node.is_computed:
            a, b = _number(left, row), _number(right, row)
            return not (math.isnan(a) or math.isnan(b)) and getattr(operator, op)(a, b)
        case Compare(op=op, left=Field(name=name), right=Literal(value=value)):
            return _compared(row[name], op, value, types[name], None)
        case Compare(op=op, left=Field(name=left), right=Field(name=right)):
            return _compared(row[left], op, row[right], types[left], types[right])
        case Keys(identity=identity, values=values):
            (name,) = identity.columns
            return _listed(row[name], values, types[name])
    return _leaf(node, row[node.column], types[node.column])


def _leaf(node: Any, value: Any, kind: Any) -> bool:
    """Say whether a condition on one column holds of its value."""
    match node:
        case IsNull():
            return is_missing(value)
        case Member(name=name, of=part):
            inner = None if value is None else value[name]
            return holds(part, {ITEM: inner}, {ITEM: kind.field(name).type})
    if value is None:
        return False
    match node:
        case Between(low=low, high=high):
            return _compared(value, "ge", low, kind, None) and _compared(value, "le", high, kind, None)
        case IsIn(values=values):
            return _listed(value, values, kind)
        case Contains(value=text):
            return text in value
        case StartsWith(value=text):
            return value[: len(text)] == text
        case Matches(pattern=pattern):
            return re.compile(_for_python(_with_folded(pattern)), re.ASCII).search(value) is not None
        case Items(which=which, of=part):
            found = [holds(part, {ITEM: item}, {ITEM: kind.value_type}) for item in value]
            return any(found) if which == "any" else all(found)
        case Linear(weights=weights, threshold=threshold, op=op, cosine=cosine):
            if len(value) != len(weights) or any(v is None or not math.isfinite(v) for v in value):
                return False
            product = sum(w * v for w, v in zip(weights, value, strict=True))
            length = math.sqrt(sum(v * v for v in value))
            if cosine and not length:
                return False
            return getattr(operator, op)(product / length if cosine else product, threshold)
    raise AssertionError(node)


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _compared(a: Any, op: str, b: Any, kind: Any, other: Any) -> bool:
    """Compare a value with a literal, or (where its type is given) with another column's value."""
    if is_missing(a) or is_missing(b):
        return False
    if isinstance(a, float) or isinstance(b, float):
        # Numbers of which one is a float are compared as floats; a literal has the precision of its column.
        a, b = float(a), float(b)
        narrow = {pa.float32(): np.float32, pa.float16(): np.float16}.get(kind)
        if narrow and other is None:
            with np.errstate(over="ignore"):
                b = float(narrow(b))
    elif isinstance(a, dt.datetime) and not isinstance(b, dt.datetime):
        b = dt.datetime(b.year, b.month, b.day)  # noqa: DTZ001 - without a zone, as the column
    if isinstance(a, dt.datetime) and a.tzinfo is not None:
        # Python compares clocks within a zone, and holds the hour that clocks go back to be unequal to any other's.
        a, b = a.astimezone(dt.UTC), b.astimezone(dt.UTC)
    return getattr(operator, op)(a, b)


def _listed(value: Any, wanted: tuple[Any, ...], kind: Any) -> bool:
    """Say whether a value is in a list, where integers are looked for among integers: no float is rounded to one."""
    if type(value) is int:
        wanted = tuple(one for one in wanted if type(one) is int)
    return any(_compared(value, "eq", one, kind, None) for one in wanted)


def _number(side: Any, row: dict[str, Any]) -> float:
    match side:
        case Literal(value=value):
            return float(value)
        case Field(name=name):
            return math.nan if row[name] is None else float(row[name])
        case Length(name=name):
            return math.nan if row[name] is None else float(len(row[name]))
        case Arithmetic(op="div", left=left, right=right):
            return _quotient(_number(left, row), _number(right, row))
        case Arithmetic(op=op, left=left, right=right):
            return getattr(operator, op)(_number(left, row), _number(right, row))
    raise AssertionError(side)


def _quotient(a: float, b: float) -> float:
    if b:
        return a / b
    return math.nan if not a or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1.0, b)


def _inside(x: float, y: float, polygon: tuple[tuple[float, float], ...]) -> bool:
    xs, ys = zip(*polygon, strict=True)
    if not (min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)):
        return False
    odd = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y < y1) != (y < y2) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


#: The parts of a pattern that may hold letters: classes, escapes, letters themselves.
_LETTERS = re.compile(r"\\x..|\\u....|\\.|\[\^?(?:\\.|[^\]])*\]|[kKsS\u212a\u017f]", re.DOTALL)


def _with_folded(pattern: str) -> str:
    """Return a pattern with what Unicode folds onto ASCII's k and s after (?i), where `re.ASCII` folds ASCII alone."""
    if not pattern.startswith("(?i)"):
        return pattern

    def folded(found: re.Match[str]) -> str:
        part = found[0]
        if part[0] == "\\" and part[1] not in "wWxu":
            return part
        body = {r"\W": r"^\w"}.get(part, part[1:-1] if part[0] == "[" else part)
        negated, body = ("^", body[1:]) if body[0] == "^" else ("", body)
        for both in ("k\u212a", "s\u017f"):
            if any(re.match(f"(?i)[{body}]", sign, re.ASCII) for sign in both):
                body += both
        return f"[{negated}{body}]"

    return _LETTERS.sub(folded, pattern)


def _for_python(pattern: str) -> str:
    r"""Return a pattern for `re`: there ``$`` stands before a last newline too, and ``\s`` has the vertical tab."""
    made, inside, at = "", False, 0
    while at < len(pattern):
        sign = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        at += len(sign)
        if sign in (r"\s", r"\S"):
            negated = "^" if sign == r"\S" else ""
            assert not (inside and negated), "no such pattern is drawn"
            made += "\\t\\n\\f\\r " if inside else f"[{negated}\\t\\n\\f\\r ]"
            continue
        inside = sign == "[" or (inside and sign != "]")
        made += r"\Z" if sign == "$" and not inside else sign
    return made

"""A predicate as it is typed in the bar: what `Predicate.parse` reads back as the very same tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
from datalens.predicate.operands import Arithmetic, Field, Length, Literal
from datalens.predicate.parse.reading import is_unit
from datalens.predicate.parse.scalars import written
from datalens.predicate.text import formula

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.operands import Operand
    from datalens.predicate.scalars import Scalar

_PLAIN = re.compile(r"[^\W\d]\w*")
#: Words that are read as something else where a column may stand.
_KEYWORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "none",
        "nan",
        "between",
        "like",
        "ilike",
        "true",
        "false",
        "contains",
        "matches",
        "starts",
        "startswith",
        "starts_with",
        "with",
    ]
)


def to_text(node: Predicate) -> str:
    """Return a predicate as text for the bar.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> to_text(~(col("loss") > 3.2) & (col("my source") == "web"))
    "not loss > 3.2 and `my source` = 'web'"
    """
    return _said(node, "")


def name(text: str) -> str:
    """Return a column's name, in backticks where it needs them.

    Examples
    --------
    >>> name("loss"), name("my col"), name("In")
    ('loss', '`my col`', '`In`')
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _KEYWORDS:
        return text
    return f"`{text.replace('`', '``')}`"


def _said(node: Predicate, inner: str) -> str:
    """Write a node; `inner` is how the value inside a list or struct is reached."""
    match node:
        case And(of=parts) | Or(of=parts):
            loose = (And, Or) if isinstance(node, And) else (Or,)
            return f" {node.word} ".join(
                f"({_said(part, '')})" if isinstance(part, loose) else _said(part, "") for part in parts
            )
        case Not(of=part):
            said = _said(part, "")
            return f"not ({said})" if isinstance(part, (And, Or)) else f"not {said}"
        case Everything():
            return "everything()"
        case Compare(op=op, left=left, right=right):
            sign = "=" if op == "eq" else SYMBOLS[op]
            return f"{_side(left, inner)} {sign} {_side(right, inner)}"
        case Between(column=column, low=low, high=high):
            return f"{inner or name(column)} between {written(low)} and {written(high)}"
        case IsIn(column=column, values=values):
            return f"{inner or name(column)} in [{', '.join(map(written, values))}]"
        case IsNull(column=column):
            return f"{inner or name(column)} is null"
        case Contains(column=column, value=value):
            return f"{inner or name(column)} contains {written(value)}"
        case StartsWith(column=column, value=value):
            return f"{inner or name(column)} starts with {written(value)}"
        case Matches(column=column, pattern=pattern):
            return f"{inner or name(column)} matches {written(pattern)}"
        case Items(column=column, which=which, of=part):
            return _said(part, f"{which}({inner or name(column)})")
        case Member(column=column, name=member, of=part):
            # Without quotes df.loss may be pandas' column.
            within = "`df`" if column == "df" else name(column)
            return _said(part, f"{inner or within}.{name(member)}")
        case Linear():
            return _product(node)
        case Inside(x=x, y=y, polygon=polygon):
            vertices = ", ".join(f"[{written(a)}, {written(b)}]" for a, b in polygon)
            return f"inside({name(x)}, {name(y)}, [{vertices}])"
        case Keys():
            return _keys(node)
    msg = f"{type(node).__name__} has no form in the bar."
    raise TypeError(msg)


def _side(side: Operand, inner: str) -> str:
    match side:
        case Literal(value=value):
            return written(value)
        case Field(name=column):
            return inner or name(column)
        case Length(name=column):
            return f"length({inner or name(column)})"
        case Arithmetic(op=op, left=left, right=right):
            return formula(op, left, right, lambda part: _side(part, inner))


def _product(node: Linear) -> str:
    weights = ", ".join(map(written, node.weights))
    vector, function = name(node.column), "dot"
    if node.cosine and is_unit(node.weights):
        function = "cosine"
    elif node.cosine:
        vector = f"unit({vector})"
    return f"{function}({vector}, [{weights}]) {SYMBOLS[node.op]} {written(node.threshold)}"


def _keys(node: Keys) -> str:
    identity = node.identity
    said = [*map(name, identity.columns)]
    rest: list[Scalar] = [identity.rows, identity.file, identity.fingerprint]
    while rest and not rest[-1]:
        rest.pop()
    values = ", ".join(map(written, node.values))
    return f"keys([{values}], {identity.scheme}({', '.join([*said, *map(written, rest)])}))"

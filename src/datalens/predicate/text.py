"""A predicate as text: a few words for a chip, and the code that builds it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import UNIT
from datalens.predicate.chains import groups
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

if TYPE_CHECKING:
    from collections.abc import Callable

    from datalens.predicate.base import Predicate
    from datalens.predicate.operands import Operand
    from datalens.predicate.scalars import Scalar

#: What a chip shows of a text, and of a whole predicate.
CHIP_TEXT = 40
CHIP = 100
#: Values that a chip names before it counts.
NAMED = 2
#: A repr is read, not run, beyond this many values.
REPR_VALUES = 1000


def label(node: Predicate) -> str:
    """Return a few words for a chip.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> label(~(col("loss") > 3.2) & (col("source") == "web"))
    'not (loss > 3.2) and source is web'
    """
    return clip(_words(node), CHIP)


def _words(node: Predicate, item: str | None = None) -> str:
    """Return the words for a node; `item` is what the value inside a list or struct is called."""

    def named(name: str) -> str:
        return clip(name) if item is None else item

    match node:
        case And(of=parts) | Or(of=parts):
            return f" {node.word} ".join(
                f"({_words(part)})" if isinstance(part, (And, Or)) else _words(part) for part in parts
            )
        case Not(of=part):
            return f"not ({_words(part)})"
        case Everything():
            return "everything"
        case Compare(op=op, left=left, right=right):
            # "is" reads well before a value; between columns the sign is clearer.
            said = {"eq": "is", "ne": "is not"} if isinstance(right, Literal) else {}
            return f"{_operand(left, item)} {said.get(op, SYMBOLS[op])} {_operand(right, item)}"
        case Between(column=name, low=low, high=high):
            return f"{named(name)} from {_value(low)} to {_value(high)}"
        case IsIn(column=name, values=values):
            shown = ", ".join(_value(value) for value in values[:NAMED]) or "nothing"
            more = f" +{len(values) - NAMED:,}" if len(values) > NAMED else ""
            return f"{named(name)} in {shown}{more}"
        case IsNull(column=name):
            return f"{named(name)} is null"
        case Contains(column=name, value=value):
            return f'{named(name)} contains "{clip(value)}"'
        case StartsWith(column=name, value=value):
            return f'{named(name)} starts with "{clip(value)}"'
        case Matches(column=name, pattern=pattern):
            return f"{named(name)} matches {clip(pattern)}"
        case Items(column=name, which=which, of=part):
            return _words(part, f"{which} of {named(name)}")
        case Member(column=name, name=member, of=part):
            return _words(part, _within(named(name), member))
        case Linear(column=name, op=op, threshold=threshold, cosine=cosine):
            return f"{'cosine' if cosine else 'dot'} of {named(name)} {SYMBOLS[op]} {_value(threshold)}"
        case Inside():
            return "inside box" if node.is_box else "inside lasso"
        case Keys(values=values):
            return f"{len(values):,} {'row' if len(values) == 1 else 'rows'} by key"
    return type(node).__name__


def _within(outer: str, member: str) -> str:
    """Return what a field of a struct is called, which may itself be an item of a list."""
    of_items = outer.startswith(("any of ", "all of ")) and ": " not in outer
    return f"{outer}{': ' if of_items else '.'}{clip(member)}"


def _operand(side: Operand, item: str | None = None) -> str:
    match side:
        case Literal(value=value):
            return _value(value)
        case Field(name=name):
            return clip(name) if item is None else item
        case Length(name=name):
            return f"length of {clip(name) if item is None else item}"
        case Arithmetic(op=op, left=left, right=right):
            return formula(op, left, right, lambda part: _operand(part, item))


def formula(op: str, left: Operand, right: Operand, said: Callable[[Operand], str]) -> str:
    """Write arithmetic with as few brackets as its order needs.

    Examples
    --------
    >>> formula("sub", Field("a"), Arithmetic("sub", Field("b"), Field("c")), _operand)
    'a - (b - c)'
    """
    strength = {"add": 1, "sub": 1, "mul": 2, "div": 2}

    def bracketed(part: Operand, least: int) -> str:
        loose = isinstance(part, Arithmetic) and strength[part.op] < least
        return f"({said(part)})" if loose else said(part)

    # Not even + and * may be regrouped: floats round at each step.
    return f"{bracketed(left, strength[op])} {Arithmetic.signs[op]} {bracketed(right, strength[op] + 1)}"


def _value(value: Scalar) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return clip(str(value))


def clip(text: str, length: int = CHIP_TEXT) -> str:
    """Return a text from the data as it stands in a chip: one line, without what is invisible, cut.

    Examples
    --------
    >>> clip("more than ten", 10)
    'more than…'
    """
    # Line breaks and invisible characters would tear a chip apart or turn its text around.
    text = "".join(c if c.isprintable() else " " for c in text[: length + 1])
    return text if len(text) <= length else text[: length - 1] + "…"


def source(node: Predicate, inner: str = "") -> str:
    """Return the code that builds a predicate, which is its repr.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> source(~(col("a").is_null() | (col("b") == "x")))
    "~(dl.col('a').is_null() | (dl.col('b') == 'x'))"
    """
    match node:
        case And(of=parts):
            return _chain(" & ", [_wrapped(part) for part in parts])
        case Or(of=parts):
            return _chain(" | ", [_wrapped(part) for part in parts])
        case Not(of=part):
            return f"~{_wrapped(part)}"
        case Everything():
            return "dl.everything()"
        case Compare(op=op, left=left, right=right):
            return f"{source_operand(left, inner)} {SYMBOLS[op]} {source_operand(right, inner)}"
        case Between(column=name, low=low, high=high):
            return f"{inner or _col(name)}.between({_literal(low)}, {_literal(high)})"
        case IsIn(column=name, values=values):
            return f"{inner or _col(name)}.is_in({_list(values)})"
        case IsNull(column=name):
            return f"{inner or _col(name)}.is_null()"
        case Contains(column=name, value=value):
            return f"{inner or _col(name)}.contains({value!r})"
        case StartsWith(column=name, value=value):
            return f"{inner or _col(name)}.starts_with({value!r})"
        case Matches(column=name, pattern=pattern):
            return f"{inner or _col(name)}.matches({pattern!r})"
        case Items(column=name, which=which, of=part):
            return source(part, f"{inner or _col(name)}.{which}()")
        case Member(column=name, name=member, of=part):
            return source(part, f"{inner or _col(name)}.field({member!r})")
        case Linear(column=name, weights=weights, threshold=threshold, op=op, cosine=cosine):
            if cosine and abs(math.hypot(*weights) - 1) > UNIT:  # cosine() would divide them
                return f"dl.Predicate.from_dict({node.to_dict()!r})"
            return (
                f"{_col(name)}.{'cosine' if cosine else 'dot'}({list(weights)!r}) {SYMBOLS[op]} {threshold!r}"
            )
        case Inside(x=x, y=y, polygon=polygon):
            return f"dl.inside({x!r}, {y!r}, {list(polygon)!r})"
        case Keys(identity=identity, values=values):
            return f"dl.keys({_list(values)}, dl.{identity!r})"
    return object.__repr__(node)


def _chain(sign: str, parts: list[str]) -> str:
    return sign.join([f"({_chain(sign, list(group))})" for group in groups(parts)] or parts)


def _wrapped(part: Predicate) -> str:
    text = source(part)
    leaf = part
    while isinstance(leaf, (Items, Member)):
        leaf = leaf.of
    return f"({text})" if isinstance(leaf, (And, Or, Compare, Linear)) else text


def _col(name: str) -> str:
    return f"dl.col({name!r})"


def source_operand(side: Operand, inner: str = "") -> str:
    """Return the code that builds an operand; `inner` is how the value inside a list or struct is reached.

    Examples
    --------
    >>> source_operand(Arithmetic("sub", Field("b"), Length("a")))
    "dl.col('b') - dl.col('a').length()"
    """
    match side:
        case Literal(value=value):
            return _literal(value)
        case Field(name=name):
            return inner or _col(name)
        case Length(name=name):
            return f"{inner or _col(name)}.length()"
        case Arithmetic(op=op, left=left, right=right):
            return formula(op, left, right, lambda part: source_operand(part, inner))


def _literal(value: Scalar) -> str:
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f"float({str(value)!r})"
    return repr(value)


def _list(values: tuple[Any, ...]) -> str:
    shown = ", ".join(_literal(value) for value in values[:REPR_VALUES])
    more = f", ... {len(values) - REPR_VALUES:,} more" if len(values) > REPR_VALUES else ""
    return f"[{shown}{more}]"

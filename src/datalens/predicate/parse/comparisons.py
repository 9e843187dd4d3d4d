"""Comparisons by a sign: between columns, what is computed of them, and values, in chains too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column
from datalens.predicate.formula import Value
from datalens.predicate.nodes import MIRRORED, Compare, Not
from datalens.predicate.operands import Literal
from datalens.predicate.parse import casts, functions, units
from datalens.predicate.parse.polygons import Counted
from datalens.predicate.parse.reading import Product
from datalens.predicate.parse.truth import Truth, every, leaf, total

if TYPE_CHECKING:
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.tokens import Token

SIGNS = {
    "=": "eq", "==": "eq", "!=": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
}  # fmt: skip
#: How strongly the signs of a sum hold together.
_SUM = 5


def chain(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``a < b``, and chains of them: ``1 < a <= 3``; the token is a sign.

    Parameters
    ----------
    grammar : Grammar
    left : Column, Value, Product or a value
        What stands before the sign.
    start : int
        The character at which it begins.
    """
    parts: list[Truth] = []
    while grammar.token.kind == "sign" and grammar.token.value in SIGNS:
        sign = grammar.next()
        if parts and grammar.is_sql:
            raise grammar.error(sign.position, "SQL has no chains of comparisons: join two by AND.")
        if (null := _none(grammar, sign, left)) is not None:
            parts.append(null)
            break
        begin = grammar.at
        where = grammar.token.position
        right = _right(grammar, sign)
        op = SIGNS[sign.value]
        # A number with an exponent, or cast, is one of 64 bits.
        said = grammar.tokens[begin]
        is_wide = grammar.at == begin + 1 and said.kind == "number" and bool(set("eEdD") & set(said.value))
        if isinstance(left, Column) and isinstance(right, str):
            grammar.make(where, grammar.fit, left, right)  # what is wrong with a time is wrong there
        parts.append(grammar.make(sign.position, compare, grammar, op, left, right, is_wide))
        grammar.place_sides(parts[-1].true, (left, start), (right, where))
        left, start = right, where
    return parts[0] if len(parts) == 1 else grammar.make(where, every, parts)


def compare(grammar: Grammar, op: Any, left: Any, right: Any, is_wide: bool = False) -> Truth:  # noqa: FBT001, FBT002
    """Return the comparison of two sides.

    Parameters
    ----------
    grammar : Grammar
    op : str
        What compares them, as `Compare` has it.
    left, right : Column, Value, Product or a value
    is_wide : bool, optional
        Whether a number is compared with all of its 64 bits.
    """
    left, right = units.columns(grammar, left, right)
    for side in (left, right):
        if isinstance(side, (Truth, Counted)):
            msg = "A condition is not compared: join conditions by and, or, not."
            raise ValueError(msg)  # noqa: TRY004
    if isinstance(right, Product):
        left, right, op = right, left, MIRRORED[op]
    if isinstance(left, Product):
        if type(right) not in (int, float):
            msg = "A product of vectors is compared with a number."
            raise ValueError(msg)
        return leaf(left.compare(op, right))
    if not isinstance(left, Value) and isinstance(right, Value):
        left, right, op = right, left, MIRRORED[op]
    if not isinstance(left, Value):
        return leaf(Compare(op, Literal(left), Literal(right)))
    if isinstance(right, float) and right != right:  # noqa: PLR0124 - NaN
        return casts.compared_with_nan(left, op)
    is_wide = (
        is_wide or isinstance(left, casts.Cast) or casts.is_single(right) or grammar.engine in casts.WIDENING
    )
    left, right = casts.uncast(left, right, grammar.engine)
    return leaf(left._compare(op, grammar.fit(left, right)), left, right, is_wide=is_wide)  # noqa: SLF001


def _none(grammar: Grammar, sign: Token, left: Any) -> Truth | None:
    """Return ``a == None`` as the question that it is in Python."""
    is_none = grammar.is_word("none", "null", "nan") and grammar.token.value not in (grammar.columns or ())
    if grammar.is_sql or not is_none or sign.value not in ("==", "!=") or not isinstance(left, Column):
        return None
    grammar.at += 1
    null = left.is_null()
    return total(null if sign.value == "==" else Not(null))


def _right(grammar: Grammar, sign: Token) -> Any:
    """Return the right side of a comparison, where double quotes may hold a text."""
    token = grammar.token
    if token.kind == "double" and not grammar.is_sql and grammar.tokens[grammar.at + 1].value != ".":
        is_name = grammar.columns is not None and token.value in grammar.columns
        if sign.value in ("==", "!=") and is_name:
            raise grammar.error(
                token.position,
                f"{token.shown} may be the column or a text: write `{token.value}` for the column, "
                f"'{token.value}' for the text.",
            )
        # SQL, which has no == and prints <>, holds double quotes to be a name.
        if sign.value in ("==", "!=") or (grammar.columns is not None and not is_name):
            grammar.at += 1
            return token.value
    if grammar.is_word("null"):
        grammar.scalar()
    if grammar.is_sql and grammar.is_word("any") and grammar.tokens[grammar.at + 1].value == "(":
        return functions.items_of(grammar)
    if token.kind == "word":
        grammar.beside.add(token.position)
    return grammar.expression(_SUM)

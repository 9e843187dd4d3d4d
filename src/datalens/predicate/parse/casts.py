"""Columns and values that SQL casts, or compares otherwise than by their type: as 64-bit floats, by code points."""

from __future__ import annotations

import math
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column
from datalens.predicate.dialects.sql_text import to_single
from datalens.predicate.formula import Value
from datalens.predicate.nodes import Everything, Not
from datalens.predicate.operands import Arithmetic, Field, Literal
from datalens.predicate.parse import units
from datalens.predicate.parse.polygons import Counted
from datalens.predicate.parse.scalars import typed
from datalens.predicate.parse.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.scalars import Scalar

#: What is computed of columns is computed in 64-bit floats, so that a cast to them says nothing there.
_FLOATS = frozenset({"double", "float8", "float64"})
#: A column of 32-bit floats is compared with a literal in its own precision anyhow.
_SINGLES = frozenset({"float", "float4", "real", "float32"})
_DECIMALS = frozenset({"decimal", "numeric"})
_INTEGERS = frozenset({"int", "integer", "bigint", "int4", "int8", "hugeint"})
_BIGINT = 2**63
#: What a DECIMAL holds of which no digits are said; elsewhere it holds all.
_DIGITS = {"duckdb": (18, 3), "lance": (38, 10), "spark": (10, 0), "trino": (38, 0)}
#: Engines whose literals are of 64 bits beside any column, or that cast a column of 32 bits where it matters.
WIDENING = frozenset({"lance", "spark", "postgres"})


class Cast(Value):
    """A column as 64-bit floats: in sums it is the column, compared alone it isn't quite.

    Parameters
    ----------
    column : Column
    """

    __slots__ = ("column",)

    def __init__(self, column: Column) -> None:
        super().__init__(column._operand, column._wrap)  # noqa: SLF001
        self.column = column


class Collated(Column):
    """A text that is compared by code points.

    Parameters
    ----------
    column : Column
    """

    __slots__ = ()

    def __init__(self, column: Column) -> None:
        super().__init__(column.name, column._wrap)  # noqa: SLF001


def is_single(value: Any) -> bool:
    """Say whether a number is the same in 32 bits, so that it says nothing how many a column has.

    Examples
    --------
    >>> is_single(0.5), is_single(0.1)
    (True, False)
    """
    return type(value) in (int, float) and to_single(value) == value


def not_a_number(value: Value) -> Truth:
    """Return the condition that a value is NaN, which is sayable only beside another."""
    if isinstance(value, Column):
        null = value.is_null()
        return Truth(null, lambda: Not(null), nan=value)
    return Truth(Everything(), Everything, nan=value)


def cast(grammar: Grammar, given: Any, start: int) -> Any:
    """Return what is cast, where the cast changes nothing or makes the value that is written; the type stands here."""
    token = grammar.next()
    word = token.value.lower()
    if word == "double":
        grammar.take_word("precision")
    is_text = isinstance(given, str)
    is_number = type(given) in (int, float)
    digits = _digits(grammar) if word in _DECIMALS and grammar.token.value == "(" else ()
    made: Any = units.cast(grammar.engine, given, word, digits, start)
    if made is not None:
        pass
    elif word in _DECIMALS and (is_text or is_number):
        made = grammar.make(start, typed, "decimal", str(given))
        if not _holds(digits or _DIGITS.get(grammar.engine, ()), made):
            raise grammar.error(
                token.position,
                f"{given} has other digits than this type holds: write DECIMAL(precision, scale) with all of them.",
            )
    elif word in _FLOATS | _SINGLES and is_text and given.lower() == "nan":
        made = math.nan
    elif word in _FLOATS | _SINGLES and is_text:
        made = grammar.make(start, typed, "float", given)
    elif word in _FLOATS | _SINGLES and is_number:
        made = float(given)
    elif word in _FLOATS and isinstance(given, Value):
        made = Cast(given) if isinstance(given, Column) else Value(given._operand, given._wrap)  # noqa: SLF001
    elif word in _INTEGERS and (is_text or type(given) is int):
        made = grammar.make(start, int, given)
    elif word in _INTEGERS and isinstance(given, Truth):
        made = Counted((given.true,))
    else:
        raise grammar.error(
            token.position,
            f"This cast to {token.shown} isn't read, since it changes values: compare the column itself.",
        )
    return made


def _digits(grammar: Grammar) -> list[Scalar]:
    """Return the digits of ``DECIMAL(3, 2)``."""
    from datalens.predicate.parse.functions import listed

    return listed(grammar)


def _holds(digits: Sequence[Any], value: Decimal) -> bool:
    """Say whether a type of so many digits holds a value unrounded."""
    if not digits:
        return True
    precision, scale = digits if len(digits) == 2 else (digits[0], 0)  # noqa: PLR2004 - of precision and scale
    if type(precision) is not int or type(scale) is not int:
        return False
    exact = Context(prec=1000)
    return bool(value == value.quantize(Decimal(1).scaleb(-scale), context=exact)) and (
        not value or value.adjusted() < precision - scale
    )


def uncast(left: Value, right: Any, engine: str) -> tuple[Value, Any]:
    """Return the sides of a comparison as predicates compare them.

    A column that is cast to 64 bits is the column itself where that changes nothing, else what is computed of it.
    """
    has_zeros = engine == "lance" and all(map(_is_with_zero, (left, right)))
    if has_zeros:  # -0.0 is less than 0.0 there
        left, right = (Value(side._operand.left, side._wrap) for side in (left, right))  # type: ignore[union-attr]  # noqa: SLF001
        both = [_bare(side) for side in (left, right)]
        return both[0], both[1]
    if (
        isinstance(left, Cast)
        and not isinstance(right, Value)
        and (is_single(right) or (engine == "lance" and isinstance(right, float)))
    ):
        return left.column, right
    # What is computed is of 64 bits, and so is what it is compared with.
    operands = [side._operand for side in (left, right) if isinstance(side, Value)]  # noqa: SLF001
    is_computed = not all(isinstance(operand, Field) for operand in operands)
    made = [
        (side.column if is_computed else side * 1) if isinstance(side, Cast) else side
        for side in (left, right)
    ]
    return made[0], made[1]


def _bare(side: Value) -> Value:
    """Return what a column is cast from, where nothing is computed of it."""
    operand, wrap = side._operand, side._wrap  # noqa: SLF001
    return Column(operand.name, wrap) if isinstance(operand, Field) else side


def _is_with_zero(side: Any) -> bool:
    if not isinstance(side, Value):
        return False
    match side._operand:  # noqa: SLF001
        case Arithmetic(op="add", right=Literal(value=0)):
            return True
    return False


def compared_with_nan(left: Value, op: str) -> Truth:
    """Return ``a = 'NaN'`` or ``a <> 'NaN'``, as Postgres asks."""
    found = not_a_number(left)
    if op == "ne":
        return Truth(found.false(), lambda: found.true, guard=left)
    if op != "eq":
        msg = "Nothing is greater or less than NaN, in predicates."
        raise ValueError(msg)
    return found


def decimal(text: str) -> Scalar:
    """Return a decimal; where Trino has no larger integers, a whole one beyond 64 bits is an integer."""
    value = typed("decimal", text)
    is_whole = text.removeprefix("-").isdigit()
    return int(text) if is_whole and not -_BIGINT <= int(text) < _BIGINT else value

"""Divisions in SQL of which some engines cut off the fraction: those of whole numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.scalars import SAFE_INTEGER

if TYPE_CHECKING:
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.tokens import Token

#: How a divisor is written that is surely a float; Trino's 2.0 is a decimal, whose quotients have as few digits.
_REMEDIES = {"lance": "n / 2.0", "postgres": "n / 2.0", "trino": "n / 2e0", "sql": "n / 2e0"}
_FLOATS = frozenset({"double", "float", "float8", "float4", "real", "infinity"})


def check(grammar: Grammar, start: int, sign: Token) -> bool:
    """Raise an error for a division of which nothing says that it is one of floats, where the engine may truncate.

    Parameters
    ----------
    grammar : Grammar
        After the right side.
    start : int
        The character at which the left side begins.
    sign : Token
        The sign of the division.

    Returns
    -------
    bool
        Whether whole numbers may be written as floats, for the division's sake.
    """
    if grammar.engine not in _REMEDIES:
        return False
    at = grammar.at
    while at > 0 and grammar.tokens[at - 1].position >= start:
        at -= 1
        if _is_float(grammar, grammar.tokens[at]):
            return True
    who = "SQL in some engines" if grammar.engine == "sql" else grammar.engine
    sentence = (
        f"Between whole numbers {who} cuts off the fraction, which predicates keep: write "
        f"{_REMEDIES[grammar.engine]}, or CAST(n AS DOUBLE) / 2."
    )
    if grammar.engine == "postgres":
        sentence = sentence.replace("CAST(n AS DOUBLE) / 2", "n::float8 / 2")
    if grammar.engine == "sql":
        sentence = sentence.replace(
            ": write", ": say dialect='duckdb' or dialect='spark' where it is kept, or write"
        )
    raise grammar.error(sign.position, sentence)


def whole(side: Any) -> Any:
    """Return a whole number that is written as a float as an integer.

    Examples
    --------
    >>> whole(2.0), whole(0.5)
    (2, 0.5)
    """
    is_whole = isinstance(side, float) and side.is_integer() and abs(side) < SAFE_INTEGER
    return int(side) if is_whole and (side or math.copysign(1, side) > 0) else side


def _is_float(grammar: Grammar, token: Token) -> bool:
    if token.kind == "number":
        signs = "eE" if grammar.engine == "trino" else "eE."
        return any(sign in token.value for sign in signs)
    if token.kind in ("quoted", "double", "word") and token.value in getattr(grammar.columns, "floats", ()):
        return True
    return token.kind == "word" and token.value.lower() in _FLOATS

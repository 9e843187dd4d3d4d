"""What stands after a column: in, between, contains, is null."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column
from datalens.predicate.formula import Value
from datalens.predicate.nodes import Not
from datalens.predicate.parse import labels, sql, units
from datalens.predicate.parse.casts import Cast, is_single
from datalens.predicate.parse.comparisons import compare
from datalens.predicate.parse.functions import listed
from datalens.predicate.parse.kinds import kind_of
from datalens.predicate.parse.truth import Truth, every, leaf, some, total
from datalens.predicate.regex_reader import PatternError
from datalens.predicate.scalars import kind

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.tokens import Token

_SUM = 5
#: Words that stand between a column and a value.
VERBS = frozenset({"contains", "matches", "starts", "startswith", "starts_with", "like", "ilike", "rlike"})
#: Where Postgres' sign for a pattern is none.
_WITHOUT_SEARCH = {
    "spark": "Spark has no ~ before a pattern: write column RLIKE 'a+'.",
    "trino": "Trino has no ~ before a pattern: write regexp_like(column, 'a+').",
}
#: What may follow a column, as it is suggested where a word is near to it.
SUGGESTED = ("contains", "matches", "starts with", "in", "between", "is null", "is not null", "like")


def subject(grammar: Grammar, left: Any, start: int, verb: str) -> Column:
    """Return the column before a verb."""
    if not isinstance(left, Column):
        raise grammar.error(start, f"A column was expected before '{verb}'.")
    return left


def verb(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return the condition of a column, a verb and what follows."""
    units.check(grammar, left)
    token = grammar.next()
    word = token.value.lower()
    if word == "between":
        return between(grammar, left, start)
    if word == "from":
        return labels.span(grammar, left, start)
    if word in ("like", "ilike"):
        return sql.like(grammar, subject(grammar, left, start, word), token)
    if word == "in":
        return among(grammar, left, start, token)
    if word == "rlike":
        return sql.matches(grammar, subject(grammar, left, start, word), word)
    if word in ("start", "starts") and not grammar.take_word("with"):
        raise grammar.error(
            grammar.token.position, f"'with' was expected after 'starts', not {grammar.token.shown}."
        )
    method = {
        "contain": "contains", "match": "matches", "start": "starts_with", "starts": "starts_with", "startswith": "starts_with"
    }.get(word, word)  # fmt: skip
    of = subject(grammar, left, start, word)
    position = grammar.token.position
    value = grammar.scalar() if grammar.is_sql or method != "matches" else labels.bare(grammar)
    asked = (
        pattern(grammar, of, value, position)
        if method == "matches"
        else grammar.make(position, getattr(of, method), value)
    )
    grammar.place(asked, start, ())
    return leaf(asked)


def pattern(grammar: Grammar, of: Column, value: Any, position: int) -> Predicate:
    """Return the condition that a pattern is found; what is wrong in it is shown at its character."""
    try:
        return of.matches(value)
    except PatternError as error:
        # Quotes before it are written twice.
        quote = grammar.text[position]
        raise grammar.error(position + 1 + error.at + value[: error.at].count(quote), str(error)) from error
    except (ValueError, TypeError) as error:
        raise grammar.error(position, str(error)) from error


def search(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``text ~ 'a+'`` or ``text !~ 'a+'``, Postgres' sign; the token is the sign."""
    sign = grammar.next()
    of = subject(grammar, left, start, sign.value)
    if grammar.engine in _WITHOUT_SEARCH:
        raise grammar.error(sign.position, _WITHOUT_SEARCH[grammar.engine])
    if grammar.is_sql:
        truth = sql.matches(grammar, of, sign.value)
    else:
        position = grammar.token.position
        truth = leaf(pattern(grammar, of, grammar.scalar(), position))
    return grammar.make(sign.position, grammar.negated, truth, sign.position) if sign.value == "!~" else truth


def among(grammar: Grammar, left: Any, start: int, token: Token) -> Truth:
    """Return ``a in ('x', 'y')``, and ``'x' in tags``: an item of a list, a part of a text."""
    if isinstance(left, Cast):
        values = listed(grammar)
        is_near = grammar.engine == "lance" or all(is_single(value) for value in values)
        if is_near:
            return leaf(grammar.make(token.position, left.column.is_in, values), left.column)
        exact = [grammar.make(token.position, compare, grammar, "eq", left, value) for value in values]
        return exact[0] if len(exact) == 1 else some(exact)
    if not isinstance(left, (Value, Truth)) and not grammar.is_sql:
        position = grammar.token.position
        of = grammar.expression(_SUM) if grammar.token.kind in ("word", "quoted", "double") else None
        if not isinstance(of, Column):
            raise grammar.error(position, "A column of lists, or of texts, was expected after 'in'.")
        what = kind_of(grammar.columns, of)
        if isinstance(left, str) and what == "text":
            return leaf(grammar.make(token.position, of.contains, left))
        if what not in ("", "list"):
            raise grammar.error(position, f"Column {of.name!r} holds no lists: write {of.name} == …")
        item = grammar.make(position, grammar.step, of, "any")
        return leaf(grammar.make(token.position, item.__eq__, left))
    of = subject(grammar, left, start, "in")
    if grammar.is_word("null", "not", "and", "or"):
        raise grammar.error(
            grammar.token.position, "A list in brackets was expected after 'in', such as ('a', 'b')."
        )
    places: list[int] = []
    is_bare = not grammar.is_sql and (
        grammar.token.kind not in ("sign", "end") or grammar.token.value in ("-", "+")
    )
    given = labels.listed(grammar, places) if is_bare else listed(grammar, places)
    values = [grammar.make(place, grammar.fit, of, value) for value, place in zip(given, places, strict=True)]
    other = next((i for i, value in enumerate(values) if kind(value) != kind(values[0])), None)
    if any(isinstance(value, Decimal) for value in values):
        values = [Decimal(value) if type(value) is int else value for value in values]
    made = leaf(grammar.make(token.position if other is None else places[other], of.is_in, values), of)
    grammar.place(
        made.true, start, [(of.__eq__, value, at) for value, at in zip(values, places, strict=True)]
    )
    return made


def between(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``a between 1 and 2``; with columns as bounds, two comparisons."""
    if not isinstance(left, Value):
        raise grammar.error(start, "A column was expected before 'between'.")
    position = grammar.token.position
    low = grammar.make(position, grammar.fit, left, grammar.expression(_SUM))
    if not grammar.take_word("and"):
        raise grammar.error(
            grammar.token.position, f"'and' was expected, then the upper bound, not {grammar.token.shown}."
        )
    upper = grammar.token.position
    high = grammar.make(upper, grammar.fit, left, grammar.expression(_SUM))
    if isinstance(left, Column) and not isinstance(low, Value) and not isinstance(high, Value):
        made = leaf(grammar.make(position, left.between, low, high), left)
        grammar.place(made.true, start, [(left.__ge__, low, position), (left.__le__, high, upper)])
        return made
    parts = [
        grammar.make(position, compare, grammar, op, left, side) for op, side in (("ge", low), ("le", high))
    ]
    return every(parts)


def is_what(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``a is null``, ``a is not null``, ``a is true``."""
    units.check(grammar, left)
    grammar.at += 1
    negation = grammar.take_word("not")
    token = grammar.next()
    word = token.value.lower() if token.kind == "word" else ""
    if word in ("null", "none", "nan") and isinstance(left, Column):
        if word == "nan" and grammar.is_sql:
            raise grammar.error(
                token.position, "Predicates don't tell NaN from null: write a IS NULL OR isnan(a)."
            )
        truth = total(left.is_null())
    elif word == "distinct" and isinstance(left, Column):
        sql.phrase(grammar, ["from", "null"])
        return total(left.is_null() if negation else Not(left.is_null()))
    elif word in ("true", "false"):
        is_flag = isinstance(left, Column)
        given = sql.flag(grammar, left, start) if is_flag else grammar.truth(left, start)
        truth = total(given.true if word == "true" else given.false())
    elif grammar.is_sql or word in ("null", "none", "nan", "not", "distinct") or token.kind == "end":
        raise grammar.error(
            token.position,
            f"'null', 'not null', 'true' or 'false' was expected after 'is', not {token.shown}.",
        )
    else:
        grammar.at -= 1
        return labels.equal(grammar, left, start, is_negated=negation)
    return grammar.make(token.position, grammar.negated, truth, token.position) if negation else truth

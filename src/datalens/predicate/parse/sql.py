"""What only SQL says: LIKE, coalesce, isnan, casts, functions on texts, columns that are conditions by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.nodes import Between, Compare, Inside, IsIn, IsNull, Not
from datalens.predicate.parse.patterns import original
from datalens.predicate.parse.truth import Truth, leaf, total

if TYPE_CHECKING:
    from datalens.predicate.builder import Column
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.tokens import Token

#: Types of numbers to which a column may be cast without becoming other rows: comparisons of sums are in 64-bit floats.
_LEAVES = (Between, Compare, Inside, IsIn)
_FLOATS = frozenset({"double", "float8", "float64"})


def flag(grammar: Grammar, column: Column, position: int) -> Truth:
    """Return a column of booleans as the condition that it is."""
    true = grammar.make(position, column.__eq__, True)
    return Truth(true, lambda: column == False)  # noqa: E712


def like(grammar: Grammar, column: Column, verb: Token) -> Truth:
    """Return ``text LIKE 'x%'`` where it says the same as starts with, contains or equals."""
    grammar.only_sql = grammar.only_sql or "LIKE"
    token = grammar.token
    pattern = grammar.scalar()
    escape = ""
    if grammar.take_word("escape"):
        escape = str(grammar.scalar())
    if not isinstance(pattern, str) or len(escape) > 1:
        grammar.fail("LIKE takes a text, and ESCAPE one character.", token.position)
    if verb.value.lower() == "ilike":
        grammar.fail("ILIKE has no equal here: write matches '(?i)…' (ASCII letters).", verb.position)
    if "\\" in pattern and not escape:
        grammar.fail(r"Whether \ escapes in LIKE depends on the database: say ESCAPE '\'.", token.position)
    pieces: list[str | None] = []  # None for %
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == escape and at + 1 < len(pattern):
            at += 1
            pieces.append(pattern[at])
        elif character == "_":
            grammar.fail(
                "LIKE with _ has no equal here: write matches with a regular expression.", token.position
            )
        elif character != "%" or not pieces or pieces[-1] is not None:
            pieces.append(None if character == "%" else character)
        at += 1
    text = "".join(piece for piece in pieces if piece is not None)
    signs = [i for i, piece in enumerate(pieces) if piece is None]
    last = len(pieces) - 1
    if not signs:
        return leaf(grammar.make(token.position, column.__eq__, text))
    if signs == [last] and last > 0:
        return leaf(grammar.make(token.position, column.starts_with, text))
    if signs in ([0, last], [0]) and (last == 0 or signs[-1] == last):
        return leaf(grammar.make(token.position, column.contains, text))
    grammar.fail(
        "LIKE is read where it says starts with ('x%') or contains ('%x%'): write matches with a regular expression.",
        token.position,
    )
    return None


def call(grammar: Grammar, word: str, token: Token) -> Any:
    """Return what a function of SQL gives; the bracket after its name is open."""
    match word:
        case "coalesce" | "ifnull":
            start = grammar.token.position
            given = grammar.truth(grammar.expression(1), start)
            grammar.need(",")
            if not grammar.is_word("true", "false"):
                grammar.fail(
                    "coalesce is read around conditions, before true or false.", grammar.token.position
                )
            if grammar.next().value.lower() == "false":
                return total(given.true)
            return grammar.make(token.position, lambda: total(Not(given.false())))
        case "isnan" | "is_nan":
            from datalens.predicate.parse.functions import top_name

            grammar.only_sql = grammar.only_sql or word
            name = top_name(grammar)
            return Truth(IsNull(name), lambda: Not(IsNull(name)), nan=name)
        case "regexp_matches" | "regexp_like" | "regexp_match":
            from datalens.predicate.parse.functions import column

            grammar.only_sql = grammar.only_sql or word
            subject = column(grammar)
            grammar.need(",")
            where = grammar.token
            pattern = grammar.scalar()
            if not isinstance(pattern, str):
                grammar.fail("A pattern is a text.", where.position)
            return leaf(grammar.make(where.position, subject.matches, original(pattern, "re2")))
    from datalens.predicate.parse.functions import FUNCTIONS

    near = f"There are: {', '.join(FUNCTIONS)}."
    grammar.fail(f"There is no function {token.value[:40]!r}. {near}", token.position)
    return None


def without_nan(parts: list[Truth], word: str) -> list[Truth]:
    """Return the parts of an *and* or *or* without those about NaN that another says already.

    Examples
    --------
    >>> above = leaf(Compare("gt", Field("a"), Literal(1)))
    >>> guard = Truth(Not(IsNull("a")), lambda: IsNull("a"), guard="a")
    >>> [part.true for part in without_nan([above, guard], "and")]
    [dl.col('a') > 1]
    """
    if word == "and":
        # A comparison never matches NaN, in predicates.
        said = {
            name for part in parts if part.guard is None and isinstance(part.true, _LEAVES)
            for name in part.true.columns
        }  # fmt: skip
        return [part for part in parts if part.guard is None or part.guard not in said]
    said = {part.true.column for part in parts if isinstance(part.true, IsNull) and part.nan is None}
    return [part for part in parts if part.nan is None or part.nan not in said]

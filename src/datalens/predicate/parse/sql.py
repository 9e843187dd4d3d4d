"""What only SQL says: LIKE, coalesce, isnan, casts, functions on texts, columns that are conditions by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column, Value
from datalens.predicate.nodes import Compare, Everything, Items, Member, Not
from datalens.predicate.operands import ITEM, Field
from datalens.predicate.parse.patterns import original
from datalens.predicate.parse.scalars import typed
from datalens.predicate.parse.truth import Truth, leaf, total

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.tokens import Token
    from datalens.predicate.regex import Flavour

#: What is computed of columns is computed in 64-bit floats, so that a cast to them says nothing there.
_FLOATS = frozenset({"double", "float8", "float64"})
_DECIMALS = frozenset({"decimal", "numeric"})
_FLAVOURS: dict[str, Flavour] = {"regexp_matches": "re2", "regexp_like": "rust", "regexp_match": "rust"}
_SUM = 5
#: How DuckDB asks for NaN in a column of any type.
_NAN = {
    "typeof": ("IN ( FLOAT , DOUBLE ) AND", ":: VARCHAR IN ( nan , -nan )"),
    "arrow_typeof": ("IN ( Float16 , Float32 , Float64 ) AND CAST (", "AS string ) = NaN"),
}


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
        raise grammar.error(token.position, "LIKE takes a text, and ESCAPE one character.")
    if verb.value.lower() == "ilike":
        raise grammar.error(verb.position, "ILIKE has no equal here: write matches '(?i)…' (ASCII letters).")
    if "\\" in pattern and not escape:
        raise grammar.error(
            token.position, r"Whether \ escapes in LIKE depends on the database: say ESCAPE '\'."
        )
    pieces: list[str | None] = []  # None for %
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == escape and at + 1 < len(pattern):
            at += 1
            pieces.append(pattern[at])
        elif character == "_":
            raise grammar.error(
                token.position, "LIKE with _ has no equal here: write matches with a regular expression."
            )
        elif character != "%" or not pieces or pieces[-1] is not None:
            pieces.append(None if character == "%" else character)
        at += 1
    text = "".join(piece for piece in pieces if piece is not None)
    signs = [i for i, piece in enumerate(pieces) if piece is None]
    last = len(pieces) - 1
    if not signs:
        method = "__eq__"
    elif signs == [last] and last > 0:
        method = "starts_with"
    elif signs in ([0], [0, last]) and signs[-1] == last:
        method = "contains"
    else:
        raise grammar.error(
            token.position,
            "LIKE is read where it says starts with ('x%') or contains ('%x%'): write matches with a regular "
            "expression.",
        )
    return leaf(grammar.make(token.position, getattr(column, method), text))


def call(grammar: Grammar, word: str, token: Token) -> Any:
    """Return what a function of SQL gives; the bracket after its name is open."""
    from datalens.predicate.parse.functions import FUNCTIONS, column

    start = grammar.token.position
    made: Any
    match word:
        case "coalesce" | "ifnull":
            given = grammar.truth(grammar.expression(1), start)
            grammar.need(",")
            if not grammar.is_word("true", "false"):
                raise grammar.error(
                    grammar.token.position, "coalesce is read around conditions, before true or false."
                )
            is_true = grammar.next().value.lower() == "true"
            made = grammar.make(start, lambda: total(Not(given.false()) if is_true else given.true))
        case "isnan" | "is_nan":
            grammar.only_sql = grammar.only_sql or word
            made = not_a_number(value_of(grammar))
        case "cast":
            given = grammar.expression(_SUM)
            _phrase(grammar, ["AS"])
            made = cast(grammar, given, start)
        case "arrow_cast":
            count = grammar.scalar()
            _phrase(grammar, [",", "Duration(Microsecond)"])
            made = grammar.make(start, typed, "duration", f"{count}us")
        case "list_contains" | "array_has" | "array_contains":
            item = grammar.make(start, grammar.step, column(grammar), "any")
            grammar.need(",")
            made = leaf(grammar.make(grammar.token.position, item.__eq__, grammar.scalar()))
        case "regexp_matches" | "regexp_like" | "regexp_match":
            grammar.only_sql = grammar.only_sql or word
            subject = column(grammar)
            grammar.need(",")
            where, pattern = grammar.token.position, grammar.scalar()
            if not isinstance(pattern, str):
                raise grammar.error(where, "A pattern is a text.")
            flavour = _FLAVOURS[word]
            made = leaf(grammar.make(where, lambda: subject.matches(original(pattern, flavour))))
        case _:
            near = f"There are: {', '.join(FUNCTIONS)}."
            raise grammar.error(token.position, f"There is no function {token.value[:40]!r}. {near}")
    return made


def value_of(grammar: Grammar) -> Value:
    """Return the column, or what is computed of columns, that stands here."""
    position = grammar.token.position
    value = grammar.expression(_SUM)
    if not isinstance(value, Value):
        raise grammar.error(position, "A column was expected here.")
    return value


def not_a_number(value: Value) -> Truth:
    """Return the condition that a value is NaN, which is sayable only beside another."""
    if isinstance(value, Column):
        null = value.is_null()
        return Truth(null, lambda: Not(null), nan=value)
    return Truth(Everything(), Everything, nan=value)


def nan_of_any_type(grammar: Grammar, word: str) -> Truth:
    """Return ``typeof(a) IN ('FLOAT', 'DOUBLE') AND a::VARCHAR IN ('nan', '-nan')``, as DuckDB, and Lance, ask."""
    from datalens.predicate.parse.functions import column

    grammar.only_sql = grammar.only_sql or word
    between, after = _NAN[word]
    first = column(grammar)
    grammar.close()
    _phrase(grammar, between.split())
    position = grammar.token.position
    if column(grammar) is not first:
        raise grammar.error(position, "The same column was expected as in typeof.")
    _phrase(grammar, after.split())
    return not_a_number(first)


def _phrase(grammar: Grammar, words: list[str]) -> None:
    for word in words:
        token = grammar.next()
        if token.value.lower() != word.lower():
            raise grammar.error(token.position, f"{word!r} was expected, not {token.shown}.")


def without_nan(parts: list[Truth], word: str) -> list[Truth]:
    """Return the parts of an *and* or *or* without those about NaN that another says already.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> a = col("a")
    >>> guard = Truth(~a.is_null(), a.is_null, guard=a)
    >>> [part.true for part in without_nan([leaf(a > 1, a), guard], "and")]
    [dl.col('a') > 1]
    """
    if word == "and":
        # A comparison never matches NaN, in predicates.
        said = [value for part in parts for value in part.of]
        return [part for part in parts if part.guard is None or not _is_among(part.guard, said)]
    nulls = [part.true for part in parts if part.nan is None]
    return [part for part in parts if part.nan is None or part.true not in nulls]


def _is_among(value: Value, others: list[Value]) -> bool:
    return any(value._operand == other._operand and value._wrap is other._wrap for other in others)  # noqa: SLF001


def cast(grammar: Grammar, given: Any, start: int) -> Any:
    """Return what is cast, where the cast changes nothing or makes the value that is written; the type stands here."""
    token = grammar.next()
    word = token.value.lower()
    if word == "double":
        grammar.take_word("precision")
    made: Any = None
    if word in _DECIMALS and isinstance(given, (str, int, float)):
        if grammar.token.value == "(":
            _digits(grammar)
        made = grammar.make(start, typed, "decimal", str(given))
    elif word in _FLOATS and isinstance(given, str):
        made = grammar.make(start, typed, "float", given)
    elif word in _FLOATS and type(given) in (int, float):
        made = float(given)
    elif word in _FLOATS and isinstance(given, Value):
        # No Column: alone, a cast may make numbers of texts.
        made = Value(given._operand, given._wrap)  # noqa: SLF001
    elif isinstance(given, Truth):
        raise grammar.error(
            start,
            "Conditions that are counted, as in the formula of a polygon, aren't read from SQL: copy it as pandas.",
        )
    else:
        raise grammar.error(token.position, f"This cast to {token.shown} isn't read.")
    return made


def _digits(grammar: Grammar) -> None:
    """Go over the digits of ``DECIMAL(3, 2)``."""
    from datalens.predicate.parse.functions import listed

    listed(grammar)


def check_casts(node: Predicate, *sides: Any) -> None:
    """Raise a ValueError where a column is cast that is compared as it is."""
    casts = any(type(side) is Value and isinstance(side._operand, Field) for side in sides)  # noqa: SLF001
    while isinstance(node, (Items, Member)):
        node = node.of
    if casts and isinstance(node, Compare) and not node.is_computed:
        msg = "A cast of a column is read in sums and products only: there numbers are 64-bit floats anyhow."
        raise ValueError(msg)


def is_spelled(grammar: Grammar) -> bool:
    """Say whether a text of several parts begins here: ``('a' || chr(0))``."""
    token, second, third = (grammar.tokens[min(grammar.at + i, len(grammar.tokens) - 1)] for i in range(3))
    if token.kind == "sign" and token.value == "(":
        token, second = second, third
        is_chr = token.kind == "word" and token.value.lower() == "chr" and second.value == "("
        return is_chr or (token.kind == "text" and second.kind == "sign" and second.value == "||")
    return token.kind == "word" and token.value.lower() == "chr" and second.value == "("


def spelled(grammar: Grammar) -> str:
    """Return a text of several parts."""
    brackets = grammar.take("(")
    parts: list[str] = []
    while True:
        token = grammar.next()
        if token.kind == "text":
            parts.append(token.value)
        elif token.kind == "word" and token.value.lower() == "chr":
            grammar.need("(")
            code = grammar.scalar()
            if type(code) is not int or not 0 <= code < 0x110000:  # noqa: PLR2004
                raise grammar.error(token.position, "chr takes the number of a character.")
            parts.append(chr(code))
            grammar.need(")")
        else:
            raise grammar.error(token.position, f"A text was expected, not {token.shown}.")
        if not (brackets and grammar.take("||")):
            break
    if brackets:
        grammar.need(")")
    return "".join(parts)


def filtered(grammar: Grammar) -> Truth:
    """Return ``len(list_filter(tags, lambda item: ...)) > 0`` or ``= len(tags)``; the token is ``list_filter``."""
    from datalens.predicate.parse.functions import column

    grammar.only_sql = grammar.only_sql or "list_filter"
    position = grammar.next().position
    grammar.open()
    lists = column(grammar)
    _phrase(grammar, [",", "lambda"])
    name = grammar.next().value
    grammar.need(":")
    outer = dict(grammar.items)
    grammar.items[name] = grammar.column(ITEM, position)
    start = grammar.token.position
    given = grammar.truth(grammar.expression(1), start)
    grammar.items = outer
    grammar.close()
    grammar.close()
    which = "any"
    if grammar.take(">"):
        _phrase(grammar, ["0"])
    else:
        which = "all"
        _phrase(grammar, ["=", "len", "("])
        if column(grammar) is not lists:
            raise grammar.error(position, "The same list was expected as in list_filter.")
        grammar.need(")")
    return leaf(grammar.make(position, lambda: lists._wrap(Items(lists.name, which, given.true))))  # type: ignore[arg-type]  # noqa: SLF001

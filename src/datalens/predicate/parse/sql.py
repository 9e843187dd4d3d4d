"""What only SQL says: LIKE, coalesce, isnan, casts, functions on texts, columns that are conditions by themselves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.formula import Value
from datalens.predicate.nodes import Compare, Everything, Not
from datalens.predicate.parse import casts, engines, units
from datalens.predicate.parse.scalars import typed
from datalens.predicate.parse.truth import Truth, leaf, total

if TYPE_CHECKING:
    from datalens.predicate.builder import Column
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.polygons import Counted
    from datalens.predicate.parse.tokens import Token
    from datalens.predicate.parse.values import Values

_PATTERNS = ("regexp_matches", "regexp_like", "regexp_match")
_SUM = 5


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
    from datalens.predicate.parse.functions import FUNCTIONS, column, listed

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
            made = casts.not_a_number(value_of(grammar))
        case "cast" | "try_cast":
            given = grammar.expression(1)
            phrase(grammar, ["AS"])
            made = casts.cast(grammar, given, token.position)
        case "arrow_cast":
            is_value = grammar.token.kind in ("text", "number", "sign")
            made = _arrow_cast(grammar, start) if is_value else units.arrow_cast(grammar, token.position)
        case "epoch_ns" | "epoch_us":
            made = units.counted(grammar, word, token.position)
        case "infinity":
            made = math.inf
        case "list_contains" | "array_has" | "array_contains":
            item = grammar.make(start, grammar.step, column(grammar), "any")
            grammar.need(",")
            made = leaf(grammar.make(grammar.token.position, item.__eq__, grammar.scalar()))
        case "array_has_any":
            item = grammar.make(start, grammar.step, column(grammar), "any")
            grammar.need(",")
            made = leaf(grammar.make(grammar.token.position, item.is_in, listed(grammar)))
        case "strpos":
            subject = column(grammar)
            grammar.need(",")
            made = leaf(grammar.make(grammar.token.position, subject.contains, grammar.scalar()))
            grammar.close()
            phrase(grammar, [">", "0"])
            return made
        case _ if word in _PATTERNS:
            grammar.only_sql = grammar.only_sql or word
            subject = column(grammar)
            grammar.need(",")
            made = matches(grammar, subject, word)
        case _:
            near = grammar.near(token.value, [name.partition("(")[0] for name in FUNCTIONS])
            near = near or f"There are: {', '.join(FUNCTIONS)}."
            raise grammar.error(token.position, f"There is no function {token.value[:40]!r}. {near}")
    grammar.close()
    return made


def matches(grammar: Grammar, subject: Column, word: str) -> Truth:
    """Return the condition that a pattern, as an engine writes it, is found; the token is the pattern."""
    if word == "rlike":  # where there is RLIKE, texts have escapes, or not, as the database has it
        grammar.only_sql = grammar.only_sql or word
    where, pattern = grammar.token.position, grammar.scalar(is_pattern=word != "rlike")
    if not isinstance(pattern, str):
        raise grammar.error(where, "A pattern is a text.")
    said = {
        "regexp_matches": ("duckdb",),
        "regexp_like": ("lance", "trino", "spark"),
        "regexp_match": ("lance",),
    }
    names = said.get(word, ("spark",) if word == "rlike" else ("postgres",))
    if grammar.engine in engines.ENGINES:
        names = (grammar.engine,)
    for name in names[:-1]:
        try:
            return leaf(subject.matches(engines.original(pattern, name)))
        except ValueError:
            continue  # another engine's
    return leaf(grammar.make(where, lambda: subject.matches(engines.original(pattern, names[-1]))))


def _arrow_cast(grammar: Grammar, start: int) -> Any:
    """Return a duration or a time with a zone, as Lance has them."""
    value = grammar.scalar()
    grammar.need(",")
    kind = grammar.next().value
    if kind == "Duration(Microsecond)" and type(value) is int:
        return grammar.make(start, typed, "duration", f"{value}us")
    if kind.startswith("Timestamp(") and isinstance(value, str):
        return grammar.make(start, typed, "timestamp", value)
    raise grammar.error(start, "arrow_cast is read where it makes a duration or a time.")


def value_of(grammar: Grammar) -> Value:
    """Return the column, or what is computed of columns, that stands here."""
    position = grammar.token.position
    value = grammar.expression(_SUM)
    if not isinstance(value, Value):
        raise grammar.error(position, "A column was expected here.")
    return value


def asked(grammar: Grammar, word: str, at: int) -> Truth:
    """Return what an engine asks of a column whose type isn't known, such as whether it has a NaN.

    Parameters
    ----------
    grammar : Grammar
        Within the brackets.
    word : str
        The function: typeof.
    at : int
        The token at which the question begins.
    """
    from datalens.predicate.parse.functions import column

    grammar.only_sql = grammar.only_sql or word
    start, brackets = grammar.token, grammar.brackets
    subject = column(grammar)
    said = grammar.text[start.position : grammar.tokens[grammar.at - 1].end]
    for what, words in engines.questions(grammar.engine, said):
        here = grammar.tokens[at : at + len(words)]
        if len(here) == len(words) and all(map(_is_same, here, words)):
            grammar.at, grammar.brackets = at + len(words), brackets - 1
            if what == "nan":
                return casts.not_a_number(subject)
            return Truth(Everything(), Everything, is_total=True, only=what)
    raise grammar.error(
        grammar.tokens[at].position,
        f"{word} is read where it is asked for NaN, or 32-bit floats, as it is printed.",
    )


def _is_same(a: Token, b: Token) -> bool:
    if a.kind == b.kind == "word":
        return a.value.lower() == b.value.lower()
    return a[:2] == b[:2]


def phrase(grammar: Grammar, words: list[str]) -> None:
    """Go over words and signs that are to stand here."""
    for word in words:
        token = grammar.next()
        if token.value.lower() != word.lower():
            raise grammar.error(token.position, f"{word!r} was expected, not {token.shown}.")


def odd(grammar: Grammar, counted: Counted) -> Truth:
    """Return the condition that an odd number of conditions holds; ``%`` is gone over."""
    phrase(grammar, ["2", "=", "1"])
    return Truth(Everything(), Everything, counted=counted)


def case(grammar: Grammar) -> Truth:
    """Return ``CASE WHEN a THEN b ELSE false END``, which is both, b being looked at only where a holds."""
    start = grammar.next().position
    grammar.brackets += 1
    phrase(grammar, ["when"])
    if grammar.token[:2] == ("text", "FLOAT"):
        return _paired(grammar)
    box = grammar.truth(grammar.expression(1), start)
    phrase(grammar, ["then"])
    then = grammar.truth(grammar.expression(1), start)
    phrase(grammar, ["else", "false", "end"])
    grammar.brackets -= 1
    made = grammar.make(start, grammar.tidied, [box, then], "and")
    return made if made.is_total else total(made.true)


def _paired(grammar: Grammar) -> Truth:
    """Return DuckDB's comparison of two columns of which one may be of 32-bit floats; the token is 'FLOAT'."""
    from datalens.predicate.parse.functions import column

    position = grammar.token.position
    phrase(grammar, ["float", "in", "(", "typeof", "("])
    sides = [column(grammar)]
    phrase(grammar, [")", ",", "typeof", "("])
    sides.append(column(grammar))
    phrase(grammar, [")", ")", "then"])
    wide = grammar.truth(grammar.expression(1), position).true
    phrase(grammar, ["else"])
    plain = grammar.truth(grammar.expression(1), position)
    phrase(grammar, ["end"])
    grammar.brackets -= 1
    made = plain.true
    if isinstance(made, Compare):
        cast = [(side * 1)._operand for side in sides]  # noqa: SLF001
        if wide == Compare(made.op, *cast) and [made.left, made.right] == [side._operand for side in sides]:  # noqa: SLF001
            return plain
    raise grammar.error(
        position, "The same comparison was expected, of columns and of the same as 64-bit floats."
    )


def is_spelled(grammar: Values) -> bool:
    """Say whether a text of several parts begins here: ``('a' || chr(0))``."""
    token, second, third = (grammar.tokens[min(grammar.at + i, len(grammar.tokens) - 1)] for i in range(3))
    if token.kind == "sign" and token.value == "(":
        token, second = second, third
        is_chr = token.kind == "word" and token.value.lower() == "chr" and second.value == "("
        return is_chr or (token.kind == "text" and second.kind == "sign" and second.value == "||")
    return token.kind == "word" and token.value.lower() == "chr" and second.value == "("


def spelled(grammar: Values) -> str:
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

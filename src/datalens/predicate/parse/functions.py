"""What stands around names: functions such as length(text), and verbs such as contains, in, between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.predicate.builder import Column, Value
from datalens.predicate.nodes import Everything, Inside, Keys
from datalens.predicate.parse import sql
from datalens.predicate.parse.reading import Product, cosine
from datalens.predicate.parse.truth import Truth, every, leaf, total

if TYPE_CHECKING:
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.scalars import Scalar

#: What a function's name is followed by; shown where another stands there.
FUNCTIONS = (
    "length(column)", "any(list)", "all(list)", "inside(x, y, [[0, 0], [1, 0], [1, 1]])", "dot(vectors, [1, 2])",
    "cosine(vectors, [1, 2])", "keys(['a', 'b'], column(id))", "everything()", "contains(column, 'a')",
    "starts_with(column, 'a')", "matches(column, 'a+')", "date('2024-02-29')",
)  # fmt: skip
_SUM = 5


def call(grammar: Grammar, word: str) -> Any:
    """Return what a function gives; the token is its name.

    Parameters
    ----------
    grammar : Grammar
    word : str
        The name, in small letters.
    """
    token = grammar.next()
    grammar.open()
    made: Any
    match word:
        case "len" if grammar.is_word("list_filter"):
            return sql.filtered(grammar)
        case "typeof" | "arrow_typeof":
            return sql.nan_of_any_type(grammar, word)
        case "length" | "len" | "char_length" | "character_length":
            made = column(grammar).length()
        case "any" | "all" if not grammar.is_sql:
            made = grammar.make(token.position, grammar.step, column(grammar), word)
            grammar.close()
            return fields(grammar, made)
        case "inside":
            x = top_name(grammar)
            grammar.need(",")
            y = top_name(grammar)
            grammar.need(",")
            made = leaf(grammar.make(token.position, Inside, x, y, points(grammar)))
        case "dot" | "cosine":
            made = product(grammar, word, token.position)
        case "keys":
            made = leaf(keys(grammar, token.position))
        case "everything":
            made = total(Everything())
        case "contains" | "starts_with" | "startswith" | "matches" | "prefix":
            subject = column(grammar)
            grammar.need(",")
            method = {"startswith": "starts_with", "prefix": "starts_with"}.get(word, word)
            made = leaf(grammar.make(grammar.token.position, getattr(subject, method), grammar.scalar()))
        case _:
            made = sql.call(grammar, word, token)
    grammar.close()
    return made


def column(grammar: Grammar) -> Column:
    """Return the column that stands here, or what is inside one."""
    position = grammar.token.position
    found = grammar.first() if grammar.token.kind in ("word", "quoted", "double") else None
    if not isinstance(found, Column):
        raise grammar.error(position, "A column was expected here.")
    return found


def top_name(grammar: Grammar) -> str:
    """Return the name of a column that stands here, none inside a list or struct."""
    token = grammar.next()
    if token.kind not in ("word", "quoted", "double"):
        raise grammar.error(token.position, f"The name of a column was expected, not {token.shown}.")
    return grammar.column(token.value, token.position).name


def fields(grammar: Grammar, of: Column) -> Column:
    """Return the field that is named after a column: ``messages.role``, in SQL ``messages['role']`` too.

    Elsewhere the brackets are pandas' way to a column.
    """
    while True:
        in_brackets = grammar.is_sql and grammar.take("[")
        if not in_brackets and not grammar.take("."):
            return of
        part = grammar.next()
        if part.kind not in (("text",) if in_brackets else ("word", "quoted", "double")):
            raise grammar.error(part.position, f"The name of a field was expected, not {part.shown}.")
        if in_brackets:
            grammar.need("]")
        of = grammar.make(part.position, grammar.step, of, "field", part.value)


def numbers(grammar: Grammar) -> tuple[float, ...]:
    """Return a list of numbers in brackets."""
    grammar.need("[")
    found: list[float] = []
    while not grammar.take("]"):
        position = grammar.token.position
        value = grammar.scalar()
        if type(value) not in (int, float):
            raise grammar.error(position, "A number was expected.")
        found.append(grammar.make(position, float, value))
        if not grammar.take(",") and not (grammar.token.value == "]" and grammar.token.kind == "sign"):
            raise grammar.error(
                grammar.token.position, f"',' or ']' was expected, not {grammar.token.shown}."
            )
    return tuple(found)


def points(grammar: Grammar) -> tuple[tuple[float, ...], ...]:
    """Return a list of lists of numbers."""
    grammar.need("[")
    found = []
    while not grammar.take("]"):
        found.append(numbers(grammar))
        if not grammar.take(",") and not (grammar.token.value == "]" and grammar.token.kind == "sign"):
            raise grammar.error(
                grammar.token.position, f"',' or ']' was expected, not {grammar.token.shown}."
            )
    return tuple(found)


def product(grammar: Grammar, word: str, position: int) -> Product:
    """Return ``dot(embedding, [1, 2])``, ``dot(unit(embedding), [1, 2])`` or ``cosine(embedding, [1, 2])``."""
    is_unit = grammar.is_word("unit") and grammar.tokens[grammar.at + 1].value == "("
    if is_unit:
        grammar.at += 1
        grammar.open()
    name = top_name(grammar)
    if is_unit:
        grammar.close()
    grammar.need(",")
    weights = numbers(grammar)
    if word == "cosine":
        return grammar.make(position, cosine, name, weights)
    return Product(name, weights, cosine=is_unit)


def keys(grammar: Grammar, position: int) -> Keys:
    """Return ``keys(['a'], column(id))``; after the columns may stand the rows, the file and its fingerprint."""
    values = listed(grammar)
    grammar.need(",")
    scheme = grammar.next()
    grammar.open()
    names: list[str] = []
    rest: list[Scalar] = []
    while not (grammar.token.kind == "sign" and grammar.token.value == ")"):
        if names or rest:
            grammar.need(",")
        if grammar.token.kind in ("word", "quoted", "double") and not rest:
            names.append(top_name(grammar))
        else:
            rest.append(grammar.scalar())
    grammar.close()
    kinds = tuple(map(type, rest))
    if kinds != (int, str, str)[: len(kinds)]:
        raise grammar.error(
            scheme.position,
            "Rows are named by column(id), content(a, b) or row(1000, 'file', 'fingerprint').",
        )
    # The class reads its scheme as one of three words; Keys refuses any other.
    identity: Identity = grammar.make(scheme.position, lambda: Identity(scheme.value, tuple(names), *rest))  # type: ignore[arg-type]
    return grammar.make(position, Keys, identity, values)


def listed(grammar: Grammar) -> list[Scalar]:
    """Return the values in brackets, round or square."""
    closing = "]" if grammar.take("[") else ")"
    if closing == ")":
        grammar.need("(")
    found: list[Scalar] = []
    while not grammar.take(closing):
        found.append(grammar.scalar())
        if not grammar.take(",") and not (grammar.token.kind == "sign" and grammar.token.value == closing):
            raise grammar.error(
                grammar.token.position, f"',' or '{closing}' was expected, not {grammar.token.shown}."
            )
    return found


def subject(grammar: Grammar, left: Any, start: int, verb: str) -> Column:
    """Return the column before a verb."""
    if not isinstance(left, Column):
        raise grammar.error(start, f"A column was expected before '{verb}'.")
    return left


def verb(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return the condition of a column, a verb and what follows."""
    token = grammar.next()
    word = token.value.lower()
    if word == "between":
        return between(grammar, left, start)
    if word in ("like", "ilike"):
        return sql.like(grammar, subject(grammar, left, start, word), token)
    if word == "in":
        of = subject(grammar, left, start, word)
        return leaf(grammar.make(token.position, of.is_in, listed(grammar)), of)
    if word == "starts" and not grammar.take_word("with"):
        raise grammar.error(
            grammar.token.position, f"'with' was expected after 'starts', not {grammar.token.shown}."
        )
    method = {"contain": "contains", "starts": "starts_with", "startswith": "starts_with"}.get(word, word)
    of = subject(grammar, left, start, word)
    position = grammar.token.position
    return leaf(grammar.make(position, getattr(of, method), grammar.scalar()))


def between(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``a between 1 and 2``; with columns as bounds, two comparisons."""
    if not isinstance(left, Value):
        raise grammar.error(start, "A column was expected before 'between'.")
    position = grammar.token.position
    low = grammar.expression(_SUM)
    if not grammar.take_word("and"):
        raise grammar.error(
            grammar.token.position, f"'and' was expected, then the upper bound, not {grammar.token.shown}."
        )
    high = grammar.expression(_SUM)
    if isinstance(left, Column) and not isinstance(low, Value) and not isinstance(high, Value):
        return leaf(grammar.make(position, left.between, low, high), left)
    parts = [
        grammar.make(position, grammar.compare, op, left, side) for op, side in (("ge", low), ("le", high))
    ]
    return every(parts)


def is_what(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``a is null``, ``a is not null``, ``a is true``."""
    grammar.at += 1
    negation = grammar.take_word("not")
    token = grammar.next()
    word = token.value.lower() if token.kind == "word" else ""
    if word == "null" and isinstance(left, Column):
        truth = total(left.is_null())
    elif word in ("true", "false"):
        is_flag = isinstance(left, Column)
        given = sql.flag(grammar, left, start) if is_flag else grammar.truth(left, start)
        truth = total(given.true if word == "true" else given.false())
    else:
        raise grammar.error(
            token.position,
            f"'null', 'not null', 'true' or 'false' was expected after 'is', not {token.shown}.",
        )
    return grammar.make(token.position, grammar.negated, truth, token.position) if negation else truth

"""What stands around names: functions such as length(text), and verbs such as contains, in, between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.predicate.builder import Column
from datalens.predicate.nodes import Everything, Inside, Keys
from datalens.predicate.parse import lists, sql
from datalens.predicate.parse.kinds import kind_of
from datalens.predicate.parse.reading import Product, cosine
from datalens.predicate.parse.truth import leaf, total

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
    at, token = grammar.at, grammar.next()
    grammar.open()
    made: Any
    match word:
        case "len" if grammar.is_word("list_filter"):
            return lists.filtered(grammar)
        case "exists" if grammar.is_word("select"):
            return lists.by_query(grammar)
        case _ if word in lists.LAMBDAS:
            return lists.by_lambda(grammar, word)
        case "typeof" | "arrow_typeof" | "pg_typeof":
            return sql.asked(grammar, word, at)
        case (
            "length"
            | "len"
            | "char_length"
            | "character_length"
            | "cardinality"
            | "array_length"
            | "array_size"
        ):
            made = measured(grammar).length()
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
            return sql.call(grammar, word, token)
    grammar.close()
    return made


def column(grammar: Grammar) -> Column:
    """Return the column that stands here, or what is inside one."""
    position = grammar.token.position
    is_name = grammar.token.kind in ("word", "quoted", "double") or grammar.token.value == "("
    found = grammar.first() if is_name else None
    if not isinstance(found, Column):
        raise grammar.error(position, "A column was expected here.")
    return found


def items_of(grammar: Grammar) -> Column:
    """Return Postgres' ``ANY(tags)``; the token is ANY."""
    position = grammar.next().position
    grammar.open()
    made = grammar.make(position, grammar.step, column(grammar), "any")
    grammar.close()
    return made


def measured(grammar: Grammar) -> Column:
    """Return the column whose length is asked; in ``substr(a, 1)``, which takes no lists, it is a text."""
    is_part = grammar.is_word("substr") and grammar.tokens[grammar.at + 1].value == "("
    if not is_part:
        return column(grammar)
    grammar.at += 1
    grammar.open()
    found = column(grammar)
    sql.phrase(grammar, [",", "1"])
    grammar.close()
    return found


def top_name(grammar: Grammar) -> str:
    """Return the name of a column that stands here, none inside a list or struct."""
    token = grammar.next()
    if token.kind not in ("word", "quoted", "double"):
        raise grammar.error(token.position, f"The name of a column was expected, not {token.shown}.")
    return grammar.column(token.value, token.position).name


def _check_item(grammar: Grammar, of: Column) -> None:
    """Fail where ``[0]`` stands behind a column."""
    bracket, number = grammar.token, grammar.tokens[min(grammar.at + 1, len(grammar.tokens) - 1)]
    if bracket[:2] != ("sign", "[") or number.kind != "number":
        return
    first = grammar.at - 1
    while first > 1 and grammar.tokens[first - 1][:2] == ("sign", "."):
        first -= 2
    said = grammar.text[grammar.tokens[first].position : bracket.position].strip()
    sentence = f"No item is asked for by its number: write any({said}) = 'a', or all({said}) = 'a'."
    if kind_of(grammar.columns, of) == "text":
        sentence = f"No part of a text is asked for by its number: write {said} starts with 'a'."
    raise grammar.error(bracket.position, sentence)


def fields(grammar: Grammar, of: Column) -> Column:
    """Return the field that is named after a column: ``messages.role``, in SQL ``messages['role']`` too.

    Elsewhere the brackets are pandas' way to a column, unless a column has the name before them.
    """
    while True:
        _check_item(grammar, of)
        is_column = grammar.is_sql or (grammar.columns is not None and of.name in grammar.columns)
        in_brackets = is_column and grammar.take("[")
        if not in_brackets and not grammar.take("."):
            return of
        part = grammar.next()
        if part.kind not in (("text", "double") if in_brackets else ("word", "quoted", "double")):
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


def listed(grammar: Grammar, places: list[int] | None = None) -> list[Scalar]:
    """Return the values in brackets, round or square; `places` takes where each stands."""
    closing = "]" if grammar.take("[") else ")"
    if closing == ")":
        grammar.need("(")
    found: list[Scalar] = []
    while not grammar.take(closing):
        if places is not None:
            places.append(grammar.token.position)
        found.append(grammar.constant())
        if not grammar.take(",") and not (grammar.token.kind == "sign" and grammar.token.value == closing):
            raise grammar.error(
                grammar.token.position, f"',' or '{closing}' was expected, not {grammar.token.shown}."
            )
    return found

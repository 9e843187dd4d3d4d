"""Conditions on the items of lists, as SQL writes them: by a function with a lambda, or by a query of the items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.predicate.nodes import And, Everything, IsIn, Items, Not, Or
from datalens.predicate.operands import ITEM
from datalens.predicate.parse.sql import phrase
from datalens.predicate.parse.tidy import single
from datalens.predicate.parse.truth import Truth, leaf

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.builder import Column
    from datalens.predicate.parse.grammar import Grammar

#: Functions of a list and a lambda.
LAMBDAS = {"exists": "any", "forall": "all", "any_match": "any", "all_match": "all"}


def filtered(grammar: Grammar) -> Truth:
    """Return ``len(list_filter(tags, lambda item: ...)) > 0`` or ``= len(tags)``; the token is ``list_filter``."""
    from datalens.predicate.parse.functions import column

    grammar.only_sql = grammar.only_sql or "list_filter"
    position = grammar.next().position
    grammar.open()
    lists = column(grammar)
    phrase(grammar, [",", "lambda"])
    name = grammar.next().value
    grammar.need(":")
    condition = _on_items(grammar, name, position)
    grammar.close()
    grammar.close()
    which = "any"
    if grammar.take(">"):
        phrase(grammar, ["0"])
    else:
        which = "all"
        phrase(grammar, ["=", "len", "("])
        if column(grammar) is not lists:
            raise grammar.error(position, "The same list was expected as in list_filter.")
        grammar.need(")")
    return leaf(_items(grammar, lists, which, condition, position))


def by_lambda(grammar: Grammar, word: str) -> Truth:
    """Return ``exists(tags, item -> ...)``; the bracket is open."""
    from datalens.predicate.parse.functions import column

    grammar.only_sql = grammar.only_sql or word
    position = grammar.token.position
    lists = column(grammar)
    grammar.need(",")
    name = grammar.next().value
    grammar.need("->")
    condition = _on_items(grammar, name, position)
    grammar.close()
    return leaf(_items(grammar, lists, LAMBDAS[word], condition, position))


def by_query(grammar: Grammar) -> Truth:
    """Return ``EXISTS (SELECT 1 FROM unnest(tags) AS item WHERE ...)``; the token is SELECT."""
    from datalens.predicate.parse.functions import column

    grammar.only_sql = grammar.only_sql or "EXISTS"
    position = grammar.token.position
    phrase(grammar, ["select", "1", "from", "unnest"])
    grammar.open()
    lists = column(grammar)
    grammar.close()
    phrase(grammar, ["as"])
    name = grammar.next().value
    phrase(grammar, ["where"])
    condition = _on_items(grammar, name, position)
    grammar.close()
    if not isinstance(condition, Not):
        node = _items(grammar, lists, "any", condition, position)
        return Truth(node, lambda: Not(node), is_total=True)
    # Some item doesn't match: not all do, and there is a list.
    node = _items(grammar, lists, "all", condition.of, position)
    null = lists.is_null()
    return Truth(And((Not(node), Not(null))), lambda: Or((node, null)), is_total=True)


def _on_items(grammar: Grammar, name: str, position: int) -> Predicate:
    outer, is_column = dict(grammar.items), ITEM in grammar.named
    grammar.items[name] = grammar.column(ITEM, position)
    if not is_column:  # but an item
        grammar.named.pop(ITEM, None)
    start = grammar.token.position
    given = grammar.truth(grammar.expression(1), start)
    grammar.items = outer
    grammar.check_nan(given, start)
    return grammar.make(start, _one, given.true)


def _one(node: Predicate) -> Predicate:
    match node:
        case Not(of=Everything()):
            return IsIn(ITEM, ())  # no value is among none
        case Not(of=of):
            return Not(_one(of))
    return single(node)


def _items(grammar: Grammar, lists: Column, which: str, condition: Predicate, position: int) -> Predicate:
    return grammar.make(position, lambda: lists._wrap(Items(lists.name, which, condition)))  # type: ignore[arg-type]  # noqa: SLF001

"""A predicate in fewer words that selects the same rows of every frame.

Only what holds for every type that a column may have is done: see `merge`. Predicates are two-valued, so that the
laws of and, or and not hold with nulls as they do without; a comparison is never turned around.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.merge import joined_leaves, tidy_leaf
from datalens.predicate.nodes import And, Everything, Not, Or

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate

EVERYTHING = Everything()
NOTHING = Not(EVERYTHING)


def simplified(node: Predicate) -> Predicate:
    """Return a shorter predicate with the same rows; a second time changes nothing.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> loss = col("loss")
    >>> simplified((loss >= 1) & ((loss <= 3) & (loss >= 0)))
    dl.col('loss').between(1, 3)
    >>> simplified((loss > 1) & ~~((loss > 1) | (col("source") == "web")))
    dl.col('loss') > 1
    """
    match node:
        case Not(of=part):
            return ~simplified(part)
        case And(of=parts):
            return _joined(And, parts)
        case Or(of=parts):
            return _joined(Or, parts)
    leaf = tidy_leaf(node)
    return NOTHING if leaf is None else leaf


def _joined(word: type[And | Or], parts: tuple[Predicate, ...]) -> Predicate:
    # What changes nothing beside others, and what decides alone.
    idle, decisive = (EVERYTHING, NOTHING) if word is And else (NOTHING, EVERYTHING)
    flat: list[Predicate] = []
    for part in map(simplified, parts):
        flat.extend(part.of if isinstance(part, word) else (part,))
    merged = joined_leaves(list(dict.fromkeys(flat)), all_of=word is And)
    if merged is None:
        return decisive
    kept = dict.fromkeys(merged)
    kept.pop(idle, None)
    if decisive in kept or any(isinstance(part, Not) and part.of in kept for part in kept):
        return decisive
    other: Any = Or if word is And else And
    left = [part for part in kept if not (isinstance(part, other) and any(p in kept for p in part.of))]
    if len(left) > 1:
        return word(tuple(left))
    return left[0] if left else idle

"""Tie predicates that name rows by content or number to the keys that a study already holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.core.keys import Identity

if TYPE_CHECKING:
    from datalens.predicate import Predicate


def bind_keys(predicate: Predicate, identity: Identity, column: str) -> Predicate:
    """Rewrite `keys` nodes of this identity to look their values up in a column of ready keys.

    Hashing a frame's content anew for each evaluation would be slow, and hashes of a converted frame
    could differ from those of the caller's own.

    Parameters
    ----------
    predicate : Predicate
        Any tree.
    identity : Identity
        How the study names its rows.
    column : str
        The column that will hold the keys.

    Returns
    -------
    Predicate
        The same tree where it has no such node.
    """
    from datalens.predicate import And, Keys, Not, Or

    if isinstance(predicate, Keys):
        if predicate.identity != identity or identity.scheme == "column":
            return predicate
        return Keys(identity=Identity("column", (column,)), values=predicate.values)
    if isinstance(predicate, And | Or):
        return type(predicate)(tuple(bind_keys(part, identity, column) for part in predicate.of))
    if isinstance(predicate, Not):
        return Not(bind_keys(predicate.of, identity, column))
    return predicate

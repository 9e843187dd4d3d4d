"""Conditions in printed Python joined by *and* and *or*, and their opposites."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from datalens.predicate.dialects.layout import Inverted, Joined, Leaf, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence


def all_of(*pieces: Piece) -> Piece:
    """Return conditions joined by *and*, each once.

    Examples
    --------
    >>> [part.text for part in all_of(Leaf("a"), Leaf("b"), Leaf("a")).parts]
    ['a', 'b']
    """
    return _joined("and", pieces)


def any_of(*pieces: Piece) -> Piece:
    """Return conditions joined by *or*, each once.

    Examples
    --------
    >>> any_of(Leaf("a"), Leaf("a")).text
    'a'
    """
    return _joined("or", pieces)


def inverted(piece: Piece) -> Piece:
    """Return the opposite of a condition.

    Examples
    --------
    >>> inverted(Leaf("a is None")).text, inverted(Leaf("a in {1}")).text
    ('a is not None', 'a not in {1}')
    """
    if not isinstance(piece, Leaf):
        return Inverted(piece, "", "not ")
    value, among, values = piece.text.partition(" in ")
    if among and value.isidentifier():
        return Leaf(f"{value} not in {values}")
    if piece.text.endswith(" is None") and " or " not in piece.text:
        return Leaf(f"{piece.text.removesuffix('None')}not None")
    if piece.text.endswith(" is not None") and " and " not in piece.text:
        return Leaf(f"{piece.text.removesuffix('not None')}None")
    # A name or a call of one needs no brackets after `not`.
    plain = re.fullmatch(r"\w+(\([^()]*\))?", piece.text)
    return Inverted(piece if plain else dataclasses.replace(piece, loose=True), "", "not ")


def _joined(sign: str, pieces: Sequence[Piece]) -> Piece:
    groups = [
        piece.parts if isinstance(piece, Joined) and piece.sign == sign else [piece] for piece in pieces
    ]
    flattened = [piece for group in groups for piece in group]
    # What was asked for once needs no second asking, such as a type.
    kept = {piece if isinstance(piece, Leaf) else i: piece for i, piece in enumerate(flattened)}
    return flattened[0] if len(kept) == 1 else Joined(sign, list(kept.values()))

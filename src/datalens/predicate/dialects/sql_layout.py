"""Laying printed SQL out: brackets where they help, line breaks at AND, OR and commas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datalens.predicate.chains import CHAIN, groups
from datalens.predicate.dialects.layout import INDENT, PIECES, WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How tightly what is printed holds together, from OR to a name or a call.
STRENGTH = {"THEN": 0, "OR": 1, "AND": 2, "NOT": 3, "compare": 4, "+": 5, "atom": 6}


@dataclass(frozen=True)
class Text:
    """An expression that stays on its line.

    Parameters
    ----------
    text : str
    strength : int
        One of `STRENGTH`.
    null : bool
        Whether it can be null.
    """

    text: str
    strength: int = STRENGTH["compare"]
    null: bool = True


@dataclass(frozen=True)
class Joined:
    """Parts joined by AND, OR, + or, within a CASE, THEN."""

    word: str
    parts: Sequence[Piece]

    @property
    def strength(self) -> int:
        return STRENGTH[self.word]

    @property
    def null(self) -> bool:
        return any(part.null for part in self.parts)


@dataclass(frozen=True)
class Wrapped:
    """A part within a call or brackets, so that it needs none of its own."""

    before: str
    part: Piece
    after: str
    strength: int = STRENGTH["compare"]
    null: bool = True


@dataclass(frozen=True)
class Listing:
    """A list in round brackets, which may be broken into lines."""

    before: str
    items: Sequence[str]
    after: str = ""
    strength: int = STRENGTH["compare"]
    null: bool = True


Piece = Text | Joined | Wrapped | Listing


def both(*parts: Piece) -> Piece:
    """Join by AND; an AND in an AND is made flat, and long chains stand in groups between brackets.

    Examples
    --------
    >>> flat(both(Text("a > 1"), both(Text("b > 1"), Text("c > 1"))))
    'a > 1 AND b > 1 AND c > 1'
    """
    return _joined("AND", parts)


def either(*parts: Piece) -> Piece:
    """Join by OR; an OR in an OR is made flat."""
    return _joined("OR", parts)


def _joined(word: str, parts: Sequence[Piece]) -> Piece:
    if parted := groups(parts):
        return Joined(word, [_joined(word, group) for group in parted])
    nested = [part.parts if isinstance(part, Joined) and part.word == word else [part] for part in parts]
    is_short = sum(map(len, nested)) <= PIECES * CHAIN
    flattened = [part for group in nested for part in group] if is_short else parts
    return flattened[0] if len(flattened) == 1 else Joined(word, tuple(flattened))


def inverted(part: Piece) -> Piece:
    """Return NOT of a part, never null.

    Examples
    --------
    >>> flat(inverted(Text("a > 1")))
    'NOT coalesce(a > 1, false)'
    >>> flat(inverted(Text("a IS NULL", null=False)))
    'NOT (a IS NULL)'
    """
    if part.null:
        return Wrapped("NOT coalesce(", part, ", false)", STRENGTH["NOT"], null=False)
    if part.strength == STRENGTH["atom"]:
        return Wrapped("NOT ", part, "", STRENGTH["NOT"], null=False)
    return Wrapped("NOT (", part, ")", STRENGTH["NOT"], null=False)


def flat(piece: Piece) -> str:
    """Return a piece on one line.

    Examples
    --------
    >>> flat(both(Text("a > 1"), either(Text("b > 1"), Listing("c IN ", ["2", "3"]))))
    'a > 1 AND (b > 1 OR c IN (2, 3))'
    """
    match piece:
        case Text(text=text):
            return text
        case Listing(before=before, items=items, after=after):
            return f"{before}({', '.join(items)}){after}"
        case Wrapped(before=before, part=part, after=after):
            return f"{before}{flat(part)}{after}"
        case Joined(word=word, parts=parts):
            return f" {word} ".join(
                f"({flat(part)})" if _is_loose(part, piece) else flat(part) for part in parts
            )


def _is_loose(part: Piece, whole: Joined) -> bool:
    # AND within OR needs no brackets, but readers do.
    return (
        isinstance(part, Joined)
        and whole.word != "THEN"
        and (whole.word != "AND" or part.strength <= whole.strength)
    )


def lines(piece: Piece, indent: str = "", prefix: str = "", suffix: str = "") -> list[str]:
    """Return a piece as lines, broken where it is too long.

    Parameters
    ----------
    piece : Piece
    indent, prefix, suffix : str
        What stands before every line, before the piece and after it.

    Examples
    --------
    >>> lines(both(Text("a" * 50), Text("b" * 50)))[1][:8]
    'AND bbbb'
    """
    whole = f"{indent}{prefix}{flat(piece)}{suffix}"
    if len(whole) <= WIDTH:
        return [whole]
    match piece:
        case Listing(before=before, items=items, after=after) if len(items) > 1:
            filled = _fill(items, indent + INDENT)
            return [f"{indent}{prefix}{before}(", *filled, f"{indent}){after}{suffix}"]
        case Wrapped(before=before, part=part, after=after) if not isinstance(part, Text):
            inner = lines(part, indent + INDENT)
            return [f"{indent}{prefix}{before}".rstrip(), *inner, f"{indent}{after.lstrip()}{suffix}"]
        case Joined(word=word, parts=parts):
            if not (prefix or suffix):
                return _broken(word, parts, piece, indent)
            return [f"{indent}{prefix}(", *_broken(word, parts, piece, indent + INDENT), f"{indent}){suffix}"]
    return [whole]


def _broken(word: str, parts: Sequence[Piece], piece: Joined, indent: str) -> list[str]:
    broken: list[str] = []
    for i, part in enumerate(parts):
        prefix = f"{word} " if i else ""
        if _is_loose(part, piece):
            part = Wrapped("(", part, ")")  # noqa: PLW2901 - the same part, in brackets
        broken += lines(part, indent, prefix)
    return broken


def _fill(items: Sequence[str], indent: str) -> list[str]:
    filled, line = [], ""
    for i, item in enumerate(items):
        comma = "," if i < len(items) - 1 else ""
        longer = f"{line} {item}{comma}" if line else f"{indent}{item}{comma}"
        if line and len(longer) > WIDTH:
            filled.append(line)
            longer = f"{indent}{item}{comma}"
        line = longer
    return [*filled, line]

"""Laying printed Python out: quoting, wrapping, breaking at operators."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datalens.predicate.chains import CHAIN, groups

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What ruff and black break at.
WIDTH = 88
INDENT = "    "
#: A condition may be printed as so many, such as the tests beside a !=.
PIECES = 4


def quote(text: str) -> str:
    r"""Return a text as a Python literal, in double quotes where that is as short.

    Examples
    --------
    >>> print(quote("it's"), quote("a\n"), quote('say "hi"'))
    "it's" "a\n" 'say "hi"'
    """
    printed = repr(text)
    if printed[0] == "'" and '"' not in text:
        return f'"{printed[1:-1]}"'
    return printed


def fill(items: Sequence[str], indent: str) -> list[str]:
    """Return comma-separated items as lines that fit.

    Examples
    --------
    >>> fill(["1", "2"], "    ")
    ['    1, 2,']
    """
    lines: list[str] = []
    line = ""
    for item in items:
        longer = f"{line} {item}," if line else f"{indent}{item},"
        if line and len(longer) > WIDTH:
            lines.append(line)
            longer = f"{indent}{item},"
        line = longer
    return [*lines, line] if line else lines


@dataclass(frozen=True)
class Leaf:
    """An expression that stays on its line.

    Parameters
    ----------
    text : str
    loose : bool
        Whether it needs brackets beside & | ~.
    """

    text: str
    loose: bool = False


@dataclass(frozen=True)
class Listing:
    """A call with a list, which may be broken into lines.

    Parameters
    ----------
    before, after : str
        What stands around the brackets.
    items : sequence of str
    """

    before: str
    items: Sequence[str]
    after: str
    loose: bool = False


@dataclass(frozen=True)
class Joined:
    """Parts joined by & or by |."""

    sign: str
    parts: Sequence[Piece]
    loose: bool = field(default=True, init=False)


@dataclass(frozen=True)
class Inverted:
    """A part after ~ or `not`; `after` is put behind its brackets."""

    part: Piece
    after: str
    sign: str = "~"
    loose: bool = field(default=False, init=False)


@dataclass(frozen=True)
class Each:
    """A call of any or all with a condition on each item.

    Parameters
    ----------
    word : {"any", "all"}
    part : Piece
        The condition.
    loop : str
        Where the items come from: ``for item in tags``.
    """

    word: str
    part: Piece
    loop: str
    loose: bool = field(default=False, init=False)


@dataclass(frozen=True)
class Call:
    """A part between brackets of its own.

    Parameters
    ----------
    before, after : str
        What stands around the part: an opening bracket at the end of `before`, the closing one in front of `after`.
    part : Piece
    more : str, optional
        Further arguments.
    """

    before: str
    part: Piece
    after: str
    more: str = ""
    loose: bool = field(default=False, init=False)


Piece = Leaf | Listing | Joined | Inverted | Each | Call


def chained(sign: str, pieces: Sequence[Piece]) -> Joined:
    """Join conditions; those joined by the same sign become flat, and long chains stand in groups between brackets.

    Examples
    --------
    >>> flat(chained("&", [Leaf("a"), Joined("&", [Leaf("b"), Leaf("c")])]))
    'a & b & c'
    >>> len(chained("&", [Leaf("a")] * 1000).parts)
    10
    """
    if parted := groups(pieces):
        return Joined(sign, [chained(sign, group) for group in parted])
    nested = [
        piece.parts if isinstance(piece, Joined) and piece.sign == sign else [piece] for piece in pieces
    ]
    # Conditions of several pieces leave a chain longer than its conditions are many.
    is_short = sum(map(len, nested)) <= PIECES * CHAIN
    return Joined(sign, [piece for group in nested for piece in group] if is_short else pieces)


def grouped(sign: str, pieces: Sequence[Piece]) -> Joined:
    """Join conditions as `chained` does, but leave those joined by the same sign in their brackets."""
    return Joined(sign, [grouped(sign, group) for group in groups(pieces)] or pieces)


def flat(piece: Piece) -> str:
    """Return a piece on one line.

    Examples
    --------
    >>> flat(Joined("&", [Leaf("a > 1", loose=True), Inverted(Leaf("b"), "")]))
    '(a > 1) & ~b'
    """
    match piece:
        case Leaf(text=text):
            return text
        case Listing(before=before, items=items, after=after):
            return f"{before}[{', '.join(items)}]{after}"
        case Joined(sign=sign, parts=parts):
            return f" {sign} ".join(_bracketed(part) for part in parts)
        case Inverted(part=part, after=after, sign=sign):
            return f"{sign}{_bracketed(part)}{after}"
        case Each(word=word, part=part, loop=loop):
            return f"{word}({flat(part)} {loop})"
        case Call(before=before, part=part, after=after, more=more):
            return f"{before}{flat(part)}{more and f', {more}'}{after}"


def _bracketed(part: Piece) -> str:
    return f"({flat(part)})" if part.loose else flat(part)


def lines(piece: Piece, indent: str, prefix: str = "", suffix: str = "") -> list[str]:
    """Return a piece as lines, broken where it is too long.

    Parameters
    ----------
    piece : Piece
    indent, prefix, suffix : str
        What stands before every line, before the piece and after it.
    """
    whole = f"{indent}{prefix}{flat(piece)}{suffix}"
    if len(whole) <= WIDTH:
        return [whole]
    match piece:
        case Listing(before=before, items=items, after=after):
            return [f"{indent}{prefix}{before}[", *fill(items, indent + INDENT), f"{indent}]{after}{suffix}"]
        case Joined(sign=sign, parts=parts):
            if prefix or suffix:
                inner = lines(piece, indent + INDENT)
                return [f"{indent}{prefix}(", *inner, f"{indent}){suffix}"]
            broken: list[str] = []
            for i, part in enumerate(parts):
                broken += _operand(part, indent, f"{sign} " if i else "", "")
            return broken
        case Inverted(part=part, after=after, sign=sign):
            return _operand(part, indent, f"{prefix}{sign}", f"{after}{suffix}")
        case Each(word=word, part=part, loop=loop):
            inner = [*lines(part, indent + INDENT), f"{indent}{INDENT}{loop}"]
            return [f"{indent}{prefix}{word}(", *inner, f"{indent}){suffix}"]
        case Call(before=before, part=part, after=after, more=more):
            inner = lines(part, indent + INDENT)
            if more:
                inner = [*inner[:-1], f"{inner[-1]},", f"{indent}{INDENT}{more},"]
            return [f"{indent}{prefix}{before}", *inner, f"{indent}{after}{suffix}"]
    return [whole]


def _operand(part: Piece, indent: str, prefix: str, suffix: str) -> list[str]:
    whole = f"{indent}{prefix}{_bracketed(part)}{suffix}"
    if len(whole) <= WIDTH:
        return [whole]
    if part.loose:
        return [f"{indent}{prefix}(", *lines(part, indent + INDENT), f"{indent}){suffix}"]
    return lines(part, indent, prefix, suffix)


def returned(condition: Piece, indent: str) -> list[str]:
    """Return the lines of a return statement.

    Examples
    --------
    >>> returned(Leaf("a > 1"), "    ")
    ['    return a > 1']
    """
    whole = f"{indent}return {flat(condition)}"
    if len(whole) <= WIDTH:
        return [whole]
    if isinstance(condition, Joined):
        return [f"{indent}return (", *lines(condition, indent + INDENT), f"{indent})"]
    return lines(condition, indent, "return ")

r"""The regular expressions that mean the same in every engine, read by a parser of our own.

What may be written: literal characters, ``.``, ``[a-z]`` and ``[^a-z]``, ``\d \w \s`` and their opposites (ASCII),
``\b`` (ASCII), ``^ $`` (start and end of the text), ``\n \t \r \f \v \xhh \uhhhh``, groups ``( )`` and ``(?: )``,
``|``, the quantifiers ``* + ? {n} {n,} {n,m}``, lazy too, and ``(?i)`` in front (ASCII letters in either case).
Elsewhere engines differ: backreferences, lookaround, flags, named and Unicode classes are refused with a sentence.
"""

from __future__ import annotations

import functools
import re
from typing import Literal

from datalens.predicate.regex_reader import (
    LAST,
    Chain,
    Choice,
    Edge,
    Node,
    Ranges,
    Repeat,
    Set,
    others,
    parsed,
)

Flavour = Literal["python", "re2", "rust", "java", "postgres"]

_EDGES: dict[Flavour, dict[str, str]] = {
    "python": {"^": r"\A", "$": r"\Z", "b": r"\b"},
    "re2": {"^": r"\A", "$": r"\z", "b": r"\b"},
    "rust": {"^": r"\A", "$": r"\z", "b": r"(?-u:\b)"},
    "java": {"^": r"\A", "$": r"\z", "b": r"\b"},
    "postgres": {"^": r"\A", "$": r"\Z", "b": r"\y"},
}
#: Where RE2 brings alternatives together, it takes [Kk] for a k in any case, which the kelvin sign is too, and [Ss] for
#: one of three as well.
_FOLDED: dict[Ranges, str] = {((75, 75), (107, 107)): "(?:K|k)", ((83, 83), (115, 115)): "(?:S|s)"}


def check_pattern(pattern: str) -> None:
    r"""Raise a ValueError unless engines agree on a pattern.

    Examples
    --------
    >>> check_pattern(r"(?i)\bcookies?\b")
    >>> check_pattern(r"(a)\1")
    Traceback (most recent call last):
    datalens.predicate.regex_reader.PatternError: The pattern '(a)\\1' has a backreference or an octal escape at character 4, which engines don't share: write \xhh for a character.
    """
    parsed(pattern)


def emit(pattern: str, flavour: Flavour) -> str:
    r"""Return a pattern in an engine's own writing.

    Parameters
    ----------
    pattern : str
        In the shared subset.
    flavour : {"python", "re2", "rust", "java", "postgres"}
        Python's is meant for `re.ASCII` where `needs_ascii` says so.

    Examples
    --------
    >>> emit(r"(?i)^no\s\d+$", "re2")
    '\\A[Nn][Oo][\\t\\n\\f\\r ][0-9]+\\z'
    """
    node = parsed(pattern)
    return _written(node, flavour, is_factored=flavour == "re2" and _has_choice(node))


def needs_ascii(pattern: str) -> bool:
    r"""Whether a pattern asks for word boundaries, which Python finds in ASCII only with `re.ASCII`.

    Examples
    --------
    >>> needs_ascii(r"\d+"), needs_ascii(r"\bno\b")
    (False, True)
    """
    return _has_edge(parsed(pattern), "bB")


def is_anchored(pattern: str) -> bool:
    """Whether a pattern asks for the text's start or end, which engines write in different ways.

    Examples
    --------
    >>> is_anchored("a$"), is_anchored("a")
    (True, False)
    """
    return _has_edge(parsed(pattern), "^$")


@functools.lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern for Python's own `re`.

    Examples
    --------
    >>> bool(compiled(r"\bcaf").search("décaf"))  # é is no letter here
    True
    """
    return re.compile(emit(pattern, "python"), re.ASCII)


def _has_edge(node: Node, signs: str) -> bool:
    match node:
        case Edge(sign=sign):
            return sign in signs
        case Repeat(of=part):
            return _has_edge(part, signs)
        case Chain(of=parts) | Choice(of=parts):
            return any(_has_edge(part, signs) for part in parts)
    return False


def _has_choice(node: Node) -> bool:
    match node:
        case Choice():
            return True
        case Repeat(of=part):
            return _has_choice(part)
        case Chain(of=parts):
            return any(map(_has_choice, parts))
    return False


def _written(node: Node, flavour: Flavour, *, is_factored: bool) -> str:
    write = functools.partial(_written, flavour=flavour, is_factored=is_factored)
    match node:
        case Set(ranges=ranges) if is_factored and ranges in _FOLDED:
            return _FOLDED[ranges]
        case Set(ranges=ranges):
            return _class(ranges)
        case Edge(sign=sign):
            return _EDGES[flavour][sign]
        case Choice(of=parts) | Chain(of=parts):
            pieces = [f"(?:{write(part)})" if isinstance(part, Choice) else write(part) for part in parts]
            return ("|" if isinstance(node, Choice) else "").join(pieces)
        case Repeat(of=part, least=least, most=most, lazy=lazy):
            inner = write(part)
            if not isinstance(part, Set):
                inner = f"(?:{inner})"
            counts = {(0, None): "*", (1, None): "+", (0, 1): "?"}
            count = counts.get((least, most)) or (
                f"{{{least}}}" if most == least else f"{{{least},{'' if most is None else most}}}"
            )
            return inner + count + "?" * lazy


def _class(ranges: Ranges) -> str:
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _char(ranges[0][0])
    if ranges == ((0, 9), (11, LAST)):
        return "[^\\n]"
    if not ranges:
        return "[^\\x00-\\x{10FFFF}]"
    negated = ranges[-1][1] == LAST
    shown = others(ranges) if negated else ranges
    if not shown:
        return "[\\s\\S]"
    inside = "".join(
        _member(low) if low == high else f"{_member(low)}{'-' if high - low > 1 else ''}{_member(high)}"
        for low, high in shown
    )
    return f"[{'^' if negated else ''}{inside}]"


_NAMES = {10: "\\n", 9: "\\t", 13: "\\r", 12: "\\f", 11: "\\v"}


def _char(code: int) -> str:
    if code in _NAMES:
        return _NAMES[code]
    sign = chr(code)
    if code < 32 or code == 127:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return "\\" + sign if sign in r"\.^$*+?{}[]()|" else sign


def _member(code: int) -> str:
    sign = _char(code)
    if len(sign) > 1 and sign[1:] in ".^$*+?{}()|":
        sign = sign[1:]
    return "\\" + sign if sign in ("^", "-", "&", "~") else sign

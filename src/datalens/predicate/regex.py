r"""The regular expressions that mean the same in every engine, read by a parser of our own.

What may be written: literal characters, ``.``, ``[a-z]`` and ``[^a-z]``, ``\d \w \s`` and their opposites (ASCII),
``\b`` (ASCII), ``^ $`` (start and end of the text), ``\n \t \r \f \v \xhh \uhhhh``, groups ``( )`` and ``(?: )``,
``|``, the quantifiers ``* + ? {n} {n,} {n,m}``, lazy too, and ``(?i)`` in front: ASCII letters in either case, and as
Unicode has it the kelvin sign (U+212A) as a k and the long s (U+017F) as an s; classes too, before they are negated.
Elsewhere engines differ: backreferences, lookaround, flags, named and Unicode classes are refused with a sentence.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal

from datalens.predicate.regex_reader import (
    LAST,
    Chain,
    Choice,
    Edge,
    Node,
    Ranges,
    Repeat,
    Set,
    folded,
    others,
    parsed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Flavour = Literal["python", "pandas", "re2", "rust", "java", "postgres"]

_LAST_ASCII = 127
_EDGES: dict[Flavour, dict[str, str]] = {
    "python": {"^": r"\A", "$": r"\Z", "b": r"\b"},
    "pandas": {"^": r"\A", "$": r"\Z", "b": r"\b"},
    "re2": {"^": r"\A", "$": r"\z", "b": r"\b"},
    "rust": {"^": r"\A", "$": r"\z", "b": r"(?-u:\b)"},
    "java": {"^": r"\A", "$": r"\z", "b": r"\b"},
    "postgres": {"^": r"\A", "$": r"\Z", "b": r"\y"},
}
#: The letters that engines fold in another way after (?i), where they fold the others as is meant here: to Python the
#: Turkish letters U+0130 and U+0131 are an i, and with `re.ASCII` no character outside of ASCII is a letter.
_APART: dict[Flavour, str] = {"python": "i", "pandas": "i", "re2": "", "rust": ""}
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


def emit(pattern: str, flavour: Flavour, *, in_classes: bool = False) -> str:
    r"""Return a pattern in an engine's own writing.

    Parameters
    ----------
    pattern : str
        In the shared subset.
    flavour : {"python", "pandas", "re2", "rust", "java", "postgres"}
        Python's is meant for `re.ASCII` where `needs_ascii` says so. pandas' is read by Python or by RE2, and asks for
        no edges.
    in_classes : bool
        Write classes such as ``[Nn]`` in place of ``(?i)``, also where the engine means the same by it.

    Examples
    --------
    >>> emit(r"(?i)^no\s\d+$", "re2"), emit("(?i)no", "java")
    ('(?i)\\Ano[\\t\\n\\f\\r ][0-9]+\\z', '[Nn][Oo]')
    """
    node = parsed(pattern)
    apart = (
        None if in_classes else "ks" if flavour == "python" and needs_ascii(pattern) else _APART.get(flavour)
    )
    if apart is not None and _is_in_one_case(node, apart):
        return "(?i)" + _written(node, flavour, lambda made: _one_case(made, apart) or "")
    is_factored = flavour in ("re2", "pandas") and _has_choice(node)
    return _written(
        node, flavour, lambda made: (is_factored and _FOLDED.get(made.ranges)) or _class(made.ranges)
    )


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
    return re.compile(emit(pattern, "python"), re.ASCII if needs_ascii(pattern) else 0)


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


def _sets(node: Node) -> Iterator[Set]:
    match node:
        case Set():
            yield node
        case Repeat(of=part):
            yield from _sets(part)
        case Chain(of=parts) | Choice(of=parts):
            for part in parts:
                yield from _sets(part)


def _is_in_one_case(node: Node, apart: str) -> bool:
    sets = list(_sets(node))
    return any(made.typed is not None for made in sets) and all(_one_case(made, apart) for made in sets)


def _one_case(made: Set, apart: str) -> str | None:
    """Return characters as they are written after (?i); None where that means others.

    Examples
    --------
    >>> [_one_case(parsed(f"(?i){one}"), "i") for one in ("a", "i", "[^a-f]", "[a-i]")]
    ['a', '(?-i:[Ii])', '[^a-f]', None]
    """
    typed = made.ranges if made.typed is None else made.typed
    shown, negated = _shown(typed)
    both = folded(shown)
    if (
        (others(both) if negated else both) != made.ranges
        or not typed
        or (shown and shown[-1][1] > _LAST_ASCII)
    ):
        return None
    if not any(low <= ord(letter) <= high for letter in apart for low, high in both):
        return _class(typed)
    low, high = shown[0]
    if negated or (low, high) != shown[-1] or low != high:
        return None
    sign = chr(low)
    more = {"k": "\\u212a", "s": "\\u017f"}.get(sign.lower())
    return f"[{sign}{more}]" if more else f"(?-i:[{sign.swapcase()}{sign}])"


def _written(node: Node, flavour: Flavour, listed: Callable[[Set], str]) -> str:
    write = functools.partial(_written, flavour=flavour, listed=listed)
    match node:
        case Set():
            return listed(node)
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
    shown, negated = _shown(ranges)
    if not shown:
        return "[\\s\\S]"
    inside = "".join(
        _member(low) if low == high else f"{_member(low)}{'-' if high - low > 1 else ''}{_member(high)}"
        for low, high in shown
    )
    return f"[{'^' if negated else ''}{inside}]"


def _shown(ranges: Ranges) -> tuple[Ranges, bool]:
    """Return the characters that are named, and whether all others are meant."""
    negated = bool(ranges) and ranges[-1][1] == LAST
    return (others(ranges) if negated else ranges), negated


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

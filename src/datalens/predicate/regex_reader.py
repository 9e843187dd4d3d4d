"""Reading a pattern: its parts, and how they are told apart. `regex` says what may be written."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PATTERN = 1000
#: What RE2 allows a counted repetition, nested ones multiplied.
MAX_REPEAT = 1000
MAX_NESTED = 50

Ranges = tuple[tuple[int, int], ...]

_DIGIT: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))  # RE2's; Python's has the vertical tab too
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11}
LAST = 0x10FFFF
#: What Unicode folds onto an ASCII letter: the long s, the kelvin sign.
_SPECIAL = ((0x17F, 115), (0x212A, 107))
_SURROGATES = (0xD800, 0xDFFF)


class PatternError(ValueError):
    """Engines don't agree on a pattern.

    Parameters
    ----------
    sentence : str
    at : int
        The character, from 0.
    """

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.at = at

    def __reduce__(self) -> tuple[type[PatternError], tuple[str, int]]:
        return PatternError, (str(self), self.at)


@dataclass(frozen=True, slots=True)
class Set:
    """Characters, as ranges of code points in order; `typed` are those of one case, where both are meant."""

    ranges: Ranges
    typed: Ranges | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Edge:
    """A place between characters: ^ $ b B."""

    sign: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, so many times; without a most, any."""

    of: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Parts after one another."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Parts of which one is there."""

    of: tuple[Node, ...]


Node = Set | Edge | Repeat | Chain | Choice


@functools.lru_cache(maxsize=256)
def parsed(pattern: str) -> Node:
    """Return a pattern's parts.

    Examples
    --------
    >>> parsed("a|[0-9]")
    Choice(of=(Set(ranges=((97, 97),)), Set(ranges=((48, 57),))))
    """
    if len(pattern) > MAX_PATTERN:
        msg = f"The pattern has {len(pattern):,} characters; at most {MAX_PATTERN:,} are read."
        raise ValueError(msg)
    return _Reader(pattern).read()


class _Reader:
    """Reads a pattern once, from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.either_case = False
        self.depth = 0

    def fail(self, what: str, remedy: str = "", at: int | None = None) -> NoReturn:
        place = self.at if at is None else at
        msg = f"The pattern {self.pattern!r} has {what} at character {place + 1}{remedy and ', ' + remedy}."
        raise PatternError(msg, place)

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def read(self) -> Node:
        if self.pattern.startswith("(?i)"):
            self.either_case, self.at = True, 4
        node = self.choice()
        if self.peek():
            self.fail("a bracket that closes nothing", "write \\) for the character itself")
        self.check_counts(node, 1)
        return node

    def choice(self) -> Node:
        parts = [self.chain()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.chain())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def chain(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def atom(self) -> Node:
        sign = self.peek()
        if sign in "*+?":
            self.fail(f"{sign!r} with nothing to repeat", f"write \\{sign} for the character itself")
        self.at += 1
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.set()
        if sign == ".":
            return Set(((0, 9), (11, LAST)))
        if sign in "^$":
            return Edge(sign)
        if sign == "\\":
            return self.escape()
        if sign in "{}]":
            self.fail(f"a bare {sign!r}", f"write \\{sign} for the character itself", self.at - 1)
        return self.cased(((ord(sign), ord(sign)),))

    def group(self) -> Node:
        begin = self.at - 1
        if self.peek() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                self.fail(
                    "a lookaround, flag or name",
                    "which engines don't share: there is (?:...), and (?i) in front of all",
                    begin,
                )
            self.at += 2
        self.depth += 1
        if self.depth > MAX_NESTED:
            self.fail(f"brackets more than {MAX_NESTED} deep")
        inside = self.choice()
        if self.peek() != ")":
            self.fail("a bracket that is never closed", "write \\( for the character itself", begin)
        self.at += 1
        self.depth -= 1
        return inside

    def repeated(self, node: Node) -> Node:
        begin = self.at
        counted = re.compile(r"\{(\d{1,6})(,?)(\d{0,6})\}").match(self.pattern, self.at)
        if counted:
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3]) if counted[3] else None
            if not counted[2] and counted[3]:
                self.fail("a repetition that is no {n}, {n,} or {n,m}")
            if max(least, most or 0) > MAX_REPEAT or (most is not None and most < least):
                self.fail(f"a repetition {counted[0]} that is not between 0 and {MAX_REPEAT:,}, in order")
            self.at = counted.end()
        elif self.peek() and self.peek() in "*+?":
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.peek()]
            self.at += 1
        else:
            return node
        lazy = self.peek() == "?"
        self.at += lazy
        if isinstance(node, Edge):
            self.fail("a repeated ^, $ or word boundary", at=begin)
        if self.peek() and self.peek() in "*+?{":
            self.fail("a repetition of a repetition", "which engines don't share: use brackets")
        return Repeat(node, least, most, lazy)

    def escape(self) -> Node:
        sign = self.peek()
        if sign == "B":
            # RE2 also finds it between the bytes of one character.
            self.fail(
                r"a \B", r"which engines don't share: use \b, or the characters themselves", at=self.at - 1
            )
        if sign == "b":
            self.at += 1
            return Edge(sign)
        if sign.isupper() and sign.lower() in _CLASSES:
            self.at += 1
            return self.all_but(self.cased(_CLASSES[sign.lower()]))
        ranges, _ = self.escaped()
        return self.cased(ranges)

    def escaped(self) -> tuple[Ranges, bool]:
        """Return what follows a backslash, and whether it is one character."""
        sign, begin = self.peek(), self.at - 1
        self.at += 1
        if sign.lower() in _CLASSES and sign:
            ranges = _CLASSES[sign.lower()]
            return (ranges if sign.islower() else others(self.cased(ranges).ranges)), False
        if sign in _CONTROLS:
            code = _CONTROLS[sign]
        elif sign in ("x", "u"):
            digits = self.pattern[self.at : self.at + (2 if sign == "x" else 4)]
            if len(digits) != (2 if sign == "x" else 4) or not re.fullmatch("[0-9a-fA-F]+", digits):
                self.fail(
                    "an unfinished escape", "which is \\x with two hexadecimal digits or \\u with four", begin
                )
            self.at += len(digits)
            code = int(digits, 16)
            if _SURROGATES[0] <= code <= _SURROGATES[1]:
                self.fail("half of a character (a surrogate)", at=begin)
        elif sign.isdigit():
            self.fail(
                "a backreference or an octal escape",
                "which engines don't share: write \\xhh for a character",
                begin,
            )
        elif not sign:
            self.fail("a backslash before nothing", "write \\\\ for the character itself", begin)
        elif sign.isalpha():
            self.fail(f"the escape \\{sign}", "which engines don't share", begin)
        else:
            code = ord(sign)
        return ((code, code),), True

    def set(self) -> Node:
        begin = self.at - 1
        negated = self.peek() == "^"
        self.at += negated
        ranges: list[tuple[int, int]] = []
        first = True
        while first or self.peek() != "]":
            if not self.peek():
                self.fail("a [ that is never closed", "write \\[ for the character itself", begin)
            if self.pattern[self.at : self.at + 2] in ("[:", "[.", "[="):
                self.fail("a named class", "which engines don't share: write its characters")
            low, single = self.member(first=first)
            first = False
            if single and self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                high, other = self.member(first=False)
                if not other or high[0][0] < low[0][0]:
                    self.fail("a range that doesn't go up", at=begin)
                ranges.append((low[0][0], high[0][0]))
            else:
                ranges.extend(low)
        self.at += 1
        made = self.cased(tuple(ranges))
        return self.all_but(made) if negated else made

    def member(self, *, first: bool) -> tuple[Ranges, bool]:
        sign = self.peek()
        self.at += 1
        if sign == "\\":
            if self.peek() in ("b", "B"):
                self.fail("a word boundary among characters", at=self.at - 1)
            return self.escaped()
        if sign == "[" or (sign == "]" and first):
            self.fail(f"a bare {sign!r} among characters", f"write \\{sign}", self.at - 1)
        if sign in "&~|-" and self.peek() == sign:  # set operations in some engines
            self.fail(f"{sign * 2!r} among characters", f"write \\{sign}", self.at - 1)
        return ((ord(sign), ord(sign)),), True

    def cased(self, ranges: Ranges) -> Set:
        """Add the other case of ASCII letters where the pattern asks for it."""
        typed = _merged(ranges)
        both = folded(typed) if self.either_case else typed
        return Set(both, None if both == typed else typed)

    def all_but(self, made: Set) -> Set:
        """Return all other characters."""
        return Set(others(made.ranges), None if made.typed is None else others(made.typed))

    def check_counts(self, node: Node, times: int) -> None:
        """Hold nested repetitions to what RE2 allows."""
        match node:
            case Repeat(of=part, least=least, most=most):
                times *= max(least, most or 0, 1)
                if times > MAX_REPEAT:
                    self.fail(f"repetitions of more than {MAX_REPEAT:,} in all", at=len(self.pattern) - 1)
                self.check_counts(part, times)
            case Chain(of=parts) | Choice(of=parts):
                for part in parts:
                    self.check_counts(part, times)


def _merged(ranges: Sequence[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def folded(ranges: Ranges) -> Ranges:
    r"""Return characters with the other case of ASCII's letters, which the kelvin sign is to k, and the long s to s.

    Examples
    --------
    >>> folded(((105, 107),))
    ((73, 75), (105, 107), (8490, 8490))
    """
    both = list(ranges)
    for code, letter in _SPECIAL:
        if any(low <= code <= high for low, high in ranges):
            both.append((letter, letter))
    for low, high in tuple(both):
        for first, last, shift in ((65, 90, 32), (97, 122, -32)):
            a, b = max(low, first), min(high, last)
            if a <= b:
                both.append((a + shift, b + shift))
    both += [
        (code, code) for code, letter in _SPECIAL if any(low <= letter <= high for low, high in tuple(both))
    ]
    return _merged(both)


def others(ranges: Ranges) -> Ranges:
    """Return all other characters.

    Examples
    --------
    >>> others(((0, 9), (11, LAST)))
    ((10, 10),)
    """
    rest, start = [], 0
    for low, high in _merged(ranges):
        if start < low:
            rest.append((start, low - 1))
        start = high + 1
    return (*rest, (start, LAST)) if start <= LAST else tuple(rest)

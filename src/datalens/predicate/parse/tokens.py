"""Cutting what people type into words, numbers, texts and signs."""

from __future__ import annotations

import re
from typing import Literal as OneOf
from typing import NamedTuple

from datalens.predicate.parse.errors import ParseError

#: A predicate of a hundred thousand keys; more is a file of keys. Python's own parser takes a second for this.
MAX_CHARACTERS = 1_000_000

Kind = OneOf["word", "quoted", "double", "text", "number", "moment", "sign", "end"]

# Quotes are doubled inside quotes, as in SQL; backslashes are themselves, so that patterns are typed as they are.
_TOKEN = re.compile(
    r"""
      (?P<space>(?:\s|--[^\n]*)+)
    | (?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d(?::?\d\d)?)?)?(?![\w.]))
    | (?P<number>(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
    | (?P<word>[^\W\d]\w*)
    | (?P<text>'(?:[^']|'')*')
    | (?P<double>"(?:[^"]|"")*")
    | (?P<quoted>`(?:[^`]|``)*`)
    | (?P<sign>==|!=|<>|<=|>=|&&|\|\||::|[=<>&|!~()\[\]{},.+*/%;:-])
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTES = {"'": "text", '"': "double-quoted text or name", "`": "name"}


class Token(NamedTuple):
    """A piece of the text.

    Attributes
    ----------
    kind : str
        ``word``: a name or a keyword. ``quoted``, ``double``: in backticks, in double quotes. ``text``: in single
        quotes. ``moment``: a date or time without quotes. ``end``: behind the last.
    value : str
        Without its quotes.
    position, end : int
        Of its first character, and behind its last.
    """

    kind: Kind
    value: str
    position: int
    end: int

    @property
    def shown(self) -> str:
        """How an error speaks of the token.

        Examples
        --------
        >>> tokens("'a long text that an error need not show in full'")[0].shown
        "the text 'a long text that an error need…'"
        """
        if self.kind == "end":
            return "the end"
        value = "".join(c if c.isprintable() else " " for c in self.value[:31])
        value = value if len(self.value) <= 30 else f"{value[:-1]}…"  # noqa: PLR2004
        return {"text": f"the text '{value}'", "double": f'"{value}"', "quoted": f"`{value}`"}.get(
            self.kind, f"'{value}'"
        )


def tokens(text: str) -> list[Token]:
    """Return a text's tokens, the last of kind ``end``.

    Examples
    --------
    >>> [token.value for token in tokens("loss>=.5 and `a``b` = 'it''s'")]
    ['loss', '>=', '.5', 'and', 'a`b', '=', "it's", '']
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            opening = _QUOTES.get(text[at])
            sentence = (
                f"This {opening} has no closing {text[at]} (inside, the quote is doubled)."
                if opening
                else f"{text[at]!a} was not expected here."
            )
            raise ParseError(sentence, text, at)
        kind, value = match.lastgroup, match.group()
        if kind in ("text", "double", "quoted"):
            value = value[1:-1].replace(value[0] * 2, value[0])
        if kind == "escaped":
            kind, value = "text", _unescaped(value, text, at)
        if kind != "space":
            found.append(Token(kind, value, at, match.end()))  # type: ignore[arg-type]
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'"}


def _unescaped(literal: str, text: str, at: int) -> str:
    r"""Return the text of SQL's ``E'a\\n'``."""

    def character(match: re.Match[str]) -> str:
        if match.group() == "''":
            return "'"
        if match.group()[1] not in _ESCAPES:
            sentence = f"The escape {match.group()!a} isn't read; there are: {' '.join(_ESCAPES)}."
            raise ParseError(sentence, text, at + 2 + match.start())
        return _ESCAPES[match.group()[1]]

    return re.sub(r"''|\\.", character, literal[2:-1], flags=re.DOTALL)

"""Cutting what people type into words, numbers, texts and signs."""

from __future__ import annotations

import re
from typing import Literal as OneOf
from typing import NamedTuple

from datalens.predicate.parse.errors import ParseError
from datalens.predicate.parse.escapes import unescaped

#: A predicate of a hundred thousand keys; more is a file of keys. Python's own parser takes a second for this.
MAX_CHARACTERS = 1_000_000

Kind = OneOf["word", "quoted", "double", "text", "number", "moment", "sign", "end"]

# Quotes are doubled inside quotes, as in SQL; backslashes are themselves, so that patterns are typed as they are.
_PIECES = {
    "space": r"(?:\s|--[^\n]*)+",
    "moment": r"\d{4}-\d\d-\d\d(?:(?:T[\d:.]+| \d\d:[\d:.]+)(?:Z|[+-]\d\d(?::?\d\d)?)?)?(?![\w.])",
    "number": r"(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?",
    "escaped": r"[eE]'(?:[^'\\]|''|\\.)*'",
    "unicode": r"[uU]&'(?:[^']|'')*'",
    "word": r"[^\W\d]\w*",
    "text": r"'(?:[^']|'')*'",
    "double": r'"(?:[^"]|"")*"',
    "quoted": r"`(?:[^`]|``)*`",
    "sign": r"==|!=|!~|<>|<=|>=|&&|\|\||::|->|[=<>&|!~()\[\]{},.+*/%;:-]",
}
#: Where Spark differs: texts have escapes, in either quotes, and a D behind a number makes it a 64-bit float.
_SPARK = {
    "number": _PIECES["number"] + "[dD]?",
    "escaped": r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"",
}


def _compiled(pieces: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{piece})" for kind, piece in pieces.items()), re.DOTALL)


#: Signs and quotes as word processors and chats write them, which are typed by nobody.
_PASTED = {"≥": ">=", "≤": "<=", "≠": "!="}
_CURLY = re.compile(
    "\u201c([^\u201c\u201d]*)\u201d|[\u2018\u2019]([^\u2018\u2019]*)\u2019|\u201e([^\u201c-\u201e]*)[\u201c\u201d]"
)
_TOKEN, _SPARK_TOKEN = _compiled(_PIECES), _compiled({**_PIECES, **_SPARK})
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


def tokens(text: str, engine: str = "") -> list[Token]:
    """Return a text's tokens, the last of kind ``end``.

    Parameters
    ----------
    text : str
    engine : str
        Whose SQL it is: in Spark, texts have escapes.

    Examples
    --------
    >>> [token.value for token in tokens("loss>=.5 and `a``b` = 'it''s'")]
    ['loss', '>=', '.5', 'and', 'a`b', '=', "it's", '']
    """
    pattern = _SPARK_TOKEN if engine == "spark" else _TOKEN
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None and not engine and (pasted := _pasted(text, at)) is not None:
            found.append(pasted)
            at = pasted.end
            continue
        if match is None:
            opening = _QUOTES.get(text[at])
            sentence = (
                f"This {opening} has no closing {text[at]} (inside, the quote is doubled)."
                if opening
                else f"{_character(text[at])} was not expected here."
            )
            if found and found[-1].value.lower() in ("matches", "match") and found[-1].kind == "word":
                sentence = f"{sentence} A pattern is in quotes: matches '^a+'."
            raise ParseError(sentence, text, at)
        kind, value = match.lastgroup, match.group()
        if kind in ("text", "double", "quoted"):
            value = value[1:-1].replace(value[0] * 2, value[0])
        if kind in ("escaped", "unicode"):
            kind, value = "text", unescaped(value, text, at)
        if kind != "space":
            found.append(Token(kind, value, at, match.end()))  # type: ignore[arg-type]
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _pasted(text: str, at: int) -> Token | None:
    """Return a sign or a text that was pasted from where quotes are curly."""
    if text[at] in _PASTED:
        return Token("sign", _PASTED[text[at]], at, at + 1)
    quoted = _CURLY.match(text, at)
    if quoted is None:
        return None
    return Token("text", next(part for part in quoted.groups() if part is not None), at, quoted.end())


def _character(sign: str) -> str:
    """Return a character as errors show it; by its number where it has no look of its own."""
    return f"'{sign}'" if sign.isprintable() else ascii(sign)

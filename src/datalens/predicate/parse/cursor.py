"""Walking over the tokens of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datalens.predicate.parse.reading import MAX_BRACKETS, Reading
from datalens.predicate.parse.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

#: Functions by which an engine's SQL is known.
_TOLD = {"arrow_typeof": "lance", "pg_typeof": "postgres"}


class Cursor(Reading):
    """Reads one text, token by token.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are.
    engine : str
        Whose SQL it is, "sql" for any; nothing for what is typed in the bar.
    """

    def __init__(self, text: str, columns: Collection[str] | None, engine: str) -> None:
        super().__init__(text, columns)
        self.engine = engine
        self.is_sql = bool(engine)
        self.tokens = tokens(text, engine)
        if engine in ("", "sql"):
            # What one engine alone has says how its numbers compare.
            told = (_TOLD.get(token.value) for token in self.tokens if token.kind == "word")
            self.engine = next(filter(None, told), engine)
        self.at = 0
        self.brackets = 0

    @property
    def token(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def next(self) -> Token:
        """Return the token, and go on."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def take(self, *signs: str) -> bool:
        """Go on if the token is one of some signs."""
        found = self.token.kind == "sign" and self.token.value in signs
        self.at += found
        return found

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        """Say whether the token is one of some words, in any case."""
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        return token.kind == "word" and token.value.lower() in words

    def take_word(self, *words: str) -> bool:
        """Go on if the token is one of some words."""
        found = self.is_word(*words)
        self.at += found
        return found

    def need(self, sign: str) -> None:
        """Go on over a sign, or fail."""
        if not self.take(sign):
            raise self.error(self.token.position, f"'{sign}' was expected, not {self.token.shown}.")

    def open(self) -> None:
        """Go on over an opening bracket, and count it."""
        self.brackets += 1
        if self.brackets > MAX_BRACKETS:
            raise self.error(self.token.position, f"The brackets are nested more than {MAX_BRACKETS} deep.")
        self.need("(")

    def close(self) -> None:
        """Go on over a closing bracket."""
        self.need(")")
        self.brackets -= 1

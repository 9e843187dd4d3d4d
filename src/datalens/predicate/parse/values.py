"""Values as they are typed in the bar and in SQL: texts, numbers, times."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column
from datalens.predicate.formula import Value
from datalens.predicate.parse import casts, sql
from datalens.predicate.parse.cursor import Cursor
from datalens.predicate.parse.kinds import fitted, kind_of
from datalens.predicate.parse.scalars import TOO_LARGE, TYPES, UNITS, moment, typed
from datalens.predicate.parse.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.tokens import Token
    from datalens.predicate.scalars import Scalar

BACKSLASH = (
    "Whether \\ escapes in a text depends on the database: say which with dialect='spark' (where it does), "
    "'duckdb', 'lance', 'trino' or 'postgres'."
)
_SUM = 5
_SCALARS = (bool, int, float, str, Decimal, dt.date, dt.timedelta)


class Values(Cursor):
    """Reads values; `Grammar` reads what they stand in.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are; a dict also says what they hold.
    engine : str
        Whose SQL it is, "sql" for any; nothing for what is typed in the bar.
    """

    #: Where a backslash stands, of which engines make different things.
    backslash: int | None = None

    def scalar(self, *, alone: bool = True, is_pattern: bool = False) -> Scalar:
        """Return a value.

        Parameters
        ----------
        alone : bool
            Where none but a value can stand, so that double quotes hold a text.
        is_pattern : bool
            Whether backslashes are a pattern's.
        """
        if sql.is_spelled(self):
            return sql.spelled(self)
        token = self.next()
        if token.kind == "text" or (token.kind == "double" and alone and not self.is_sql):
            if not is_pattern:
                self.check_backslash(token)
            return token.value
        if token.kind == "number":
            return self.number(token)
        if token.kind == "moment":
            if self.is_sql:
                raise self.error(token.position, f"A date is written date '{token.value}' in SQL.")
            return self.make(token.position, moment, token.value)
        if token.kind == "sign" and token.value in ("-", "+") and self.token.kind == "number":
            value = self.number(self.next())
            return -value if token.value == "-" else value
        word = token.value.lower() if token.kind == "word" else ""
        if word in ("true", "false"):
            return word == "true"
        if word in TYPES and self.token.kind in ("text", "double"):
            return self.typed(word, token.position)
        if word == "null":
            raise self.error(token.position, "Nothing equals null: write 'is null' or 'is not null'.")
        hint = f"did you mean the text '{token.value[:40]}', in quotes?" if word else "a text is in 'quotes'."
        raise self.error(token.position, f"A value was expected, not {token.shown}: {hint}")

    def typed(self, word: str, position: int) -> Scalar:
        """Return the value of a text with its type in front."""
        said = self.next().value
        kind = TYPES[word]
        if (
            word == "interval"
            and self.token.kind == "word"
            and self.token.value.lower() in ("second", "seconds")
        ):
            said = f"{said} {self.next().value.lower()}"
        if kind == "timestamp" and said.endswith(" UTC"):
            said = said.removesuffix(" UTC") + "+00:00"
        # Trino's, which prints it in capitals.
        if kind == "decimal" and (self.is_sql or self.tokens[self.at - 2].value == "DECIMAL"):
            return self.make(position, casts.decimal, said)
        return self.make(position, typed, kind, said)

    def constant(self) -> Scalar:
        """Return a value in a list; in SQL it may be cast."""
        token = self.token
        if token.kind == "double" or (token.kind == "word" and token.value.lower() not in TYPES):
            following = self.tokens[self.at + 1]
            if token.kind == "double" or following.value != "(":
                return self.scalar()
        value = self.expression(_SUM)
        if isinstance(value, _SCALARS):
            return value
        raise self.error(token.position, f"A value was expected, not {token.shown}.")

    def expression(self, strength: int) -> Any:
        """Return what is read with signs at least that strong."""
        raise NotImplementedError

    def check_backslash(self, token: Token) -> None:
        """Fail where it isn't known whether a backslash escapes what follows it."""
        if "\\" not in token.value or self.text[token.position] not in "'\"":
            return
        if self.engine == "sql":
            raise self.error(token.position, BACKSLASH)
        if not self.engine and self.backslash is None:
            self.backslash = token.position

    def number(self, token: Token) -> int | float:
        """Return a number: whole, where it has no point."""
        if not self.is_sql and (duration := self.duration(token)):
            raise self.error(token.position, f"A duration is in quotes: duration '{duration}'.")
        digits = token.value.replace("_", "")
        if digits[-1] in "dD":
            digits = f"{digits[:-1]}e0" if digits[:-1].isdigit() else digits[:-1]
        if math.isinf(self.make(token.position, float, digits)):
            raise self.error(token.position, TOO_LARGE)
        return self.make(token.position, int if digits.isdigit() else float, digits)

    def duration(self, token: Token) -> str:
        """Return what begins with a number as a duration, where a unit stands behind it; else nothing."""
        if (
            token is not self.tokens[self.at - 1]
            or self.token.kind != "word"
            or self.token.value not in UNITS
        ):
            return ""
        last = self.at
        while (
            self.tokens[last + 1].kind == "number"
            and self.tokens[last + 2].kind == "word"
            and self.tokens[last + 2].value in UNITS
        ):
            last += 2
        return self.text[token.position : self.tokens[last].end]

    def fit(self, left: Any, value: Any) -> Any:
        """Return a text as the time that it stands for beside a column of times, where columns' types are given."""
        if not isinstance(left, Column) or isinstance(value, (Value, Truth)):
            return value
        return fitted(value, kind_of(self.columns, left))

    def place_sides(self, node: Predicate, left: tuple[Any, int], right: tuple[Any, int]) -> None:
        """Remember where the sides of a comparison stand: a column and a value."""
        if not isinstance(left[0], Value):
            left, right = right, left
        values = [] if isinstance(right[0], Value) else [(lambda _: node, *right)]
        self.place(node, left[1], values)

    def near(self, word: str, among: Iterable[str]) -> str:
        """Return a question that names the nearest words, nothing where none is near.

        Examples
        --------
        >>> Values("", None, "").near("contians", ["contains", "in"])
        "Did you mean 'contains'?"
        """
        found = difflib.get_close_matches(word[:40].lower(), list(among), n=2, cutoff=0.6)
        return f"Did you mean {' or '.join(map(repr, found))}?" if found else ""

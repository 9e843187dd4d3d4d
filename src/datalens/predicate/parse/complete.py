"""What is expected at a place in the bar: a column, an operator, a value, or the word that joins two conditions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from typing import Literal as OneOf

from datalens.predicate.parse.errors import ParseError
from datalens.predicate.parse.kinds import kinds_of
from datalens.predicate.parse.scalars import TYPES
from datalens.predicate.parse.tokens import MAX_CHARACTERS, Token, tokens
from datalens.predicate.parse.write import name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = OneOf["column", "operator", "value", "and"]

_NULLS = ("is null", "is not null")
_ORDERED = (">", ">=", "<", "<=", "==", "!=", "between", "not between", "in", "not in", *_NULLS)
_TEXT = (
    "==", "!=", "contains", "starts with", "in", "not in", "matches", "not contains", "not starts with", "not matches",
    ">", ">=", "<", "<=", "between", "not between", *_NULLS,
)  # fmt: skip
#: What fits a column, by what it holds; the likely ones first.
OPERATORS: dict[str, tuple[str, ...]] = {
    "number": _ORDERED, "decimal": _ORDERED, "date": _ORDERED, "datetime": _ORDERED, "instant": _ORDERED,
    "timedelta": _ORDERED, "text": _TEXT, "boolean": ("==", "!=", *_NULLS), "list": _NULLS, "struct": _NULLS,
    "": _TEXT,
}  # fmt: skip
_JOINS = frozenset({"and", "or", "&", "|", "&&", "||"})
_SIGNS = frozenset({"=", "==", "!=", "<>", "<", "<=", ">", ">=", "~", "!~"})
_VERBS = frozenset(
    {"contains", "contain", "matches", "match", "startswith", "starts_with", "like", "between"}
)
_FUNCTIONS = frozenset({"any", "all", "length", "len"})
_OPENING = re.compile(r"['\"`]")
#: Characters that can't be read, and are passed over.
_UNREADABLE = 20
_REST = re.compile(r"\w*")


@dataclass(frozen=True)
class Completion:
    """What is expected where the cursor stands.

    Attributes
    ----------
    kind : {"column", "operator", "value", "and"}
    start, end : int
        The characters that a candidate replaces, from `start` to before `end`, in code points.
    prefix : str
        What has been typed of it before the cursor, without an opening quote.
    column : str, optional
        The column whose values, or operators, are meant.
    fields : tuple of str
        The fields of a struct that lead from the column to what is meant.
    candidates : tuple of str
        Columns, operators or words that fit what has been typed. Values are looked up elsewhere.
    inserts : tuple of str
        The same as they are put into the text: names in backticks where they need them.
    """

    kind: Kind
    start: int
    end: int
    prefix: str
    column: str | None = None
    fields: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()


def complete(text: str, cursor: int, columns: Iterable[str] | Mapping[str, Any]) -> Completion:
    """Return what is expected at a place in what has been typed, which may be incomplete.

    Parameters
    ----------
    text : str
        What stands in the bar.
    cursor : int
        Before which of its code points the cursor stands.
    columns : iterable of str, mapping of str, pyarrow.Schema or dataframe
        The columns; with their types, operators are those that fit.

    Returns
    -------
    Completion

    Examples
    --------
    >>> columns = {"loss": "number", "source": "text", "my source": "text"}
    >>> found = complete("loss > 3 and sou", 16, columns)
    >>> found.kind, found.start, found.end, found.prefix, found.inserts
    ('column', 13, 16, 'sou', ('source', '`my source`'))
    >>> found = complete("source in ('web', 'ne", 21, columns)
    >>> found.kind, found.column, found.start, found.prefix
    ('value', 'source', 18, 'ne')
    >>> complete("source con", 10, columns).candidates
    ('contains',)
    """
    kinds = kinds_of(columns)
    cursor = min(max(cursor, 0), len(text))
    pieces, current = _pieces(text, cursor)
    state = _Place(kinds, text)
    for piece in pieces:
        state.take(piece)
    return state.completion(current, cursor)


def _pieces(text: str, cursor: int) -> tuple[list[Token], Token]:
    """Return the tokens before the cursor, and the one that is being typed."""
    before = text[:cursor]
    opening: Token | None = None
    if len(before) > MAX_CHARACTERS:
        return [], Token("word", "", cursor, cursor)
    pieces: list[Token] = []
    for _ in range(_UNREADABLE):
        try:
            pieces = tokens(before)[:-1]
            break
        except ParseError as error:
            at = error.position
        if not _OPENING.match(before, at):
            before = f"{before[:at]} {before[at + 1 :]}"
            continue
        pieces = tokens(before[:at])[:-1]
        kind: Any = {"'": "text", '"': "double", "`": "quoted"}[before[at]]
        end = cursor + len(_REST.match(text, cursor)[0])  # type: ignore[index]
        is_closed = text[end : end + 1] == before[at]
        opening = Token(kind, before[at + 1 :], at, end + 1 if is_closed else cursor)
        break
    if opening is not None:
        return pieces, opening
    if pieces and pieces[-1].end == cursor and pieces[-1].kind in ("word", "number"):
        last = pieces.pop()
        end = cursor + len(_REST.match(text, cursor)[0])  # type: ignore[index]
        return pieces, Token(last.kind, last.value, last.position, end)
    return pieces, Token("word", "", cursor, cursor)


class _Place:
    """What is expected behind each token."""

    def __init__(self, kinds: dict[str, str], text: str) -> None:
        self.kinds = kinds
        self.text = text
        self.expected: Kind | OneOf["field", "list", "comma", "bound"] = "column"
        self.column: str | None = None
        self.fields: tuple[str, ...] = ()
        #: What is asked about: the column itself, or what is inside it, of another kind.
        self.kind = ""
        #: Where an operator of several words begins.
        self.operator: int | None = None
        #: Whether a condition may end here, as behind ``1 < loss``.
        self.is_complete = False
        self.is_between = False
        #: The functions around, an empty text for a bare bracket.
        self.calls: list[str] = []
        self.function = ""

    def take(self, token: Token) -> None:
        """Go over a token."""
        word = token.value.lower() if token.kind in ("word", "sign") else ""
        is_value = token.kind in ("number", "text", "double", "moment") or word in ("true", "false")
        getattr(self, f"_{self.expected}")(token, word, is_value)

    def _column(self, token: Token, word: str, is_value: bool) -> None:  # noqa: FBT001
        following = self.text[token.end : token.end + 1]
        if word == "(":
            self.calls.append(self.function)
            self.function = ""
        elif word in _FUNCTIONS and following == "(":
            self.function = word
        elif word == ")":
            self._close()
        elif word == "not" or word in _JOINS or token.kind == "sign":
            return
        elif is_value and token.kind != "double":
            self.column, self.kind, self.fields = None, "", ()
            self.expected, self.operator, self.is_complete = "operator", None, False
        else:
            self.column, self.fields = token.value, ()
            self.kind = self.kinds.get(token.value, "")
            self.expected, self.operator = "operator", None

    def _field(self, token: Token, word: str, is_value: bool) -> None:  # noqa: ARG002, FBT001
        self.fields, self.kind, self.expected = (*self.fields, token.value), "", "operator"

    def _operator(self, token: Token, word: str, is_value: bool) -> None:  # noqa: FBT001
        if word in _JOINS:
            self.expected = "column"
        elif word == ")":
            function = self.calls[-1] if self.calls else ""
            self.expected = "operator" if function else "and"
            self._close()
            if function in ("length", "len"):
                self.column, self.kind = None, "number"
            elif function:
                self.kind = ""
        elif word in _SIGNS:
            # Behind a value the column follows: 1 < loss.
            self.is_complete = self.column is None and not self.kind
            self.expected = "column" if self.is_complete else "value"
        elif word in ("+", "-", "*", "/"):
            self.expected = "column"
        elif word == ".":
            self.expected = "field"
        elif word in _VERBS:
            self.expected, self.is_between = "value", word == "between"
        elif word == "in":
            self.expected = "list" if self.column is not None else "column"
        elif word == "with" and self.operator is not None:
            self.expected = "value"
        elif word in ("null", "none", "nan") or (is_value and self.operator is not None):
            self.expected = "and"
        elif self.operator is None:
            self.operator = token.position

    def _value(self, token: Token, word: str, is_value: bool) -> None:  # noqa: ARG002, FBT001
        if word in ("-", "+", "(", "["):
            return
        if word in TYPES and not is_value:
            return
        self.expected = "bound" if self.is_between else "and"

    def _bound(self, token: Token, word: str, is_value: bool) -> None:  # noqa: ARG002, FBT001
        if word == "and":
            self.expected, self.is_between = "value", False

    def _list(self, token: Token, word: str, is_value: bool) -> None:  # noqa: ARG002, FBT001
        if is_value:
            self.expected = "comma"
        elif word in (")", "]"):
            self.expected = "and"

    def _comma(self, token: Token, word: str, is_value: bool) -> None:  # noqa: ARG002, FBT001
        if word == ",":
            self.expected = "list"
        elif word in (")", "]"):
            self.expected = "and"

    def _and(self, token: Token, word: str, is_value: bool) -> None:  # noqa: ARG002, FBT001
        if word in _JOINS:
            self.expected = "column"
        elif word == ")":
            self._close()
        elif word in _SIGNS or word in ("+", "-", "*", "/"):
            self.expected = "value"

    def _close(self) -> None:
        if self.calls:
            self.calls.pop()

    def completion(self, current: Token, cursor: int) -> Completion:
        """Return what is expected, given the token that is being typed."""
        said = current.value
        expected = self.expected
        if expected == "list" and not (current.kind in ("text", "double") or self._is_open(current)):
            return self._found("operator", current, said, ("(",))
        if expected == "field":
            return Completion("column", current.position, current.end, said, self.column, self.fields)
        if expected == "column":
            names = _fitting(said, list(self.kinds))
            return Completion(
                "column", current.position, current.end, said, None, (), names, tuple(map(name, names))
            )
        if expected == "operator":
            return self._operators(current, cursor)
        if expected in ("value", "list"):
            return self._found("value", current, said, ("true", "false") if self.kind == "boolean" else ())
        words = ("and",) if expected == "bound" else (",", ")") if expected == "comma" else ("and", "or")
        return self._found("and", current, said, words)

    def _operators(self, current: Token, cursor: int) -> Completion:
        start = current.position if self.operator is None else self.operator
        typed = self.text[start:cursor]
        prefix = " ".join(typed.split()) + " " * typed[-1:].isspace()
        found = OPERATORS[self.kind]
        if self.is_complete:
            found = ("and", "or", *found)
        elif self.kind == "boolean":
            found = (*found, "and", "or")
        whole = Token("word", prefix, start, current.end)
        return self._found("operator", whole, prefix, found)

    def _found(self, kind: Kind, current: Token, prefix: str, among: Sequence[str]) -> Completion:
        found = tuple(one for one in among if one.startswith(prefix.lower()))
        about = (self.column, self.fields) if kind != "and" else (None, ())
        return Completion(kind, current.position, current.end, prefix, *about, found, found)

    def _is_open(self, current: Token) -> bool:
        """Say whether the bracket of a list stands before the token that is being typed."""
        return self.text[: current.position].rstrip()[-1:] in ("(", "[", ",")


def _fitting(prefix: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that begin with what has been typed, then those that hold it; in any case."""
    wanted = prefix.lower()
    first = [one for one in names if one.lower().startswith(wanted)]
    return (*first, *(one for one in names if wanted in one.lower() and one not in first))

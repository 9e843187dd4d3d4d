"""Whose SQL a text is: told by the functions and signs that only some engines have."""

from __future__ import annotations

import re
from typing import NamedTuple

from datalens.predicate.parse.engines import ENGINES
from datalens.predicate.parse.errors import ParseError
from datalens.predicate.parse.tokens import Token, tokens

_ALL = frozenset(ENGINES)
_DUCKDB, _LANCE, _SPARK, _TRINO, _POSTGRES = (
    frozenset({name}) for name in ("duckdb", "lance", "spark", "trino", "postgres")
)
#: The engines that have a function; of those that all have it says only that a text is SQL.
_FUNCTIONS = {
    "regexp_matches": _DUCKDB, "list_contains": _DUCKDB, "list_filter": _DUCKDB, "epoch_ns": _DUCKDB, "epoch_us": _DUCKDB,
    "try_cast": _DUCKDB | _TRINO | _SPARK, "arrow_typeof": _LANCE, "arrow_cast": _LANCE, "regexp_match": _LANCE,
    "array_has": _LANCE | _DUCKDB, "array_has_any": _LANCE | _DUCKDB, "array_contains": _LANCE | _DUCKDB | _SPARK,
    "forall": _SPARK, "array_size": _SPARK, "is_nan": _TRINO, "json_format": _TRINO, "any_match": _TRINO,
    "all_match": _TRINO, "infinity": _TRINO, "pg_typeof": _POSTGRES, "unnest": _POSTGRES | _DUCKDB,
    "isnan": _DUCKDB | _LANCE | _SPARK, "typeof": _DUCKDB | _TRINO | _SPARK, "strpos": _ALL - _SPARK,
    "regexp_like": _ALL - _DUCKDB, "coalesce": _ALL, "cast": _ALL, "exists": _SPARK | _POSTGRES | _DUCKDB,
}  # fmt: skip
#: Those that are typed in the bar too.
_TYPED = {
    "contains": _DUCKDB | _LANCE | _SPARK, "starts_with": _ALL - _SPARK, "startswith": _SPARK, "prefix": _DUCKDB,
}  # fmt: skip
_WORDS = {"rlike": _SPARK, "collate": _POSTGRES | _DUCKDB, "timestamp_ntz": _SPARK}
_SIGNS = {"::": _DUCKDB | _LANCE | _POSTGRES, "->": _SPARK | _TRINO}
_FIELDS = _ALL - _POSTGRES
#: As SQL is printed, though some type so in the bar; and what only the bar has.
_CAPITALS = frozenset({"AND", "OR", "NOT", "IN", "IS", "BETWEEN"})
_BAR_SIGNS = frozenset({"==", "!=", "&&", "||", "&", "|", "!"})
_BAR_WORDS = frozenset(
    {
        *map(str.lower, _CAPITALS),
        "contains",
        "matches",
        "starts",
        "startswith",
        "starts_with",
        "contain",
        "match",
        "start",
    }
)
_MEASURES = frozenset({"length", "len", "cardinality", *_TYPED})
_FLOAT = re.compile(r"[dD]\d*")


class Clues(NamedTuple):
    """What tells whose SQL a text is.

    Attributes
    ----------
    engines : frozenset of str
        Those that it can be of.
    is_sql : bool
        Whether something in it is nothing that one types in the bar.
    is_either : bool
        Whether it may be SQL as well as typed in the bar: a function that both have, words in capitals.
    has_fields : bool
        Whether fields are named in brackets, as pandas names columns.
    position : int
        The first text with a backslash, at which engines differ; 0 where there is none.
    """

    engines: frozenset[str]
    is_sql: bool
    is_either: bool
    has_fields: bool
    position: int


def clues(text: str) -> Clues:
    """Return what tells whose SQL a text is.

    Examples
    --------
    >>> sorted(clues("a > 1 AND NOT isnan(a)").engines), clues("contains(a, 'x')").is_sql
    (['duckdb', 'lance', 'spark'], False)
    """
    cut, is_spark = _cut(text)
    engines, is_sql, is_either, has_fields, has_calls = _ALL, False, False, False, False
    is_printed = is_typed = False
    at = 0
    for i, token in enumerate(cut[:-1]):
        before, after = cut[i - 1] if i else None, cut[i + 1]
        word = token.value.lower()
        if token.kind in ("word", "sign"):
            is_printed = is_printed or token.value in _CAPITALS or token.value == "<>"
            is_bars = token.value in (_BAR_WORDS if token.kind == "word" else _BAR_SIGNS)
            is_typed = is_typed or (is_bars and not (word in _TYPED and _is_called(before, after)))
        if (told := _told(before, token, after)) is not None:
            engines, is_sql = engines & told, True
        elif token.kind == "word" and _is_called(before, after):
            engines &= _TYPED.get(word, _ALL)
            is_either, has_calls = is_either or word in _TYPED, has_calls or word in _MEASURES
        elif _is_name(token) and after[:2] == ("sign", "["):
            has_fields = has_fields or cut[i + 2].kind in ("text", "double")
        elif token.kind == "text" and not at and "\\" in text[token.position : token.end]:
            at = token.position
    if is_spark:
        engines, is_sql = engines & _SPARK, True
    if has_fields:
        engines, is_sql = engines & _FIELDS, is_sql or has_calls
    return Clues(engines, is_sql, is_either or (is_printed and not is_typed), has_fields, at)


def _cut(text: str) -> tuple[list[Token], bool]:
    """Return a text's tokens, and whether only Spark's escapes make texts of its quotes."""
    for engine in ("", "spark"):
        try:
            return tokens(text, engine), bool(engine)
        except ParseError:
            continue
    return [], False


def _told(before: Token | None, token: Token, after: Token) -> frozenset[str] | None:
    word = token.value.lower()
    if token.kind == "sign":
        if token.value in ("~", "!~"):  # between a column and a pattern
            is_between = (
                before is not None and before.kind in ("word", "quoted", "double") and after.kind == "text"
            )
            is_between = (
                is_between and before is not None and before.value.lower() not in ("and", "or", "not")
            )
            return _LANCE | _POSTGRES if is_between else None
        return _SIGNS.get(token.value)
    if token.kind != "word":
        return None
    if (
        before is not None
        and before.kind == "number"
        and before.end == token.position
        and _FLOAT.fullmatch(word)
    ):
        return _SPARK
    if _is_called(before, after) and word in _FUNCTIONS:
        return _FUNCTIONS[word]
    is_word = word in _WORDS and before is not None and before[:2] != ("sign", ".")
    return _WORDS[word] if is_word and after.kind in ("text", "double") else None


def _is_name(token: Token) -> bool:
    """Say whether this may be a struct, whose field is named in brackets after it; a frame is called df."""
    return token.kind in ("quoted", "double") or (
        token.kind == "word" and token.value != "df" and token.value.lower() not in ("in", "array")
    )


def _is_called(before: Token | None, after: Token) -> bool:
    return after[:2] == ("sign", "(") and (before is None or before[:2] != ("sign", "."))

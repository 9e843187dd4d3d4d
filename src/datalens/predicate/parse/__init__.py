r"""Predicates read back from text: what people type, pandas code, SQL conditions, a predicate's repr.

By parsing of our own (Python's `ast` cuts code up); nothing is ever run. What is typed in the bar:

- comparisons ``= == != <> < <= > >=``, chained too (``1 < loss <= 3``), between columns, with ``+ - * /`` and
  ``length(text)``; ``between 1 and 2``, ``in ['a', 'b']``, ``contains 'a'``, ``starts with 'a'``,
  ``matches 'a+'``, ``is null``, each with ``not`` too;
- a column of booleans by itself (``b``, ``not b``); ``'web' in tags``; ``a is nan`` and ``a == None``, which ask for null;
  ``text ~ 'a+'``, which is matches;
- ``and or not``, also ``& && | || ! ~``, in any case, with brackets; ``not`` matches nulls, as ``~`` does;
- ``meta.url`` (a struct's field), ``any(tags)``, ``all(scores)``, ``any(messages).role``;
- ``inside(x, y, [[0, 0], [1, 0], [1, 1]])``, ``dot(vectors, [1, 2]) >= 3``, ``cosine(...)``, ``keys([...], column(id))``;
- texts in single quotes, numbers, ``true``, ``false``, ``2024-02-29``, ``date '...'``, ``timestamp '...'``,
  ``duration '90s'``, ``decimal '1.10'``. Quotes inside quotes are doubled; a backslash is itself.
- names with spaces, and names that are keywords, in backticks or double quotes. Double quotes hold a text where only a
  value can stand (in lists, after contains), after ``==`` (which SQL doesn't have), and where `columns` are given and
  none has this name.

Where `columns` say what columns hold, a text beside a time stands for one (``day >= '2024-02-29'``), and a number beside
a decimal for a decimal.

SQL is three-valued: ``NOT (a > 1)`` leaves out nulls, and is read so with ``dialect="sql"``, as
``not a > 1 and a is not null``. With an engine's name as the dialect its own escapes, casts, lists and polygons are read,
as they are printed. NaN counts as null, as everywhere in predicates, whatever the database does with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.check import check_types, leaves
from datalens.predicate.nodes import Between, Compare, IsIn
from datalens.predicate.parse.code import NotCodeError
from datalens.predicate.parse.engines import ENGINES
from datalens.predicate.parse.errors import ParseError
from datalens.predicate.parse.grammar import Grammar
from datalens.predicate.parse.kinds import kinds_of
from datalens.predicate.parse.pandas import Pandas
from datalens.predicate.parse.source import Source
from datalens.predicate.parse.tokens import MAX_CHARACTERS
from datalens.predicate.parse.write import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.reading import Place

__all__ = ["ParseError", "parse", "to_text"]

_TEXTS = re.compile(r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*\"""")
_SOURCE = re.compile(r"\bdl\s*\.\s*(?:col|inside|keys|everything)\s*\(|(?<![\w.])col\s*\(")
_CODE = re.compile(rf"^[ \t]*(?:import|from|def|#)\b|\w\[\s*['\"(~\w]|{_SOURCE.pattern}", re.MULTILINE)
#: As DuckDB has a field of a struct, and pandas a column of any frame: a frame is hardly called otherwise than df here.
_FIELD_OR_COLUMN = re.compile(r"[\s(~]*(?!df\b)([A-Za-z_]\w*)\['([^'\\\n]+)'\]\s*(?!=[^=])")
DIALECTS = ("bar", "sql", "pandas", *ENGINES)


def parse(text: str, *, columns: Iterable[str] | None = None, dialect: str | None = None) -> Predicate:
    """Return the predicate that a text says; see `Predicate.parse`.

    Examples
    --------
    >>> parse("not (a >= 1 or b is null)")
    ~((dl.col('a') >= 1) | dl.col('b').is_null())
    """
    if not isinstance(text, str):
        msg = f"A predicate is read from text, not from {type(text).__name__}."
        raise TypeError(msg)
    if dialect is not None and dialect not in DIALECTS:
        msg = f"There is no dialect {dialect!r} to read; there are: {', '.join(DIALECTS)}."
        raise ValueError(msg)
    if len(text) > MAX_CHARACTERS:
        sentence = f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read."
        raise ParseError(sentence, text, 0)
    names = None if columns is None else kinds_of(columns)
    made, places = _read(text, names, dialect)
    if hasattr(columns, "columns") or (hasattr(columns, "field") and hasattr(columns, "types")):
        for leaf in leaves(made):
            try:
                check_types(leaf, columns)
            except UnfitError as error:
                raise ParseError(
                    str(error), text, _misfit(leaf, columns, text, names or {}, places)
                ) from error
    return made


def _misfit(leaf: Predicate, types: Any, text: str, names: dict[str, str], places: dict[int, Place]) -> int:
    """Return where a condition doesn't fit: at the first value that the column isn't compared with, else at the column."""
    _, column, values = places.get(id(leaf), (leaf, max(0, text.find(leaf.columns[0])), ()))
    if isinstance(leaf, (Compare, Between, IsIn)) and names.get(leaf.columns[0]) in ("", "list", "struct"):
        return column  # it is compared with nothing
    for build, value, position in values:
        try:
            check_types(build(value), types)
        except UnfitError:
            return position
    return column


def _read(text: str, names: dict[str, str] | None, dialect: str | None) -> tuple[Predicate, dict[int, Place]]:
    try:
        if dialect == "pandas":
            return _code(text, names)
        if dialect is None and _is_only_code(text, names):
            return _code(text, names)
        try:
            grammar = Grammar(text, names, "" if dialect in (None, "bar") else str(dialect))
            return grammar.read(), grammar.places
        except ParseError as error:
            # No code reads as what is typed in the bar, so that nothing has to be guessed beforehand.
            if dialect is not None or not _looks_like_code(text):
                raise
            if names is None and (found := _FIELD_OR_COLUMN.match(text)):
                name, field = found.groups()
                sentence = (
                    f"This is the field {field!r} of a column {name!r} to DuckDB, and the column {field!r} of a frame "
                    f"{name!r} to pandas: give dialect= or columns=."
                )
                raise ParseError(sentence, text, found.start(1)) from None
            try:
                return _code(text, names)
            except NotCodeError as other:
                # The reader that came further is the one that was meant.
                raise max(other, error, key=lambda one: one.position) from None
    except RecursionError:
        msg_0 = "The text is nested too deep."
        raise ParseError(msg_0, text, 0) from None


def _is_only_code(text: str, names: dict[str, str] | None) -> bool:
    """Say whether a text is code though the bar could read it, or some of it: a comment, or a frame as it is."""
    is_column = names is not None and "selected" in names and "df" in names
    lines = [line for line in text.strip().splitlines() if not line.startswith("#")]
    return text.lstrip().startswith("#") or (lines == ["selected = df"] and not is_column)


def _looks_like_code(text: str) -> bool:
    # Nothing is asked of the rows of `selected = df`, as pandas code has it.
    return text.strip() == "selected = df" or _CODE.search(_TEXTS.sub("''", text)) is not None


def _code(text: str, columns: dict[str, str] | None) -> tuple[Predicate, dict[int, Place]]:
    # Python wants its first line without an indent.
    start = len(text) - len(text.lstrip())
    shown = text[start:]
    try:
        reader = (Source if _SOURCE.search(_TEXTS.sub("''", shown)) else Pandas)(shown, columns)
        made = reader.read()
        return made, {
            key: (node, start + column, [(build, value, start + at) for build, value, at in values])
            for key, (node, column, values) in reader.places.items()
        }
    except ParseError as error:
        raise type(error)(error.sentence, text, start + error.position) from error.__cause__

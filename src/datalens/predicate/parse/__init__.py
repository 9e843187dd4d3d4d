r"""Predicates read back from text: what people type, pandas code, SQL conditions, a predicate's repr.

By parsing of our own (Python's `ast` cuts code up); nothing is ever run. What is typed in the bar:

- comparisons ``= == != <> < <= > >=``, chained too (``1 < loss <= 3``), between columns, with ``+ - * /`` and
  ``length(text)``; ``between 1 and 2``, ``in ['a', 'b']``, ``contains 'a'``, ``starts with 'a'``,
  ``matches 'a+'``, ``is null``, each with ``not`` too;
- a column of booleans by itself (``b``, ``not b``); ``'web' in tags``; ``a is nan`` and ``a == None``, which ask for null;
  ``text ~ 'a+'``, which is matches;
- ``and or not``, also ``& && | || ! ~``, in any case, with brackets; ``not`` matches nulls, as ``~`` does;
- what chips say, where it says all: ``source is web``, ``loss from 1 to 2``, ``source in web, books``, ``length of text > 3``,
  ``any of tags is web``, ``any of messages: role is tool``; a text without quotes is one word that no column is called;
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
as they are printed. Without a dialect the text's own words tell whose it may be (`RLIKE` is Spark's); where those engines
differ, the text is refused rather than guessed. NaN counts as null, as everywhere in predicates, whatever the database does with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError
from datalens.predicate.check import check_types, leaves
from datalens.predicate.nodes import Between, Compare, IsIn
from datalens.predicate.parse import guess, misfits
from datalens.predicate.parse.engines import ENGINES
from datalens.predicate.parse.errors import ParseError
from datalens.predicate.parse.grammar import Grammar
from datalens.predicate.parse.kinds import kinds_of
from datalens.predicate.parse.tokens import MAX_CHARACTERS
from datalens.predicate.parse.write import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.reading import Place

__all__ = ["ParseError", "parse", "to_text"]

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
    if not hasattr(type(columns), "columns") and hasattr(getattr(columns, "schema", None), "types"):
        columns = columns.schema  # type: ignore[union-attr] # of a dataset of Lance or pyarrow
    names = None if columns is None else kinds_of(columns)
    made, places = _read(text, names, dialect)
    if hasattr(type(columns), "columns") or (hasattr(columns, "field") and hasattr(columns, "types")):
        for leaf in leaves(made):
            try:
                check_types(leaf, columns)
            except UnicodeError as error:
                sentence = "A pattern with half a character (a lone surrogate) is in no text."
                raise ParseError(sentence, text, places.get(id(leaf), (leaf, 0, ()))[1]) from error
            except UnfitError as error:
                raise ParseError(str(error), text, _misfit(leaf, columns, text, places)) from error
    return made


def _misfit(leaf: Predicate, types: Any, text: str, places: dict[int, Place]) -> int:
    """Return where a condition doesn't fit: at the first value that the column isn't compared with, else at the column."""
    _, column, values = places.get(id(leaf), (leaf, max(0, text.find(leaf.columns[0])), ()))
    if (inside := misfits.step(leaf, types, text, column)) is not None:
        return inside
    if (part := misfits.computed(leaf, types, text, column)) is not None:
        return part
    if isinstance(leaf, (Compare, Between, IsIn)) and not misfits.is_compared(leaf.columns[0], types):
        return column
    for build, value, position in values:
        try:
            check_types(build(value), types)
        except UnfitError:
            return position
    return column


def _read(text: str, names: dict[str, str] | None, dialect: str | None) -> tuple[Predicate, dict[int, Place]]:
    try:
        if dialect is None:
            return guess.read(text, names)
        if dialect == "pandas":
            return guess.code(text, names)
        grammar = Grammar(text, names, "" if dialect == "bar" else dialect)
        return grammar.read(), grammar.places
    except RecursionError:
        msg_0 = "The text is nested too deep."
        raise ParseError(msg_0, text, 0) from None

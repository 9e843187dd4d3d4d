"""Reading a text of which nothing says what it is: as typed in the bar, as some engine's SQL, or as code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datalens.predicate.parse.code import NotCodeError
from datalens.predicate.parse.engines import ENGINES
from datalens.predicate.parse.errors import ParseError, TornError
from datalens.predicate.parse.faults import fault
from datalens.predicate.parse.grammar import Grammar
from datalens.predicate.parse.pandas import Pandas
from datalens.predicate.parse.source import Source
from datalens.predicate.parse.whose import clues

if TYPE_CHECKING:
    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.reading import Place
    from datalens.predicate.parse.whose import Clues

    Read = tuple[Predicate, dict[int, Place]]

_TEXTS = re.compile(r"""'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*\"""")
_SOURCE = re.compile(r"\bdl\s*\.\s*(?:col|inside|keys|everything)\s*\(|(?<![\w.])col\s*\(")
_METHODS = r"\bdf\.\w+\(|\w\.i?loc\[|\w\.(?:query|eval|isin|isna|notna|isnull|notnull|between)\(|\b(?:pl|pc|ds|F)\.(?:col|field)\("
_CODE = re.compile(
    rf"^[ \t]*(?:import|from|def|#)\b|\w\[\s*['\"(~:\w]|{_METHODS}|{_SOURCE.pattern}", re.MULTILINE
)
#: What only the bar's reader has a sentence for: an item by its number, a duration of days and more without quotes.
_OF_BAR = re.compile(r"(?<=[\w`])(?<!\bdf)\[\s*\d+\s*\]|\d[\d.]*\s*d\s+\d")
#: As DuckDB has a field of a struct, and pandas a column of any frame: a frame is hardly called otherwise than df here.
_FIELD_OR_COLUMN = re.compile(r"[\s(~]*(?!df\b)([A-Za-z_]\w*)\['([^'\\\n]+)'\]")


def read(text: str, names: dict[str, str] | None) -> Read:
    r"""Return the predicate of a text, and the places of its conditions.

    Parameters
    ----------
    text : str
    names : dict, optional
        The columns that there are, and what they hold.

    Raises
    ------
    ParseError
        Of the reader that came furthest; and where engines make different things of a text.

    Examples
    --------
    >>> read(r"s RLIKE '\\Aa'", None)[0]
    dl.col('s').matches('^a')
    """
    if _is_only_code(text, names):
        return code(text, names)
    try:
        grammar = Grammar(text, names, "")
        made = grammar.read()
    except TornError:
        raise
    except ParseError as error:
        return _otherwise(text, names, error)
    if names is None and grammar.frame is not None:
        after = [token.value for token in grammar.tokens if token.position > grammar.frame]
        field = after[1][:40]
        sentence = (
            f"This is the field {field!r} of a column 'df', and the column {field!r} of a frame 'df' to pandas: give "
            f"dialect= or columns=, or write `df`.{field} for the field, df['{field}'] for the column."
        )
        raise ParseError(sentence, text, grammar.frame)
    if grammar.backslash is None:
        return made, grammar.places
    told = clues(text)
    if not (told.is_sql or told.is_either) or made.to_text() == text.strip():
        return made, grammar.places
    found = {} if told.is_sql else {"bar": (made, grammar.places)}
    return _agreed(text, told, found | _readings(text, names, told)[0]) or (made, grammar.places)


def _otherwise(text: str, names: dict[str, str] | None, error: ParseError) -> Read:
    """Return what a text is to other readers than the bar's, which failed."""
    if _OF_BAR.match(text, error.position):
        raise error
    told = clues(text)
    is_code = _looks_like_code(text)
    is_sql = told.is_sql or (told.has_fields and not _is_python(text))
    if is_code and not is_sql and names is None and (found := _FIELD_OR_COLUMN.match(text)):
        name, field = found.groups()
        sentence = (
            f"This is the field {field!r} of a column {name!r} to DuckDB, and the column {field!r} of a frame "
            f"{name!r} to pandas: give dialect= or columns=."
        )
        raise ParseError(sentence, text, found.start(1)) from None
    errors = [error]
    if is_sql:
        readings, others = _readings(text, names, told)
        if (made := _agreed(text, told, readings)) is not None:
            return made
        errors += others
    if is_code:
        try:
            return code(text, names)
        except NotCodeError as other:
            errors.append(other)
    # The reader that came furthest is the one that was meant.
    raise max(errors, key=lambda one: one.position) from None


def _readings(
    text: str, names: dict[str, str] | None, told: Clues
) -> tuple[dict[str, Read], list[ParseError]]:
    """Return what the text is to each of the engines that it may be of, and what is wrong to the others."""
    found: dict[str, Read] = {}
    errors: list[ParseError] = []
    for engine in ENGINES:
        if engine in told.engines:
            try:
                grammar = Grammar(text, names, engine)
                found[engine] = grammar.read(), grammar.places
            except ParseError as error:
                errors.append(error)
    return found, errors


def _agreed(text: str, told: Clues, found: dict[str, Read]) -> Read | None:
    """Return what all readers read; None where there is no reader."""
    if not found:
        return None
    first, *others = found
    for other in others:
        if not _is_same(found[first][0], found[other][0]):
            who = f"typed in the bar and in {other}" if first == "bar" else f"in {first} and {other}"
            why = ", where \\ escapes in texts" if other == "spark" and told.position else ""
            sentence = f"This reads differently {who}{why}: give dialect={first!r} or dialect={other!r}."
            raise ParseError(sentence, text, told.position)
    return found[first]


def _is_same(one: Predicate, other: Predicate) -> bool:
    return one == other or one.simplify() == other.simplify()


def _is_python(text: str) -> bool:
    try:
        Pandas(text.lstrip(), None)
    except NotCodeError:
        return False
    return True


def _is_only_code(text: str, names: dict[str, str] | None) -> bool:
    """Say whether a text is code though the bar could read it, or some of it: a comment, or a frame as it is."""
    is_column = names is not None and "selected" in names and "df" in names
    lines = [line for line in text.strip().splitlines() if not line.startswith("#")]
    return text.lstrip().startswith("#") or (lines == ["selected = df"] and not is_column)


def _looks_like_code(text: str) -> bool:
    # Nothing is asked of the rows of `selected = df`, as pandas code has it.
    return text.strip() == "selected = df" or _CODE.search(_TEXTS.sub("''", text)) is not None


def code(text: str, columns: dict[str, str] | None) -> Read:
    """Return the predicate of Python code: a repr, or pandas.

    Examples
    --------
    >>> code('df["a"] > 1', None)[0]
    dl.col('a') > 1
    """
    # Python wants its first line without an indent.
    start = len(text) - len(text.lstrip())
    shown = text[start:]
    try:
        is_source = _SOURCE.search(_TEXTS.sub("''", shown)) is not None
        reader = Source(shown, columns) if is_source else Pandas(shown, columns)
        try:
            made = reader.read()
        except ParseError as error:
            raise (None if is_source else fault(reader)) or error from error.__cause__
        return made, {
            key: (node, start + column, [(build, value, start + at) for build, value, at in values])
            for key, (node, column, values) in reader.places.items()
        }
    except ParseError as error:
        raise type(error)(error.sentence, text, start + error.position) from error.__cause__

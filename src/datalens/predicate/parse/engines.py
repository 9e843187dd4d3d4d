"""What only one engine's SQL says: asked of the printer itself, so that what is printed is what is read."""

from __future__ import annotations

import functools
import importlib
import re
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate.dialects.sql_layout import flat
from datalens.predicate.dialects.sql_text import Column
from datalens.predicate.parse.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datalens.predicate.dialects.sql import Sql
    from datalens.predicate.dialects.sql_layout import Piece
    from datalens.predicate.parse.tokens import Token

#: The modules of the SQL dialects, and the classes in them.
ENGINES = {"duckdb": "DuckDB", "lance": "Lance", "spark": "Spark", "trino": "Trino", "postgres": "Postgres"}
_NAME = "a"


@functools.cache
def printer(engine: str) -> Sql:
    """Return what prints an engine's SQL.

    Examples
    --------
    >>> printer("trino").engine
    'trino'
    """
    module = importlib.import_module(f"datalens.predicate.dialects.{engine}")
    made: Sql = getattr(module, ENGINES[engine])()
    return made


def printers(engine: str) -> list[Sql]:
    """Return the engine's printer; for any SQL, and for the bar, all of them."""
    return [printer(name) for name in ENGINES if engine in (name, "sql", "")]


def questions(engine: str, column: str) -> Iterator[tuple[str, list[Token]]]:
    """Yield how engines ask something of a column whose type isn't known.

    Parameters
    ----------
    engine : str
    column : str
        The column, as it is written.

    Yields
    ------
    what : {"nan", "single", "other"}
        Whether the column has a NaN, is one of 32-bit floats, is none of these.
    asked : list of Token

    Examples
    --------
    >>> [what for what, _ in questions("duckdb", "loss")]
    ['nan', 'single', 'other']
    """
    for one in printers(engine):
        asked: dict[str, str | Piece] = {
            "nan": one.is_nan(Column(_NAME, column)),
            "single": one.is_single(column, "="),
            "other": one.is_single(column, "<>"),
        }
        for what, said in asked.items():
            text = said if isinstance(said, str) else flat(said)
            yield what, tokens(text, one.engine)[:-1]


@functools.cache
def _edges(engine: str) -> dict[str, str]:
    """Return how an engine writes the edges of texts and words, and how they are written here."""
    written = {}
    for edge in ("^", "$", r"\b"):
        pattern = printed_pattern(engine, edge)
        if pattern is not None:
            written[pattern] = edge
    return written


def printed_pattern(engine: str, pattern: str) -> str | None:
    r"""Return a pattern as an engine's printer writes it, None where it can't.

    Examples
    --------
    >>> print(printed_pattern("postgres", "^a"))
    \Aa
    """
    try:
        said = flat(printer(engine).matches(Column(_NAME, _NAME), pattern))
    except NotExpressibleError:
        return None
    # What is invisible in a text may be joined to it: 'a' || chr(0).
    parts = [token for token in tokens(said, engine) if token.kind in ("text", "number")]
    return "".join(token.value if token.kind == "text" else chr(int(token.value)) for token in parts)


def original(pattern: str, engine: str) -> str:
    r"""Return the pattern of the shared subset that an engine writes so.

    Parameters
    ----------
    pattern : str
        As it stands in the engine's code.
    engine : str
        Whose SQL it is.

    Raises
    ------
    ValueError
        Where the engine's pattern isn't surely the same.

    Examples
    --------
    >>> original(r"\Acaf\y", "postgres")
    '^caf\\b'
    """
    edges = _edges(engine)
    longest = "|".join(re.escape(edge) for edge in sorted(edges, key=len, reverse=True))
    shared = re.sub(rf"({longest})|\\[\s\S]", lambda found: edges.get(found[0], found[0]), pattern)
    shared = shared.replace("[^\\x00-\\x{10FFFF}]", "[^\\s\\S]")
    if printed_pattern(engine, shared) != pattern:
        msg = (
            f"The pattern {pattern[:100]!r} may mean something else here: write it in ASCII classes such as [0-9], "
            "with dialect='bar' and matches."
        )
        raise ValueError(msg)
    return shared

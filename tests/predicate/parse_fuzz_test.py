"""Printed texts with characters or words changed are read, or refused at a character of theirs; nothing else is raised."""

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.core.errors import NotExpressibleError
from datalens.predicate import Predicate
from datalens.predicate.parse import ParseError
from predicate import cases
from predicate.parse_printed_test import PREDICATES, SQL, TABLES

parse = Predicate.parse
DIALECTS = [None, "bar", "sql", "pandas", *SQL]
PIECES = [
    "'", '"', "`", "(", ")", "[", "]", "{", "}", ",", ":", "::", ";", ".", "->", "\\", "\\'", "--", "#", "\n", " ", "=", "==",
    "<>", "!=", "<", ">=", "~", "!~", "&", "|", "!", "+", "-", "*", "/", "%", "@", ">>", "1", "1e999", "0.1", "1D", "2024-13-40",
    "2024-01-01 25:00", "and", "or", "not", "AND", "NOT", "is", "in", "of", "any of", "length of", "from", "to", "null", "NULL",
    "like", "LIKE", "RLIKE", "contains", "matches", "lambda", "lambda x:", "item", "df", "df['a']", "df.a", "dl.", "CASE WHEN",
    "THEN", "ELSE", "END", "CAST(", "AS DOUBLE", "typeof(", "pg_typeof(", "isnan(", "coalesce(", "EXISTS (SELECT 1 FROM unnest(",
    "list_filter(", "chr(0)", "||", "E'\\x'", "U&'\\d800'", "DATE '", "INTERVAL '", "DECIMAL '", "everything", "inside box",
    "keys(", "\0", "\ud800", "\u202e", "😀", "é",
]  # fmt: skip


@functools.cache
def _printed():
    """Return what the predicates of both tables are printed as, in all forms that are read."""
    found = []
    for name, table in TABLES.items():
        for predicate in PREDICATES[name]:
            found += [predicate.to_text(), predicate.label(), repr(predicate)]
            for dialect in ("pandas", *SQL):
                for schema in (None, table):
                    try:
                        found.append(predicate.code(dialect, schema=schema))
                    except NotExpressibleError:
                        continue
    return list(dict.fromkeys(found))


def _changed(text, changes):
    for at, length, piece in changes:
        start = at % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    return text


changes = st.lists(
    st.tuples(
        st.integers(0, 5000), st.integers(0, 12), st.just("") | st.sampled_from(PIECES) | st.text(max_size=2)
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=1500, deadline=None)
@given(st.data(), changes, st.sampled_from(DIALECTS), st.sampled_from([None, "names", "kinds", "types"]))
def changed_test(data, changes, dialect, columns):
    texts = _printed()
    text = _changed(texts[data.draw(st.integers(0, len(texts) - 1))], changes)
    table = cases.table()
    given = {
        None: None,
        "names": table.column_names,
        "kinds": {"a": "number", "s": "text", "d": "date", "p": "decimal", "tags": "list", "meta": "struct"},
        "types": table,
    }[columns]
    try:
        read = parse(text, dialect=dialect, columns=given)
    except ParseError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017 - some are predicates
    else:
        assert isinstance(read, Predicate)
        assert parse(read.to_text(), dialect="bar") == read


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(DIALECTS))
def joined_test(data, dialect):
    texts = _printed()
    first, second = (texts[data.draw(st.integers(0, len(texts) - 1))] for _ in range(2))
    at, to = data.draw(st.integers(0, len(first))), data.draw(st.integers(0, len(second)))
    text = first[:at] + data.draw(st.sampled_from(["", " AND ", " and ", " & ", " "])) + second[to:]
    try:
        parse(text, dialect=dialect)
    except ParseError as error:
        assert 0 <= error.position <= len(text)  # noqa: PT017 - some are predicates


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text", ["any of " * 5000 + "a > 1", "a in " + "b, " * 20_000, "a is " * 5000, "df" + ".loc" * 3000]
)
def long_test(dialect, text):
    with pytest.raises(ParseError):
        parse(text, dialect=dialect)

"""Printed SQL and pandas code is read without being told whose it is, or refused where that can't be known."""

import collections

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.core.errors import NotExpressibleError
from datalens.predicate import Predicate, col
from datalens.predicate.parse import ParseError
from predicate import cases
from predicate.parse_printed_test import HOSTILE, LEAVES, PREDICATES, SQL, TABLES

parse = Predicate.parse
DIALECTS = ["pandas", *SQL]


def _read(code, columns=None):
    """Return what a text says; None where it is refused for not being one engine's alone."""
    try:
        return parse(code, columns=columns)
    except ParseError as error:
        assert "give dialect=" in error.sentence, f"{code}\n{error}"  # noqa: PT017
        return None


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("has_types", [False, True])
def printed_test(name, dialect, has_types):
    table = TABLES[name]
    refused = collections.Counter()
    for predicate in PREDICATES[name]:
        try:
            code = predicate.code(dialect, schema=table if has_types else None)
        except NotExpressibleError:
            continue
        for columns in (None, predicate.columns, table):
            read = _read(code, columns)
            if read is None:
                refused[code] += 1
            elif read != predicate:
                assert np.array_equal(read.mask(table), predicate.mask(table)), f"{code}\n{read!r}"
    # A field of a struct in brackets is a column of a frame to pandas, where nothing else is SQL.
    fields = {"m['b'] = 'x'", *(["m['a'] > 1"] if has_types else [])}
    assert set(refused) == (fields if (dialect, name) == ("duckdb", "everything") else set())
    assert set(refused.values()) <= {1}


@settings(max_examples=150, deadline=None)
@given(cases.trees, st.sampled_from(DIALECTS), st.booleans())
def trees_test(predicate, dialect, has_types):
    table = TABLES["cases"]
    try:
        code = predicate.code(dialect, schema=table if has_types else None)
    except NotExpressibleError:
        return
    read = _read(code)
    if read is not None and read != predicate:
        assert np.array_equal(read.mask(table), predicate.mask(table)), f"{code}\n{read!r}"


def _is_typed_alike(code):
    """Say whether this is also what the bar itself writes, in which a backslash is itself."""
    # Names are in backticks wherever Spark might read another word, too.
    return parse(code, dialect="bar").to_text().replace("`", "") == code.replace("`", "")


@settings(max_examples=600, deadline=None)
@given(HOSTILE, HOSTILE, st.sampled_from(LEAVES), st.sampled_from(DIALECTS))
def hostile_text_test(name, text, leaf, dialect):
    predicate = leaf(col(name), text)
    try:
        code = predicate.code(dialect)
    except NotExpressibleError:
        return
    read = _read(code)
    if read is not None and read != predicate:
        assert dialect == "spark"
        assert _is_typed_alike(code), f"{code}\n{read!r}"


TORN = {
    r"contains(s, '\\')": (12, "dialect='duckdb' or dialect='spark'|typed in the bar and in spark"),
    r"startswith(s, 'C:\\new')": (14, "typed in the bar and in spark"),
    r"a > 1 AND s <> 'C:\new'": (15, "typed in the bar and in spark"),
    r"s = 'C:\new' AND NOT isnan(x)": (4, r"in duckdb and spark, where \\ escapes in texts: give dialect="),
    r"NOT coalesce(s = 'C:\\new', false)": (17, "in duckdb and spark"),
    "m['a'] > 1": (0, "field 'a' of a column 'm' to DuckDB"),
    "NOT (a > 1) AND NOT isnan(b)": (0, "say which with dialect='sql'"),
}


@pytest.mark.parametrize("said", TORN)
def torn_test(said):
    position, sentence = TORN[said]
    with pytest.raises(ParseError, match=sentence) as raised:
        parse(said)
    assert raised.value.position == position


ONE = {
    # Typed in the bar, a backslash is itself.
    r"s = 'C:\\new'": col("s") == r"C:\\new",
    r"s == 'C:\new' AND a > 1": (col("s") == r"C:\new") & (col("a") > 1),
    r"s contains 'C:\new' AND a > 1": col("s").contains(r"C:\new") & (col("a") > 1),
    r"s != 'C:\new' and a > 1": (col("s") != r"C:\new") & (col("a") > 1),
    r"length(a) > 1 and s in ['C:\\new']": (col("a").length() > 1) & col("s").is_in([r"C:\\new"]),
    # Escapes that Spark hasn't.
    r"contains(s, '\d')": col("s").contains(r"\d"),
    # Words and signs of one engine.
    r"s RLIKE '\\Aa'": col("s").matches("^a"),
    r"exists(l, item -> item = 'C:\\new')": col("l").any() == r"C:\new",
    r"array_size(l) > 1 AND s = 'C:\\new'": (col("l").length() > 1) & (col("s") == r"C:\new"),
    r"s = 'it\'s'": col("s") == "it's",
    r"s ~ '\Aa'": col("s").matches("^a"),
    "x > 1.5D": col("x") > 1.5,
    "i > DECIMAL '1180591620717411303424'": col("i") > 2**70,
    "z > TIMESTAMP '2024-01-02 00:00:00 UTC'": parse("z > 2024-01-02T00:00:00Z"),
    "m['a'] > 1 AND NOT isnan(m['a'])": col("m").field("a") > 1,
    "length(m['a']) > 1": col("m").field("a").length() > 1,
    "len(list_filter(k, lambda item: item['a'] = 'x')) > 0": col("k").any().field("a") == "x",
}


@pytest.mark.parametrize("said", ONE)
def one_reading_test(said):
    assert parse(said) == ONE[said]


#: What people type in the bar keeps its own errors, also where it has a little of SQL.
BAR = {
    "loss": (4, "only a column"),
    "loss AND s = 'x'": (5, "A comparison was expected after a column"),
    "isnan(loss)": (0, "tell NaN from null"),
    "s ~ '(a)\\1'": (8, "backreference"),
    "cast(s as int) > 2": (10, "isn't read"),
    "NOT isnan(los) AND s = 'x'": (10, "Did you mean 'loss'"),
    "s = 'x' AND exists(": (19, "A column was expected"),
}


@pytest.mark.parametrize("said", BAR)
def bar_test(said):
    position, sentence = BAR[said]
    with pytest.raises(ParseError, match=sentence) as raised:
        parse(said, columns={"loss": "number", "s": "text"})
    assert raised.value.position == position


def number_is_no_flag_test():
    with pytest.raises(ParseError, match="A comparison was expected"):
        parse("loss AND s = 'x'", columns={"loss": "number", "s": "text"}, dialect="duckdb")
    assert parse("b", columns={"b": "boolean"}, dialect="duckdb") == (col("b") == True)  # noqa: E712


@pytest.mark.parametrize("dialect", ["spark", "trino"])
def sign_of_others_test(dialect):
    for said in ("s ~ 'a'", "s !~ 'a'"):
        with pytest.raises(ParseError, match="write ") as raised:
            parse(said, dialect=dialect)
        assert raised.value.position == 2
    assert parse("s ~ 'a'", dialect="postgres") == parse("s ~ 'a'") == col("s").matches("a")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("(df.loss > 3) & (df.source == 'web')", 1),
        ("df.loss > 3", 0),
        ("loss > 3 and not df.loss > 3", 17),
        ("length(df.text) > 3", 7),
        ("df.meta.url = 'a'", 0),
        ("3 < df.loss", 4),
    ],
)
def field_of_df_test(text, position):
    with pytest.raises(ParseError, match="a frame 'df' to pandas: give dialect= or columns=") as raised:
        Predicate.parse(text)
    assert raised.value.position == position
    Predicate.parse(text, dialect="bar")


def field_of_df_in_quotes_test():
    field = col("df").field("loss") > 3
    assert Predicate.parse("`df`.loss > 3") == field
    assert Predicate.parse("df.loss > 3", columns=["df"]) == field
    assert Predicate.parse("df.loss > 3", columns=["loss"]) == (col("loss") > 3)
    assert Predicate.parse(field.to_text()) == field
    assert Predicate.parse("df > 3 and s = 'df.x'").columns == ("df", "s")
    assert Predicate.parse("x.df.loss > 3") == (col("x").field("df").field("loss") > 3)

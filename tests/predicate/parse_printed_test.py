"""What every dialect prints is read back: as the same predicate, or as one that selects the same rows."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.core.errors import NotExpressibleError, UnfitError
from datalens.predicate import Column, Inside, Predicate, col, inside, keys
from datalens.predicate.parse import ParseError
from predicate import cases, everything

parse = Predicate.parse
SQL = ["duckdb", "lance", "spark", "trino", "postgres"]
TABLES = {"everything": everything.TABLE, "cases": cases.table()}
PREDICATES = {
    "everything": everything.PREDICATES,
    "cases": [*cases.COMPARED, *cases.COMPUTED, *cases.NESTED],
}


def _read(predicate, dialect, table, schema, columns):
    try:
        code = predicate.code(dialect, schema=schema)
    except NotExpressibleError:
        return None
    read = parse(code, columns=columns, dialect=dialect)
    if read != predicate:
        assert np.array_equal(read.mask(table), predicate.mask(table)), f"{code}\n{read!r}"
    return read


@pytest.mark.parametrize("dialect", ["pandas", *SQL])
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("has_types", [False, True])
def printed_test(dialect, name, has_types):
    table = TABLES[name]
    schemas = (None, table) if dialect in SQL else (None, table, table.to_pandas())
    for predicate in PREDICATES[name]:
        for schema in schemas:
            try:
                _read(predicate, dialect, table, schema, table if has_types else predicate.columns)
            except UnfitError as error:
                # As a plain number a decimal isn't told from one.
                assert not has_types
                assert "decimals" in str(error)  # noqa: PT017


coordinates = st.floats(-1e6, 1e6, width=32) | st.integers(-4, 4).map(float) | st.floats(-10, 10)
polygons = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=9)
rng = np.random.default_rng(0)
GRID = {
    "x": np.r_[rng.uniform(-5, 5, 300), np.repeat(np.arange(-5.0, 6), 11), np.nan],
    "y": np.r_[rng.uniform(-5, 5, 300), np.tile(np.arange(-5.0, 6), 11), 0.0],
}


@functools.cache
def _grid():
    import pyarrow as pa

    return pa.table(GRID)


@settings(max_examples=150, deadline=None)
@given(polygons, st.sampled_from(SQL), st.booleans())
def polygon_test(polygon, dialect, has_types):
    predicate = inside("x", "y", polygon)
    code = predicate.code(dialect, schema=_grid() if has_types else None)
    read = parse(code, dialect=dialect)
    assert np.array_equal(read.mask(_grid()), predicate.mask(_grid()))
    if code != "false":
        assert isinstance(read, Inside)
        assert read.code(dialect, schema=_grid() if has_types else None) == code


@pytest.mark.parametrize("dialect", SQL)
@pytest.mark.parametrize(
    "polygon",
    [
        [(0, 0), (4, 0), (4, 4), (0, 4)],
        [(0.1, 0.2), (0.7, 0.2), (0.7, 0.9), (0.1, 0.9)],
        [(0, 0), (2, 0), (2, 2), (4, 2), (4, 4), (0, 4)],
        [(0, 0), (9, 0), (9, 1), (5, 1), (5, 3), (9, 3), (9, 9), (0, 9)],
        [(0, 0), (4, 4), (4, 0), (0, 4)],
        [(-5, 1), (0.1, 1), (3, 2), (0, -3)],
        [(0, 0), (8, 0), (2, 0), (2, 3)],
        [(np.cos(i / 20) * (i % 3 + 1), np.sin(i / 20)) for i in range(120)],
    ],
)
def whole_polygon_test(polygon, dialect):
    lasso = ~inside("x", "my y", polygon) & (col("n") > 0) & inside("y", "x", polygon[::-1])
    code = lasso.code(dialect)
    read = parse(code, dialect=dialect)
    assert [type(part) for part in read.of] == [type(part) for part in lasso.of]
    assert read.code(dialect) == code


def tampered_polygon_test():
    code = inside("x", "y", [(0, 0), (4, 4), (4, 0), (0, 4)]).code("duckdb")
    for old, new in (("% 2 = 1", "% 3 = 1"), ("* 4e0", "* 5e0"), ("BETWEEN 0 AND 4", "BETWEEN 0 AND 9")):
        assert old in code
        try:
            read = parse(code.replace(old, new, 1), dialect="duckdb")
        except ParseError:
            continue
        assert read.code("duckdb") == code.replace(old, new, 1)


HOSTILE = st.one_of(
    st.sampled_from(
        ["\\", "\\\\", "\\'", "'", "''", "\\n", "\n", "\r\n\t", "\0", "a\0b", "😀", "\U0010ffff", "\u202e", "\\u0041", "\\101",
         "E'", "U&'", '"', "`", "--", "/*", ";", "%", "_", "\\%", "\\_", "nan", "NaN", "1e5", "12345678901", "\x1a", "\\Z", "é\u0301"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.lists(st.sampled_from(["\\", "'", '"', "n", "0", "u", "%", "\n", "\0", "x"]), max_size=8).map("".join),
)  # fmt: skip
LEAVES = [
    Column.__eq__,
    Column.__ne__,
    Column.__lt__,
    Column.contains,
    Column.starts_with,
    lambda column, text: column.is_in([text, "x"]),
    lambda column, text: column.between(text, text),
    lambda column, text: column.any() == text,
    lambda column, text: ~(column.field("a b") == text),
]


@settings(max_examples=500, deadline=None)
@given(HOSTILE, HOSTILE, st.sampled_from(LEAVES), st.sampled_from(["pandas", *SQL]))
def hostile_text_test(name, text, leaf, dialect):
    predicate = leaf(col(name), text)
    try:
        code = predicate.code(dialect)
    except NotExpressibleError:
        return
    assert parse(code, dialect=dialect) == predicate


@pytest.mark.parametrize("text", ["C:\\new", "\\", "it's", "a\\'b", "a\nb"])
def spark_test(text):
    code = (col("s") == text).code("spark")
    assert parse(code, dialect="spark") == (col("s") == text)


def backslash_test():
    # Whose backslash it is decides what the text is: it is never guessed.
    with pytest.raises(ParseError, match="dialect='spark'") as raised:
        parse(r"s = 'C:\new'", dialect="sql")
    assert raised.value.position == 4
    with pytest.raises(ParseError, match="dialect='spark'"):
        parse(r"s = 'C:\new' AND NOT isnan(x)")
    with pytest.raises(ParseError, match="dialect='spark'"):
        parse(col("s").matches("^a").code("spark"), dialect="sql")
    # Of what is printed only Spark's has RLIKE.
    for dialect in ("spark", None):
        assert parse(col("s").matches("^a").code("spark"), dialect=dialect) == col("s").matches("^a")
    assert parse(r"s = 'C:\new'") == (col("s") == "C:\\new")
    assert parse(r"s = 'C:\new'", dialect="duckdb") == (col("s") == "C:\\new")
    assert parse(r"s = 'C:\new'", dialect="spark") == (col("s") == "C:\new")


def postgres_numbers_test():
    # In quotes it is a text, whatever it looks like.
    for wanted in (2**53 + 1, 2**70, str(2**53 + 1), "NaN"):
        predicate = col("i") == wanted
        assert parse(predicate.code("postgres"), dialect="postgres") == predicate


def keys_test():
    from datalens.core.keys import Identity

    identity = Identity("column", ("id",))
    for dialect in ("pandas", *SQL):
        assert parse(keys(["a", "b"], identity).code(dialect), dialect=dialect) == col("id").is_in(["a", "b"])
    content = keys(["0123456789abcdef-0"], Identity("content", ("a", "b")))
    assert parse(content.code("pandas")) == content


def duckdb_pair_test():
    wide = "TRY_CAST(x AS DOUBLE) < TRY_CAST(y AS DOUBLE)"
    code = f"CASE WHEN 'FLOAT' IN (typeof(x), typeof(y)) THEN {wide} ELSE x < y END"
    assert parse(code, dialect="duckdb") == (col("x") < col("y"))
    with pytest.raises(ParseError, match="The same comparison"):
        parse(code.replace("ELSE x < y", "ELSE x > y"), dialect="duckdb")


def whose_sql_test():
    # Only Lance asks for types so, and casts columns that are compared as they are.
    for predicate in (col("a").is_in([5e-324]), col("a") == 0.1):
        code = predicate.code("lance")
        assert parse(code, dialect="sql") == parse(code) == predicate
    column = 'df["a"].map(lambda a: any(item == 0 for item in a), na_action="ignore").eq(True)'
    with pytest.raises(ParseError, match="isn't the one"):
        parse(column)


def shapes_test():
    # A column of which several things are asked inside.
    items = col("k").any()
    predicate = (items.field("m").field("n") == 0) & ~items.is_null() & ~items.field("m").is_null()
    assert parse(predicate.code("pandas"), dialect="pandas") == predicate


def struct_test():
    url = col("meta").field("url") == "x"
    assert parse("meta['url'] = 'x'", dialect="duckdb") == url
    assert parse("meta.url = 'x'", dialect="spark") == url
    assert parse("(meta).url = 'x'", dialect="postgres") == url
    assert parse("meta['url'] = 'x'", columns=["meta"]) == url
    with pytest.raises(ParseError, match=r"column 'url' of a frame 'meta' to pandas") as raised:
        parse("meta['url'] = 'x'")
    assert raised.value.position == 0
    # A column of a frame called meta, or a field of a column?
    for text in ("meta['length'] > 3", "(meta['length'] > 3) & (meta['url'] == 'x')"):
        with pytest.raises(ParseError, match=r"give dialect= or columns="):
            parse(text)
        assert parse(text, dialect="pandas").columns[0] == "length"
    assert parse("meta['length'] > 3", columns=["meta"]) == (col("meta").field("length") > 3)
    assert parse("df['length'] > 3") == (col("length") > 3)
    assert parse('train["length"] > 3') == (col("length") > 3)


@settings(max_examples=150, deadline=None)
@given(cases.trees, st.sampled_from(["pandas", *SQL]))
def trees_test(predicate, dialect):
    _read(predicate, dialect, TABLES["cases"], None, TABLES["cases"])


def a_frame_as_it_is_test():
    for text in ("selected = df", "# 2 of 2 rows\nselected = df"):
        assert repr(Predicate.parse(text)) == "dl.everything()"
    assert Predicate.parse('# 1 of 2 rows\nselected = df[df["n"] > 1]') == (col("n") > 1)
    assert Predicate.parse("selected = df", columns=["selected", "df"]) == (col("selected") == col("df"))


@pytest.mark.parametrize(
    "pattern", ["(?i)cookie", "(?i)Web", "(?i)^[a-f]+$", r"(?i)\bcookies?\b", "(?i)[^k]x"]
)
def letters_in_either_case_test(pattern):
    predicate = col("text").matches(pattern)
    for dialect in ("pandas", "duckdb", "lance"):
        code = predicate.code(dialect)
        assert "(?i)" in code
        assert Predicate.parse(code, dialect=dialect) == predicate
    for dialect in ("polars", "pyarrow", "python", "datatrove"):
        assert "(?i)" in predicate.code(dialect)


@pytest.mark.parametrize("dialect", SQL)
@pytest.mark.parametrize(
    "predicate", [col("x") * -0.0 < 1, -0.0 - col("x") > 1, col("x") / 2 + -0.0 == 1], ids=repr
)
def negative_zero_is_read_back_test(dialect, predicate):
    for schema in (None, {"x": [0.5]}):
        table = schema and cases.pa.table(schema)
        assert repr(parse(predicate.code(dialect, schema=table), dialect=dialect)) == repr(predicate)

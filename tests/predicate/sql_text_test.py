# ruff: noqa: DTZ001, S608 (columns without a time zone, and SQL, are what is tested)
import datetime as dt
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, everything, inside, keys
from datalens.predicate.dialects import SQL
from datalens.predicate.dialects.sql_words import RESERVED

TRIANGLE = [(0, 0), (4, 0), (4, 4)]


@pytest.mark.parametrize(
    ("predicate", "duck", "lance", "spark", "trino", "postgres"),
    [
        (
            col("loss") > 3.5,
            "loss > 3.5 AND NOT isnan(loss)",
            "loss > 3.5 AND NOT isnan(loss)",
            "loss > 3.5 AND NOT isnan(loss)",
            "loss > 3.5",
            "loss > 3.5 AND loss <> 'NaN'::float8",
        ),
        (
            ~(col("loss") < 3),
            "NOT coalesce(loss < 3, false)",
            "NOT coalesce(loss < 3 AND NOT isnan(loss), false)",
            "NOT coalesce(loss < 3, false)",
            "NOT coalesce(loss < 3, false)",
            "NOT coalesce(loss < 3, false)",
        ),
        (
            (col("Source") == "it's\n") & col("end").is_in([1, 2]),
            """"Source" = E'it''s\\n' AND "end" IN (1, 2)""",
            "`Source` = ('it''s' || chr(10)) AND `end` IN (1, 2)",
            "`Source` = 'it\\'s\\n' AND `end` IN (1, 2)",
            """"Source" = U&'it''s\\000a' AND "end" IN (1, 2)""",
            """"Source" = E'it''s\\n' AND "end" IN (1, 2)""",
        ),
        (
            col("text").contains("we%") | col("text").starts_with("a_"),
            "contains(text, 'we%') OR starts_with(text, 'a_')",
            "contains(text, 'we%') OR starts_with(text, 'a_')",
            "contains(text, 'we%') OR startswith(text, 'a_')",
            "strpos(text, 'we%') > 0 OR starts_with(text, 'a_')",
            "strpos(text, 'we%') > 0 OR starts_with(text, 'a_')",
        ),
        (
            col("text").matches(r"^a\d"),
            r"regexp_matches(text, '\Aa[0-9]')",
            r"regexp_like(text, '\Aa[0-9]')",
            r"text RLIKE '\\Aa[0-9]'",
            r"regexp_like(text, '\Aa[0-9]')",
            r"text ~ '\Aa[0-9]'",
        ),
        (
            col("b") - col("a") > 0.5,
            "b::DOUBLE - a::DOUBLE > 0.5 AND NOT isnan(b::DOUBLE - a::DOUBLE)",
            "CAST(b AS DOUBLE) - CAST(a AS DOUBLE) > 0.5\nAND NOT isnan(CAST(b AS DOUBLE) - CAST(a AS DOUBLE))",
            "CAST(b AS DOUBLE) - CAST(a AS DOUBLE) > 0.5\nAND NOT isnan(CAST(b AS DOUBLE) - CAST(a AS DOUBLE))",
            "CAST(b AS DOUBLE) - CAST(a AS DOUBLE) > 0.5",
            "b::float8 - a::float8 > 0.5 AND b::float8 - a::float8 <> 'NaN'::float8",
        ),
        (
            (col("at") >= dt.datetime(2024, 1, 1)) & (col("day") < dt.date(2024, 1, 2)),
            "\"at\" >= TIMESTAMP '2024-01-01 00:00:00' AND \"day\" < DATE '2024-01-02'",
            "`at` >= TIMESTAMP '2024-01-01 00:00:00' AND `day` < DATE '2024-01-02'",
            "`at` >= TIMESTAMP_NTZ '2024-01-01 00:00:00' AND `day` < DATE '2024-01-02'",
            "\"at\" >= TIMESTAMP '2024-01-01 00:00:00' AND \"day\" < DATE '2024-01-02'",
            "\"at\" >= TIMESTAMP '2024-01-01 00:00:00' AND \"day\" < DATE '2024-01-02'",
        ),
        (
            col("t") == dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
            "t = TIMESTAMPTZ '2024-01-01 00:00:00+00:00'",
            "t = arrow_cast('2024-01-01T00:00:00Z', 'Timestamp(Microsecond, Some(\"UTC\"))')",
            "t = TIMESTAMP '2024-01-01 00:00:00+00:00'",
            "t = TIMESTAMP '2024-01-01 00:00:00 UTC'",
            "t = TIMESTAMPTZ '2024-01-01 00:00:00+00:00'",
        ),
        (
            col("took") > dt.timedelta(seconds=-1.5),
            "took > INTERVAL '-1500000 microseconds'",
            "took > arrow_cast(-1500000, 'Duration(Microsecond)')",
            "took > INTERVAL '-1.5' SECOND",
            "took > INTERVAL '-1.5' SECOND",
            "took > INTERVAL '-1500000 microseconds'",
        ),
        (
            col("price") == Decimal("1.50"),
            "price = CAST('1.50' AS DECIMAL(3, 2))",
            "price = CAST('1.50' AS DECIMAL(3, 2))",
            "price = CAST('1.50' AS DECIMAL(3, 2))",
            "price = DECIMAL '1.50'",
            "price = NUMERIC '1.50'",
        ),
        (
            col("tags").any() == "web",
            "list_contains(tags, 'web')",
            "array_has(tags, 'web')",
            "exists(tags, item -> item = 'web')",
            "any_match(tags, item -> item = 'web')",
            "'web' = ANY(tags)",
        ),
        (
            col("meta").field("a b") <= "m",
            "meta['a b'] <= 'm'",
            "meta.`a b` <= 'm'",
            "meta.`a b` <= 'm'",
            'meta."a b" <= \'m\'',
            '(meta)."a b" COLLATE "C" <= \'m\'',
        ),
        (
            inside("x", "y", [(0, 0), (2, 0), (2, 1), (0, 1)]),
            "x >= 0 AND x < 2 AND y >= 0 AND y < 1",
            "CAST(x AS DOUBLE) >= 0\nAND CAST(x AS DOUBLE) < 2\nAND CAST(y AS DOUBLE) >= 0\nAND CAST(y AS DOUBLE) < 1",
            "x >= 0 AND x < 2 AND y >= 0 AND y < 1",
            "x >= 0 AND x < 2 AND y >= 0 AND y < 1",
            "x::float8 >= 0 AND x::float8 < 2 AND y::float8 >= 0 AND y::float8 < 1",
        ),
        (
            col("loss").is_in([0.1, 3, 1e-30]),
            "loss IN (0.1, 3)\nOR loss IN (1e-30)\nOR (typeof(loss) = 'FLOAT' AND loss IN (1e-30::FLOAT))",
            ("loss IN (3)\nOR CAST(loss AS DOUBLE) IN (0.1, 1e-30)\nOR (\n    arrow_typeof(loss) = 'Float32'\n"
            "    AND loss IN (CAST(0.1 AS FLOAT), CAST(0.000000000000000000000000000001 AS FLOAT))\n)"),
            ("loss IN (3)\nOR loss IN (0.1D, 1e-30D)\n"
            "OR (typeof(loss) = 'float' AND loss IN (CAST(0.1 AS FLOAT), CAST(1e-30D AS FLOAT)))"),
            "loss IN (0.1, 3)\nOR loss IN (1E-30)\nOR (typeof(loss) = 'real' AND loss IN (CAST(1E-30 AS REAL)))",
            "loss IN (0.1, 3, 0.000000000000000000000000000001)",
        ),
        (~everything() | col("a").is_in([]), *["NOT true OR false"] * 5),
    ],
    ids=str,
)  # fmt: skip
def code_test(predicate, duck, lance, spark, trino, postgres):
    printed = {dialect: predicate.code(dialect) for dialect in SQL}
    assert printed == {"duckdb": duck, "lance": lance, "spark": spark, "trino": trino, "postgres": postgres}


def layout_test():
    predicate = ((col("loss") < 3.25) | (col("other_loss") < 12.5)) & ~col("text").contains("we use cookies")
    assert (predicate & inside("x", "y", TRIANGLE)).code("duckdb").splitlines() == [
        "(loss < 3.25 OR other_loss < 12.5)",
        "AND NOT coalesce(contains(text, 'we use cookies'), false)",
        "AND x BETWEEN 0 AND 4",
        "AND y BETWEEN 0 AND 4",
        "AND (",
        "    (y >= 0 AND y < 4 AND x < 4)::INT",
        "    + (y >= 0 AND y < 4 AND x < (y - 4e0) * -4e0 / -4e0 + 4e0)::INT",
        ") % 2 = 1",
    ]


def types_make_it_shorter_test():
    table = pa.table({"s": ["a"], "n": [1], "x": [1.5], "y": [0.5]})
    predicate = ~col("s").is_null() & (col("n") > 3) & (col("x") < col("y")) & col("x").is_null()
    for schema in (table, table.schema, table.to_pandas()):
        assert predicate.code("duckdb", schema=schema) == (
            "s IS NOT NULL AND n > 3 AND x < y AND NOT isnan(y) AND (x IS NULL OR isnan(x))"
        )


def missing_column_test():
    with pytest.raises(KeyError, match="Did you mean 'loss'"):
        (col("los") > 1).code("duckdb", schema=pa.schema({"loss": pa.float64()}))


@pytest.mark.parametrize("dialect", SQL)
@pytest.mark.parametrize(
    "predicate",
    [
        keys([1], Identity("row", (), 3)),
        keys(["0123456789abcdef-0"], Identity("content", ("a",))),
        col("v").dot([1.0, 2.0]) > 0.5,
        col("") == 1,
        col("a\0") == 1,
        col("s") == "\ud800",
        col("u") > dt.timedelta(days=900_000_000),
    ],
    ids=ascii,
)
def cannot_everywhere_test(dialect, predicate):
    with pytest.raises(NotExpressibleError, match=f"{dialect} can't express (?!Linear)"):
        predicate.code(dialect)


@pytest.mark.parametrize(
    ("dialect", "predicate"),
    [
        ("lance", col("a`b") == 1),
        ("lance", col("a") < col("b")),
        ("lance", col("tags").all() == "x"),
        ("lance", col("tags").any() > 3),
        ("lance", col("t") > dt.date(1500, 1, 1)),
        ("lance", col("t") > dt.datetime(1960, 1, 1, 0, 0, 0, 5)),
        ("lance", col("p") == Decimal("1" * 39)),
        ("duckdb", col("p") == Decimal("1" * 39)),
        ("spark", col("n") > 2**127 - 1),
        ("spark", col("a") / col("b") > 1),
        ("trino", col("n") > 2**127 - 1),
        ("trino", col("s").matches(r"\bx")),
        ("trino", col("u") > dt.timedelta(microseconds=1)),
        ("postgres", col("s") == "a\0"),
        ("postgres", col("s").matches("a{256}")),
        ("postgres", 1 / col("a") > 1),
        ("postgres", col("l").any().any() == 1),
    ],
    ids=str,
)
def cannot_test(dialect, predicate):
    with pytest.raises(NotExpressibleError, match=f"{dialect} can't express"):
        predicate.code(dialect)


def reserved_words_test():
    reserved = duckdb.sql(
        "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category IN ('reserved', 'type_function')"
    ).fetchall()
    assert {word for (word,) in reserved} <= RESERVED
    for word in RESERVED:
        assert (col(word) == 1).code("duckdb") == f'"{word}" = 1'


def hostile_names_test():
    for name in (
        '"',
        "'",
        "\\",
        "\n",
        "--",
        "/*",
        ";",
        "a.b",
        " ",
        "😀",
        "\u202e",
        "A",
        "1a",
        "%s",
        "$a",
        "?",
    ):
        table = pa.table({"row": [0, 1], name: [1, 2]})
        with duckdb.connect() as connection:
            connection.register("t", table)
            query = f'SELECT "row" FROM t WHERE {(col(name) == 2).code("duckdb")}'
            assert connection.execute(query).fetchall() == [(1,)]

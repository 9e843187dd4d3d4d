"""Casts, divisions and pairs of columns in SQL: read in the forms that are printed, refused in others at their character."""

import datetime as dt
import itertools
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from datalens.core.errors import NotExpressibleError
from datalens.predicate import Predicate, col
from datalens.predicate.parse import ParseError

parse = Predicate.parse
SQL = ["duckdb", "lance", "spark", "trino", "postgres"]
MOMENTS = [dt.datetime(2024, 2, 29, 12, 30), dt.datetime(1970, 1, 1), None, dt.datetime(2000, 1, 1)]  # noqa: DTZ001
LENGTHS = [dt.timedelta(seconds=90), dt.timedelta(0), None, dt.timedelta(days=-2)]
UNITS = ["s", "ms", "us", "ns"]
FAMILIES = {
    "moments": {unit: pa.array(MOMENTS, pa.timestamp(unit)) for unit in UNITS},
    "moments with zones": {
        f"{unit}_{zone[0].lower()}": pa.array(MOMENTS[::-1], pa.timestamp(unit, zone))
        for unit, zone in itertools.product(UNITS, ["UTC", "Asia/Tokyo"])
    },
    "durations": {unit: pa.array(LENGTHS, pa.duration(unit)) for unit in UNITS},
    "decimals": {
        f"d{scale}": pa.array([Decimal(1), Decimal(2), None, Decimal(-3)], pa.decimal128(20, scale))
        for scale in (0, 2, 9)
    },
    "numbers": {
        "i": pa.array([1, 2**53 + 1, None, -3], pa.int64()),
        "u": pa.array([1, 2**63, None, 3], pa.uint64()),
        "f": pa.array([1.0, 2.0**53, None, np.nan], pa.float64()),
        "g": pa.array([1.0, 2.0**24, None, 0.5], pa.float32()),
    },
}


@pytest.mark.parametrize("dialect", ["pandas", *SQL])
@pytest.mark.parametrize("family", FAMILIES)
def pair_test(dialect, family):
    table = pa.table(FAMILIES[family])
    read = 0
    for left, right in itertools.permutations(table.column_names, 2):
        for pair in (col(left) > col(right), ~(col(left) != col(right))):
            try:
                code = pair.code(dialect, schema=table)
            except NotExpressibleError:
                continue
            again = parse(code, dialect=dialect)
            read += 1
            assert again.columns == pair.columns
            assert np.array_equal(again.mask(table), pair.mask(table)), code
    assert read


FORMS = {
    "lance": [
        "CAST(CAST(a AS BIGINT) AS DECIMAL(20, 0)) * 1000 > CAST(CAST(b AS BIGINT) AS DECIMAL(20, 0))",
        "CAST(CAST(a AS BIGINT) AS DECIMAL(20, 0)) > CAST(CAST(b AS BIGINT) AS DECIMAL(20, 0)) * 1000000000",
        "arrow_cast(a, 'Timestamp(Millisecond, None)') > b",
        "a > arrow_cast(b, 'Timestamp(Microsecond, Some(\"UTC\"))')",
        "arrow_cast(a, 'Duration(Microsecond)') > b",
    ],
    "duckdb": ["epoch_us(a)::HUGEINT * 1000 > epoch_ns(b)", "epoch_ns(a) > epoch_us(b)::HUGEINT * 1000"],
}


@pytest.mark.parametrize(("dialect", "text"), [(name, text) for name in FORMS for text in FORMS[name]])
def unit_test(dialect, text):
    assert parse(text, dialect=dialect) == (col("a") > col("b"))


OTHERS = [
    ("lance", "CAST(a AS BIGINT) > 3", 0, "one unit"),
    ("lance", "CAST(a AS BIGINT) > CAST(b AS BIGINT)", 0, "one unit"),
    ("lance", "1 + CAST(a AS BIGINT) > 1", 4, "one unit"),
    ("lance", "b = 1 AND CAST(a AS BIGINT) IN (1)", 10, "one unit"),
    ("lance", "CAST(a AS BIGINT) IS NULL", 0, "one unit"),
    ("lance", "CAST(a AS BIGINT) BETWEEN 1 AND 2", 0, "one unit"),
    ("lance", "CAST(CAST(a AS BIGINT) AS DECIMAL(20, 0)) * 7 > b", 0, "one unit"),
    ("lance", "arrow_cast(a, 'Timestamp(Second, None)') > arrow_cast(b, 'Timestamp(Second, None)')", 0, "unit"),
    ("lance", "arrow_cast(a, 'Int64') > 3", 0, "arrow_cast is read"),
    ("duckdb", "epoch_ns(a) > epoch_ns(b)", 0, "one unit"),
    ("duckdb", "epoch_us(a) > 1", 0, "one unit"),
    ("duckdb", "NOT epoch_us(a)::HUGEINT", 4, "one unit"),
    ("spark", "CAST(a AS BIGINT) > 3", 10, "isn't read, since it changes values"),
    ("duckdb", "x::float > 1", 3, "changes values"),
    ("duckdb", "CAST(x AS INT) > 1", 10, "changes values"),
    ("trino", "CAST(x AS VARCHAR) = '1'", 10, "changes values"),
    ("postgres", "x::numeric(10, 2) > 1", 3, "changes values"),
    ("duckdb", "x > 1.239::DECIMAL(3, 2)", 11, "other digits"),
    ("duckdb", "x > '123.4'::DECIMAL(3, 1)", 13, "other digits"),
    ("spark", "x > CAST('1.5' AS DECIMAL)", 18, "other digits"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "position", "sentence"), OTHERS)
def other_cast_test(dialect, text, position, sentence):
    with pytest.raises(ParseError, match=sentence) as raised:
        parse(text, dialect=dialect)
    assert raised.value.position == position


def kept_fraction_test():
    half = col("n") / 2 > 1
    with pytest.raises(ParseError, match="dialect='duckdb' or dialect='spark' where it is kept") as raised:
        parse("n / 2 > 1", dialect="sql")
    assert raised.value.position == 2
    for dialect in ("duckdb", "spark", None):
        assert parse("n / 2 > 1", dialect=dialect) == half


def decimal_test():
    for text in ("'1.25'::DECIMAL(3, 2)", "1.25::DECIMAL(9, 3)", "1.25::DECIMAL"):
        assert parse(f"x > {text}", dialect="duckdb") == (col("x") > Decimal("1.25"))


@pytest.mark.parametrize("dialect", ["lance", "postgres", "trino", "sql"])
def truncated_test(dialect):
    remedy = "n / 2e0" if dialect in ("trino", "sql") else r"n / 2\.0"
    for text in ("n / 2 > 1", "n / m > 1", "length(t) / 2 > 1.5", "2 / n > 1"):
        with pytest.raises(ParseError, match=remedy) as raised:
            parse(text, dialect=dialect)
        assert raised.value.position == text.index("/")
    half = col("n") / 2 > 1
    for text in ("n / 2e0 > 1", "CAST(n AS DOUBLE) / 2 > 1", "n / CAST(2 AS DOUBLE) > 1"):
        assert parse(text, dialect=dialect) == half
    assert parse("n / 2 > 1", dialect=dialect, columns=pa.schema([("n", pa.float64())])) == half
    with pytest.raises(ParseError, match="whole numbers"):
        parse("n / 2 > 1", dialect=dialect, columns=pa.schema([("n", pa.int64())]))


def trino_decimal_test():
    # There 1 / 3.0 is 0.3.
    with pytest.raises(ParseError, match="n / 2e0"):
        parse("n / 3.0 > 1", dialect="trino")
    assert parse("n / 3.0 > 1", dialect="postgres") == (col("n") / 3 > 1)


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def divided_test(dialect):
    assert parse("n / 2 > 1", dialect=dialect) == (col("n") / 2 > 1)


F, G, H = map(col, "fgh")


@pytest.mark.parametrize("dialect", ["lance", "postgres", "trino"])
@pytest.mark.parametrize(
    "predicate",
    [
        F / 2 > 1,
        F / -0.5 > 1,
        2 / F > 1,
        F / G > 1,
        (F + G) / H > 1,
        (F + 1) / (G - H) / 3 <= 1,
        F / (G * 2) > H,
    ],
)
def printed_division_test(dialect, predicate):
    """It says itself that it is one of floats, even of columns that are known to be."""
    schema = pa.schema([(name, pa.float64()) for name in "fgh"])
    try:
        code = predicate.code(dialect, schema=schema)
    except NotExpressibleError as error:
        assert dialect == "postgres"
        assert "may be zero" in str(error)  # noqa: PT017
        return
    assert parse(code, dialect=dialect) == predicate


@pytest.mark.parametrize("dialect", SQL)
def printed_division_as_any_sql_test(dialect):
    """What is printed without types says itself that it divides floats, else the types say it."""
    schema = pa.schema([(name, pa.float64()) for name in "fg"])
    for predicate in (F / 2 > 1, F / -0.5 < 1, (F + G) / 3 <= 1):
        assert parse(predicate.code(dialect), dialect="sql") == predicate
        assert parse(predicate.code(dialect, schema=schema), dialect="sql", columns=schema) == predicate


def own_item_test():
    item = col("scores").any()
    predicate = item / item <= item
    assert parse(predicate.code("duckdb"), dialect="duckdb") == predicate


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "trino", "postgres"])
def no_values_test(dialect):
    predicate = col("tags").any().is_in([])
    assert parse(predicate.code(dialect), dialect=dialect) == predicate


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "trino"])
def several_conditions_of_items_test(dialect):
    predicate = col("tags").any().field("n").is_in([1, 2**63, 0.5])
    again = parse(predicate.code(dialect), dialect=dialect)
    assert set(again.of.of.values) == set(predicate.of.of.values)


def invisible_pattern_test():
    predicate = col("text").matches(r"a\b" + "\uffff" + "|$")
    assert parse(predicate.code("lance"), dialect="lance") == predicate

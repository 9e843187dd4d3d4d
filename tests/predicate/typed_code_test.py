"""What code says where a column, by its type, can't hold a literal, or what stands in another column."""

# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

from datalens.core.errors import NotExpressibleError
from datalens.predicate import col

SCHEMA = pa.schema(
    {
        "price": pa.decimal128(5, 2),
        "long": pa.decimal128(38, 10),
        "whole": pa.decimal128(38, 0),
        "n": pa.int64(),
        "u": pa.uint64(),
        "t": pa.timestamp("us"),
        "fine": pa.timestamp("ns"),
    }
)
FAR = dt.datetime(9999, 1, 1)


@pytest.mark.parametrize(
    ("dialect", "predicate", "code"),
    [
        ("lance", col("price") < 10**6, "price IS NOT NULL"),
        ("lance", col("price") > 2, "price > 2"),
        ("lance", col("price") == Decimal("0.001"), "false"),
        ("lance", col("fine") < FAR, "fine IS NOT NULL"),
        ("duckdb", col("fine") == FAR, "false"),
        ("duckdb", col("fine") < col("t"), "epoch_ns(fine) < epoch_us(t)::HUGEINT * 1000"),
        ("duckdb", col("t") < FAR, "t < TIMESTAMP '9999-01-01 00:00:00'"),
    ],
)
def sql_test(dialect, predicate, code):
    assert predicate.code(dialect, schema=SCHEMA) == code


def pandas_test():
    frame = SCHEMA.empty_table().to_pandas(types_mapper=pd.ArrowDtype)
    listed = col("price").is_in([Decimal("1.5"), Decimal("0.001")]).code("pandas", schema=frame)
    assert listed.endswith('selected = df[df["price"].isin([Decimal("1.5")])]')
    exact = (col("n") < col("u")).code("pandas", schema=frame)
    assert "exact = pd.ArrowDtype(pa.decimal128(20, 0))" in exact
    assert (col("n") < col("n")).code("pandas", schema=frame) == 'selected = df[df["n"] < df["n"]]'


@pytest.mark.parametrize("dialect", ["duckdb", "lance", "spark", "postgres"])
def too_many_digits_test(dialect):
    with pytest.raises(NotExpressibleError, match=r"'long'.*'whole'.*cast one to fewer digits"):
        (col("long") < col("whole")).code(dialect, schema=SCHEMA)


@pytest.mark.parametrize("kind", [pa.decimal32(4, 2), pa.decimal64(10, 2), pa.decimal256(40, 2)], ids=str)
def pandas_decimals_of_any_width_test(kind):
    values = [Decimal("1.50"), None, Decimal("2.00")]
    frame = pd.DataFrame({"price": pd.Series(values, dtype=pd.ArrowDtype(kind))})
    listed = col("price").is_in([Decimal("1.5"), Decimal("1.234"), Decimal(10) ** 39])
    for predicate in (
        col("price") > Decimal("1.555"),
        col("price") == Decimal("1.5"),
        col("price").between(Decimal(1), Decimal("1.999")),
        *([listed] if pa.types.is_decimal256(kind) else []),
    ):
        names = {"df": frame}
        exec(predicate.code("pandas", schema=frame), names)  # noqa: S102 - our own code
        assert names["selected"].index.tolist() == frame.index[predicate.evaluate(frame)].tolist()
    if not pa.types.is_decimal256(kind):
        with pytest.raises(NotExpressibleError, match="'price': cast it to decimal128"):
            listed.code("pandas", schema=frame)

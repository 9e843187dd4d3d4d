# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from hypothesis import given, settings

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, inside, keys
from predicate.everything import BIG, COMPUTED, MEMBERS, PREDICATES, SCALARS, STRANGE, TABLE
from predicate.pandas_code_test import frames, trees

NAN = float("nan")


def in_polars(predicate, table):
    frame = pl.from_arrow(table).with_row_index("row number")
    found = frame.filter(predicate.expression("polars", frame=frame))["row number"].to_list()
    lazy = frame.lazy()
    assert lazy.filter(predicate.expression("polars", frame=lazy)).collect()["row number"].to_list() == found
    assert predicate.filter(lazy).collect()["row number"].to_list() == found
    return found


def in_arrow(predicate, table):
    table = table.append_column("row number", pa.array(range(table.num_rows), pa.int64()))
    found = table.filter(predicate.expression("pyarrow", frame=table))["row number"].to_pylist()
    dataset = ds.dataset(table)
    filtered = dataset.to_table(filter=predicate.expression("pyarrow", frame=dataset))
    assert filtered["row number"].to_pylist() == found
    return found


def in_duckdb(predicate, table):
    table = table.append_column("row number", pa.array(range(table.num_rows), pa.int64()))
    relation = duckdb.connect().from_arrow(table)
    return sorted(row[-1] for row in predicate.filter(relation).fetchall())


def wanted(predicate, table):
    return np.flatnonzero(predicate.mask(table)).tolist()


@pytest.mark.parametrize("predicate", PREDICATES, ids=str)
def polars_test(predicate):
    for part in (predicate, ~predicate, predicate | (col("i") == 2)):
        assert in_polars(part, TABLE) == wanted(part, TABLE)
    assert in_polars(predicate, TABLE.slice(0, 0)) == []


@pytest.mark.parametrize("predicate", [*SCALARS, *COMPUTED, *MEMBERS], ids=str)
def pyarrow_test(predicate):
    for part in (predicate, ~predicate, predicate | (col("s") == "web")):
        try:
            found = in_arrow(part, TABLE)
        except pa.ArrowInvalid:  # integers beyond 2**53 beside other types
            assert "u" in predicate.columns
        else:
            assert found == wanted(part, TABLE)


@pytest.mark.parametrize("predicate", [*COMPUTED, *MEMBERS, *SCALARS[:20]], ids=str)
def duckdb_test(predicate):
    table = TABLE.select(["i", "i8", "x", "y", "g", "s", "r", "c", "m", "u"])
    for part in (predicate, ~predicate):
        assert in_duckdb(part, table) == wanted(part, table)


@pytest.mark.parametrize(
    "predicate",
    [
        col("g") == 0.1,
        col("g") > 3.2,
        col("g").between(0.1, 3.2),
        col("g") <= 1e39,
        col("g").is_in([0.1]),
        col("g").is_in([16777217, 1e39, 1 / 3]),
        keys([3.2], Identity("column", ("g",))),
    ],
    ids=str,
)
def floats_of_32_bits_test(predicate):
    there = [0.1, 3.2, 1 / 3, 16777216, NAN, None, float("inf"), 0.0]
    table = pa.table({"g": pa.array(there, pa.float32())})
    for select in (in_polars, in_arrow, in_duckdb):
        for part in (predicate, ~predicate):
            assert select(part, table) == wanted(part, table), select.__name__


@pytest.mark.parametrize("pattern", [r"cookies?$", r"\bcaf", r"\Bcaf", "^web$", "(?i)^WEB"])
def patterns_test(pattern):
    predicate = col("s").matches(pattern)
    rows = wanted(predicate, TABLE)
    assert in_polars(predicate, TABLE) == in_arrow(predicate, TABLE) == rows
    assert in_duckdb(predicate, TABLE.select(["s"])) == rows


def patterns_without_engine_test():
    import narwhals as nw

    frame = nw.from_native(pl.from_arrow(TABLE))
    assert frame.filter(col("s").matches("^w|é").expression("narwhals")).shape[0] == 3
    for pattern in ("b$", r"\bweb"):
        with pytest.raises(NotExpressibleError, match="word boundary"):
            col("s").matches(pattern).expression("narwhals")
    pandas = TABLE.select(["s"]).to_pandas()
    with pytest.raises(NotExpressibleError, match="pandas"):
        col("s").matches("b$").expression("narwhals", frame=pandas)


@pytest.mark.parametrize("name", [name for name in STRANGE if name])  # polars renames "" when it reads Arrow
def strange_names_test(name):
    table = pa.table({name: [1.0, NAN, None], "other": [2, 2, 2], "ab": [3, 3, 3]})
    for predicate in (
        ~(col(name) > 0.5),
        col(name).is_null(),
        col(name) >= col("other"),
        col(name) + 1 < col("ab"),
        inside(name, "other", [(0, 0), (3, 0), (3, 3), (0, 3)]),
    ):
        assert in_polars(predicate, table) == in_arrow(predicate, table) == wanted(predicate, table)


def units_of_time_test():
    at = dt.datetime(1969, 12, 31, 23, 59, 59, 999_999)
    for unit in ("ms", "us", "ns"):
        counts = pa.array([-1001, -1000, -1, 0, 1, None])
        table = pa.table(
            {
                "t": counts.cast(pa.timestamp(unit)),
                "z": counts.cast(pa.timestamp(unit, "Asia/Tokyo")),
                "u": counts.cast(pa.duration(unit)),
            }
        )
        values = {"t": at, "z": at.replace(tzinfo=dt.UTC), "u": dt.timedelta(microseconds=-1)}
        for name, value in values.items():
            column = col(name)
            for predicate in (
                column == value,
                ~(column != value),
                column < value,
                column <= value,
                column > value,
                column >= value,
                column.between(value, value),
            ):
                assert in_polars(predicate, table) == wanted(predicate, table)


def different_units_test():
    ticks = pa.array([1, 2, 2, None])
    table = pa.table(
        {"a": ticks.cast(pa.timestamp("ms")), "b": pa.array([999, 2000, 2001, 0], pa.timestamp("us"))}
    )
    predicate = col("a") < col("b")
    assert in_arrow(predicate, table) == wanted(predicate, table) == [2]
    with pytest.raises(NotExpressibleError, match="coarser unit"):
        predicate.expression("polars", frame=pl.from_arrow(table))


def zones_test():
    day = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    table = pa.table(
        {
            "a": pa.array([day, None], pa.timestamp("us", "Asia/Tokyo")),
            "b": pa.array([day, day], pa.timestamp("us", "UTC")),
        }
    )
    predicate = col("a") == col("b")
    assert in_polars(predicate, table) == in_arrow(predicate, table) == [0]


def polygons_divide_exactly_test():
    rng = np.random.default_rng(0)
    polygon = [(0, 0), (7, 0.3), (7, 7), (0.1, 3)]
    # Points that lie on the edges as well as floats allow.
    ys = rng.uniform(0, 7, 20_000)
    xs = (ys - 0.3) * (7 - 7) / (7 - 0.3) + 7
    xs[::2] = (ys[::2] - 3) * (0 - 0.1) / (0 - 3) + 0.1
    table = pa.table({"x": xs, "y": ys})
    predicate = inside("x", "y", polygon)
    assert in_polars(predicate, table) == in_arrow(predicate, table) == wanted(predicate, table)
    exec(predicate.code("polars"), names := {"df": pl.from_arrow(table)})  # noqa: S102
    assert len(names["selected"]) == len(wanted(predicate, table))


@pytest.mark.parametrize(
    "predicate",
    [
        col("n").dot([1.0]) > 0,
        keys([1], Identity("row", (), 6)),
        col("l").any() == "a",
    ],
)
def inexpressible_test(predicate):
    for dialect in ("narwhals", "pyarrow"):
        with pytest.raises(NotExpressibleError):
            predicate.expression(dialect, frame=TABLE)


@pytest.mark.parametrize(
    ("predicate", "sentence"),
    [
        (col("s") > 3, "holds text"),
        (col("s") + 1 > 3, "arithmetic is done with numbers"),
        (col("x").length() > 3, "only texts and lists have a length"),
        (col("m").field("q") == 3, "no field 'q'"),
        (col("c") > "a", "is a category"),
        (col("x").matches("a"), "holds numbers"),
        (col("s") == col("x"), "can't be compared"),
    ],
)
def mismatch_test(predicate, sentence):
    for dialect, frame in (("polars", pl.from_arrow(TABLE)), ("pyarrow", TABLE), ("narwhals", TABLE)):
        with pytest.raises(TypeError, match=sentence):
            predicate.expression(dialect, frame=frame)


def without_types_test():
    table = pa.table({"n": [1, 2, None, BIG], "x": [0.5, NAN, None, -0.0]})
    for predicate in (
        ~(col("n") > 1),
        col("n").is_in([0, BIG]),
        col("x").is_in([0, 0.5]),
        col("x") != 0.25,
        col("x").is_null(),
        col("x") / 3 < 1,
    ):
        assert table.filter(predicate.expression("pyarrow")).num_rows == len(wanted(predicate, table))
    with pytest.raises(ValueError, match="frame="):
        (col("x").length() > 1).expression("pyarrow")


@settings(max_examples=150, deadline=None)
@given(trees, frames())
def law_test(predicate, table):
    assert in_polars(predicate, table) == in_arrow(predicate, table) == wanted(predicate, table)

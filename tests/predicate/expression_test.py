# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
import operator

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from hypothesis import given, settings

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, everything, inside, keys
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


@pytest.mark.parametrize("pattern", [r"cookies?$", r"\bcaf", "^web$", "(?i)^WEB"])
def patterns_test(pattern):
    predicate = col("s").matches(pattern)
    rows = wanted(predicate, TABLE)
    assert in_polars(predicate, TABLE) == in_arrow(predicate, TABLE) == rows
    assert in_duckdb(predicate, TABLE.select(["s"])) == rows


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud7ff\ud800"])
def half_a_character_test(text):
    there = ["", "a", "ab", "a\ud7ff", "a\ue000", "a\U0010ffff", "\ud7ff", "\ue000", "\U0010ffff", None]
    table = pa.table({"s": pa.array(there)})
    asked = [getattr(operator, op)(col("s"), text) for op in ("eq", "ne", "lt", "le", "gt", "ge")]
    asked += [col("s").is_in([text, "a"]), col("s").contains(text), col("s").starts_with(text)]
    for predicate in asked:
        for part in (predicate, ~predicate):
            rows = wanted(part, table)
            assert in_polars(part, table) == in_arrow(part, table) == in_duckdb(part, table) == rows


def patterns_without_engine_test():
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


@pytest.mark.parametrize("kind", [pa.timestamp, pa.duration])
def different_units_test(kind):
    table = pa.table(
        {
            "a": pa.array([1, 2, 2, 2, None, -1, -1, 0, 2**62], kind("ms")),
            "b": pa.array([999, 2000, 2001, 1999, 0, -1000, -999, None, 5], kind("us")),
        }
    )
    frame = pl.from_arrow(table).with_row_index("row number")
    for op in ("eq", "ne", "lt", "le", "gt", "ge"):
        for left, right in (("a", "b"), ("b", "a")):
            predicate = getattr(operator, op)(col(left), col(right))
            for part in (predicate, ~predicate):
                assert in_polars(part, table) == wanted(part, table)
                # In the finer unit, the last row would overflow: Arrow says so.
                assert in_arrow(part, table[:-1]) == wanted(part, table[:-1])
                found = nw.from_native(frame).filter(part.expression("narwhals", frame=frame))
                assert found["row number"].to_list() == wanted(part, table)


def lists_of_a_fixed_size_and_every_row_test():
    table = pa.table({"v": pa.array([[1.0, 2.0], None], pa.list_(pa.float32(), 2)), "n": [1, 2]})
    for predicate in (col("v").length() == 2, ~(col("v").length() == 2), everything(), ~everything()):
        assert in_polars(predicate, table) == in_duckdb(predicate, table) == wanted(predicate, table)
        for frame in (table, pl.from_arrow(table)):
            found = nw.from_native(frame).lazy().filter(predicate.expression("narwhals", frame=frame))
            assert len(found.collect()) == len(wanted(predicate, table))


def nanoseconds_beside_far_literals_test():
    counts = pa.array([-(2**63) + 1, -1, 0, 1, 2**63 - 1, None])
    table = pa.table(
        {"t": counts.cast(pa.timestamp("ns")), "z": counts.cast(pa.timestamp("ns", "Asia/Tokyo"))}
    )
    for value in (dt.datetime(1, 1, 1), dt.datetime(1970, 1, 1), dt.datetime(9999, 1, 1)):
        for column, literal in ((col("t"), value), (col("z"), value.replace(tzinfo=dt.UTC))):
            tests = [getattr(operator, op)(column, literal) for op in ("eq", "ne", "lt", "le", "gt", "ge")]
            for predicate in (*tests, column.is_in([literal]), column.between(literal, literal)):
                assert in_arrow(predicate, table) == wanted(predicate, table)
                assert in_polars(predicate, table) == wanted(predicate, table)


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

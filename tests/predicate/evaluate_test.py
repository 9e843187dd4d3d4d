# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
import functools
import operator
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from datalens.core.errors import ColumnError
from datalens.core.keys import Identity
from datalens.predicate import col, inside, keys

NAN = float("nan")


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (col("a") == 2, [0, 1, 0, 0]),
        (col("a") != 2, [1, 0, 1, 0]),
        (col("a") < 2, [1, 0, 0, 0]),
        (col("a") <= 2, [1, 1, 0, 0]),
        (col("a") > 2, [0, 0, 1, 0]),
        (col("a") >= 2, [0, 1, 1, 0]),
        (~(col("a") > 2), [1, 1, 0, 1]),
        (~(col("a") != 2), [0, 1, 0, 1]),
        (col("a").between(2, 3), [0, 1, 1, 0]),
        (col("a").is_in([1, 3.0]), [1, 0, 1, 0]),
        (~col("a").is_in([1]), [0, 1, 1, 1]),
        (col("a").is_in([]), [0, 0, 0, 0]),
        (col("a").is_null(), [0, 0, 0, 1]),
        ((col("a") > 1) & (col("a") < 3), [0, 1, 0, 0]),
        ((col("a") == 1) | col("a").is_null(), [1, 0, 0, 1]),
        (3 > col("a"), [1, 1, 0, 0]),  # noqa: SIM300
        (col("a") > 2**70, [0, 0, 0, 0]),
        (col("a") > float("-inf"), [1, 1, 1, 0]),
    ],
)
def number_test(make, predicate, expected):
    assert predicate.mask(make(a=[1, 2, 3, None])).tolist() == [bool(v) for v in expected]


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (col("a") > 1, [0, 1, 0, 0]),
        (col("a") != 1.5, [1, 1, 0, 0]),
        (~(col("a") > 1), [1, 0, 1, 1]),
        (col("a").is_null(), [0, 0, 1, 1]),
        (col("a") == col("b"), [1, 0, 0, 0]),
        (col("a") != col("b"), [0, 1, 0, 0]),
        (~(col("a") < col("b")), [1, 1, 1, 1]),
        (col("a") >= col("b"), [1, 1, 0, 0]),
    ],
)
def nan_test(make, predicate, expected):
    frame = make(a=pa.array([1.0, float("inf"), NAN, None]), b=pa.array([1.0, 2.0, NAN, 1.0]))
    assert predicate.mask(frame).tolist() == [bool(v) for v in expected]


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (col("s") == "web", [1, 0, 0]),
        (col("s") != "web", [0, 1, 0]),
        (col("s") > "m", [1, 0, 0]),
        (col("s").is_in(["web", "x"]), [1, 0, 0]),
        (col("s").contains("oo"), [0, 1, 0]),
        (col("s").contains("O"), [0, 0, 0]),
        (col("s").contains("."), [0, 0, 0]),
        (col("s").contains(""), [1, 1, 0]),
        (~col("s").contains("oo"), [1, 0, 1]),
        (col("s").starts_with("we"), [1, 0, 0]),
        (col("s").is_null(), [0, 0, 1]),
        (col("s") == "\ud800", [0, 0, 0]),
        (col("s") != "\ud800", [1, 1, 0]),
        (col("s").contains("\ud800"), [0, 0, 0]),
        (col("s").is_in(["\ud800", "web"]), [1, 0, 0]),
        (col("s") == col("t"), [1, 0, 0]),
        (col("s") < col("t"), [0, 1, 0]),
    ],
)
def text_test(make, predicate, expected):
    frame = make(s=["web", "books", None], t=["web", "c", "d"])
    assert predicate.mask(frame).tolist() == [bool(v) for v in expected]


def boolean_test(make):
    frame = make(f=[True, False, None])
    assert (col("f") == True).mask(frame).tolist() == [True, False, False]  # noqa: E712
    assert (col("f") != True).mask(frame).tolist() == [False, True, False]  # noqa: E712
    assert col("f").is_in([False]).mask(frame).tolist() == [False, True, False]


def integers_beyond_floats_test(make):
    big = 2**53 + 1
    frame = make(a=[big, big - 1])
    assert (col("a") == big).mask(frame).tolist() == [True, False]
    assert col("a").is_in([big]).mask(frame).tolist() == [True, False]


def datetime_test(make):
    frame = make(
        t=pa.array([dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 12), None], pa.timestamp("ms")),
        z=pa.array(
            [dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 1, 2, tzinfo=dt.UTC), None],
            pa.timestamp("us", "Europe/Berlin"),
        ),
        d=[dt.date(2024, 1, 1), dt.date(2024, 1, 2), None],
    )
    day = dt.date(2024, 1, 1)
    assert (col("t") == day).mask(frame).tolist() == [True, False, False]
    assert (col("t") > dt.datetime(2024, 1, 1, 0, 0, 0, 1)).mask(frame).tolist() == [False, True, False]
    assert (col("t") < dt.datetime(2024, 1, 1, 0, 0, 0, 1)).mask(frame).tolist() == [True, False, False]
    assert (col("z") >= dt.datetime(2024, 1, 2, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))).mask(
        frame
    ).tolist() == [
        False,
        True,
        False,
    ]
    assert (col("d") > day).mask(frame).tolist() == [False, True, False]
    assert col("d").is_in([day]).mask(frame).tolist() == [True, False, False]
    assert (col("t") != dt.datetime(2024, 1, 1)).mask(frame).tolist() == [False, True, False]


def different_units_test():
    frame = pa.table(
        {
            "a": pa.array([1, 2, 2, None], pa.timestamp("s")),
            "b": pa.array([1_000_000_001, 2_000_000_000, 1_999_999_999, 0], pa.timestamp("ns")),
        }
    )
    assert (col("a") < col("b")).mask(frame).tolist() == [True, False, False, False]
    assert (col("b") <= col("a")).mask(frame).tolist() == [False, True, True, False]
    assert (col("a") != col("b")).mask(frame).tolist() == [True, False, True, False]


def timedelta_test(make):
    frame = make(d=[dt.timedelta(minutes=1), dt.timedelta(hours=1), None])
    assert (col("d") > dt.timedelta(minutes=1)).mask(frame).tolist() == [False, True, False]
    assert col("d").is_in([dt.timedelta(minutes=1)]).mask(frame).tolist() == [True, False, False]


def decimal_test(make):
    frame = make(p=[Decimal("1.50"), Decimal("2.25"), None])
    assert (col("p") == Decimal("1.5")).mask(frame).tolist() == [True, False, False]
    assert (col("p") > 2).mask(frame).tolist() == [False, True, False]
    assert col("p").is_in([Decimal("2.25")]).mask(frame).tolist() == [False, True, False]


def inside_test(make):
    frame = make(x=[1.0, 3.0, None, NAN, float("inf")], y=[1.0, 1.0, 1.0, 1.0, 1.0])
    square = inside("x", "y", [(0, 0), (2, 0), (2, 2), (0, 2)])
    assert square.mask(frame).tolist() == [True, False, False, False, False]
    assert (~square).mask(frame).tolist() == [False, True, True, True, True]


def category_test():
    values = ["web", "books", None, "web"]
    for frame in (
        pd.DataFrame({"s": pd.Series(values, dtype="category")}),
        pl.DataFrame({"s": pl.Series(values, dtype=pl.Categorical)}),
        pa.table({"s": pa.array(values).dictionary_encode()}),
    ):
        assert (col("s") == "web").mask(frame).tolist() == [True, False, False, True]
        assert (col("s") != "web").mask(frame).tolist() == [False, True, False, False]
        assert col("s").is_in(["books"]).mask(frame).tolist() == [False, True, False, False]
        assert col("s").contains("e").mask(frame).tolist() == [True, False, False, True]
        assert col("s").is_null().mask(frame).tolist() == [False, False, True, False]
        with pytest.raises(TypeError, match="is a category, which has no order"):
            (col("s") > "m").mask(frame)


def nested_is_null_test(make):
    frame = make(c=[[1], None, []], s=[{"a": 1}, None, {"a": None}])
    assert col("c").is_null().mask(frame).tolist() == [False, True, False]
    assert col("s").is_null().mask(frame).tolist() == [False, True, False]


def all_null_test(make):
    frame = make(a=pa.nulls(2, pa.string()))
    assert (col("a") == "x").mask(frame).tolist() == [False, False]
    assert (~(col("a") == "x")).mask(frame).tolist() == [True, True]


def object_with_surrogate_test():
    frame = pd.DataFrame({"s": pd.Series(["\ud800x", "b", None], dtype=object)})
    assert (col("s") == "\ud800x").mask(frame).tolist() == [True, False, False]
    assert col("s").contains("\ud800").mask(frame).tolist() == [True, False, False]
    assert col("s").is_in(["b"]).mask(frame).tolist() == [False, True, False]


def float32_test():
    frame = {"a": np.array([0.1, 0.2], dtype=np.float32)}
    for made in (pd.DataFrame(frame), pl.DataFrame(frame), pa.table(frame)):
        assert (col("a") == 0.1).mask(made).tolist() == [True, False]


@pytest.mark.parametrize("bits", [16, 32])
@pytest.mark.parametrize(
    "wanted", [[0.1], [1 / 3, 16777217], [1e39], [-1e300, 0], [2**53 + 1, 2049], [0.1, 65520, 5e-9]]
)
def lists_round_as_equality_test(bits, wanted):
    with np.errstate(over="ignore"):
        there = np.array(
            [0.1, 1 / 3, 16777216, 2**53, 2048, np.inf, -np.inf, -0.0, np.nan, 65504], f"float{bits}"
        )
    either = functools.reduce(operator.or_, [col("a") == value for value in wanted])
    made = [pd.DataFrame({"a": there}), pa.table({"a": there}), pl.DataFrame({"a": there})]
    for frame in made:
        listed = col("a").is_in(wanted).mask(frame).tolist()
        assert listed == either.mask(frame).tolist()
        assert any(listed)
    table = pa.table({"a": pa.array([there, None], pa.list_(pa.from_numpy_dtype(there.dtype)))})
    assert col("a").any().is_in(wanted).mask(table).tolist() == [True, False]


@pytest.mark.parametrize("scheme", ["column", "row", "content"])
def keys_test(make, scheme):
    frame = make(id=["a", "b", "c"], n=[1, 1, 2])
    native = (
        frame
        if isinstance(frame, pd.DataFrame)
        else pl.from_arrow(frame).to_pandas()
        if isinstance(frame, pa.Table)
        else frame.to_pandas()
    )
    identity = {
        "column": Identity("column", ("id",)),
        "row": Identity("row", (), 3, "f.parquet"),
        "content": Identity("content", ("n",)),
    }[scheme]
    wanted = identity.keys(native)[[1]]
    assert keys(wanted, identity).mask(frame).tolist() == [False, True, False]
    assert (~keys(wanted, identity)).mask(frame).tolist() == [True, False, True]


def keys_of_another_length_test(make):
    with pytest.raises(ValueError, match="by number"):
        keys([1], Identity("row", (), 9, "f.parquet")).mask(make(a=[1]))


def native_kind_test():
    predicate = col("a") > 1
    df = pd.DataFrame({"a": [1, 2]}, index=[7, 7])
    assert predicate(df).index.tolist() == [7, 7]
    assert df[predicate]["a"].tolist() == [2]
    mask = predicate.evaluate(pl.DataFrame({"a": [1, 2]}))
    assert isinstance(mask, pl.Series)
    assert mask.dtype == pl.Boolean
    table = pa.table({"a": [1, 2]})
    assert table.filter(predicate.evaluate(table)).num_rows == 1


def zero_rows_test(make):
    frame = make(a=pa.array([], pa.int64()), s=pa.array([], pa.string()))
    for predicate in (
        col("a") > 1,
        col("s").contains("x"),
        col("a").is_null(),
        inside("a", "a", [(0, 0), (1, 0), (0, 1)]),
    ):
        assert predicate.mask(frame).tolist() == []


@pytest.mark.parametrize(
    ("predicate", "sentence"),
    [
        (col("n") > "x", "Column 'n' holds numbers .* can't be compared with the text 'x'"),
        (col("s") > 3, "Column 's' holds text .* can't be compared with the number 3"),
        (col("n").contains("x"), "Column 'n' holds numbers .* contains can't look for 'x'"),
        (col("n") == True, "Column 'n' holds numbers"),  # noqa: E712
        (col("n") == col("s"), "Column 'n' .* can't be compared with column 's'"),
        (inside("n", "s", [(0, 0), (1, 0), (0, 1)]), "Column 's' .* no polygon"),
        (col("n").is_in(["a"]), "Column 'n' holds numbers"),
        (col("t") > dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "Give a datetime without tzinfo"),
        (col("c") == 1, "lists or structs|several types"),
    ],
)
def mismatch_test(make, predicate, sentence):
    frame = make(n=[1], s=["a"], t=[dt.datetime(2024, 1, 1)], c=[[1]])
    with pytest.raises(TypeError, match=sentence):
        predicate.mask(frame)


def mixed_column_test():
    with pytest.raises(TypeError, match="several types"):
        (col("a") == "x").mask(pd.DataFrame({"a": ["x", 1]}))


def missing_column_test(make):
    with pytest.raises(ColumnError, match="Did you mean 'loss'"):
        (col("los") > 1).mask(make(loss=[1.0]))


def several_columns_of_a_name_test():
    with pytest.raises(ValueError, match="several columns 'a'"):
        (col("a") > 1).mask(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def not_a_frame_test():
    with pytest.raises(TypeError, match="dataframe in memory"):
        (col("a") > 1).mask(pl.LazyFrame({"a": [1]}))
    with pytest.raises(TypeError, match="dataframe in memory"):
        (col("a") > 1).mask([1, 2])


def filter_test(make):
    assert len((col("a") > 1).filter(make(a=[1, 2, 3]))) == 2


LAZY = pl.LazyFrame(
    {
        "x": [0.5, 3.0, None, NAN, -1.0],
        "y": [0.5, 1.0, 2.0, 0.5, 0.2],
        "n": [1, 2, None, 4, 5],
        "s": ["a", "b", None, "cookie", "e"],
        "t": [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in (1, 2, 3, 4, 5)],
        "u": [dt.datetime(2024, 1, day) for day in (1, 2, 3, 4, 5)],
        "c": pl.Series(["a", "b", None, "b", "a"], dtype=pl.Categorical),
        "i": pl.Series([1, 2, None, 4, 5], dtype=pl.Int8),
        "g": pl.Series([0.5, 0.1, None, NAN, 5], dtype=pl.Float32),
    }
)


@pytest.mark.parametrize(
    "predicate",
    [
        ~(col("x") > 0.5),
        col("x") != 3,
        col("x").is_null(),
        col("s").is_null(),
        ~(col("x") >= col("y")),
        col("x") == col("x"),
        col("n").between(2, 4) | col("s").starts_with("e"),
        ~col("s").contains("oo"),
        ~col("s").is_in(["a", "b"]),
        col("n").is_in([]),
        inside("x", "y", [(0, 0), (4, 0), (4, 2), (0, 2)]),
        ~inside("x", "y", [(0, 0), (4, 0), (4, 2), (0, 2)]),
        col("t") > dt.datetime(2024, 1, 3, tzinfo=dt.UTC),
        col("u").is_in([dt.date(2024, 1, 3)]),
        col("u") >= dt.date(2024, 1, 3),
        col("c") != "a",
        col("c").is_in(["b"]),
        col("c").starts_with("b"),
        ~(col("c") == col("s")),
        col("i").is_in([1, 2.5, 2**70, 4]),
        col("g").is_in([0.5, 5]),
        col("g") == 0.1,
        col("i") > 2**70,
        keys(["a"], Identity("column", ("s",))),
        (col("n") != 2) & ~(col("s") == "a"),
    ],
)
def lazy_filter_test(predicate):
    eager = LAZY.collect()
    lazy = predicate.filter(LAZY)
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().equals(eager.filter(predicate.evaluate(eager)))


def lazy_keys_test():
    with pytest.raises(TypeError, match="collect the frame first"):
        keys([0], Identity("row", (), 5)).filter(LAZY)


def lazy_mismatch_test():
    with pytest.raises(TypeError, match="'s' holds text"):
        (col("s") > 1).filter(LAZY)
    with pytest.raises(ColumnError, match="no column 'q'"):
        (col("q") > 1).filter(LAZY)


def expression_without_types_test():
    with pytest.raises(ValueError, match="frame="):
        col("x").is_null().expression("polars")
    with pytest.raises(ValueError, match="narwhals, polars"):
        col("x").is_null().expression("cobol")


@pytest.mark.parametrize("values", [[], [None, None]])
def categories_without_values_hold_nothing_test(values):
    frame = pd.DataFrame({"a": pd.Categorical(values)})
    for predicate in (col("a").contains("x"), col("a") == "x", col("a") == 1, col("a") > 1):
        assert predicate.mask(frame).tolist() == [False] * len(values)
        assert (~predicate).mask(frame).tolist() == [True] * len(values)
    assert col("a").is_null().mask(frame).tolist() == [True] * len(values)


def runs_of_equal_values_are_read_as_values_test():
    runs = pa.RunEndEncodedArray.from_arrays([2, 3, 5], pa.array(["a", None, "b"]))
    table = pa.table({"r": runs})
    assert col("r").is_null().mask(table).tolist() == [False, False, True, False, False]
    assert (col("r") != "a").mask(table).tolist() == [False, False, False, True, True]

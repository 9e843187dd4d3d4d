# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from datalens.core.errors import ColumnError, UnfitError
from datalens.core.keys import Identity
from datalens.predicate import Linear, col, evaluate, inside, keys

COLUMNS = {
    "n": [1, 2],
    "x": [0.5, None],
    "s": ["a", None],
    "f": [True, False],
    "t": [dt.datetime(2024, 1, 1), None],
    "z": pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC), None]),
    "d": [dt.date(2024, 1, 1), None],
    "l": [dt.timedelta(1), None],
    "p": [Decimal("1.5"), None],
    "c": [[1.0, 2.0], None],
    "m": [{"lang": "en"}, None],
    "k": pa.array(["a", None]).dictionary_encode(),
}
UNFIT = [
    col("n") > "x",
    col("s") > 3,
    col("f") == 1,
    col("n").contains("x"),
    col("n") == col("s"),
    col("n").is_in(["a"]),
    col("t") > dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    col("z") == dt.date(2024, 1, 1),
    col("d") > dt.datetime(2024, 1, 1),
    col("l") > 3,
    col("p") > 1.5,
    col("c") == 1,
    col("m") == "en",
    col("k") > "a",
    col("k") == 1,
    col("n").length() > 1,
    col("s") + 1 > 2,
    inside("n", "s", [(0, 0), (1, 0), (0, 1)]),
    Linear("x", (1.0, 2.0), 0.5),
    col("n").any() > 1,
    col("c").any() == "a",
    col("m").field("lang") > 1,
    col("m").field("lnag") == "en",
    keys([1], Identity("column", ("s",))),
]


@pytest.fixture
def unread(monkeypatch):
    """Let no column's values be read."""

    def read(self, name):
        msg = f"Column {name!r} was read."
        raise AssertionError(msg)

    monkeypatch.setattr(evaluate.Frame, "_read", read)


@pytest.mark.parametrize("kind", ["pandas arrow", "polars", "pyarrow"])
@pytest.mark.parametrize("predicate", UNFIT, ids=str)
def before_anything_runs_test(unread, kind, predicate):
    table = pa.table(COLUMNS)
    frame = {
        "pandas arrow": lambda: table.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": lambda: pl.from_arrow(table),
        "pyarrow": lambda: table,
    }[kind]()
    for whole in (predicate, ~(col("x") > 0) & (col("n").is_null() | predicate)):
        with pytest.raises(UnfitError, match="'"):
            whole.mask(frame)


@pytest.mark.parametrize("predicate", UNFIT, ids=str)
def same_sentence_as_when_it_is_read_test(monkeypatch, make, predicate):
    frame = make(**COLUMNS)
    with pytest.raises(UnfitError) as checked:
        predicate.mask(frame)
    monkeypatch.setattr("datalens.predicate.check.check_frame", lambda *_: None)
    with pytest.raises(UnfitError) as read:
        predicate.mask(frame)
    assert str(checked.value) == str(read.value)


# pandas 2.2 keeps text as objects: what those are is known only when they are read.
text_has_a_type = pytest.mark.skipif(
    pd.Series(["a"]).dtype == object, reason="text has no type of its own before pandas 3"
)


@pytest.mark.parametrize(
    "dtype",
    [
        "int8",
        "float32",
        "bool",
        "datetime64[s]",
        "timedelta64[ms]",
        pytest.param("str", marks=text_has_a_type),
        pytest.param("category", marks=text_has_a_type),
    ],
)
def pandas_types_test(unread, dtype):
    values = ["a", "b"] if dtype in ("str", "category") else [0, 1]
    frame = pd.DataFrame({"v": pd.Series(values).astype(dtype)})
    with pytest.raises(UnfitError, match="'v'"):
        (col("v") == Decimal(1)).mask(frame)


def objects_are_checked_when_they_are_read_test():
    frame = pd.DataFrame({"v": pd.Series(["a", None], dtype=object)})
    assert (col("v") == "a").mask(frame).tolist() == [True, False]
    with pytest.raises(UnfitError, match="'v' holds text"):
        (col("v") == 1).mask(frame)


@text_has_a_type
def many_categories_are_not_read_test(unread):
    frame = pd.DataFrame({"v": pd.Categorical(["a"], categories=["a", "b"]), "n": [1]})
    with pytest.raises(UnfitError, match="has no order"):
        (col("v") > "a").mask(frame)
    with pytest.raises(UnfitError, match="can't look for 'x'"):
        (col("v").contains("a") & col("n").contains("x")).mask(frame)


def missing_column_comes_first_test(unread, make):
    with pytest.raises(ColumnError, match="Did you mean 'loss'"):
        ((col("s") > 1) & (col("los") > 1)).mask(make(loss=[1.0], s=["a"]))


def missing_field_test(unread):
    with pytest.raises(UnfitError, match=r"In column 'm' there is no field 'lnag'\. Did you mean 'lang'"):
        (col("m").field("lnag") == "en").mask(pa.table(COLUMNS))


def lazy_test():
    lazy = pl.from_arrow(pa.table(COLUMNS)).lazy()
    for predicate in UNFIT:
        with pytest.raises(UnfitError, match="'"):
            ((col("n") == 1) & predicate).filter(lazy)
    with pytest.raises(ColumnError, match=r"no column 'nn'"):
        (col("nn") > 1).filter(lazy)


def lazy_type_that_arrow_lacks_test():
    lazy = pl.LazyFrame({"v": [None, None], "n": [1, 2]})
    assert (col("n") > 1).filter(lazy).collect().height == 1


def duckdb_test():
    relation = duckdb.sql("select 1 as n, 'a' as s")
    with pytest.raises(UnfitError, match="'s' holds text"):
        ((col("n") == 1) | (col("s") > 1)).filter(relation)


@pytest.mark.parametrize("name", ["LOSS", "Loss", "losss"])
def capitals_in_a_name_do_not_hide_its_neighbour_test(name):
    with pytest.raises(ColumnError, match=r"Did you mean 'loss'\?"):
        (col(name) > 3).evaluate(pd.DataFrame({"loss": [1.0], "TEXT": ["a"]}))


def names_that_are_numbers_test():
    frame = pd.DataFrame({0: [1.0], "b": [2.0]})
    with pytest.raises(
        ColumnError, match=r"'0'\. There is one named 0, of type int, but names are texts here"
    ):
        (col("0") > 3).evaluate(frame)
    assert "df[" in (col("b") > 1).code("pandas", schema=frame)


@pytest.mark.parametrize("dialect", ["pandas", "polars", "pyarrow", "duckdb", "lance", "python"])
def code_checks_names_and_types_test(dialect):
    frame = pl.DataFrame({"n": [1], "s": ["a"]})
    for schema in (
        frame,
        frame.schema,
        frame.lazy(),
        frame.to_arrow(),
        frame.to_arrow().schema,
        frame.to_pandas(),
    ):
        assert (col("n") > 1).code(dialect, schema=schema)
        with pytest.raises(ColumnError, match="no column 'nn'"):
            (col("nn") > 1).code(dialect, schema=schema)
        with pytest.raises(UnfitError, match="'n' holds numbers"):
            (col("n") > "a").code(dialect, schema=schema)


def integers_of_128_bits_test():
    frame = pl.DataFrame({"n": [1], "m": [2]}, schema={"n": pl.Int128, "m": pl.Int64})
    sentence = r"Column 'n' holds integers of 128 bits \(Int128\)"
    with pytest.raises(UnfitError, match=sentence):
        (col("n") > 1).evaluate(frame)
    for schema in (frame, frame.schema, frame.lazy()):
        assert (col("m") > 1).code("duckdb", schema=schema) == "m > 1"
        with pytest.raises(UnfitError, match=sentence):
            (col("n") > 1).code("polars", schema=schema)


OBJECTS = pd.DataFrame(
    {
        "price": [None, Decimal("1.10"), Decimal("20.5")],
        "day": [dt.date(2024, 2, 29), None, dt.date(2024, 1, 1)],
        "name": pd.Series(["a", None, "b"], dtype=object),
        "mixed": ["a", 1, None],
        "empty": pd.Series([None, None, None], dtype=object),
    }
)


@pytest.mark.parametrize(
    ("misfit", "holds"),
    [
        (col("price") == "a", "'price' holds"),
        (col("price").contains("a"), "'price' holds"),
        (col("day") > 3, "'day' holds"),
        (col("day") == "2024-02-29", "'day' holds"),
        (col("name") > 3, "'name' holds text"),
        (col("name").is_in([1]), "'name' holds text"),
        (col("name") > col("price"), "can't be compared with column 'price'"),
    ],
)
def objects_of_pandas_test(misfit, holds):
    with pytest.raises(UnfitError, match=holds):
        misfit.code("pandas", schema=OBJECTS)
    with pytest.raises(UnfitError, match=holds):
        misfit.mask(OBJECTS)


@pytest.mark.parametrize(
    "predicate",
    [
        col("price") > Decimal("1.5"),
        col("price") > 1,
        col("day") >= dt.date(2024, 2, 1),
        col("name") == "a",
        col("name").matches("^a"),
        col("mixed") > 3,
        col("empty") > 3,
        col("empty") == "a",
    ],
)
def fitting_objects_of_pandas_test(predicate):
    # What is of no one type is checked when it is read.
    assert predicate.code("pandas", schema=OBJECTS)


def few_objects_are_looked_at_test():
    late = pd.DataFrame({"name": pd.Series([None] * 5000 + ["a"], dtype=object)})
    assert (col("name") > 3).code("pandas", schema=late)

# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import dataclasses
import datetime as dt
import json
import pickle
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import datalens.predicate as dl
from datalens.core.errors import UnfitError
from datalens.core.keys import Identity
from datalens.predicate import Predicate, col, inside, keys

SAMPLES = [
    col("loss") > 3.2,
    col("a") == col("b"),
    col("a") != 'it\'s "so"\n',
    col("a") == 2**60,
    col("a") > float("-inf"),
    col("a") == True,  # noqa: E712
    col("a") >= dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC),
    col("a") >= dt.datetime(2024, 1, 1, 12, 0, 0, 5),
    col("a") < dt.date(2024, 2, 29),
    col("a").between(dt.timedelta(seconds=-1), dt.timedelta(days=2, microseconds=3)),
    col("a") == Decimal("1.50"),
    col("a").is_in(["x", "😀", "\ud800"]),
    col("a").is_in([]),
    col("a").is_null(),
    col("te'xt").contains("\\"),
    col("text").starts_with(""),
    inside("x", "y", [(0, 0), (1.5, 0.1), (0.25, 3)]),
    keys(["a", "b"], Identity("column", ("id",))),
    keys(["0123456789abcdef-0"], Identity("content", ("a", "b"))),
    keys([0, 8], Identity("row", (), 9, "f.parquet", "abc")),
    (col("a") > 1) & (col("b") > 1) | ~(col("c").is_null() & (col("d") == 1)),
    ~((col("a") > 1) | col("b").is_null()),
]


@pytest.mark.parametrize("predicate", SAMPLES, ids=str)
def json_round_trip_test(predicate):
    assert Predicate.from_json(predicate.to_json()) == predicate
    assert Predicate.from_json(json.loads(predicate.to_json())) == predicate
    assert Predicate.from_dict(predicate.to_dict()) == predicate


@pytest.mark.parametrize("predicate", SAMPLES, ids=str)
def pickle_and_hash_test(predicate):
    again = pickle.loads(pickle.dumps(predicate))  # noqa: S301
    assert again == predicate
    assert hash(again) == hash(predicate)
    assert again.columns == predicate.columns


def immutable_test():
    predicate = col("a").contains("x")
    with pytest.raises(dataclasses.FrozenInstanceError):
        predicate.value = "y"


def equality_tells_types_apart_test():
    assert len({col("a") == 1, col("a") == 1.0, col("a") == True}) == 3  # noqa: E712
    assert (col("a") > 1) != (col("a") >= 1)
    assert (col("a") > 1) != "a"


def flattening_test():
    a, b, c = (col(name).is_null() for name in "abc")
    assert len(((a & b) & c).of) == 3
    assert len((a & (b & c)).of) == 3
    assert len((a & b | c).of) == 2
    assert ~~a == a


def columns_test():
    assert keys(["x"], Identity("column", ("id",))).columns == ("id",)
    assert (inside("y", "x", [(0, 0), (1, 0), (0, 1)]) & (col("b") == col("a"))).columns == (
        "a",
        "b",
        "x",
        "y",
    )


@pytest.mark.parametrize(
    ("predicate", "label"),
    [
        (col("loss") > 3.2, "loss > 3.2"),
        (col("source") == "web", "source is web"),
        (col("source") != "web", "source is not web"),
        (col("a") == col("b"), "a == b"),
        (col("loss").between(1, 2.5), "loss from 1 to 2.5"),
        (col("source").is_in(["web", "books", "c", "d", "e"]), "source in web, books +3"),
        (col("source").is_in(["web"]), "source in web"),
        (col("loss").is_null(), "loss is null"),
        (col("text").contains("cookie"), 'text contains "cookie"'),
        (col("text").contains("a\n\u202eb"), 'text contains "a  b"'),
        (inside("x", "y", [(0, 0), (1, 0), (0, 1)]), "inside lasso"),
        (keys(range(1204), Identity("column", ("id",))), "1,204 rows by key"),
        (keys(["a"], Identity("column", ("id",))), "1 row by key"),
        (~(col("loss") > 3.2), "not (loss > 3.2)"),
        (
            col("a").is_null() & (col("b").is_null() | col("c").is_null()),
            "a is null and (b is null or c is null)",
        ),
    ],
)
def label_test(predicate, label):
    assert predicate.label() == label


def no_truth_test():
    with pytest.raises(TypeError, match=r"combine with & \| ~"):
        bool(col("a") > 1)
    with pytest.raises(TypeError, match="between"):
        1 < col("a") < 3  # noqa: B015


@pytest.mark.parametrize(
    "value", [None, float("nan"), np.nan, pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("NaN")]
)
def null_literal_test(value):
    with pytest.raises(ValueError, match=r"is_null\(\)"):
        col("a") == value  # noqa: B015
    with pytest.raises(ValueError, match=r"is_null\(\)"):
        col("a").is_in([value])


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.datetime64("2024-01-01T12", "ns"), dt.datetime(2024, 1, 1, 12)),
        (np.datetime64("2024-01-01"), dt.date(2024, 1, 1)),
        (np.timedelta64(1, "m"), dt.timedelta(minutes=1)),
        (pd.Timestamp("2024-01-01 12:00"), dt.datetime(2024, 1, 1, 12)),
        (pd.Timestamp("2024-01-01 12:00", tz="Europe/Berlin"), dt.datetime(2024, 1, 1, 11, tzinfo=dt.UTC)),
        (pd.Timedelta("1min"), dt.timedelta(minutes=1)),
    ],
)
def scalar_test(value, plain):
    kept = (col("a") == value).right.value
    assert kept == plain
    assert type(kept) is type(plain)


@pytest.mark.parametrize(
    ("make", "error", "sentence"),
    [
        (lambda: col("a") == [1], TypeError, "can't be compared with list"),
        (lambda: col("a") == pd.Timestamp(1), ValueError, "nanoseconds"),
        (lambda: col("a") < True, TypeError, "use == or !="),
        (lambda: col("a").between(1, "x"), TypeError, "one kind"),
        (lambda: col("a").is_in([1, "x"]), TypeError, "several kinds"),
        (lambda: col("a").is_in([1, True]), TypeError, "several kinds"),
        (lambda: col("a").is_in("web"), TypeError, "list of values"),
        (lambda: col("a").contains(3), TypeError, "looks for text"),
        (lambda: col("a") == 2**200, ValueError, "bits"),
        (lambda: col(3), TypeError, "name is text"),
        (lambda: inside("x", "y", [(0, 0), (1, 1)]), ValueError, "at least 3"),
        (lambda: inside("x", "y", [(0, 0), (1, 1), (0, float("nan"))]), ValueError, "finite"),
        (lambda: inside("x", "y", [1, 2, 3]), ValueError, "pairs"),
        (lambda: keys([9], Identity("row", (), 9)), ValueError, "0 to 8"),
        (lambda: keys(["x"], Identity("content", ("a",))), ValueError, "hexadecimal"),
        (lambda: keys(["x"], Identity("column", ())), ValueError, "can't be named"),
        (lambda: dl.And((col("a").is_null(),)), ValueError, "at least two"),
    ],
)
def refused_test(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def depth_test():
    def nested():
        predicate = col("a").is_null()
        for i in range(100):
            predicate = predicate & col("b").is_null() if i % 2 else predicate | col("b").is_null()

    with pytest.raises(ValueError, match="nested more than"):
        nested()


LEAF = {"op": "is_null", "column": "a"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"op": 3},
        {"op": "exec", "code": "1"},
        {"op": "__class__"},
        {"op": "is_null"},
        {"op": "is_null", "column": 3},
        {"op": "is_null", "column": "x" * 100_000},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": None}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": [1]}},
        {"op": "eq", "left": {"column": "a"}, "right": 3},
        {"op": "eq", "left": {"value": 1}, "right": {"value": 1}},
        {"op": "lt", "left": {"column": "a"}, "right": {"value": True}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "eval", "value": "1"}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "int", "value": "9" * 90}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "int", "value": "9" * 9000}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "float", "value": "nan"}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "decimal", "value": "x"}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "date", "value": "2024-02-30"}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": "timedelta", "value": "9" * 40}}},
        {"op": "eq", "left": {"column": "a"}, "right": {"value": {"type": ["int"], "value": "1"}}},
        {"op": "between", "column": "a", "low": 1, "high": "x"},
        {"op": "is_in", "column": "a", "values": "abc"},
        {"op": "is_in", "column": "a", "values": [1, "a"]},
        {"op": "contains", "column": "a", "value": 3},
        {"op": "inside", "x": "x", "y": "y", "polygon": [[0, 0], [1, 1]]},
        {"op": "inside", "x": "x", "y": "y", "polygon": [[0, 0], [1, 1], ["1", 2]]},
        {"op": "inside", "x": "x", "y": "y", "polygon": [[0, 0], [1, 1], [True, 2]]},
        {"op": "inside", "x": "x", "y": "y", "polygon": [[0, 0], [1, 1], [10**400, 2]]},
        {"op": "inside", "x": "x", "y": "y", "polygon": {"0": 1}},
        {"op": "keys", "identity": {"scheme": "column", "columns": "id"}, "values": []},
        {"op": "keys", "identity": {"scheme": "magic", "columns": ["id"]}, "values": []},
        {"op": "keys", "identity": {"scheme": "row", "columns": [], "rows": "9"}, "values": [1]},
        {"op": "keys", "identity": {"scheme": "row", "columns": [], "rows": 3}, "values": [True]},
        {"op": "keys", "identity": {"scheme": "column", "columns": [["id"]]}, "values": []},
        {"op": "keys", "identity": 3, "values": []},
        {"op": "and", "of": []},
        {"op": "and", "of": LEAF},
        {"op": "or", "of": [LEAF, 3]},
        {"op": "not", "of": [LEAF]},
        {"op": "and", "of": [LEAF] * 100_001},
    ],
    ids=lambda data: str(data)[:60],
)
def hostile_json_test(data):
    with pytest.raises(ValueError, match=r"."):
        Predicate.from_dict(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "3",
        "null",
        "{}",
        '{"version": 1}',
        '{"version": "1", "predicate": {}}',
        "[" * 100_000,
        "NaN",
        '{"version": true, "predicate": {"op": "is_null", "column": "a"}}',
        '{"version": 1, "predicate": {"op": "eq", "left": {"column": "a"}, "right": {"value": NaN}}}',
    ],
    ids=lambda text: text[:20],
)
def hostile_text_test(text):
    with pytest.raises(ValueError, match=r"."):
        Predicate.from_json(text)


def deep_json_test():
    data = LEAF
    for _ in range(500):
        data = {"op": "not", "of": data}
    with pytest.raises(ValueError, match="nested"):
        Predicate.from_dict(data)


def one_part_test():
    assert Predicate.from_dict({"op": "and", "of": [LEAF]}) == col("a").is_null()


def light_import_test():
    code = "import sys, datalens.predicate; print([m for m in ('numpy', 'pandas', 'narwhals', 'pyarrow') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def products_are_not_compared_for_equality_test():
    for compare in (lambda product: product == 1, lambda product: product != 1):
        with pytest.raises(UnfitError, match="compare it with >="):
            compare(col("v").cosine([1, 2]))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: col("a").field("v").dot([1, 2]), "field 'v' in column 'a'"),
        (lambda: col("a").any().cosine([1, 2]), r"any\(\) in column 'a'"),
        (lambda: col("a").field("v").all().dot([1, 2]), r"all\(\) in column 'a'"),
        (lambda: Predicate.parse("dl.col('a').field('v').dot([1, 2]) > 1"), "field 'v' in column 'a'"),
        (lambda: Predicate.parse("dl.col('a').any().cosine([1, 2]) > 1"), r"any\(\) in column 'a'"),
    ],
)
def products_are_of_whole_columns_test(make, what):
    with pytest.raises(ValueError, match=f"not of {what}: make a column of these vectors first"):
        make()


def values_that_do_not_fit_are_told_what_to_write_test():
    frame = pd.DataFrame(
        {"day": pd.to_datetime(["2024-02-29"]), "dec": pd.array([Decimal("1.10")], dtype=object)}
    )
    for predicate, remedy in (
        (col("day") > "2024-01-01", "2024-02-29 without quotes"),
        (col("dec") == 1.1, "decimal '1.10'"),
        (col("dec") * 2 > 2, "cast it to float first"),
    ):
        with pytest.raises(UnfitError, match=remedy):
            predicate.mask(frame)
    with pytest.raises(UnfitError, match=r"^Column 'at' can't be compared with time .*datetimes"):
        (col("at") > dt.time(2)).label()
